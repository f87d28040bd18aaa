package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"weizheng/wechat/sandbox"
)

// benchToken logs the crowd's account in.
func benchToken(b *testing.B, box *sandbox.Sandbox) string {
	b.Helper()
	a := box.Accounts()[0]
	var token struct {
		Value string `json:"access_token"`
	}
	body := serve(b, box.Handler(), "GET", "/cgi-bin/token?grant_type=client_credential&appid="+a.AppID+"&secret="+a.Secret, "")
	if err := json.Unmarshal([]byte(body), &token); err != nil {
		b.Fatal(err)
	}
	return "?access_token=" + token.Value
}

// sendText sends a text to everybody, a month after the last one.
func sendText(b *testing.B, box *sandbox.Sandbox, token string, i int) {
	b.Helper()
	serve(b, box.Handler(), "POST", "/sandbox/api/clock", `{"advance_ms":2678400000}`)
	if err := box.SeedUsed("a", "/cgi-bin/message/mass/sendall", 0, 0); err != nil { // 60 a minute
		b.Fatal(err)
	}
	if said := serve(b, box.Handler(), "POST", "/cgi-bin/message/mass/sendall"+token,
		fmt.Sprintf(`{"filter":{"is_to_all":true},"text":{"content":"通知%d"},"msgtype":"text"}`, i)); !strings.Contains(said, `"errcode":0`) {
		b.Fatal(said)
	}
}

// BenchmarkMass is a call that sends a message to all followers, who are looked for while it waits.
func BenchmarkMass(b *testing.B) {
	box := crowd(b, followers())
	token := benchToken(b, box)
	b.ResetTimer()
	for i := range b.N {
		sendText(b, box, token, i)
	}
}

// BenchmarkChatsAfterMass is the list of chats of followers who have not looked since two messages to all of them.
func BenchmarkChatsAfterMass(b *testing.B) {
	n := followers()
	box := crowd(b, n)
	token := benchToken(b, box)
	for i := range 2 {
		sendText(b, box, token, i)
	}
	serve(b, box.Handler(), "POST", "/sandbox/api/clock", `{"advance_ms":600000}`)
	if err := box.Idle(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for i := range b.N {
		said := serve(b, box.Handler(), "GET", "/sandbox/api/chats?citizen=p"+strconv.Itoa(i%n), "")
		if !strings.Contains(said, `"unread":2`) {
			b.Fatal(said)
		}
	}
}

// BenchmarkRead is a citizen who opens an article, each another one, from 64 at once.
func BenchmarkRead(b *testing.B) {
	n := followers()
	box := crowd(b, n)
	token := benchToken(b, box)
	h := box.Handler()
	post := func(path, body string) (out map[string]any) {
		if err := json.Unmarshal([]byte(serve(b, h, "POST", path, body)), &out); err != nil {
			b.Fatal(err)
		}
		return out
	}
	if err := box.SeedMaterials(b.Context(), "a", "image", "image/png", []byte("\x89PNG\r\n\x1a\n"), 1); err != nil {
		b.Fatal(err)
	}
	list := post("/cgi-bin/material/batchget_material"+token, `{"type":"image","offset":0,"count":1}`)["item"].([]any)
	cover := list[0].(map[string]any)["media_id"]
	draft := post("/cgi-bin/draft/add"+token, fmt.Sprintf(`{"articles":[{"title":"办事","content":"<p>到窗口</p>","thumb_media_id":%q}]}`, cover))["media_id"]
	post("/cgi-bin/freepublish/submit"+token, fmt.Sprintf(`{"media_id":%q}`, draft))
	post("/sandbox/api/clock", `{"advance_ms":5000}`)
	if err := box.Idle(b.Context()); err != nil {
		b.Fatal(err)
	}
	var all struct {
		Articles []struct {
			ID string `json:"id"`
		} `json:"articles"`
	}
	if err := json.Unmarshal([]byte(serve(b, h, "GET", "/sandbox/api/articles?account=a&all=true", "")), &all); err != nil || len(all.Articles) != 1 {
		b.Fatal(err, all)
	}
	path := "/sandbox/api/articles/" + all.Articles[0].ID + "/acts"
	var next atomic.Int64
	b.ResetTimer()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequest("POST", path, strings.NewReader(fmt.Sprintf(`{"citizen":"p%d","kind":"read"}`, int(next.Add(1))%n))))
			if rec.Code != http.StatusOK {
				b.Error(rec.Body)
				return
			}
		}
	})
}
