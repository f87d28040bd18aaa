package contract

import (
	"net/http"
	"testing"
	"time"

	"weizheng/wechat/client"
)

// TestMassAllowances: a subscription account once a day; a service account four times a month to all, and no follower more
// than four times, whoever was meant.
func TestMassAllowances(t *testing.T) {
	t.Parallel()
	w := newWorld(t) // 20 November, 09:30
	w.follow("renshe", "zhang", "li")
	sub := w.client("renshe")
	w.sendAll("renshe", notice())
	_, err := sub.SendAll(w.ctx, client.Audience{Tag: w.tagged("renshe", "zhang")}, notice())
	w.wantCode("a second one on the day, even by tag", err, 45028)
	w.moveCivil(24 * time.Hour)
	w.play("POST", "/outcomes", object{"account": "renshe", "goal": "mass", "result": "err(20001)"})
	w.sendAll("renshe", notice())
	w.sendAll("renshe", notice()) // the one before failed, and counts not
	if items := w.chat("renshe", "li"); len(items) != 2 {
		t.Errorf("%d arrived", len(items))
	}

	w.follow(main, "zhang", "li")
	c := w.client(main)
	for range 4 {
		w.sendAll(main, notice())
		w.moveCivil(24 * time.Hour)
	}
	_, err = c.SendAll(w.ctx, client.Audience{All: true}, notice())
	w.wantCode("a fifth to all in the month", err, 45028)
	w.citizen("later")
	w.follow(main, "later")
	w.dev.take()
	_, err = c.SendTo(w.ctx, append(w.both(main), w.openid(main, "later")), notice())
	w.wantCode("to some in the same month", err, 0)
	w.moveCivil(time.Minute)
	if m := w.next("the end of the job"); m.TotalCount != 3 || m.FilterCount != 1 || m.SentCount != 1 {
		t.Errorf("%+v", m)
	}
	if a, b := len(w.chat(main, "zhang")), len(w.chat(main, "later")); a != 4 || b != 1 {
		t.Errorf("who had four has %d, who had none %d", a, b)
	}
	w.moveCivil(10 * 24 * time.Hour) // December
	w.sendAll(main, notice())
	if n := len(w.chat(main, "zhang")); n != 5 {
		t.Errorf("in the next month: %d", n)
	}
}

// TestMassLeavesOut: who is blocked, or does not want any.
func TestMassLeavesOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.citizen("third")
	w.follow(main, "zhang", "li", "third")
	c := w.client(main)
	w.wantCode("block", c.Block(w.ctx, []string{w.openid(main, "zhang")}), 0)
	w.play("POST", "/receive", object{"account": main, "citizen": "li", "on": false})
	w.dev.take()
	w.sendAll(main, notice())
	if m := w.next("the end of the job"); m.TotalCount != 3 || m.FilterCount != 1 {
		t.Errorf("%+v", m)
	}
	if n := len(w.chat(main, "third")); n != 1 {
		t.Errorf("%d arrived", n)
	}
}

// TestMassAgain: with the same clientmsgid, or the same content, nothing is sent twice within a day, and the answer says
// what was sent.
func TestMassAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow(main, "zhang", "li")
	for label, m := range map[string]client.Mass{"by clientmsgid": {Message: client.Text{Content: "通知"}, ClientID: "water-2026-11-20"}, "by content": {Message: client.Text{Content: "停水"}}} {
		first, err := w.client(main).SendTo(w.ctx, w.both(main), m)
		w.wantCode(label, err, 0)
		_, err = w.client(main).SendTo(w.ctx, w.both(main), m)
		w.wantCode(label+" at once", err, 45066)
		w.moveCivil(time.Minute)
		if m.ClientID != "" {
			m.Message = client.Text{Content: "改了字"}
		}
		again, err := w.client(main).SendTo(w.ctx, w.both(main), m)
		if err != nil || !again.Repeated || again.MsgID != first.MsgID {
			t.Errorf("%s a minute later: %+v %v, first %+v", label, again, err, first)
		}
		w.moveCivil(24 * time.Hour)
		fresh, err := w.client(main).SendTo(w.ctx, w.both(main), m)
		if err != nil || fresh.Repeated || fresh.MsgID == first.MsgID {
			t.Errorf("%s a day later: %+v %v", label, fresh, err)
		}
	}
}

// TestMassFails: refused by WeChat, or a reprint that nobody wanted; the draft is back.
func TestMassFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow(main, "zhang", "li")
	c := w.client(main)
	for _, o := range []struct {
		label    string
		outcome  object
		reprints bool
		status   string
	}{
		{"refused", object{"result": "err(20001)"}, false, "err(20001)"}, {"failed", object{"result": "send fail"}, false, "send fail"},
		{"a reprint", object{"reprint": []int{1}}, false, "err(30003)"}, {"a reprint, as such", object{"reprint": []int{1}}, true, "send success"},
	} {
		o.outcome["account"], o.outcome["goal"] = main, "mass"
		w.play("POST", "/outcomes", o.outcome)
		id := w.draft(main, "一")
		w.dev.take()
		before := len(w.chat(main, "zhang"))
		_, err := c.SendTo(w.ctx, w.both(main), client.Mass{Message: client.MPNews{MediaID: id}, Reprints: o.reprints})
		w.wantCode(o.label, err, 0)
		w.moveCivil(time.Minute)
		m := w.next("the end of the job")
		if m.Status != o.status || m.TotalCount != 2 || (m.SentCount == 2) != (o.status == "send success") || m.CopyrightCheckResult == nil {
			t.Errorf("%s: %+v", o.label, m)
		}
		_, err = c.Draft(w.ctx, id)
		if arrived := len(w.chat(main, "zhang")) > before; arrived != (o.status == "send success") || arrived == (err == nil) {
			t.Errorf("%s: arrived %v, draft %v", o.label, arrived, err)
		}
	}
}

// TestMassGuard: with the protection on, an administrator says yes or no, within half an hour.
func TestMassGuard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow(main, "zhang", "li")
	w.play("PATCH", "/accounts/"+main, object{"mass_guard": "ask"})
	send := func(m client.Mass) error {
		_, err := w.client(main).SendTo(w.ctx, w.both(main), m)
		return err
	}
	answer := func(allow bool) float64 {
		n, _ := w.play("POST", "/mass/guard", object{"account": main, "allow": allow})["answered"].(float64)
		return n
	}
	yes, no := notice(), notice()
	w.wantCode("asked", send(yes), 89504)
	w.wantCode("still asked", send(yes), 89504)
	if n := answer(true); n != 1 {
		t.Errorf("%v waited", n)
	}
	w.wantCode("allowed", send(yes), 0)
	w.wantCode("another one is asked for", send(no), 89504)
	answer(false)
	w.wantCode("refused", send(no), 89505)
	w.wantCode("asked anew", send(no), 89504)
	w.moveCivil(30 * time.Minute)
	if n := answer(true); n != 0 {
		t.Errorf("%v waited after half an hour", n)
	}
	w.play("PATCH", "/accounts/"+main, object{"mass_guard": "off"})
	w.wantCode("unprotected", send(no), 0)
	if status := w.tryPlay("PATCH", "/accounts/"+main, object{"mass_guard": "maybe"}); status != http.StatusUnprocessableEntity {
		t.Errorf("HTTP %d", status)
	}
}
