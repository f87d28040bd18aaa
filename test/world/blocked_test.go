package world

import (
	"fmt"
	"net/http"
	"testing"

	"weizheng/platform/db"
)

// blocking is a citizen whom staff block in an account.
type blocking struct {
	*testing.T
	w       *World
	account string
	id      int64 // the follower
	agent   *Browser
}

// newBlocking lets a citizen follow and be answered.
func newBlocking(t *testing.T, w *World, account string) blocking {
	t.Helper()
	b := blocking{T: t, w: w, account: account, agent: w.Staff("zuoxi1")}
	w.Phone("/follow", map[string]any{"account": account, "citizen": "xiaohe"}, nil)
	if got := b.say("社保卡怎么办"); got.From != "account" {
		t.Fatalf("before the block: %+v", got)
	}
	id, err := db.One(t.Context(), w.House.DB, db.Value[int64], `select c.follower_id from conversation c join follower f on f.id = c.follower_id
		join account a on a.id = f.account_id join conversation_line l on l.conversation_id = c.id
		where l.text = '社保卡怎么办' and a.slug = $1 order by l.id desc limit 1`, account)
	if err != nil {
		t.Fatal(err)
	}
	b.id = id
	return b
}

func (b blocking) say(words string) Bubble {
	b.Helper()
	b.w.Phone("/messages", map[string]any{"account": b.account, "citizen": "xiaohe", "type": "text", "content": words}, nil)
	b.w.Quiet()
	chat := b.w.Chat("xiaohe", b.account)
	return chat[len(chat)-1]
}

// set blocks or not, and waits until it stands with WeChat as it should.
func (b blocking) set(on bool, state string) {
	b.Helper()
	b.agent.Must(http.MethodPatch, fmt.Sprintf("/console/api/followers/%d", b.id), map[string]any{"blacklisted": on}, nil)
	eventually(b.T, "the blacklist stands as "+state, func() bool {
		var f struct {
			State string `json:"blacklist_state"`
		}
		b.agent.Must(http.MethodGet, fmt.Sprintf("/console/api/followers/%d", b.id), nil, &f)
		return f.State == state
	})
}

// inbox is the conversation: how many such lines it holds, and since when somebody waits.
func (b blocking) inbox(words string) (id, waiting, lines int64) {
	b.Helper()
	type row struct{ id, waiting, lines int64 }
	c, err := db.One(b.Context(), b.w.House.DB, func(scan db.Scan) (r row, err error) {
		return r, scan(&r.id, &r.waiting, &r.lines)
	}, `select c.id, c.waiting_since, (select count(*) from conversation_line l where l.conversation_id = c.id and l.text = $2)
		from conversation c where c.follower_id = $1`, b.id, words)
	if err != nil {
		b.Fatal(err)
	}
	return c.id, c.waiting, c.lines
}

// TestBlockingHoldsBackAtWeChat: where the account may, WeChat holds back what somebody blocked writes, until they are not
// any more; nothing can be sent to them either.
func TestBlockingHoldsBackAtWeChat(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, w *World) {
		b := newBlocking(t, w, "qingyun")
		b.set(true, "told")
		for _, words := range []string{"社保卡怎么办", "你们都是骗子"} {
			if got := b.say(words); got.From != "citizen" {
				t.Errorf("somebody blocked was told %+v", got)
			}
		}
		id, waiting, lines := b.inbox("你们都是骗子")
		if waiting != 0 || lines != 0 {
			t.Errorf("the inbox has %d lines, waiting since %d; WeChat should have held them back", lines, waiting)
		}
		if status, body := b.agent.Do(http.MethodPost, fmt.Sprintf("/console/api/conversations/%d/answers", id),
			map[string]any{"text": "您好", "key": "k1"}); status < 400 {
			t.Errorf("an answer to somebody blocked: %d %s", status, body)
		}
		b.set(false, "told")
		if got := b.say("社保卡怎么办"); got.From != "account" {
			t.Errorf("after the block: %+v", got)
		}
	})
}

// TestBlockingHereOnly: where the account may not tell WeChat, what they write is recorded and not answered.
func TestBlockingHereOnly(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, w *World) {
		b := newBlocking(t, w, "qingyun-jiaojing")
		_, before, _ := b.inbox("") // their first question may wait for a person
		b.set(true, "local")
		if got := b.say("你们都是骗子"); got.From != "citizen" {
			t.Errorf("somebody blocked was told %+v", got)
		}
		if _, waiting, lines := b.inbox("你们都是骗子"); waiting != before || lines != 1 {
			t.Errorf("the inbox has %d lines, waiting since %d; want it recorded and nobody waiting for it", lines, waiting)
		}
		b.set(false, "local")
		if got := b.say("社保卡怎么办"); got.From != "account" {
			t.Errorf("after the block: %+v", got)
		}
	})
}
