package account

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

func TestRegisterChecksEverything(t *testing.T) {
	t.Parallel()
	b := &bench{unit: 1}
	for _, c := range []struct {
		label string
		edit  func(*RegisterIn)
		want  []string
	}{
		{"right", func(*RegisterIn) {}, nil},
		{"secret may come later", func(in *RegisterIn) { in.Secret = "" }, nil},
		{"plain needs no key", func(in *RegisterIn) { in.Key, in.Mode = "", wechat.Plain }, nil},
		{"safe needs a key", func(in *RegisterIn) { in.Key = "" }, []string{"encoding_aes_key:account.key_needed"}},
		{"key too short", func(in *RegisterIn) { in.Key = testKey[:42] }, []string{"encoding_aes_key:account.key"}},
		{"key of 43 other signs", func(in *RegisterIn) { in.Key = strings.Repeat("-", 43) }, []string{"encoding_aes_key:account.key"}},
		{"slug", func(in *RegisterIn) { in.Slug = "Qing Yun" }, []string{"slug:account.slug"}},
		{"slug of one letter", func(in *RegisterIn) { in.Slug = "q" }, []string{"slug:account.slug"}},
		{"authorisation of a subscription account", func(in *RegisterIn) { in.Kind = wechat.Subscription }, []string{"oauth_domain:account.oauth_domain"}},
		{"everything at once", func(in *RegisterIn) { *in = RegisterIn{} }, []string{
			"appid:account.appid", "endpoints.api:account.endpoint", "endpoints.mp:account.endpoint", "endpoints.open:account.endpoint",
			"endpoints.pay:account.endpoint", "endpoints.res:account.endpoint", "kind:account.choice", "mode:account.choice", "encoding_aes_key:account.key_needed",
			"name:account.length", "slug:account.slug", "token:account.token", "unit_id:account.unit",
		}},
		{"an address with a query", func(in *RegisterIn) { in.Endpoints.API = "https://x/?a=1" }, []string{"endpoints.api:account.endpoint"}},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			in := b.in()
			in.Endpoints = client.Real()
			c.edit(&in)
			var got []string
			if err := in.Validate(); err != nil {
				for _, f := range errs.As(err).Fields() {
					got = append(got, f.Field+":"+f.Key)
				}
			}
			slices.Sort(c.want)
			slices.Sort(got)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestRegister(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		if a.Endpoints != client.Real() || a.Status != Active || !a.HasSecret || !a.HasToken || !a.HasKey || a.HasKeyBefore || a.Version != 1 {
			t.Errorf("registered: %+v", a)
		}
		if a.Unit != "/"+decimal(b.unit)+"/" {
			t.Errorf("unit path %q", a.Unit)
		}
		if !a.CanAuthorise() {
			t.Error("a verified service account with a domain can authorise")
		}
		again := b.in()
		if _, err := b.Register(t.Context(), again); len(errs.As(err).Fields()) != 2 {
			t.Errorf("slug and appid are taken: %v", err)
		}
		again.Slug, again.AppID, again.UnitID = "zwei", "wx00000000", 999
		if _, err := b.Register(t.Context(), again); errs.KindOf(err) != errs.Invalid {
			t.Errorf("unknown unit: %v", err)
		}
		again.UnitID = b.unit
		clerk := access.With(t.Context(), access.Actor{Kind: access.Staff, ID: 5, Grants: []access.Grant{{Permission: "account.edit", Unit: a.Unit + decimal(b.other) + "/"}}})
		if _, err := b.Register(clerk, again); errs.KindOf(err) != errs.Denied {
			t.Errorf("a unit above one's own: %v", err)
		}
		again.UnitID = b.other
		below, err := b.Register(clerk, again)
		if err != nil {
			t.Fatal(err)
		}
		reach := access.From(clerk).Reach("account.edit")
		list, err := b.List(t.Context(), reach)
		if err != nil || len(list) != 1 || list[0].ID != below.ID {
			t.Errorf("list within reach: %v %v", list, err)
		}
	})
}

// TestSecretsAreSealed looks into the tables themselves.
func TestSecretsAreSealed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		if _, err := b.client(t, a.ID).CallbackIPs(t.Context()); err != nil {
			t.Fatal(err)
		}
		type stored struct{ secret, token, key, access []byte }
		r, err := db.One(t.Context(), b.db, func(scan db.Scan) (r stored, err error) {
			err = scan(&r.secret, &r.token, &r.key, &r.access)
			return r, err
		}, `select secret_sealed, token_sealed, key_sealed, t.value_sealed from account a join account_token t on t.account_id = a.id`)
		if err != nil {
			t.Fatal(err)
		}
		for plain, sealed := range map[string][]byte{testSecret: r.secret, testToken: r.token, testKey: r.key, accessGift: r.access} {
			if len(sealed) == 0 || strings.Contains(string(sealed), plain) {
				t.Errorf("%q is stored as %q", plain, sealed)
			}
		}
	})
}

func TestChange(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		in := ChangeIn{ID: a.ID, Version: a.Version, Kind: a.Kind, Verified: true, UnitID: b.other, Profile: Profile{Name: "青云人社", Intro: "办社保"}, OAuthDomain: true}
		changed, err := b.Change(t.Context(), in)
		if err != nil || changed.Profile.Intro != "办社保" || changed.Unit != a.Unit+decimal(b.other)+"/" || changed.Version != 2 {
			t.Fatalf("%+v %v", changed, err)
		}
		if _, err := b.Change(t.Context(), in); !errs.Is(err, errs.Conflict) {
			t.Errorf("an old version: %v", err)
		}
		if _, err := b.SetIdentity(t.Context(), a.ID, 2); err != nil {
			t.Fatal(err)
		}
		in.Version, in.Verified, in.OAuthDomain = 3, false, false
		if _, err := b.Change(t.Context(), in); errs.As(err).Key() != "account.identity_needs" {
			t.Errorf("the identity account must go on authorising: %v", err)
		}
		// A unit that moves takes its accounts along, here after cacheAge.
		if known, err := b.Known(t.Context(), a.ID); err != nil || known.Unit != changed.Unit {
			t.Fatalf("%+v %v", known, err)
		}
		err = b.db.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `update unit set path = '/77/' where id = $1`, b.other)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		b.wall.forward(cacheAge)
		if known, err := b.Known(t.Context(), a.ID); err != nil || known.Unit != "/77/" {
			t.Errorf("after the move: %q %v", known.Unit, err)
		}
	})
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		in := b.in()
		in.Slug, in.AppID, in.Kind, in.OAuthDomain = "renshe", "wx11111111", wechat.Subscription, false
		sub, err := b.Register(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Authoriser(t.Context(), sub.ID); errs.As(err).Key() != "account.no_authoriser" {
			t.Errorf("without an identity account: %v", err)
		}
		if _, err := b.SetIdentity(t.Context(), sub.ID, sub.Version); !errs.Is(err, errs.Conflict) {
			t.Errorf("a subscription account cannot be it: %v", err)
		}
		if _, err := b.SetIdentity(t.Context(), a.ID, a.Version); err != nil {
			t.Fatal(err)
		}
		in.Slug, in.AppID, in.Kind, in.OAuthDomain = "fabu", "wx22222222", wechat.Service, true
		second, err := b.Register(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.SetIdentity(t.Context(), second.ID, second.Version); err != nil {
			t.Fatalf("the former one is released: %v", err)
		}
		for account, want := range map[int64]int64{sub.ID: second.ID, a.ID: a.ID} {
			if got, err := b.Authoriser(t.Context(), account); err != nil || got.ID != want {
				t.Errorf("authoriser of %d: %d %v, want %d", account, got.ID, err, want)
			}
		}
	})
}

func TestProofs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		p := Proof{Name: "MP_verify_Ab12Cd34.txt", Account: a.ID, Content: "Ab12Cd34"}
		if err := b.SetProof(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if got, err := b.ProofOf(t.Context(), p.Name); err != nil || got != p.Content {
			t.Errorf("%q %v", got, err)
		}
		for _, name := range []string{"../MP_verify_Ab12Cd34.txt", "MP_verify_.txt", "MP_verify_zzzz.txt"} {
			if _, err := b.ProofOf(t.Context(), name); !errs.Is(err, errs.NotFound) {
				t.Errorf("%q: %v", name, err)
			}
		}
		in := b.in()
		in.Slug, in.AppID = "zwei", "wx22222222"
		other, err := b.Register(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		p.Account = other.ID
		if err := b.SetProof(t.Context(), p); errs.As(err).Key() != "account.proof_taken" {
			t.Errorf("another account's name: %v", err)
		}
		if err := b.SetProof(t.Context(), Proof{Name: "x.txt", Account: a.ID, Content: "<b>"}); len(errs.As(err).Fields()) != 2 {
			t.Errorf("both faults: %v", err)
		}
		if err := b.RemoveProof(t.Context(), a.ID, "MP_verify_Ab12Cd34.txt"); err != nil {
			t.Fatal(err)
		}
		if _, err := b.ProofOf(t.Context(), "MP_verify_Ab12Cd34.txt"); !errs.Is(err, errs.NotFound) {
			t.Error("removed, and still served")
		}
	})
}
