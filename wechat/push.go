package wechat

import (
	"bytes"
	"errors"
	"strconv"
)

// This file is WeChat's own side of a callback: what a simulator or a test needs to call a server as WeChat does.

// Push makes the query and the body with which WeChat would deliver message (the clear XML) in the codec's mode. to is
// the account's gh_ id; the current key encrypts; random has 16 bytes.
func (c *Codec) Push(message []byte, to, openid string, timestamp int64, nonce string, random []byte) (Query, []byte, error) {
	ts := strconv.FormatInt(timestamp, 10)
	q := Query{Timestamp: ts, Nonce: nonce, OpenID: openid, Signature: SignPlain(c.token, ts, nonce)}
	if c.mode == Plain {
		return q, message, nil
	}
	encrypted, err := c.keys[0].Encrypt(random, message, c.appid)
	if err != nil {
		return Query{}, nil, err
	}
	q.EncryptType = "aes"
	q.MsgSignature = SignMsg(c.token, ts, nonce, encrypted)

	body := make([]byte, 0, len(message)+len(encrypted)+128)
	if c.mode == Safe {
		body = append(body, "<xml>"...)
		body = appendText(body, "ToUserName", to)
	} else {
		clear, ok := bytes.CutSuffix(bytes.TrimSpace(message), []byte("</xml>"))
		if !ok {
			return Query{}, nil, ErrFormat.Because(errors.New("message does not end in </xml>"))
		}
		body = append(body, clear...)
	}
	body = appendText(body, "Encrypt", encrypted)
	return q, append(body, "</xml>"...), nil
}

// OpenReply reads the HTTP body of an answer as WeChat does: success and an empty body as they are; in Plain the clear
// reply; in Compatible either form; in Safe only the encrypted one, whose signature must be right.
func (c *Codec) OpenReply(body []byte) ([]byte, error) {
	if len(body) > MaxBody {
		return nil, ErrFormat.Because(errors.New("body over 1 MiB"))
	}
	if c.mode == Plain || NoAnswer(body) {
		return body, nil
	}
	s, err := parseSealed(body)
	if err != nil {
		return nil, err
	}
	if s.encrypt == "" {
		if c.mode == Compatible {
			return body, nil
		}
		return nil, ErrFormat.Because(errors.New("safe mode wants an encrypted reply"))
	}
	if !signed(s.signature, c.token, s.timestamp, s.nonce, s.encrypt) {
		return nil, ErrSignature
	}
	plain, _, err := c.decrypt(s.encrypt)
	return plain, err
}
