package citizen

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// issued gives somebody a code.
func (b *bench) issued(t *testing.T, account int64, openid, code string) {
	t.Helper()
	b.tx(t, func(tx *db.Tx) error { return b.IssueCode(t.Context(), tx, account, openid, code, b.civil.Now()) })
}

func typed(account int64, code, browser string) Typed {
	return Typed{Account: account, Code: code, Browser: browser, Address: netip.MustParseAddr("203.0.113.7")}
}

func keyOf(err error) string {
	if e := errs.As(err); len(e.Fields()) > 0 {
		return e.Fields()[0].Key
	}
	return errs.As(err).Key()
}

func TestACodeOpensOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		other := b.register(t, "jiaojing", "subscription", false)
		b.issued(t, b.account, openid(1), "012345")
		f := b.of(t, openid(1)) // made with the code: the reader of the log may come later
		stored, err := db.All(t.Context(), b.db, db.Value[string], `select digest from citizen_code`)
		if err != nil || len(stored) != 1 || strings.Contains(stored[0], "012345") {
			t.Fatalf("stored %v, %v", stored, err)
		}
		for _, row := range []struct {
			label string
			in    Typed
			key   string
		}{
			{"another number", typed(b.account, "012346", "b1"), "citizen.code_wrong"},
			{"another account", typed(other, "012345", "b2"), "citizen.code_wrong"},
			{"too short", typed(b.account, "12345", "b1"), "citizen.code_wrong"},
			{"letters", typed(b.account, "01234a", "b1"), "citizen.code_wrong"},
			{"no browser", typed(b.account, "012345", ""), "citizen.code_browser"},
		} {
			if got, err := b.Redeem(t.Context(), row.in); got != 0 || keyOf(err) != row.key {
				t.Errorf("%s: %d, %v", row.label, got, err)
			}
		}
		got, err := b.Redeem(t.Context(), typed(b.account, " ０１２ 345", "b3"))
		if err != nil || got != f.Citizen {
			t.Fatalf("citizen %d, want %d, %v", got, f.Citizen, err)
		}
		if _, err := b.Redeem(t.Context(), typed(b.account, "012345", "b3")); keyOf(err) != "citizen.code_wrong" {
			t.Errorf("a second time: %v", err)
		}

		b.issued(t, b.account, openid(1), "111111")
		b.issued(t, b.account, openid(1), "222222")
		if _, err := b.Redeem(t.Context(), typed(b.account, "111111", "b4")); keyOf(err) != "citizen.code_wrong" {
			t.Errorf("an older code: %v", err)
		}
		b.wall.forward(CodeLife)
		if got, err := b.Redeem(t.Context(), typed(b.account, "222222", "b4")); err != nil || got != f.Citizen {
			t.Errorf("in the last moment: %d, %v", got, err)
		}
		b.issued(t, b.account, openid(1), "333333")
		b.wall.forward(CodeLife + time.Millisecond)
		if _, err := b.Redeem(t.Context(), typed(b.account, "333333", "b4")); keyOf(err) != "citizen.code_wrong" {
			t.Errorf("over: %v", err)
		}
		b.issued(t, b.account, openid(2), "333333") // its number is free again
		if got, err := b.Redeem(t.Context(), typed(b.account, "333333", "b5")); err != nil || got != b.of(t, openid(2)).Citizen {
			t.Errorf("the next owner: %d, %v", got, err)
		}
	})
}

func TestOfTwoBrowsersWithACodeOneGetsIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.issued(t, b.account, openid(1), "012345")
		errors := make([]error, 4)
		var both sync.WaitGroup
		for i := range errors {
			both.Go(func() { _, errors[i] = b.Redeem(t.Context(), typed(b.account, "012345", fmt.Sprint("b", i))) })
		}
		both.Wait()
		in := 0
		for _, err := range errors {
			switch {
			case err == nil:
				in++
			case keyOf(err) != "citizen.code_wrong":
				t.Error(err)
			}
		}
		if in != 1 {
			t.Errorf("%d got in", in)
		}
	})
}

func TestGuessesAreCounted(t *testing.T) {
	t.Parallel()
	far := func(n int) netip.Addr { return netip.AddrFrom4([4]byte{198, 51, byte(n >> 8), byte(n)}) }
	for _, row := range []struct {
		label string
		most  int
		guess func(n int, in *Typed)
		free  func(in *Typed) // somebody else, who is not held up; nil: all are
	}{
		{"by a browser", guessesBrowser, func(n int, in *Typed) { in.Address = far(n) },
			func(in *Typed) { in.Browser = "another" }},
		{"by an address", guessesAddress, func(n int, in *Typed) { in.Browser = fmt.Sprint("b", n) },
			func(in *Typed) { in.Browser, in.Address = "another", far(1) }},
		{"by a line's many addresses", guessesAddress, func(n int, in *Typed) {
			in.Browser, in.Address = fmt.Sprint("b", n), netip.MustParseAddr(fmt.Sprintf("2001:db8:1:2::%x", n+1))
		}, func(in *Typed) { in.Browser, in.Address = "another", netip.MustParseAddr("2001:db8:1:3::1") }},
		{"in an account", guessesAccount, func(n int, in *Typed) { in.Browser, in.Address = fmt.Sprint("b", n), far(n) }, nil},
	} {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, b *bench) {
				b.issued(t, b.account, openid(1), "012345")
				var last Typed
				for n := range row.most {
					last = typed(b.account, "999999", "b")
					row.guess(n, &last)
					if _, err := b.Redeem(t.Context(), last); keyOf(err) != "citizen.code_wrong" {
						t.Fatalf("guess %d: %v", n+1, err)
					}
				}
				last.Code = "012345"
				row.guess(row.most, &last)
				if _, err := b.Redeem(t.Context(), last); keyOf(err) != "citizen.code_tries" {
					t.Errorf("the right code after %d wrong ones: %v", row.most, err)
				}
				if row.free != nil {
					free := last
					row.free(&free)
					if _, err := b.Redeem(t.Context(), free); err != nil {
						t.Errorf("somebody else is held up: %v", err)
					}
				}
				if n, err := b.ForgetGuesses(t.Context()); n != 0 || err != nil {
					t.Errorf("forgot %d that still count, %v", n, err)
				}
				b.wall.forward(guessSpan)
				if _, err := b.Redeem(t.Context(), last); keyOf(err) != "citizen.code_wrong" { // by now the code is over
					t.Errorf("after the span: %v", err)
				}
				b.wall.forward(guessSpan)
				if n, err := b.ForgetGuesses(t.Context()); n == 0 || err != nil {
					t.Errorf("forgot %d, %v", n, err)
				}
			})
		})
	}
}

func TestAskingForCodesHasAnEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		person := b.Person(b.account, openid(1))
		for n := range codesAsked {
			if wait, err := b.CodeWait(t.Context(), b.account, person); wait != 0 || err != nil {
				t.Fatalf("before code %d: %v %v", n+1, wait, err)
			}
			b.issued(t, b.account, openid(1), fmt.Sprintf("%06d", n))
		}
		if wait, err := b.CodeWait(t.Context(), b.account, person); wait != codeSpan || err != nil {
			t.Errorf("after %d: %v %v", codesAsked, wait, err)
		}
		if wait, err := b.CodeWait(t.Context(), b.account, b.Person(b.account, openid(2))); wait != 0 || err != nil {
			t.Errorf("somebody else: %v %v", wait, err)
		}
		b.wall.forward(codeSpan + time.Millisecond)
		if wait, err := b.CodeWait(t.Context(), b.account, person); wait != 0 || err != nil {
			t.Errorf("later: %v %v", wait, err)
		}
		b.issued(t, b.account, openid(1), "777777")
		if wait, _ := b.CodeWait(t.Context(), b.account, person); wait != 0 {
			t.Error("the count begins anew")
		}
	})
}

func TestACodeJoinsWhoIsLoggedIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		office := b.register(t, "jiaojing", "subscription", false)
		b.in(t, Inbound{OpenID: openid(1)}, Inbound{OpenID: openid(4)})
		visitor, neighbour := b.of(t, openid(1)), b.of(t, openid(4))
		b.issued(t, office, openid(2), "012345")
		in := typed(office, "012345", "b1")
		in.Citizen = visitor.Citizen
		got, err := b.Redeem(t.Context(), in)
		if err != nil || got != visitor.Citizen {
			t.Fatalf("%d, want the visitor %d, %v", got, visitor.Citizen, err)
		}
		list, err := b.Of(t.Context(), b.db, visitor.Citizen)
		if err != nil || len(list) != 2 {
			t.Errorf("the visitor is %d followers, %v", len(list), err)
		}
		verbs, err := db.All(t.Context(), b.db, db.Value[string], `select verb from audit_entry`)
		if err != nil || !slices.Contains(verbs, "join") {
			t.Errorf("audited %v, %v", verbs, err)
		}

		// Who is somebody in the account already is not made two.
		b.issued(t, office, openid(3), "222222")
		in = typed(office, "222222", "b1")
		in.Citizen = visitor.Citizen
		if got, err := b.Redeem(t.Context(), in); err != nil || got == visitor.Citizen || got == neighbour.Citizen {
			t.Errorf("another's code: %d, %v", got, err)
		}
		if list, _ := b.Of(t.Context(), b.db, visitor.Citizen); len(list) != 2 {
			t.Errorf("joined all the same: %d", len(list))
		}

		// Erasing takes the code along.
		b.issued(t, office, openid(3), "333333")
		third := b.ofAccount(t, office, openid(3))
		if err := b.Erase(t.Context(), third.Citizen, "本人申请注销", func(*db.Tx, Erased) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Redeem(t.Context(), typed(office, "333333", "b2")); keyOf(err) != "citizen.code_wrong" {
			t.Errorf("the code of somebody erased: %v", err)
		}
	})
}

func TestDrawnCodesAreSixDigits(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 200 {
		code, err := DrawCode()
		if _, ok := sixDigits(code); err != nil || !ok {
			t.Fatal(code, err)
		}
		seen[code] = true
	}
	if len(seen) < 190 {
		t.Errorf("200 draws gave %d codes", len(seen))
	}
}
