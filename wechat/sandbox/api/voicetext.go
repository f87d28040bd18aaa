package api

import (
	"context"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"weizheng/wechat/sandbox/media"
)

// WeChat docs: AI open interfaces, addVoice, queryRecoResult, translateContent. The codes of refusals are unverified.
const (
	voiceBytes      = 1 << 20
	voiceLife       = 10 * 1000 // ms after handing in
	translatedBytes = 600
)

const voiceFixture = "您好，我想咨询社保卡怎么办理。"

// addVoice takes an MP3 for recognition, under an id that the caller made up.
func (s *Server) addVoice(ctx context.Context, c *call) (any, error) {
	id := c.query.Get("voice_id")
	if id == "" || len(id) > 128 || c.query.Get("format") != "mp3" || !language(c.query.Get("lang"), true) {
		return nil, fail(40097, "invalid args")
	}
	content, err := c.voice()
	if err != nil {
		return nil, err
	}
	says, err := s.heard(ctx, "voice", digestOf(content), voiceFixture)
	if err != nil {
		return nil, err
	}
	return nil, s.Store.KeepDictation(ctx, c.account.N, id, says, voiceLife)
}

// voice is the file of a call: a part of a form, or the body itself.
func (c *call) voice() ([]byte, error) {
	_, content, err := c.upload("media")
	if err != nil {
		content = c.body
	}
	switch {
	case len(content) == 0:
		return nil, fail(44001, "empty media data")
	case len(content) > voiceBytes:
		return nil, fail(45001, "media size out of limit")
	case media.Sniff(content) != "audio/mpeg":
		return nil, fail(40005, "invalid file type")
	}
	return content, nil
}

// heard is what was said of a subject, as a text.
func (s *Server) heard(ctx context.Context, kind, subject, fixture string) (string, error) {
	says, ok, err := s.Store.Recognise(ctx, kind, subject)
	if err != nil || !ok {
		return fixture, err
	}
	var text string
	if says != "" {
		err = json.Unmarshal([]byte(says), &text)
	}
	return text, err
}

func language(l string, mayMiss bool) bool {
	return slices.Contains([]string{"zh_CN", "en_US"}, l) || mayMiss && l == ""
}

// voiceText answers what a voice says, within ten seconds.
func (s *Server) voiceText(ctx context.Context, c *call) (any, error) {
	says, ok, err := s.Store.Dictation(ctx, c.account.N, c.query.Get("voice_id"))
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fail(40097, "invalid args: voice_id")
	}
	return map[string]any{"errcode": 0, "errmsg": "ok", "result": says}, nil
}

// translate answers a text of at most 600 bytes in the other language: as was said, else marked as not translated.
func (s *Server) translate(ctx context.Context, c *call) (any, error) {
	from, to := c.query.Get("lfrom"), c.query.Get("lto")
	text := string(c.body)
	switch {
	case !language(from, false) || !language(to, false) || from == to:
		return nil, fail(40097, "invalid args: lfrom, lto")
	case text == "":
		return nil, fail(44002, "empty post data")
	case len(text) > translatedBytes || !utf8.ValidString(text):
		return nil, fail(45002, "content size out of limit")
	}
	says, err := s.heard(ctx, "translation", text, "["+to+"] "+text)
	return map[string]any{"from_content": text, "to_content": says}, err
}
