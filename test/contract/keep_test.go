package contract

import (
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"weizheng/platform/db"
	"weizheng/wechat/client"
	"weizheng/wechat/pay"
)

// restart ends the sandbox as a signal does and begins it again.
func (w *world) restart() {
	w.Helper()
	if err := w.box.Close(w.ctx); err != nil {
		w.Fatal(err)
	}
	w.begin()
}

// kill goes on from what is in the files at one moment in the middle, as after kill -9: nothing is closed or flushed.
func (w *world) kill() {
	w.Helper()
	left := w.TempDir()
	d, err := db.Open(w.ctx, db.Config{URL: "sqlite:" + filepath.Join(w.dir, "sandbox.db"), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		w.Fatal(err)
	}
	// Nobody writes while this transaction has the lock, so the copies of the database and its log belong together.
	err = d.Write(w.ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(w.ctx, "update component set id=id"); err != nil {
			return err
		}
		return copyFolder(left, w.dir)
	})
	if err := firstOf(err, d.Close(), w.box.Close(w.ctx)); err != nil {
		w.Fatal(err)
	}
	w.dir = left
	w.begin()
}

func copyFolder(to, from string) error {
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		if e.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, content, 0o600)
	})
}

// kept is a group of tables: fill makes rows in each through the API, and what it returns asks for all of them.
type kept struct {
	tables string
	fill   func(w *till) (ask func() any)
}

func keptGroups() []kept {
	api := func(w *till) *client.Client { return w.client(main) }
	return []kept{
		{"request", func(w *till) func() any {
			rid := failedRID(w.world, main)
			return func() any { f, err := api(w).FailedCall(w.ctx, rid); return []any{f.Query, f.Answer, err} }
		}},
		{"monthly", func(w *till) func() any {
			for range 10 {
				w.wantCode("clear", api(w).ClearQuotaBySecret(w.ctx), 0)
			}
			return func() any { return client.CodeOf(api(w).ClearQuotaBySecret(w.ctx)) } // 48006: ten a month
		}},
		{"shorten", func(w *till) func() any {
			key, err := api(w).Shorten(w.ctx, "给孩子上户口", time.Hour)
			w.wantCode("shorten", err, 0)
			return func() any { s, err := api(w).Unshorten(w.ctx, key); return []any{s.Data, err} }
		}},
		{"jump", func(w *till) func() any {
			r := added(w.world)
			w.wantCode("publish", api(w).PublishJump(w.ctx, r.Code), 0)
			return func() any {
				list, total, left, err := api(w).JumpRules(w.ctx, mini, 1, 10)
				return []any{list, total, left, err}
			}
		}},
		{"recognition", func(w *till) func() any {
			w.play("PUT", "/ocr", object{"kind": "translation", "subject": "办证", "says": "get a card"})
			return func() any {
				s, err := api(w).Translate(w.ctx, client.LangChinese, client.LangEnglish, "办证")
				return []any{s, err}
			}
		}},
		{"dictation", func(w *till) func() any {
			w.play("PUT", "/ocr", object{"kind": "voice", "says": "社保卡怎么办"})
			w.wantCode("voice", api(w).AddVoice(w.ctx, "v9", client.LangChinese, fileOf("a.mp3", someMP3)), 0)
			return func() any { s, err := api(w).VoiceText(w.ctx, "v9", client.LangChinese); return []any{s, err} }
		}},
		{"component authorisation", func(w *till) func() any {
			p := w.platform()
			a := p.authorised(main, 2, 4, 15)
			w.wantCode("option", p.SetOption(w.ctx, a.AppID, "voice_recognize", "1"), 0)
			tokens := client.NewMemoryStore()
			cfg := w.config(main)
			cfg.Secret, cfg.Tokens = "", client.ComponentTokens(p.Platform, a.AppID, p, tokens)
			theirs := client.New(cfg)
			_, err := theirs.CallbackIPs(w.ctx)
			w.wantCode("theirs", err, 0)
			before, _ := tokens.Load(w.ctx, a.AppID)
			citizen, err := p.OAuthToken(w.ctx, a.AppID, p.authorise(main, "zhang", client.ScopeBase))
			w.wantCode("citizen", err, 0)
			return func() any {
				info, err := p.Authorizer(w.ctx, a.AppID)
				option, none := p.Option(w.ctx, a.AppID, "voice_recognize")
				_, called := theirs.CallbackIPs(w.ctx)
				now, _ := tokens.Load(w.ctx, a.AppID)
				again, old := p.OAuthRefresh(w.ctx, a.AppID, citizen.RefreshToken)
				return []any{info.Name, info.Sets, info.Refresh, err, option, none, called, now == before, again.OpenID, old,
					w.play("GET", "/components", nil)}
			}
		}},
		{"merchant pay_order pay_refund pay_notice", func(w *till) func() any {
			c := w.payer(w.payConfig(false))
			w.paid(c, "kept-1")
			w.shop.take()
			w.shop.answers(http.StatusInternalServerError, `{"code":"FAIL"}`)
			w.paid(c, "kept-2") // whose notice waits
			r, err := c.Refund(w.ctx, pay.RefundOrder{OutTradeNo: "kept-1", OutRefundNo: "kept-r", Amount: 50, Total: 2050})
			w.wantCode("refund", err, 0)
			w.settle()
			w.shop.take()
			return func() any {
				one, err1 := c.Query(w.ctx, "kept-1")
				two, err2 := c.QueryByID(w.ctx, one.TransactionID)
				back, err3 := c.QueryRefund(w.ctx, r.OutRefundNo)
				return []any{one, err1, two, err2, back, err3, w.play("GET", "/accounts/"+main+"/merchant", nil),
					w.play("GET", "/accounts/"+main+"/orders", nil)}
			}
		}},
		{"crowd", func(w *till) func() any {
			begun, _ := w.play("POST", "/crowds", object{"account": "xinqu", "citizens": 2, "seed": 7, "seconds": 1,
				"script": []object{{"act": "follow"}}})["crowd"].(object)
			for begun["state"] == "running" {
				<-time.After(20 * time.Millisecond)
				begun, _ = w.play("GET", "/crowds/1", nil)["crowd"].(object)
			}
			return func() any { return w.play("GET", "/crowds/1", nil) }
		}},
	}
}

var createTable = regexp.MustCompile(`(?m)^create table (\w+)`)

// TestRestartKeepsWhatTheAPIMade: every table since the request log is filled through the API, and the sandbox answers the
// same after it was ended and after it was killed; a notice of a payment that was waiting is still sent.
func TestRestartKeepsWhatTheAPIMade(t *testing.T) {
	t.Parallel()
	groups := keptGroups()
	files, err := filepath.Glob("../../wechat/sandbox/state/schema/00[3-6]*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	var covered []string
	for _, g := range groups {
		covered = append(covered, strings.Fields(g.tables)...)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range createTable.FindAllStringSubmatch(string(content), -1) {
			// 0030 and later statistics are kept by TestKeptRelations and the tests of datacube.
			if name := found[1]; !slices.Contains(covered, name) && !slices.Contains(statistics, name) {
				t.Errorf("%s: nobody asks for table %s after a restart", filepath.Base(file), name)
			}
		}
	}
	for name, again := range map[string]func(*world){"ended": (*world).restart, "killed": (*world).kill} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTill(t)
			asks, before := make([]func() any, len(groups)), make([]string, len(groups))
			for i, g := range groups {
				asks[i] = g.fill(w)
			}
			w.settle()
			for i, ask := range asks {
				before[i] = jsonOf(ask())
			}
			again(w.world)
			for i, ask := range asks {
				if after := jsonOf(ask()); after != before[i] {
					t.Errorf("%s: before %s\nafter %s", groups[i].tables, before[i], after)
				}
			}
			w.shop.answers(0, "")
			w.moveCivil(15 * time.Second)
			w.settle()
			if got := w.shop.take(); len(got) != 1 {
				t.Errorf("%d notices of the payment that nobody had taken", len(got))
			}
		})
	}
}

// statistics are tables of counts.
var statistics = []string{"movement", "pulse", "article_deed", "article_count"}

// TestNoticeSurvives: a platform that does not answer when the sandbox ends, or is killed, is told after the next start.
func TestNoticeSurvives(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]func(*world){"ended": (*world).restart, "killed": (*world).kill} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.platform()
			p.authorised(main)
			w.settle()
			w.dev.take()
			asked, gone := make(chan struct{}, 9), make(chan struct{})
			w.net.set(devHost, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				asked <- struct{}{}
				select {
				case <-r.Context().Done(): // WeChat gave up, or went away
				case <-gone:
				}
			}))
			w.play("POST", "/components/sanfang/unauthorise", object{"account": main})
			<-asked
			again(w)
			w.net.set(devHost, w.dev)
			close(gone)
			w.settle()
			got := w.dev.take()
			if len(got) != 1 || got[0].InfoType != "unauthorized" || got[0].AuthorizerAppID != w.account(main).AppID {
				t.Errorf("%v", got)
			}
		})
	}
}
