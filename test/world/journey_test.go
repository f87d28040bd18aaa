package world

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestACitizensWordGetsItsAnswerAndAPersonAnswers(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, w *World) {
		say := func(text string) {
			w.Phone("/messages", map[string]any{"account": "qingyun", "citizen": "xiaohe", "type": "text", "content": text}, nil)
		}
		w.Phone("/follow", map[string]any{"account": "qingyun", "citizen": "xiaohe"}, nil)
		say("社保卡怎么办")
		w.Quiet()
		if last := last(t, w); last.From != "account" || !strings.Contains(last.Content, "办社会保障卡") {
			t.Fatalf("the rule's answer: %+v", last)
		}
		say("三楼的电梯坏了，奶奶下不来楼")
		w.Quiet()

		agent := w.Staff("zuoxi1")
		var inbox struct {
			Items []struct {
				ID   int64
				Last struct{ Text string }
			}
		}
		agent.Must(http.MethodGet, "/console/api/conversations?state=waiting", nil, &inbox)
		var id int64
		for _, c := range inbox.Items {
			if strings.Contains(c.Last.Text, "电梯") {
				id = c.ID
			}
		}
		if id == 0 {
			t.Fatalf("who waits: %+v", inbox.Items)
		}
		path := fmt.Sprintf("/console/api/conversations/%d", id)
		agent.Must(http.MethodPost, path+"/claim", map[string]any{}, nil)
		other := w.Staff("zuoxi2")
		if status, body := other.Do(http.MethodPost, path+"/answers", map[string]any{"text": "我来", "key": "x"}); status != http.StatusConflict || !strings.Contains(string(body), "何晓棠") {
			t.Errorf("a second agent was told %d %s", status, body)
		}
		for range 2 { // the browser sends again when unsure
			agent.Must(http.MethodPost, path+"/answers", map[string]any{"text": "您好，物业 20 分钟内到，请奶奶别着急。", "key": "k1"}, nil)
		}
		w.Quiet()
		if got := last(t, w); got.Content != "您好，物业 20 分钟内到，请奶奶别着急。" || got.Origin != "custom" {
			t.Errorf("on the phone: %+v", got)
		}
		if n := strings.Count(fmt.Sprint(w.Chat("xiaohe", "qingyun")), "别着急"); n != 1 {
			t.Errorf("the answer arrived %d times", n)
		}
		say("谢谢")
		w.Quiet()
		if got := last(t, w); got.From != "citizen" {
			t.Errorf("a rule spoke while a person talks: %+v", got)
		}
		w.Without("the log", w.Log.String())
	})
}

func last(t *testing.T, w *World) Bubble {
	t.Helper()
	chat := w.Chat("xiaohe", "qingyun")
	if len(chat) == 0 {
		t.Fatal("the chat is empty")
	}
	return chat[len(chat)-1]
}

func TestAnswersOfTheConsoleHoldNoSecrets(t *testing.T) {
	t.Parallel()
	w := New(t, "")
	ids := w.objects()
	for _, login := range []string{"xitong", "anquan", "shenji", "zuoxi1", "bianji", "lingdao", "yunwei"} {
		b := w.Staff(login)
		for _, rt := range consoleRoutes(w) {
			if rt.Method == http.MethodGet && !strings.HasSuffix(rt.Path, "/hints") {
				_, body := b.Do(rt.Method, fill(rt.Path, ids), nil)
				w.Without(rt.Path, string(body))
			}
		}
	}
	w.Without("the log", w.Log.String())
}
