package wechat

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"

	"weizheng/platform/errs"
)

// MaxBody is the largest callback body accepted, in bytes; real ones stay below a few kilobytes.
const MaxBody = 1 << 20

// Freshness is how far a callback's timestamp may be from wall time, either way. WeChat repeats within seconds; what is
// older was captured by somebody.
const Freshness = 5 * time.Minute

// What can be wrong with a callback, for errors.Is. The cause says more and never holds content.
var (
	ErrSignature = errs.New(errs.Denied, "wechat.signature") // not signed with our token
	ErrStale     = errs.New(errs.Denied, "wechat.stale")     // signed, but older or newer than Freshness
	ErrKey       = errs.New(errs.Denied, "wechat.key")       // no EncodingAESKey of ours opens it
	ErrAppID     = errs.New(errs.Denied, "wechat.appid")     // opened, but meant for another appid
	ErrFormat    = errs.New(errs.Invalid, "wechat.format")   // not the XML that WeChat sends
)

// Mode is how an account's callbacks are protected. It comes from configuration only.
type Mode string

// The modes. WeChat docs: Message_encryption_and_decryption.
const (
	Plain      Mode = "plain"      // 明文模式: clear body, the signature does not cover it
	Compatible Mode = "compatible" // 兼容模式: clear fields and Encrypt; only Encrypt counts here
	Safe       Mode = "safe"       // 安全模式: only ToUserName and Encrypt
)

// CodecConfig is one account's callback settings.
type CodecConfig struct {
	AppID string // for a component push: the component's appid
	Token string
	Mode  Mode
	Keys  []string // EncodingAESKey: current first, then previous ones; not needed in Plain
}

// String keeps token and keys out of %v.
func (c CodecConfig) String() string { return "wechat.CodecConfig(" + string(c.Mode) + ")" }

// GoString keeps token and keys out of %#v.
func (c CodecConfig) GoString() string { return c.String() }

// LogValue keeps token and keys out of logs.
func (c CodecConfig) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Codec opens callbacks of one account and seals the answers. It is immutable and safe for concurrent use.
type Codec struct {
	appid string
	token string
	mode  Mode
	keys  []*AESKey
}

// NewCodec checks the configuration: a token, a known mode, an appid and at least one key where the mode encrypts.
func NewCodec(c CodecConfig) (*Codec, error) {
	if c.Token == "" {
		return nil, errs.InvalidFields([]errs.Field{{Field: "token", Key: "required"}})
	}
	codec := &Codec{appid: c.AppID, token: c.Token, mode: c.Mode}
	switch c.Mode {
	case Plain:
		return codec, nil
	case Compatible, Safe:
	default:
		return nil, errs.InvalidFields([]errs.Field{{Field: "mode", Key: "wechat.mode"}})
	}
	if c.AppID == "" {
		return nil, errs.InvalidFields([]errs.Field{{Field: "appid", Key: "required"}})
	}
	if len(c.Keys) == 0 {
		return nil, errs.InvalidFields([]errs.Field{{Field: "encoding_aes_key", Key: "required"}})
	}
	for _, encoded := range c.Keys {
		key, err := NewAESKey(encoded)
		if err != nil {
			return nil, errs.InvalidFields([]errs.Field{{Field: "encoding_aes_key", Key: "wechat.key"}})
		}
		codec.keys = append(codec.keys, key)
	}
	return codec, nil
}

// Mode returns the configured mode.
func (c *Codec) Mode() Mode { return c.mode }

// String names the codec without its secrets.
func (c *Codec) String() string { return "wechat.Codec(" + string(c.mode) + ")" }

// GoString keeps the secrets out of %#v.
func (c *Codec) GoString() string { return c.String() }

// Query is what WeChat puts into the query of a callback. EncryptType and OpenID are not authenticated: nothing may be
// decided by them.
type Query struct {
	Signature, Timestamp, Nonce, MsgSignature, EncryptType, Echostr, OpenID string
}

// ParseQuery picks the callback's parameters; the first of a repeated one counts.
func ParseQuery(v url.Values) Query {
	return Query{
		Signature: v.Get("signature"), Timestamp: v.Get("timestamp"), Nonce: v.Get("nonce"),
		MsgSignature: v.Get("msg_signature"), EncryptType: v.Get("encrypt_type"),
		Echostr: v.Get("echostr"), OpenID: v.Get("openid"),
	}
}

// ParseRawQuery is ParseQuery for a URL's raw query, without a map; what url.ParseQuery leaves out is left out here too.
func ParseRawQuery(raw string) Query {
	var q Query
	var seen [7]bool
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		name, value, _ := strings.Cut(pair, "=")
		if strings.Contains(pair, ";") {
			continue
		}
		name, err1 := unescape(name)
		i, field := q.field(name)
		if err1 != nil || field == nil || seen[i] {
			continue
		}
		value, err2 := unescape(value)
		if err2 != nil {
			continue
		}
		*field, seen[i] = value, true
	}
	return q
}

// field is where a parameter goes, with a number of its own; nil for one that is not WeChat's.
func (q *Query) field(name string) (int, *string) {
	switch name {
	case "signature":
		return 0, &q.Signature
	case "timestamp":
		return 1, &q.Timestamp
	case "nonce":
		return 2, &q.Nonce
	case "msg_signature":
		return 3, &q.MsgSignature
	case "encrypt_type":
		return 4, &q.EncryptType
	case "echostr":
		return 5, &q.Echostr
	case "openid":
		return 6, &q.OpenID
	}
	return 0, nil
}

func unescape(s string) (string, error) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, nil
	}
	return url.QueryUnescape(s)
}

// VerifyURL answers WeChat's GET when the callback address is saved: the echostr to be returned raw, or ErrSignature.
func (c *Codec) VerifyURL(q Query) (echo string, err error) {
	if !signed(q.Signature, c.token, q.Timestamp, q.Nonce) {
		return "", ErrSignature
	}
	return q.Echostr, nil
}

// Opened is a callback that was verified.
type Opened struct {
	Plain []byte // the message's XML
	Key   int    // which of the configured keys opened it; give it to Seal
}

// String keeps the message out of %v.
func (o Opened) String() string { return "wechat.Opened(" + strconv.Itoa(len(o.Plain)) + " bytes)" }

// GoString keeps the message out of %#v.
func (o Opened) GoString() string { return o.String() }

// LogValue keeps the message out of logs.
func (o Opened) LogValue() slog.Value { return slog.StringValue(o.String()) }

// Open verifies a callback and, by the configured mode, decrypts it. now is wall time. The errors are ErrSignature,
// ErrStale, ErrKey, ErrAppID and ErrFormat.
func (c *Codec) Open(q Query, body []byte, now time.Time) (Opened, error) {
	if len(body) > MaxBody {
		return Opened{}, ErrFormat.Because(errors.New("body over 1 MiB"))
	}
	if c.mode == Plain {
		if !signed(q.Signature, c.token, q.Timestamp, q.Nonce) {
			return Opened{}, ErrSignature
		}
		return Opened{Plain: body}, CheckFresh(q.Timestamp, now)
	}
	encrypted, err := parsePush(body)
	if err != nil {
		return Opened{}, err
	}
	if !signed(q.MsgSignature, c.token, q.Timestamp, q.Nonce, encrypted) {
		return Opened{}, ErrSignature
	}
	if err := CheckFresh(q.Timestamp, now); err != nil {
		return Opened{}, err
	}
	plain, key, err := c.decrypt(encrypted)
	if err != nil {
		return Opened{}, err
	}
	return Opened{Plain: plain, Key: key}, nil
}

// decrypt tries the keys in their order. What one key opens for another appid is more telling than that the other keys
// do not open it, so ErrAppID wins over ErrKey.
func (c *Codec) decrypt(encrypted string) (plain []byte, key int, err error) {
	sealed, err := decodeEncrypted(encrypted)
	if err != nil {
		return nil, 0, err
	}
	err = ErrKey
	for i, k := range c.keys {
		dst := sealed
		if i < len(c.keys)-1 {
			dst = make([]byte, len(sealed)) // the next key needs sealed as it is
		}
		plain, failed := k.decrypt(dst, sealed, c.appid)
		if failed == nil {
			return plain, i, nil
		}
		if errors.Is(failed, ErrAppID) {
			err = failed
		}
	}
	return nil, 0, err
}

// CheckFresh reports ErrStale when a callback timestamp (unix seconds) is further than Freshness from now (wall time).
func CheckFresh(timestamp string, now time.Time) error {
	sec, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return ErrStale.Because(errors.New("timestamp is not a number"))
	}
	// Seconds are compared as numbers: time.Sub saturates on absurd timestamps.
	at, limit := now.Unix(), int64(Freshness/time.Second)
	if sec < at-limit || sec > at+limit {
		return ErrStale
	}
	return nil
}

// Seal makes the HTTP body of an answer: in Plain the reply itself, else the encrypted envelope, with the key that opened
// the question. Success and an empty reply stay as they are in every mode, as WeChat wants them. random has 16 bytes.
func (c *Codec) Seal(reply []byte, key int, timestamp int64, nonce string, random []byte) ([]byte, error) {
	if c.mode == Plain || NoAnswer(reply) {
		return reply, nil
	}
	if key < 0 || key >= len(c.keys) {
		return nil, fmt.Errorf("wechat: seal with key %d of %d", key, len(c.keys))
	}
	encrypted, err := c.keys[key].Encrypt(random, reply, c.appid)
	if err != nil {
		return nil, err
	}
	ts := strconv.FormatInt(timestamp, 10)
	b := make([]byte, 0, len(encrypted)+256)
	b = append(append(b, "<xml><Encrypt><![CDATA["...), encrypted...) // base64: nothing to escape
	b = append(b, "]]></Encrypt>"...)
	b = appendText(b, "MsgSignature", SignMsg(c.token, ts, nonce, encrypted))
	b = appendInt(b, "TimeStamp", timestamp)
	b = appendText(b, "Nonce", nonce)
	return append(b, "</xml>"...), nil
}

// NoAnswer reports whether an answer's body is one of the two that tell WeChat to show nothing and not to ask again.
func NoAnswer(body []byte) bool { return len(body) == 0 || string(body) == Success }

// Success is the body that WeChat recommends for "received, nothing to say".
const Success = "success"

// Values is the reverse of ParseQuery; empty parameters are left out.
func (q Query) Values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{
		"signature": q.Signature, "timestamp": q.Timestamp, "nonce": q.Nonce, "msg_signature": q.MsgSignature,
		"encrypt_type": q.EncryptType, "echostr": q.Echostr, "openid": q.OpenID,
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}
