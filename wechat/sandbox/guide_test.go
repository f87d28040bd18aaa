package sandbox_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/wechat"
	"weizheng/wechat/sandbox"
)

// prelude makes the guide's commands fail where a reader would only see an answer: HTTP's refusals, and WeChat's, which come
// with 200. The program itself is not run here: it is what the test stands for.
const prelude = `set -euo pipefail
weizheng() { :; }
curl() {
	local out; out=$(mktemp)
	command curl --fail-with-body --max-time 20 "$@" >"$out" || { echo "FAILED curl $*: $(head -c 600 "$out")" >&2; exit 1; }
	if grep -aqE '"errcode": ?-?[1-9]' "$out"; then echo "REFUSED curl $*: $(head -c 600 "$out")" >&2; exit 1; fi
	cat "$out"
}
`

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// TestTheGuideRuns runs every block of commands of the guide, in its order, in one shell: what strangers copy works. A
// developer's server stands where the guide says that one does.
func TestTheGuideRuns(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"bash", "curl", "jq"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("not installed: " + program)
		}
	}
	guide, err := os.ReadFile("GUIDE.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := shellBlock.FindAllStringSubmatch(string(guide), -1)
	if len(blocks) < 8 {
		t.Fatalf("the guide has %d blocks of commands", len(blocks))
	}
	g := openGuided(t)
	var script strings.Builder
	script.WriteString(prelude)
	for _, b := range blocks {
		script.WriteString(b[1])
	}
	text := strings.NewReplacer("http://127.0.0.1:8090", g.base, "http://127.0.0.1:3000", g.dev.URL).Replace(script.String())
	dir := t.TempDir()
	// The guide's picture of a reader.
	if err := os.WriteFile(filepath.Join(dir, "photo.jpg"), []byte("\xff\xd8\xff\xe0aaaa"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-c", text)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("the guide's commands fail: %v\n%s", err, last(out, 3000))
	}
	if bad := regexp.MustCompile(`"callback_state":"(?:failed|unchecked)"`).Find(out); bad != nil {
		t.Errorf("the guide's account is not heard: %s", bad)
	}
}

func last(b []byte, n int) []byte { return b[max(0, len(b)-n):] }

// guided is a sandbox by the real clock and a developer's server that answers as the guide supposes.
type guided struct {
	*testing.T
	base string
	dev  *httptest.Server
	box  *sandbox.Sandbox
	work sync.WaitGroup
}

func openGuided(t *testing.T) *guided {
	t.Helper()
	g := &guided{T: t}
	g.dev = httptest.NewServer(g)
	handler := &swap{h: http.NotFoundHandler()}
	server := httptest.NewServer(handler)
	g.base = server.URL
	box, err := sandbox.Open(t.Context(), sandbox.Config{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler), Wall: clock.Wall{},
		Base: g.base, Seed: "guide"})
	if err != nil {
		t.Fatal(err)
	}
	if err := box.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.box = box
	handler.set(box.Handler())
	t.Cleanup(func() {
		g.work.Wait()
		if err := box.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("close: %v", err)
		}
		server.Close()
		g.dev.Close()
	})
	return g
}

// ServeHTTP is the developer's server: it asks who wants to know about residence permits to come to the window, and sends
// what became of the application when it can.
func (g *guided) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	account := g.box.Accounts()[0]
	codec := account.Codec()
	q := wechat.ParseQuery(r.URL.Query())
	if r.Method == http.MethodGet {
		echo, err := codec.VerifyURL(q)
		if err != nil {
			http.Error(w, "signature", http.StatusForbidden)
			return
		}
		_, _ = io.WriteString(w, echo)
		return
	}
	body, _ := io.ReadAll(r.Body)
	now := time.Now()
	opened, err := codec.Open(q, body, now)
	if err != nil {
		g.Errorf("a callback does not open: %v", err)
		return
	}
	m, err := wechat.ParseMessage(opened.Plain)
	if err != nil || m.Content != "居住证" {
		_, _ = io.WriteString(w, wechat.Success)
		return
	}
	plain, err := wechat.EncodeReply(m.FromUserName, m.ToUserName, now, wechat.Text{Content: "请预约后到窗口"})
	if err != nil {
		g.Error(err)
	}
	sealed, err := codec.Seal(plain, opened.Key, now.Unix(), "nonce", []byte("0123456789abcdef"))
	if err != nil {
		g.Error(err)
	}
	_, _ = w.Write(sealed)
	g.work.Go(func() { g.send(account, m.FromUserName, "您的申请已收到") })
}

// send is the developer's program: a token that leaves those of the guide's reader alone, and a customer message.
func (g *guided) send(account *sandbox.Account, openid, text string) {
	w := &world{T: g.T, ctx: context.WithoutCancel(g.Context()), server: &httptest.Server{URL: g.base}}
	token, _ := w.raw("POST", "/cgi-bin/stable_token",
		object{"grant_type": "client_credential", "appid": account.AppID, "secret": account.Secret})["access_token"].(string)
	out := w.raw("POST", "/cgi-bin/message/custom/send?access_token="+token,
		object{"touser": openid, "msgtype": "text", "text": object{"content": text}})
	if out["errcode"] != float64(0) {
		g.Errorf("custom message: %v", out)
	}
}
