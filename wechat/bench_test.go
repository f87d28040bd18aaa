package wechat

import (
	"testing"
	"time"
)

// What one callback in safe mode costs the gateway: Open, ParseMessage, EncodeReply and Seal.

func BenchmarkOpenSafe(b *testing.B) {
	c := mustCodec(b, Safe, vectorKey)
	q, body, err := c.Push(uncommented(callbacks[0].body), "gh_1", "o1", noon.Unix(), "n", []byte(random16))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Open(q, body, noon); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseMessage(b *testing.B) {
	body := uncommented(callbacks[0].body)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseMessage(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSealReply(b *testing.B) {
	c := mustCodec(b, Safe, vectorKey)
	b.ReportAllocs()
	for b.Loop() {
		reply, err := EncodeReply("o1", "gh_1", noon, Text{"您好，工作时间为周一至周五 9:00–17:00。"})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Seal(reply, 0, noon.Unix(), "n", []byte(random16)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCallbackSafe(b *testing.B) {
	c := mustCodec(b, Safe, vectorKey)
	q, body, err := c.Push(uncommented(callbacks[0].body), "gh_1", "o1", noon.Unix(), "n", []byte(random16))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		o, err := c.Open(q, body, noon)
		if err != nil {
			b.Fatal(err)
		}
		m, err := ParseMessage(o.Plain)
		if err != nil {
			b.Fatal(err)
		}
		reply, err := EncodeReply(m.FromUserName, m.ToUserName, time.Unix(m.CreateTime, 0), Text{"您好"})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Seal(reply, o.Key, m.CreateTime, "n", []byte(random16)); err != nil {
			b.Fatal(err)
		}
	}
}
