package notify

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/wechat"
)

var due = &Template{ID: "tpl", URL: "https://gov.example/s/", Data: map[string]string{
	"thing1": "应答规则审核：一条名字长得装不下的规则等您审核", "time2": "2026-11-25 17:00",
}}

// byTemplate queues a message by template under a key.
func (b *bench) byTemplate(t *testing.T, key string) int64 {
	t.Helper()
	var id int64
	b.tx(t, func(tx *db.Tx) (err error) {
		id, err = b.Queue(t.Context(), tx, Intent{Follower: b.follower, Template: due, Source: "test", Dedupe: key})
		return err
	})
	return id
}

// request is one call to send by template.
type request struct {
	To   string `json:"touser"`
	Key  string `json:"client_msg_id"`
	URL  string `json:"url"`
	Data map[string]struct{ Value string }
}

// asked is what WeChat was asked to send.
func (b *bench) asked(t *testing.T) (list []request) {
	t.Helper()
	b.wx.mu.Lock()
	defer b.wx.mu.Unlock()
	for _, body := range b.wx.sent {
		var one request
		if err := json.Unmarshal([]byte(body), &one); err != nil {
			t.Fatal(err)
		}
		list = append(list, one)
	}
	return list
}

func TestATemplateNeedsNoWindow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.wx.answers(`{"errcode":0,"msgid":4711}`)
		id := b.byTemplate(t, "k")
		if again := b.byTemplate(t, "k"); again != id {
			t.Errorf("the same key is %d and %d", id, again)
		}
		if err := b.run(t, id); err != nil {
			t.Fatal(err)
		}
		o, sent := b.load(t, id), b.asked(t)
		if o.State != Sent || o.Channel != ByTemplate || o.Kind != "template" || len(o.payload) != 0 || len(sent) != 1 {
			t.Fatalf("%+v, %d sends", o, len(sent))
		}
		if sent[0].To != openid || sent[0].URL != due.URL || sent[0].Data["thing1"].Value != "应答规则审核：一条名字长得装不下的规则…" || sent[0].Data["time2"].Value != due.Data["time2"] {
			t.Errorf("%+v", sent[0])
		}
		if err := b.run(t, id); err != nil || b.wx.sends() != 1 {
			t.Errorf("the job once more: %d sends, %v", b.wx.sends(), err)
		}
	})
}

func TestWhatBecameOfATemplate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label, status string
		state         State
		problem       string
	}{
		{"arrived", "success", Sent, ""},
		{"blocked", "failed:user block", Refused, "notify.template_blocked"},
		{"blocked, as old documents write it", "failed: user Block", Refused, "notify.template_blocked"},
		{"failed", "failed: system failed", Refused, "notify.template_failed"},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, b *bench) {
				b.wx.answers(`{"errcode":0,"msgid":4711}`)
				id := b.byTemplate(t, "k")
				if err := b.run(t, id); err != nil {
					t.Fatal(err)
				}
				for range 2 { // WeChat repeats callbacks
					b.tx(t, func(tx *db.Tx) error { return b.TemplateDone(t.Context(), tx, b.account, 4711, c.status) })
				}
				o := b.load(t, id)
				if o.State != c.state || o.Problem != c.problem || o.Delivered.IsZero() == (c.state == Sent) {
					t.Errorf("%+v", o)
				}
				heard := 1
				if c.state == Refused {
					heard = 2
				}
				if len(b.heard) != heard || b.heard[heard-1].State != c.state {
					t.Errorf("heard %+v", b.heard)
				}
			})
		})
	}
}

// TestTheEventOvertakesTheAnswer: WeChat tells of a message whose number is not written down yet; it is looked up again.
func TestTheEventOvertakesTheAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.wx.answers(`{"errcode":0,"msgid":4711}`)
		id := b.byTemplate(t, "k")
		b.tx(t, func(tx *db.Tx) error { return b.TemplateDone(t.Context(), tx, b.account, 4711, "failed:user block") })
		n, err := db.One(t.Context(), b.db, db.Value[int64], `select count(*) from river_job where kind = 'notify.done'`)
		if err != nil || n != 1 {
			t.Fatalf("%d second looks, %v", n, err)
		}
		if err := b.run(t, id); err != nil {
			t.Fatal(err)
		}
		if err := b.doneLater(t.Context(), doneArgs{b.account, 4711, "failed:user block"}, job.Attempt{}); err != nil {
			t.Fatal(err)
		}
		if o := b.load(t, id); o.State != Refused {
			t.Errorf("%+v", o)
		}
	})
}

// TestATemplateIsRepeatedUnderItsKeyOnly: what a lost answer or a crash left open goes again with the same key while WeChat
// keeps it from arriving twice, and is uncertain after that.
func TestATemplateIsRepeatedUnderItsKeyOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label string
		later time.Duration
		state State
		sends int
	}{
		{"soon", time.Minute, Sent, 2},
		{"late", keyLife, Uncertain, 1},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, b *bench) {
				b.wx.answers(`{"errcode":0,"msgid":1}`)
				b.hookErr = errors.New("no room")
				id := b.byTemplate(t, "k")
				if err := b.run(t, id); err == nil || b.load(t, id).State != Sending {
					t.Fatalf("the outcome was lost: %v, %+v", err, b.load(t, id))
				}
				b.hookErr = nil
				b.wall.forward(c.later)
				for range 2 {
					if err := b.run(t, id); err != nil {
						t.Fatal(err)
					}
				}
				if o := b.load(t, id); o.State != c.state || b.wx.sends() != c.sends {
					t.Errorf("%+v after %d sends", o, b.wx.sends())
				}
				sent := b.asked(t)
				if last := sent[len(sent)-1]; last.Key == "" || last.Key != sent[0].Key {
					t.Errorf("keys %q and %q", sent[0].Key, last.Key)
				}
			})
		})
	}
}

func TestALostAnswerOfATemplate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.wx.answers(errCut)
		id := b.byTemplate(t, "k")
		for range maxAttempts {
			if err := b.run(t, id); err != nil {
				t.Fatal(err)
			}
		}
		if o := b.load(t, id); o.State != Uncertain || o.Problem != "notify.no_answer" || b.wx.sends() != maxAttempts {
			t.Errorf("%+v after %d sends", o, b.wx.sends())
		}
	})
}

func TestOneContentForOneMessage(t *testing.T) {
	t.Parallel()
	for label, in := range map[string]Intent{
		"nothing":           {Dedupe: "k"},
		"both":              {Dedupe: "k", Reply: wechat.Text{Content: words}, Template: due},
		"without a number":  {Dedupe: "k", Template: &Template{Data: due.Data}},
		"without any value": {Dedupe: "k", Template: &Template{ID: "tpl"}},
	} {
		if err := in.Validate(); len(errs.As(err).Fields()) != 1 {
			t.Errorf("%s: %v", label, err)
		}
	}
}
