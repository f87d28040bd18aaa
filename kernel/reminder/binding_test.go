package reminder

import (
	"strings"
	"testing"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

func TestAPhoneIsBoundByBothSides(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		d := b.draws(wen)
		if d.URL == "" || len(d.Word) != wordSize {
			t.Fatalf("%q %q", d.URL, d.Word)
		}
		if asked := b.scans(phoneOfWen, d); asked.Void != "" || asked.Staff.Name != "文清" {
			t.Errorf("the phone is asked about %+v", asked)
		}
		if _, err := b.Confirm(b.as(wen), "0000"); !errs.Is(err, errs.Invalid) {
			t.Errorf("digits before the phone said yes: %v", err)
		}
		digits := b.agrees(phoneOfWen)
		if o, err := b.Offered(b.as(wen)); err != nil || o.State != Told {
			t.Errorf("%+v %v", o, err)
		}
		bound, err := b.Confirm(b.as(wen), " "+digits+" ")
		if err != nil || bound.Staff != wen {
			t.Fatalf("%+v %v", bound, err)
		}
		p, err := b.Phone(t.Context(), wen)
		if err != nil || !p.Follows || p.Number == "" {
			t.Errorf("%+v %v", p, err)
		}
		if _, err := b.Offered(b.as(wen)); !errs.Is(err, errs.NotFound) {
			t.Errorf("the offer is used up: %v", err)
		}
		b.rests()
		n, err := db.One(t.Context(), b.db, db.Value[int64], `select count(*) from audit_entry where verb = 'bind' and object = 'phone' and object_id = 11`)
		if err != nil || n != 1 {
			t.Errorf("%d audit rows, %v", n, err)
		}
	})
}

func TestALeakedPictureBindsNobody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		d := b.draws(wen)
		b.scans(stray, d)
		wrong := b.agrees(stray)
		if asked := b.scans(phoneOfWen, d); asked.Void != "reminder.chat_void" {
			t.Errorf("a second phone is told %+v", asked)
		}
		if _, err := b.Confirm(b.as(wen), wrong); errs.As(err).Key() != "reminder.void" {
			t.Errorf("digits of a void offer: %v", err)
		}
		if _, err := b.Yes(t.Context(), b.account, b.person(stray)); !errs.Is(err, errs.NotFound) {
			t.Errorf("the first phone says yes again: %v", err)
		}
		if asked := b.scans(stray, d); asked.Void == "" {
			t.Error("a void code is asked about")
		}
	})
}

func TestDigitsAreFewAndTriesFewer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.scans(phoneOfWen, b.draws(wen))
		digits := b.agrees(phoneOfWen)
		wrong := "1" + digits[1:]
		if wrong == digits {
			wrong = "2" + digits[1:]
		}
		for range digitTries {
			if _, err := b.Confirm(b.as(wen), wrong); !errs.Is(err, errs.Invalid) {
				t.Fatal(err)
			}
		}
		if _, err := b.Confirm(b.as(wen), digits); errs.As(err).Key() != "reminder.void" {
			t.Errorf("the right ones after %d wrong ones: %v", digitTries, err)
		}
		if _, err := b.Confirm(b.as(li), digits); !errs.Is(err, errs.NotFound) {
			t.Errorf("at another desk: %v", err)
		}
	})
}

func TestOffersRunOut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		d := b.draws(wen)
		b.scans(phoneOfWen, d)
		digits := b.agrees(phoneOfWen)
		b.wall.forward(offerLife)
		if _, err := b.Confirm(b.as(wen), digits); errs.As(err).Key() != "reminder.no_offer" {
			t.Errorf("too late: %v", err)
		}
		if asked := b.scans(phoneOfWen, d); asked.Void != "reminder.chat_over" {
			t.Errorf("%+v", asked)
		}
		old := b.draws(wen)
		fresh := b.draws(wen)
		if asked := b.scans(phoneOfWen, old); asked.Void != "reminder.chat_over" {
			t.Errorf("an offer that another one replaced: %+v", asked)
		}
		if asked := b.scans(phoneOfWen, fresh); asked.Void != "" {
			t.Errorf("%+v", asked)
		}
	})
}

func TestOnePhoneForOnePerson(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		first := b.binds(wen, phoneOfWen)
		if asked := b.scans(phoneOfWen, b.draws(li)); asked.Void != "reminder.chat_taken" {
			t.Errorf("somebody else's phone is asked %+v", asked)
		}
		if _, err := b.Yes(t.Context(), b.account, b.person(phoneOfWen)); !errs.Is(err, errs.NotFound) {
			t.Errorf("and may not say yes: %v", err)
		}
		b.opens(phoneOfWen)
		before := b.wx.count()
		second := b.binds(wen, stray)
		b.rests()
		if second.ID == first.ID {
			t.Error("the binding is the same")
		}
		if _, err := b.Person(t.Context(), b.db, b.account, b.person(phoneOfWen)); !errs.Is(err, errs.NotFound) {
			t.Errorf("the old phone is still somebody: %v", err)
		}
		b.wx.mu.Lock()
		said := strings.Join(b.wx.sent[before:], "\n")
		b.wx.mu.Unlock()
		if !strings.Contains(said, phoneOfWen) || !strings.Contains(said, "reminder.notice_moved") {
			t.Errorf("the old phone was told %s", said)
		}
	})
}

func TestABindingEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label string
		end   func(b *bench, bound Binding) error
	}{
		{"at the desk", func(b *bench, _ Binding) error { return b.Unbind(b.as(wen), wen) }},
		{"by an administrator", func(b *bench, _ Binding) error { return b.Unbind(b.as(li), wen) }},
		{"by a word", func(b *bench, x Binding) error {
			return b.db.Write(b.t.Context(), func(tx *db.Tx) error { return b.Leave(b.t.Context(), tx, x.Follower) })
		}},
		{"with the account", func(b *bench, _ Binding) error {
			return b.db.Write(b.t.Context(), func(tx *db.Tx) error { return b.Ended(b.t.Context(), tx, wen) })
		}},
		{"with the follower's data", func(b *bench, x Binding) error {
			return b.db.Write(b.t.Context(), func(tx *db.Tx) error { return b.Forget(b.t.Context(), tx, x.Follower) })
		}},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, b *bench) {
				bound := b.binds(wen, phoneOfWen)
				link, err := b.Follow(t.Context(), wordOf(b, bound))
				if err != nil || link.Staff != wen {
					t.Fatalf("%+v %v", link, err)
				}
				if err := c.end(b, bound); err != nil {
					t.Fatal(err)
				}
				if _, err := b.Phone(t.Context(), wen); !errs.Is(err, errs.NotFound) {
					t.Errorf("still bound: %v", err)
				}
				if _, err := b.Follow(t.Context(), wordOf(b, bound)); errs.As(err).Key() != "reminder.link_old" {
					t.Errorf("its links still open: %v", err)
				}
				n, err := db.One(t.Context(), b.db, db.Value[int64], `select count(*) from audit_entry where verb = 'unbind' and object = 'phone' and object_id = 11`)
				if err != nil || n != 1 {
					t.Errorf("%d audit rows, %v", n, err)
				}
				b.tells(b.notice(1, wen, "to_review", "flow.notice.to_do"))
				b.civil.forward(time.Minute)
				b.sweeps()
				if got := b.parcels(wen); len(got) != 0 {
					t.Errorf("reminded after it: %+v", got)
				}
				b.rests()
			})
		})
	}
}

func wordOf(b *bench, bound Binding) string {
	_, word, _ := strings.Cut(b.LinkTo(b.t.Context(), bound.ID, bound.Staff, 0), "/s/l/")
	return word
}

func TestWithoutAnAccountThereIsNothingToBind(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		for _, slug := range []string{"", "nowhere"} {
			b.chosen.set(SettingAccount, slug)
			if _, err := b.Begin(b.as(wen)); errs.As(err).Key() != "reminder.no_account" {
				t.Errorf("%q: %v", slug, err)
			}
			b.tells(b.notice(1, wen, "to_review", "flow.notice.to_do")) // matters go on
		}
	})
}
