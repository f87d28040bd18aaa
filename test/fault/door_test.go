package fault

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/city"
	"weizheng/wechat"
)

// delivery is one try of WeChat to hand a callback over, and what came back.
type delivery struct {
	account string
	message *wechat.Message
	plain   []byte // the message's XML
	status  int    // 0: no answer
	answer  string // the reply's words; "" for silence
	body    string // as it came, of what is not 200
}

// id tells callbacks apart as the house must.
func (d delivery) id() string { return d.account + " " + d.message.Key() }

// door stands between WeChat and the house: it carries callbacks and remembers every try with its answer.
type door struct {
	t      testing.TB
	next   http.RoundTripper
	codecs map[string]*wechat.Codec

	mu    sync.Mutex
	tries []delivery
	ended map[string]chan struct{} // closed at the first 200, or at the last try
	count map[string]int
}

func newDoor(t testing.TB, next http.RoundTripper, c *city.City) *door {
	d := &door{t: t, next: next, codecs: map[string]*wechat.Codec{}, ended: map[string]chan struct{}{}, count: map[string]int{}}
	for _, a := range c.Accounts {
		codec, err := wechat.NewCodec(wechat.CodecConfig{AppID: a.AppID, Token: a.Token, Mode: wechat.Mode(a.Mode), Keys: []string{a.EncodingAESKey}})
		if err != nil {
			t.Fatal(err)
		}
		d.codecs[a.ID] = codec
	}
	return d
}

// RoundTrip carries one request of the sandbox; what is no callback passes by unseen.
func (d *door) RoundTrip(r *http.Request) (*http.Response, error) {
	account, ok := strings.CutPrefix(r.URL.Path, "/wx/")
	codec := d.codecs[account]
	if !ok || codec == nil || r.Method != http.MethodPost {
		return d.next.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	try := delivery{account: account}
	opened, err := codec.Open(wechat.ParseQuery(r.URL.Query()), bytes.Clone(body), time.Now())
	if err == nil {
		try.plain = opened.Plain
		try.message, err = wechat.ParseMessage(opened.Plain)
	}
	if err != nil {
		d.t.Errorf("the sandbox sent what cannot be read: %v", err)
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	res, err := d.next.RoundTrip(r)
	if err == nil {
		var answer []byte
		if answer, err = io.ReadAll(res.Body); err == nil {
			_ = res.Body.Close() // it was read
			res.Body = io.NopCloser(bytes.NewReader(answer))
			try.status = res.StatusCode
			try.read(d.t, codec, answer)
		}
	}
	d.note(try)
	if err != nil {
		return nil, err
	}
	return res, nil
}

// read takes the words out of an answer.
func (try *delivery) read(t testing.TB, codec *wechat.Codec, answer []byte) {
	if try.status != http.StatusOK {
		try.body = string(answer)
		return
	}
	plain, err := codec.OpenReply(answer)
	if err != nil {
		t.Errorf("the answer to %s cannot be opened: %v", try.message.Key(), err)
		return
	}
	if wechat.NoAnswer(plain) {
		return
	}
	_, _, reply, err := wechat.ParseReply(plain)
	if err != nil {
		t.Errorf("the answer to %s cannot be read: %v", try.message.Key(), err)
		return
	}
	try.answer = fmt.Sprint(reply)
}

// tries3 is how often WeChat delivers a callback in all.
const tries3 = 3

func (d *door) note(try delivery) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tries = append(d.tries, try)
	key := try.id()
	d.count[key]++
	if try.status != http.StatusOK && d.count[key] < tries3 {
		return
	}
	done := d.doneLocked(try.message.MsgID)
	select {
	case <-done:
	default:
		close(done)
	}
}

func (d *door) doneLocked(msgID int64) chan struct{} {
	key := fmt.Sprint(msgID)
	if d.ended[key] == nil {
		d.ended[key] = make(chan struct{})
	}
	return d.ended[key]
}

// over is closed when a message was answered with 200, or given up.
func (d *door) over(msgID int64) <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.doneLocked(msgID)
}

// all are the tries so far.
func (d *door) all() []delivery {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]delivery(nil), d.tries...)
}

// acknowledged are the callbacks that were answered with 200, once each, in order; it fails the test where one callback
// was given two different answers.
func (d *door) acknowledged() []delivery {
	d.t.Helper()
	first := map[string]delivery{}
	var list []delivery
	for _, try := range d.all() {
		if try.status != http.StatusOK {
			continue
		}
		known, again := first[try.id()]
		switch {
		case !again:
			first[try.id()] = try
			list = append(list, try)
		case known.answer != try.answer:
			d.t.Errorf("%s was answered %q and then %q", try.id(), known.answer, try.answer)
		}
	}
	return list
}

// refused counts the tries that got this status.
func (d *door) refused(status int) int {
	n := 0
	for _, try := range d.all() {
		if try.status == status {
			n++
		}
	}
	return n
}

// again delivers a callback once more, signed anew, over a wire of the caller's choice.
func (d *door) again(ctx context.Context, to http.RoundTripper, old delivery) delivery {
	d.t.Helper()
	return d.push(ctx, to, old.account, old.message, old.plain, time.Now())
}

// push delivers an XML message as WeChat would at an instant.
func (d *door) push(ctx context.Context, to http.RoundTripper, account string, m *wechat.Message, plain []byte, at time.Time) delivery {
	d.t.Helper()
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails
	codec := d.codecs[account]
	q, body, err := codec.Push(plain, m.ToUserName, m.FromUserName, at.Unix(), rand.Text()[:10], random[:])
	if err != nil {
		d.t.Fatal(err)
	}
	try := delivery{account: account, message: m, plain: plain}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://house.test/wx/"+account+"?"+q.Values().Encode(), bytes.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	res, err := to.RoundTrip(r)
	if err != nil {
		return try
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return try
	}
	try.status = res.StatusCode
	try.read(d.t, codec, answer)
	return try
}
