package citizen

import (
	"strings"
	"testing"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// unite joins followers by a unionid as the details job does.
func (b *bench) union(t *testing.T, follower int64, unionid string) {
	t.Helper()
	b.tx(t, func(tx *db.Tx) error { return b.unite(t.Context(), tx, follower, unionid) })
}

func TestJoinAndSeparate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		second := b.register(t, "fabu", "service", true)
		third := b.register(t, "renshe", "subscription", true)
		b.in(t, Inbound{OpenID: openid(1)}, Inbound{Account: second, OpenID: openid(2)}, Inbound{Account: third, OpenID: openid(3)})
		one, two, three := b.of(t, openid(1)), b.ofAccount(t, second, openid(2)), b.ofAccount(t, third, openid(3))
		key, err := b.DataKey(t.Context(), b.db, two.Citizen)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := key.SealText("李四", "matter.name")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []Follower{one, two, three, two} {
			b.union(t, f.ID, "UNION-1")
		}
		person := func(f Follower) int64 {
			now, err := b.Get(t.Context(), b.db, f.ID)
			if err != nil {
				t.Fatal(err)
			}
			return now.Citizen
		}
		if person(two) != one.Citizen || person(three) != one.Citizen {
			t.Fatalf("joined: %d %d %d", person(one), person(two), person(three))
		}
		same, err := b.Same(t.Context(), b.db, three.Citizen)
		if err != nil || len(same) != 3 {
			t.Errorf("same: %v %v", same, err)
		}
		if f, err := b.In(t.Context(), b.db, one.Citizen, third); err != nil || f.ID != three.ID {
			t.Errorf("in the third account: %v %v", f.ID, err)
		}
		if actor, err := b.Actor(t.Context(), two.Citizen); err != nil || actor.ID != one.Citizen {
			t.Errorf("an old session is today's person: %v %v", actor, err)
		}
		// What was sealed for an origin stays readable through all joining.
		if key, err = b.DataKey(t.Context(), b.db, two.Citizen); err != nil {
			t.Fatal(err)
		}
		if got, err := key.OpenText(sealed, "matter.name"); err != nil || got != "李四" {
			t.Errorf("%q %v", got, err)
		}

		// The root leaves: the others stay together.
		if _, err := b.Separate(t.Context(), one.ID, "本人说明不是同一人"); err != nil {
			t.Fatal(err)
		}
		if person(one) != one.Citizen || person(two) != two.Citizen || person(three) != two.Citizen {
			t.Errorf("after the root left: %d %d %d", person(one), person(two), person(three))
		}
		b.union(t, one.ID, "UNION-1")
		if person(one) != one.Citizen {
			t.Error("who was separated by a person is not joined by a unionid again")
		}
		if _, err := b.Separate(t.Context(), three.ID, "不是同一人"); err != nil {
			t.Fatal(err)
		}
		if person(two) != two.Citizen || person(three) != three.Citizen {
			t.Errorf("all apart: %d %d", person(two), person(three))
		}
		if _, err := b.Separate(t.Context(), three.ID, "不是同一人"); errs.As(err).Key() != "citizen.alone" {
			t.Errorf("alone already: %v", err)
		}
		if _, err := b.Separate(t.Context(), two.ID, ""); errs.KindOf(err) != errs.Invalid {
			t.Errorf("without a reason: %v", err)
		}
	})
}

func TestErase(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		second := b.register(t, "fabu", "service", true)
		b.in(t, Inbound{OpenID: openid(1)}, Inbound{Account: second, OpenID: openid(2)}, Inbound{OpenID: openid(3)})
		one, two, bystander := b.of(t, openid(1)), b.ofAccount(t, second, openid(2)), b.of(t, openid(3))
		b.union(t, one.ID, "U")
		b.union(t, two.ID, "U")
		b.tx(t, func(tx *db.Tx) error {
			_, err := b.Agree(t.Context(), tx, one.Citizen, "notice.progress", "v1", "page")
			return err
		})
		var told Erased
		calls := 0
		erase := func() error {
			return b.Erase(t.Context(), two.Citizen, "本人申请注销", func(_ *db.Tx, e Erased) error { told = e; calls++; return nil })
		}
		if err := erase(); err != nil {
			t.Fatal(err)
		}
		if len(told.Citizens) != 2 || len(told.Followers) != 2 {
			t.Errorf("told %+v", told)
		}
		for _, c := range []int64{one.Citizen, two.Citizen} {
			if _, err := b.DataKey(t.Context(), b.db, c); errs.As(err).Key() != "citizen.erased" {
				t.Errorf("key of %d: %v", c, err)
			}
			if _, err := b.Actor(t.Context(), c); errs.KindOf(err) != errs.Unauthenticated {
				t.Errorf("actor %d: %v", c, err)
			}
		}
		for _, f := range []Follower{one, two} {
			got, err := b.Get(t.Context(), b.db, f.ID)
			if err != nil || !got.Erased || got.Subscribed || got.HasRemark {
				t.Errorf("%+v %v", got, err)
			}
		}
		stones, err := db.One(t.Context(), b.db, db.Value[int64], `select count(*) from citizen_tombstone`)
		if err != nil || stones != 2 {
			t.Errorf("%d tombstones, %v", stones, err)
		}
		if _, err := b.Address(t.Context(), b.db, bystander.ID); err != nil {
			t.Errorf("somebody else was touched: %v", err)
		}
		if err := erase(); err != nil || calls != 1 {
			t.Errorf("a second time: %d calls, %v", calls, err)
		}
	})
}

// TestBury: a backup brings an erased follower back; the tombstone erases it again.
func TestBury(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.in(t, Inbound{OpenID: openid(1)}, Inbound{OpenID: openid(2)})
		f := b.of(t, openid(1))
		b.tx(t, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `insert into citizen_tombstone (account_id, person, erased_at) values ($1,$2,$3)`,
				b.account, b.Person(b.account, openid(1)), b.wall.Now().UnixMilli()+1000)
			return err
		})
		if n, err := b.Bury(t.Context(), 10); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if got, err := b.Get(t.Context(), b.db, f.ID); err != nil || !got.Erased {
			t.Errorf("%+v %v", got, err)
		}
		if n, err := b.Bury(t.Context(), 10); n != 0 || err != nil {
			t.Error(n, err)
		}
	})
}

func TestConsents(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.in(t, Inbound{OpenID: openid(1)}, Inbound{OpenID: openid(2)})
		one, two := b.of(t, openid(1)), b.of(t, openid(2))
		agree := func(citizen int64, version string) (c Consent) {
			b.tx(t, func(tx *db.Tx) (err error) {
				c, err = b.Agree(t.Context(), tx, citizen, "face", version, "page")
				return err
			})
			return c
		}
		first := agree(one.Citizen, "v1")
		if agree(one.Citizen, "v1").ID != first.ID {
			t.Error("the same wording is agreed to once")
		}
		if agree(one.Citizen, "v2").ID == first.ID {
			t.Error("another wording is another consent")
		}
		b.tx(t, func(tx *db.Tx) error { return b.Join(t.Context(), tx, one.Citizen, two.Citizen) })
		if ok, err := b.Agreed(t.Context(), b.db, two.Citizen, "face"); !ok || err != nil {
			t.Errorf("the person agreed before being joined: %v %v", ok, err)
		}
		b.tx(t, func(tx *db.Tx) error {
			n, err := b.Withdraw(t.Context(), tx, two.Citizen, "face")
			if n != 2 {
				t.Errorf("%d withdrawn", n)
			}
			return err
		})
		if ok, err := b.Agreed(t.Context(), b.db, one.Citizen, "face"); ok || err != nil {
			t.Errorf("after withdrawing: %v %v", ok, err)
		}
		if list, err := b.Consents(t.Context(), b.db, two.Citizen); err != nil || len(list) != 2 || list[0].WithdrawnAt.IsZero() {
			t.Errorf("the ledger keeps them: %+v %v", list, err)
		}
	})
}

func TestReveal(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.in(t, Inbound{OpenID: openid(1)})
		f := b.of(t, openid(1))
		if _, err := b.Change(t.Context(), ChangeIn{ID: f.ID, Remark: new(strings.Repeat("三", 10))}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("30 bytes: %v", err)
		}
		if _, err := b.Change(t.Context(), ChangeIn{ID: f.ID, Remark: new("张三")}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Reveal(t.Context(), f.ID, " "); errs.KindOf(err) != errs.Invalid {
			t.Errorf("without a reason: %v", err)
		}
		r, err := b.Reveal(t.Context(), f.ID, "核对投诉人")
		if err != nil || r.OpenID != openid(1) || r.Remark != "张三" {
			t.Errorf("%v", err)
		}
		if s := r.String() + r.GoString(); strings.Contains(s, "CANARY") {
			t.Error("printing shows it")
		}
		n, err := db.One(t.Context(), b.db, db.Value[int64], `select count(*) from audit_entry where verb = 'reveal' and object_id = $1`, f.ID)
		if err != nil || n != 1 {
			t.Errorf("%d audit rows, %v", n, err)
		}
		detail, err := db.All(t.Context(), b.db, db.Value[string], `select detail from audit_entry`)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range detail {
			if strings.Contains(d, "CANARY") || strings.Contains(d, "张三") {
				t.Errorf("the audit holds it: %s", d)
			}
		}
	})
}
