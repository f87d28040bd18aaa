package client

import (
	"context"
	"net/url"
)

const (
	maxVoice      = 1 << 20
	maxTranslated = 600 // bytes
)

// The languages of voices and translations.
const (
	LangChinese = "zh_CN"
	LangEnglish = "en_US"
)

// AddVoice hands in an MP3 (16 kHz, mono, up to 1 MB) for recognition under an id of the caller's; ask for its text within
// ten seconds. WeChat docs: AI open interfaces.
func (c *Client) AddVoice(ctx context.Context, id, lang string, f File) error {
	var v checks
	v.between("voice", f.Size, 1, maxVoice)
	if err := v.err(); err != nil {
		return err
	}
	upload, err := newUpload("media", f)
	if err != nil {
		return err
	}
	ctx, cancel := c.wire.patient(ctx, mediaPatience)
	defer cancel()
	return c.wire.do(ctx, request{path: "/cgi-bin/media/voice/addvoicetorecofortext", upload: upload,
		query: url.Values{"format": {"mp3"}, "voice_id": {id}, "lang": {lang}}})
}

// VoiceText asks what a voice says.
func (c *Client) VoiceText(ctx context.Context, id, lang string) (string, error) {
	var out struct {
		Result string `json:"result"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/media/voice/queryrecoresultfortext", out: &out,
		query: url.Values{"voice_id": {id}, "lang": {lang}}})
	return out.Result, err
}

// Translate translates up to 600 bytes between LangChinese and LangEnglish.
func (c *Client) Translate(ctx context.Context, from, to, text string) (string, error) {
	var v checks
	v.between("text", int64(len(text)), 1, maxTranslated)
	if err := v.err(); err != nil {
		return "", err
	}
	var out struct {
		To string `json:"to_content"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/media/voice/translatecontent", text: text, out: &out,
		query: url.Values{"lfrom": {from}, "lto": {to}}})
	return out.To, err
}
