package world

import (
	"fmt"
	"net/http"
	"testing"

	"weizheng/platform/db"
)

func TestWhoIsBlockedIsRecordedAndNotAnswered(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, w *World) {
		say := func(words string) Bubble {
			t.Helper()
			w.Phone("/messages", map[string]any{"account": "qingyun", "citizen": "xiaohe", "type": "text", "content": words}, nil)
			w.Quiet()
			return last(t, w)
		}
		w.Phone("/follow", map[string]any{"account": "qingyun", "citizen": "xiaohe"}, nil)
		if b := say("社保卡怎么办"); b.From != "account" {
			t.Fatalf("before the block: %+v", b)
		}
		id, err := db.One(t.Context(), w.House.DB, db.Value[int64], `select c.follower_id from conversation c
			join conversation_line l on l.conversation_id = c.id where l.text = '社保卡怎么办' order by l.id desc limit 1`)
		if err != nil {
			t.Fatal(err)
		}
		agent := w.Staff("zuoxi1")
		agent.Must(http.MethodPatch, fmt.Sprintf("/console/api/followers/%d", id), map[string]any{"blacklisted": true}, nil)
		for _, words := range []string{"社保卡怎么办", "你们都是骗子"} {
			if b := say(words); b.From != "citizen" {
				t.Errorf("somebody blocked was told %+v", b)
			}
		}
		type row struct{ id, waiting, lines int64 }
		c, err := db.One(t.Context(), w.House.DB, func(scan db.Scan) (r row, err error) {
			return r, scan(&r.id, &r.waiting, &r.lines)
		}, `select c.id, c.waiting_since, (select count(*) from conversation_line l where l.conversation_id = c.id and l.text = '你们都是骗子')
			from conversation c where c.follower_id = $1`, id)
		if err != nil || c.waiting != 0 || c.lines != 1 {
			t.Errorf("the inbox: %+v, %v; want it recorded and nobody waiting", c, err)
		}
		if status, body := agent.Do(http.MethodPost, fmt.Sprintf("/console/api/conversations/%d/answers", c.id),
			map[string]any{"text": "您好", "key": "k1"}); status < 400 {
			t.Errorf("an answer to somebody blocked: %d %s", status, body)
		}
		agent.Must(http.MethodPatch, fmt.Sprintf("/console/api/followers/%d", id), map[string]any{"blacklisted": false}, nil)
		if b := say("社保卡怎么办"); b.From != "account" {
			t.Errorf("after the block: %+v", b)
		}
	})
}
