package menu

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/org"
	"weizheng/kernel/record"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/wechat/client"
)

func TestMenusAreCheckedAgainstWeChatsLimits(t *testing.T) {
	t.Parallel()
	click := func(name string) Button { return Button{Name: name, Type: Click, Key: "K"} }
	six := []Button{click("一"), click("二"), click("三"), click("四"), click("五"), click("六")}
	for _, c := range []struct {
		label   string
		buttons []Button
		want    string // fields with faults
	}{
		{"empty", nil, "buttons"},
		{"one button", []Button{click("服务")}, ""},
		{"four on top", []Button{click("一"), click("二"), click("三"), click("四")}, "buttons"},
		{"name of 16 bytes", []Button{click("一二三四五a")}, ""},
		{"name of 17 bytes", []Button{click("一二三四五ab")}, "buttons.0.name"},
		{"sub name of 60 bytes", []Button{{Name: "父", Sub: []Button{click(strings.Repeat("字", 20))}}}, ""},
		{"sub name of 61 bytes", []Button{{Name: "父", Sub: []Button{click(strings.Repeat("字", 20) + "a")}}}, "buttons.0.sub.0.name"},
		{"six below", []Button{{Name: "父", Sub: six}}, "buttons.0.sub"},
		{"three floors", []Button{{Name: "父", Sub: []Button{{Name: "子", Sub: []Button{click("孙")}}}}}, "buttons.0.sub.0.sub"},
		{"no type", []Button{{Name: "空"}}, "buttons.0.type"},
		{"no key", []Button{{Name: "点", Type: Click}}, "buttons.0.key"},
		{"key of 129 bytes", []Button{{Name: "点", Type: Click, Key: strings.Repeat("k", 129)}}, "buttons.0.key"},
		{"a page of ours", []Button{{Name: "页", Type: View, URL: "/c/qingyun/me"}}, ""},
		{"a link", []Button{{Name: "页", Type: View, URL: "https://example.org/a"}}, ""},
		{"a script", []Button{{Name: "页", Type: View, URL: "javascript:alert(1)"}}, "buttons.0.url"},
		{"another scheme by //", []Button{{Name: "页", Type: View, URL: "//evil.example"}}, "buttons.0.url"},
		{"no host", []Button{{Name: "页", Type: View, URL: "https://"}}, "buttons.0.url"},
		{"mini-program without appid", []Button{{Name: "小", Type: MiniProgram, URL: "https://a.example", PagePath: "p"}}, "buttons.0.appid"},
		{"blank name", []Button{click("  ")}, "buttons.0.name"},
	} {
		err := Validate(c.buttons)
		var fields []string
		if err != nil {
			for _, f := range errs.As(err).Fields() {
				fields = append(fields, f.Field)
			}
		}
		if got := strings.Join(fields, " "); got != c.want {
			t.Errorf("%s: faults at %q, want %q", c.label, got, c.want)
		}
	}
}

func TestPagesOfOursGetTheirFullAddress(t *testing.T) {
	t.Parallel()
	before := []Button{{Name: "我的", Sub: []Button{{Name: "服务", Type: View, URL: "/c/qingyun/me"}}}}
	after := absolute(before, "https://zw.example/")
	if got := after[0].Sub[0].URL; got != "https://zw.example/c/qingyun/me" {
		t.Errorf("address %q", got)
	}
	if before[0].Sub[0].URL != "/c/qingyun/me" {
		t.Error("the draft was changed")
	}
}

type wechatSide struct {
	err  error
	seen [][]Button
}

func (p *wechatSide) CreateMenu(_ context.Context, _ int64, b []Button) error {
	p.seen = append(p.seen, b)
	return p.err
}

// rights refuses with err, or nothing.
type rights struct{ err error }

func (r *rights) Able(_ context.Context, _ int64, f account.Feature) error {
	if f != account.Menu {
		return errors.New("asked for " + string(f))
	}
	return r.err
}

type quiet struct{}

func (quiet) Record(context.Context, *db.Tx, audit.Entry) error { return nil }
func (quiet) Publish(*db.Tx, string, int64, int64) error        { return nil }
func (quiet) UnitOf(context.Context, int64) (string, error)     { return "/1/", nil }

func each(t *testing.T, f func(t *testing.T, s *Service, side *wechatSide)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, []db.Schema{job.Schema(), record.Schema(), org.Schema(), account.Schema(), Schema()}, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for _, q := range []string{
				`insert into unit (parent_id, level, name, short, code, path, position, closed, created_at, updated_at, version)
					values (null,'city','青云市','','','/1/',0,false,1,1,1)`,
				`insert into account (slug,name,kind,verified,status,unit_id,original_id,appid,mode,endpoints,oauth_domain,identity,
					intro,principal,contact,farewell,avatar,persona_name,persona_tone,created_at,updated_at,version)
					values ('qingyun','青云政务','service',true,'active',1,'gh_1','wx1','safe','{}',false,false,'','','','','','','',1,1,1)`,
			} {
				if _, err := tx.Exec(t.Context(), q); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		side := &wechatSide{}
		s := New(Deps{
			DB: d, Jobs: job.New(d, slog.New(slog.DiscardHandler), clock.Wall{}), Log: slog.New(slog.DiscardHandler),
			Wall: clock.Wall{}, Civil: clock.Wall{}, Audit: quiet{}, Record: record.New(d), Units: quiet{}, Accounts: &rights{}, WeChat: side,
			Hints: quiet{}, PublicURL: "https://zw.example",
		})
		f(t, s, side)
	})
}

func TestADraftIsPublishedAndRolledBack(t *testing.T) {
	each(t, func(t *testing.T, s *Service, side *wechatSide) {
		ctx := t.Context()
		one := []Button{{Name: "一", Type: Click, Key: "A"}}
		two := []Button{{Name: "二", Type: View, URL: "/c/qingyun/me"}}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		send := func(n int64) {
			t.Helper()
			must(s.send(ctx, sendMenu{1, n}, job.Attempt{N: 1, Max: 3}))
		}
		m, err := s.Save(ctx, 1, 0, one)
		must(err)
		if _, err := s.Save(ctx, 1, 0, two); !errs.Is(err, errs.Conflict) {
			t.Errorf("a second first draft: %v", err)
		}
		_, err = s.Publish(ctx, 1, m.Version)
		must(err)
		send(1)
		send(1) // the job may run twice
		m, err = s.Save(ctx, 1, m.Version, two)
		must(err)
		if _, err := s.Publish(ctx, 1, m.Version-1); !errs.Is(err, errs.Conflict) {
			t.Errorf("published another draft than was looked at: %v", err)
		}
		_, err = s.Publish(ctx, 1, m.Version)
		must(err)
		side.err = &client.Error{Code: 40054}
		send(2)
		versions, err := s.Versions(ctx, 1, 0, 10)
		must(err)
		if versions[0].State != Failed || versions[0].Code != 40054 || versions[1].State != Live {
			t.Errorf("after a refusal: %+v", versions)
		}
		side.err = nil
		_, err = s.RollBack(ctx, 1, 2)
		must(err)
		send(3)
		versions, err = s.Versions(ctx, 1, 0, 10)
		must(err)
		if versions[0].State != Live || versions[2].State != Past || len(side.seen) != 3 {
			t.Errorf("after rolling back: %+v, sent %d times", versions, len(side.seen))
		}
		if got := side.seen[2][0].URL; got != "https://zw.example/c/qingyun/me" {
			t.Errorf("WeChat was given %q", got)
		}
		if m, err = s.Get(ctx, 1); err != nil || m.PublishedNumber != 3 || m.Draft[0].Name != "二" {
			t.Errorf("menu %+v, %v", m, err)
		}
	})
}

func TestWhatWeChatWouldRefuseIsNotPublished(t *testing.T) {
	each(t, func(t *testing.T, s *Service, side *wechatSide) {
		m, err := s.Save(t.Context(), 1, 0, []Button{{Name: "一", Type: Click, Key: "A"}})
		if err != nil {
			t.Fatal(err)
		}
		unable := errs.New(errs.Refused, string(account.NotVerified)).With("purpose", "创建自定义菜单")
		s.Accounts = &rights{unable}
		if _, err := s.Publish(t.Context(), 1, m.Version); !errors.Is(err, unable) {
			t.Errorf("publish: %v", err)
		}
		if _, err := s.RollBack(t.Context(), 1, 1); !errors.Is(err, unable) {
			t.Errorf("roll back: %v", err)
		}
		if list, err := s.Versions(t.Context(), 1, 0, 10); err != nil || len(list) != 0 || len(side.seen) != 0 {
			t.Errorf("%d versions, %d sent, %v", len(list), len(side.seen), err)
		}
	})
}

func TestABusyWeChatIsAskedAgain(t *testing.T) {
	each(t, func(t *testing.T, s *Service, side *wechatSide) {
		m, err := s.Save(t.Context(), 1, 0, []Button{{Name: "一", Type: Click, Key: "A"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Publish(t.Context(), 1, m.Version); err != nil {
			t.Fatal(err)
		}
		side.err = errs.New(errs.Busy, "wechat.busy")
		if err := s.send(t.Context(), sendMenu{1, 1}, job.Attempt{N: 1, Max: 2}); !errors.Is(err, side.err) {
			t.Errorf("first try: %v", err)
		}
		if err := s.send(t.Context(), sendMenu{1, 1}, job.Attempt{N: 2, Max: 2}); err != nil {
			t.Errorf("last try: %v", err)
		}
		versions, _ := s.Versions(t.Context(), 1, 0, 1)
		if versions[0].State != Failed || versions[0].Problem != "wechat.busy" {
			t.Errorf("%+v", versions[0])
		}
	})
}

func TestTapsAreCountedByDay(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *wechatSide) {
		for range 2 {
			err := s.DB.Write(t.Context(), func(tx *db.Tx) error {
				return s.CountTaps(t.Context(), tx, []Tap{{1, "2026-11-19", "A"}, {1, "2026-11-20", "A"}, {1, "2026-11-20", "B"}, {1, "2026-11-20", "A"}})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		taps, err := s.TapsSince(t.Context(), 1, "2026-11-20")
		if err != nil || len(taps) != 2 || taps[0] != (Taps{"A", 4}) || taps[1] != (Taps{"B", 2}) {
			t.Errorf("taps %v, %v", taps, err)
		}
	})
}
