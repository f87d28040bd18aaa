package org

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
)

func TestLoginAndLock(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		h.person(t, "wang", h.bureau, "editor")
		before := h.lastAudit(t)
		if err := h.login(t, " WANG ", goodPassword, ""); err != nil {
			t.Fatal(err)
		}
		for range 4 {
			wantKey(t, "wrong", h.login(t, "wang", "Wrong-2026", ""), errs.Unauthenticated, "org.login_wrong")
		}
		if err := h.login(t, "wang", goodPassword, ""); err != nil {
			t.Fatalf("the fifth attempt is right: %v", err)
		}
		for range 5 {
			wantKey(t, "wrong", h.login(t, "wang", "Wrong-2026", ""), errs.Unauthenticated, "org.login_wrong")
		}
		err := h.login(t, "wang", goodPassword, "")
		wantKey(t, "locked though right", err, errs.Exhausted, "org.locked")
		if s, _ := errs.As(err).Params()["seconds"].(int); s < 890 || s > 900 {
			t.Errorf("wait %v", errs.As(err).Params())
		}
		h.pass(t, 14*time.Minute)
		wantKey(t, "still locked", h.login(t, "wang", goodPassword, ""), errs.Exhausted, "org.locked")
		h.pass(t, 61*time.Second)
		if err := h.login(t, "wang", goodPassword, ""); err != nil {
			t.Errorf("after fifteen minutes: %v", err)
		}
		trail := h.trail(t, before)
		if n := count(trail, "login staff failed"); n != 9 {
			t.Errorf("%d failures audited: %v", n, trail)
		}
		if n := count(trail, "login staff done"); n != 3 {
			t.Errorf("%d logins audited", n)
		}
	})
}

func count(list []string, want string) (n int) {
	for _, s := range list {
		if s == want {
			n++
		}
	}
	return n
}

func TestFailuresAgeOneByOneWindow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		h.person(t, "wang", h.bureau)
		for range 3 {
			for range 4 {
				wantKey(t, "wrong", h.login(t, "wang", "x", ""), errs.Unauthenticated, "org.login_wrong")
			}
			h.pass(t, 16*time.Minute)
		}
		if err := h.login(t, "wang", goodPassword, ""); err != nil {
			t.Errorf("four failures in each window never lock: %v", err)
		}
	})
}

// TestUnknownLoginsLookAlike: the same answers, the same lock, and the password is judged all the same.
func TestUnknownLoginsLookAlike(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		p := h.person(t, "gone", h.bureau)
		if err := h.Disable(t.Context(), p.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.CreateStaff(t.Context(), StaffIn{Login: "fresh", Name: "新", UnitID: h.bureau.ID}); err != nil {
			t.Fatal(err)
		}
		for _, login := range []string{"nobody", "gone", "fresh", strings.Repeat("x", 100)} {
			for range 5 {
				wantKey(t, login, h.login(t, login, goodPassword, ""), errs.Unauthenticated, "org.login_wrong")
			}
			wantKey(t, login, h.login(t, login, goodPassword, ""), errs.Exhausted, "org.locked")
		}
		var hashes atomic.Int64
		spy := make(chan struct{}) // an unbuffered place for hashing: each taking is seen
		h.hashing = spy
		go func() {
			for {
				select {
				case <-spy:
					hashes.Add(1)
					spy <- struct{}{} // and given back
				case <-t.Context().Done():
					return
				}
			}
		}()
		_ = h.login(t, "other", goodPassword, "")
		if hashes.Load() != 1 {
			t.Errorf("%d passwords were judged for an unknown login", hashes.Load())
		}
	})
}

func TestAddressLocksToo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		h.values[SettingAddress] = 6
		h.person(t, "wang", h.bureau)
		for i := range 6 {
			wantKey(t, "guess", h.login(t, "guess"+itoa(int64(i)), "x", ""), errs.Unauthenticated, "org.login_wrong")
		}
		wantKey(t, "the address", h.login(t, "wang", goodPassword, ""), errs.Exhausted, "org.locked")
		_, err := h.Login(t.Context(), LoginIn{Login: "wang", Password: goodPassword, Address: "10.0.0.2"})
		if err != nil {
			t.Errorf("from elsewhere: %v", err)
		}
	})
}

// TestReplicasCountTogether sends wrong passwords to two replicas at once: never more than five are judged.
func TestReplicasCountTogether(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		h := setup(t, d)
		h.person(t, "wang", h.bureau)
		second := replica(t, d, h.ring, h.wall, h.values)
		var wait sync.WaitGroup
		var judged, refused atomic.Int64
		for _, r := range []house{h, second} {
			for range 6 {
				wait.Go(func() {
					_, err := r.Login(t.Context(), LoginIn{Login: "wang", Password: "Wrong-2026"})
					switch {
					case errs.Is(err, errs.Unauthenticated):
						judged.Add(1)
					case errs.Is(err, errs.Exhausted):
						refused.Add(1)
					default:
						t.Error(err)
					}
				})
			}
		}
		wait.Wait()
		if judged.Load() != 5 || refused.Load() != 7 {
			t.Errorf("judged %d, refused %d", judged.Load(), refused.Load())
		}
	})
}

func TestSecondFactor(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		p := h.person(t, "wang", h.bureau, "editor")
		h.values[SettingSecondFactor] = 1
		h.pass(t, time.Second)
		ctx := h.as(t, p)
		if access.From(ctx).Has("menu.edit") {
			t.Error("rights without the second factor")
		}
		wantKey(t, "not begun", h.ConfirmFactor(ctx, "123456", ""), errs.Conflict, "org.factor_not_begun")
		f, err := h.BeginFactor(ctx)
		if err != nil || !strings.HasPrefix(f.URI, "otpauth://totp/%E4%B8%BA%E6%94%BF:wang?") {
			t.Fatalf("%+v, %v", f, err)
		}
		wantField(t, "wrong code", h.ConfirmFactor(ctx, "000000x", ""), "code", "org.code_wrong")
		code := h.code(t, f.Secret)
		if err := h.ConfirmFactor(ctx, code, ""); err != nil {
			t.Fatal(err)
		}
		if pending, err := h.Pending(ctx, p.ID); err != nil || len(pending) != 0 {
			t.Errorf("pending %v, %v", pending, err)
		}
		if !access.From(h.as(t, p)).Has("menu.edit") {
			t.Error("no rights with the second factor")
		}
		wantKey(t, "the confirming code again", h.login(t, "wang", goodPassword, code), errs.Unauthenticated, "org.code_wrong")
		out, err := h.Login(t.Context(), LoginIn{Login: "wang", Password: goodPassword})
		if err != nil || !out.NeedCode {
			t.Fatalf("%+v, %v", out, err)
		}
		h.pass(t, 30*time.Second)
		code = h.code(t, f.Secret)
		if out, err := h.LoginCode(t.Context(), p.ID, code, "10.0.0.1"); err != nil || out.NeedCode {
			t.Errorf("%+v, %v", out, err)
		}
		_, err = h.LoginCode(t.Context(), p.ID, code, "10.0.0.1")
		wantKey(t, "replay", err, errs.Unauthenticated, "org.code_wrong")
		h.pass(t, 60*time.Second)
		late := h.code(t, f.Secret)
		h.pass(t, 60*time.Second)
		wantKey(t, "two steps late", h.login(t, "wang", goodPassword, late), errs.Unauthenticated, "org.code_wrong")
		if err := h.login(t, "wang", goodPassword, h.code(t, f.Secret)); err != nil {
			t.Errorf("both at once: %v", err)
		}
		g, err := h.BeginFactor(h.as(t, p))
		if err != nil {
			t.Fatal(err)
		}
		h.pass(t, 60*time.Second)
		wantField(t, "replaced without the password", h.ConfirmFactor(h.as(t, p), h.code(t, g.Secret), "x"), "current", "org.password_wrong")
		if err := h.ConfirmFactor(h.as(t, p), h.code(t, g.Secret), goodPassword); err != nil {
			t.Error(err)
		}
	})
}

// TestFactorFromActivation: where the installation asks for a second factor, the first login proves the one that came
// with the activation.
func TestFactorFromActivation(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		h.values[SettingSecondFactor] = 1
		p, link, err := h.CreateStaff(t.Context(), StaffIn{Login: "wang", Name: "王", UnitID: h.bureau.ID})
		if err != nil {
			t.Fatal(err)
		}
		p, f, err := h.Activate(t.Context(), link.Token, goodPassword)
		if err != nil || f.Secret == "" || p.SecondFactor {
			t.Fatalf("%+v, %+v, %v", p, f, err)
		}
		if out, err := h.Login(t.Context(), LoginIn{Login: "wang", Password: goodPassword}); err != nil || !out.NeedCode {
			t.Errorf("%+v, %v", out, err)
		}
		wantKey(t, "wrong code", h.login(t, "wang", goodPassword, "12345x"), errs.Unauthenticated, "org.code_wrong")
		if err := h.login(t, "wang", goodPassword, h.code(t, f.Secret)); err != nil {
			t.Fatal(err)
		}
		if p = h.again(t, p); !p.SecondFactor || p.totpDue || p.totpNext != "" {
			t.Errorf("the proven factor is not the valid one: %+v", p)
		}
		again, err := h.Reset(t.Context(), p.ID, false)
		if err != nil || !again.FactorKept {
			t.Errorf("%+v, %v", again, err)
		}
		if _, f, err := h.Activate(t.Context(), again.Token, goodPassword); err != nil || f.Secret != "" {
			t.Errorf("a kept factor was replaced: %+v, %v", f, err)
		}
		h.pass(t, 30*time.Second)
		if err := h.login(t, "wang", goodPassword, h.code(t, f.Secret)); err != nil {
			t.Errorf("with the kept factor: %v", err)
		}
	})
}

// TestStolenPasswordBuysFiveCodes: a right password must not clear the count of wrong codes.
func TestStolenPasswordBuysFiveCodes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		p := h.person(t, "wang", h.bureau)
		f, err := h.BeginFactor(h.as(t, p))
		if err != nil {
			t.Fatal(err)
		}
		if err := h.ConfirmFactor(h.as(t, p), h.code(t, f.Secret), ""); err != nil {
			t.Fatal(err)
		}
		wrong := 0
		for range 12 {
			if _, err := h.Login(t.Context(), LoginIn{Login: "wang", Password: goodPassword}); errs.Is(err, errs.Exhausted) {
				break
			}
			if _, err := h.LoginCode(t.Context(), p.ID, "12345x", ""); errs.Is(err, errs.Unauthenticated) {
				wrong++
			}
		}
		if wrong != 5 {
			t.Errorf("%d codes could be tried", wrong)
		}
	})
}

func TestPasswordChange(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		p := h.person(t, "wang", h.bureau, "editor")
		ctx := h.as(t, p)
		wantField(t, "wrong present one", h.ChangePassword(ctx, "x", "Neu-wang1.x"), "password", "org.password_login")
		wantField(t, "wrong present one", h.ChangePassword(ctx, "x", "Neues-2027"), "current", "org.password_wrong")
		wantField(t, "the same", h.ChangePassword(ctx, goodPassword, goodPassword), "password", "org.password_same")
		if err := h.ChangePassword(ctx, goodPassword, "Neues-2027"); err != nil {
			t.Fatal(err)
		}
		wantKey(t, "the old one", h.login(t, "wang", goodPassword, ""), errs.Unauthenticated, "org.login_wrong")
		if err := h.login(t, "wang", "Neues-2027", ""); err != nil {
			t.Error(err)
		}
		h.pass(t, 91*24*time.Hour)
		pending, err := h.Pending(t.Context(), p.ID)
		if err != nil || !slices.Equal(pending, []Pending{ChangePassword}) {
			t.Errorf("after 90 days: %v, %v", pending, err)
		}
		if access.From(h.as(t, p)).Has("menu.edit") {
			t.Error("rights with an old password")
		}
	})
}

func TestLinks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		p, first, err := h.CreateStaff(t.Context(), StaffIn{Login: "wang", Name: "王", UnitID: h.bureau.ID, Phone: "13812345678"})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := h.Invited(t.Context(), first.Token); err != nil || got.Login != "wang" {
			t.Errorf("%+v, %v", got, err)
		}
		_, _, err = h.Activate(t.Context(), first.Token, "short")
		wantField(t, "weak", err, "password", "org.password_short")
		second, err := h.Reset(t.Context(), p.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = h.Activate(t.Context(), first.Token, goodPassword)
		wantKey(t, "replaced", err, errs.NotFound, "org.link_dead")
		h.pass(t, 73*time.Hour)
		_, _, err = h.Activate(t.Context(), second.Token, goodPassword)
		wantKey(t, "expired", err, errs.NotFound, "org.link_dead")
		p = h.again(t, p)
		third, err := h.Reset(t.Context(), p.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		var won atomic.Int64
		for range 3 {
			wait.Go(func() {
				if _, _, err := h.Activate(t.Context(), third.Token, goodPassword); err == nil {
					won.Add(1)
				} else if !errs.Is(err, errs.NotFound) {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if won.Load() != 1 {
			t.Errorf("one link was used %d times", won.Load())
		}
		_, err = h.Invited(t.Context(), "invented")
		wantKey(t, "invented", err, errs.NotFound, "org.link_dead")
	})
}
