package wechat

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// MarshalReply is the form in which answers are stored: the reply's fields with "type" first, as in
// {"type":"text","content":"…"}. The nil Reply is null.
func MarshalReply(r Reply) ([]byte, error) {
	if r == nil {
		return []byte("null"), nil
	}
	fields, err := marshalRaw(r)
	if err != nil {
		return nil, fmt.Errorf("marshal reply: %w", err)
	}
	out := append([]byte(`{"type":"`), r.Type()...)
	out = append(out, '"')
	if len(fields) > len("{}") {
		out = append(out, ',')
	}
	return append(out, fields[1:]...), nil
}

// UnmarshalReply is the reverse of MarshalReply. An unknown type, an unknown field and data after the value are errors.
func UnmarshalReply(b []byte) (Reply, error) {
	if string(bytes.TrimSpace(b)) == "null" {
		return nil, nil
	}
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, errors.New("wechat: stored reply is not JSON")
	}
	switch head.Type {
	case "text":
		return unmarshalText(b)
	case "image":
		return unmarshalAs[Image](b)
	case "voice":
		return unmarshalAs[Voice](b)
	case "video":
		return unmarshalAs[Video](b)
	case "music":
		return unmarshalAs[Music](b)
	case "news":
		return unmarshalAs[News](b)
	case "transfer_customer_service":
		return unmarshalAs[TransferToService](b)
	}
	return nil, fmt.Errorf("wechat: stored reply has unknown type %.32q", head.Type)
}

// unmarshalAs decodes the object's fields, but for "type", into an R; json.Unmarshal has seen that b is one value.
func unmarshalAs[R Reply](b []byte) (Reply, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(b, &fields); err != nil {
		return nil, errors.New("wechat: stored reply is not an object")
	}
	delete(fields, "type")
	rest, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(rest))
	d.DisallowUnknownFields()
	var r R
	if err := d.Decode(&r); err != nil {
		return nil, errors.New("wechat: stored reply has other fields than its type")
	}
	return r, nil
}

// unmarshalText is unmarshalAs for the reply that nearly all are.
func unmarshalText(b []byte) (Reply, error) {
	var r struct {
		Type string `json:"type"`
		Text
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return nil, errors.New("wechat: stored reply has other fields than its type")
	}
	return r.Text, nil
}

// marshalRaw is json.Marshal without \u003c for "<": people read stored answers.
func marshalRaw(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
