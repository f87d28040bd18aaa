package sandbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/wechat/sandbox"
)

// crowd is a sandbox with n followers of one plain account whose server answers success without a network.
func crowd(b *testing.B, n int) *sandbox.Sandbox {
	b.Helper()
	ctx := b.Context()
	box, err := sandbox.Open(ctx, sandbox.Config{Data: b.TempDir(), Log: slog.New(slog.DiscardHandler), Wall: clock.Wall{},
		Base: "http://127.0.0.1:8090", Seed: "s", Transport: &transport{start: time.Now(),
			answer: func(int, context.Context) (int, string, error) { return 200, "success", nil }}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { box.Close(context.WithoutCancel(ctx)) })
	if _, err := box.SeedAccount(ctx, sandbox.Account{ID: "a", Verified: true, Callback: "http://127.0.0.1:1/wx"}); err != nil {
		b.Fatal(err)
	}
	citizens, follows := make([]sandbox.Citizen, n), make([]sandbox.Follow, n)
	for i := range citizens {
		citizens[i] = sandbox.Citizen{ID: "p" + strconv.Itoa(i), Name: "市民"}
		follows[i] = sandbox.Follow{Account: "a", Citizen: citizens[i].ID, At: time.Now()}
	}
	start := time.Now()
	if err := box.SeedCitizens(ctx, citizens); err != nil {
		b.Fatal(err)
	}
	if err := box.SeedFollows(ctx, follows); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d followers in %v", n, time.Since(start))
	if err := box.Start(ctx); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	return box
}

// followers is how many the benchmarks play with; WEIZHENG_SANDBOX_FOLLOWERS=1000000 is the size of a large city.
func followers() int {
	if n, err := strconv.Atoi(os.Getenv("WEIZHENG_SANDBOX_FOLLOWERS")); err == nil {
		return n
	}
	return 2000
}

func serve(b *testing.B, h http.Handler, method, path, body string) string {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(method, "http://127.0.0.1:8090"+path, strings.NewReader(body)))
	if rec.Code != 200 {
		b.Errorf("%s: %d %s", path, rec.Code, rec.Body)
	}
	return rec.Body.String()
}

// BenchmarkMessage is a citizen's message with its callback, from 64 people at once.
func BenchmarkMessage(b *testing.B) {
	n := followers()
	box := crowd(b, n)
	var next atomic.Int64
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			who := int(next.Add(1)) % n
			serve(b, box.Handler(), "POST", "/sandbox/api/messages",
				fmt.Sprintf(`{"account":"a","citizen":"p%d","type":"text","content":"你好"}`, who))
		}
	})
	if err := box.Idle(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkUserInfo is a call that only reads.
func BenchmarkUserInfo(b *testing.B) {
	n := followers()
	box := crowd(b, n)
	token := bearer(b, box)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			serve(b, box.Handler(), "GET", "/cgi-bin/user/info?access_token="+token+"&openid="+box.OpenID("a", "p"+strconv.Itoa(i%n)), "")
		}
	})
}

// BenchmarkFollowerList reads the whole list, ten thousand a page.
func BenchmarkFollowerList(b *testing.B) {
	n := followers()
	box := crowd(b, n)
	token := bearer(b, box)
	b.ResetTimer()
	for b.Loop() {
		for next, read := "", 0; ; {
			answer := serve(b, box.Handler(), "GET", "/cgi-bin/user/get?access_token="+token+"&next_openid="+next, "")
			var page struct {
				Count int
				Next  string `json:"next_openid"`
			}
			if err := json.Unmarshal([]byte(answer), &page); err != nil {
				b.Fatal(err)
			}
			if read, next = read+page.Count, page.Next; next != "" {
				continue
			}
			if read != n {
				b.Fatalf("%d of %d followers", read, n)
			}
			break
		}
	}
}

// BenchmarkAnswer is a citizen's message, its callback, and a customer message in answer.
func BenchmarkAnswer(b *testing.B) {
	n := followers()
	box := crowd(b, n)
	token := bearer(b, box)
	b.ResetTimer()
	b.SetParallelism(32)
	var next atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			who := "p" + strconv.Itoa(int(next.Add(1))%n)
			serve(b, box.Handler(), "POST", "/sandbox/api/messages", `{"account":"a","citizen":"`+who+`","type":"text","content":"你好"}`)
			answer := serve(b, box.Handler(), "POST", "/cgi-bin/message/custom/send?access_token="+token,
				`{"touser":"`+box.OpenID("a", who)+`","msgtype":"text","text":{"content":"x"}}`)
			if !strings.Contains(answer, `"errcode":0`) {
				b.Fatal(answer)
			}
		}
	})
}

func bearer(b *testing.B, box *sandbox.Sandbox) string {
	a := box.Accounts()[0]
	answer := serve(b, box.Handler(), "POST", "/cgi-bin/stable_token",
		`{"grant_type":"client_credential","appid":"`+a.AppID+`","secret":"`+a.Secret+`"}`)
	_, rest, _ := strings.Cut(answer, `"access_token":"`)
	token, _, ok := strings.Cut(rest, `"`)
	if !ok {
		b.Fatal(answer)
	}
	return token
}
