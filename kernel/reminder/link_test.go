package reminder

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"weizheng/kernel/account"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

func TestLinks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		bound, other := b.binds(wen, phoneOfWen), b.binds(li, phoneOfLi)
		good := Link{Binding: bound.ID, Staff: wen, Matter: 7, Until: b.wall.Now().Add(time.Hour).Unix()}
		word := b.Sign(good)
		if got, err := b.Follow(t.Context(), word); err != nil || got != good {
			t.Fatalf("%+v %v", got, err)
		}
		parts := strings.Split(word, ".")
		change := func(i int, to string) string {
			p := append([]string{}, parts...)
			p[i] = to
			return strings.Join(p, ".")
		}
		for label, c := range map[string]struct{ word, key string }{
			"nothing":                 {"", "reminder.link_bad"},
			"another matter":          {change(3, "8"), "reminder.link_bad"},
			"another end":             {change(4, strconv.FormatInt(good.Until+999999, 36)), "reminder.link_bad"},
			"another version":         {change(0, "2"), "reminder.link_bad"},
			"another key":             {change(5, "nokey"), "reminder.link_bad"},
			"an empty mac":            {change(6, ""), "reminder.link_bad"},
			"the same in other words": {change(3, "07"), "reminder.link_bad"},
			"negative":                {change(3, "-7"), "reminder.link_bad"},
			"very long":               {strings.Repeat("1.", 200), "reminder.link_bad"},
			"run out":                 {b.Sign(Link{Binding: bound.ID, Staff: wen, Until: b.wall.Now().Unix()}), "reminder.link_old"},
			"another's binding":       {b.Sign(Link{Binding: other.ID, Staff: wen, Until: good.Until}), "reminder.link_old"},
			"no binding":              {b.Sign(Link{Binding: 999, Staff: wen, Until: good.Until}), "reminder.link_old"},
		} {
			if _, err := b.Follow(t.Context(), c.word); errs.As(err).Key() != c.key {
				t.Errorf("%s: %v", label, err)
			}
		}
	})
}

// knocks begins web authorisation for a link and returns WeChat's state.
func (b *bench) knocks(l Link) (state, nonce string) {
	b.t.Helper()
	begun, err := b.Knock(b.t.Context(), l, "", 0)
	if err != nil {
		b.t.Fatal(err)
	}
	u, err := url.Parse(begun.URL)
	if err != nil || u.Query().Get("redirect_uri") != "https://gov.example/s/oauth" {
		b.t.Fatalf("%s %v", begun.URL, err)
	}
	return u.Query().Get("state"), begun.Nonce
}

func TestOnlyTheBoundPhoneComesIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		bound := b.binds(wen, phoneOfWen)
		b.binds(li, phoneOfLi)
		link := Link{Binding: bound.ID, Staff: wen, Matter: 7}
		for _, c := range []struct{ label, openid, key string }{
			{"the phone", phoneOfWen, ""}, {"a colleague's", phoneOfLi, "reminder.link_other"}, {"a follower's", stray, "reminder.link_other"},
			{"a stranger's", "oNobody00000000000000000001", "reminder.link_other"},
		} {
			b.wx.mu.Lock()
			b.wx.openid = c.openid
			b.wx.mu.Unlock()
			state, nonce := b.knocks(link)
			in, err := b.Enter(t.Context(), "code", state, nonce)
			if c.key == "" && (err != nil || in.Staff != wen || in.Matter != 7) || c.key != "" && errs.As(err).Key() != c.key {
				t.Errorf("%s: %+v %v", c.label, in, err)
			}
			if _, err := b.Enter(t.Context(), "code", state, nonce); errs.As(err).Key() != "reminder.door_state" {
				t.Errorf("%s, the state once more: %v", c.label, err)
			}
		}
		state, _ := b.knocks(link)
		if _, err := b.Enter(t.Context(), "code", state, "another browser"); errs.As(err).Key() != "reminder.door_state" {
			t.Errorf("another browser: %v", err)
		}
		b.wx.says("/sns/oauth2/access_token", `{"access_token":"U","openid":"`+phoneOfWen+`","is_snapshotuser":1,"expires_in":7200}`)
		state, nonce := b.knocks(link)
		if _, err := b.Enter(t.Context(), "code", state, nonce); errs.As(err).Key() != "reminder.snapshot" {
			t.Errorf("a snapshot: %v", err)
		}
		b.wx.says("/sns/oauth2/access_token", `{"errcode":40163,"errmsg":"code been used"}`)
		state, nonce = b.knocks(link)
		if in, err := b.Enter(t.Context(), "code", state, nonce); err != nil || !in.Again {
			t.Errorf("a used code: %+v %v", in, err)
		}
	})
}

func TestTheSecondFactorOpensWhereWeChatCannot(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		link := Link{Binding: b.binds(wen, phoneOfWen).ID, Staff: wen, Matter: 7}
		if _, err := b.EnterByCode(t.Context(), link, "246810", "203.0.113.9"); errs.As(err).Key() != "reminder.link_bad" {
			t.Errorf("where WeChat can be asked: %v", err)
		}
		a, err := b.books.Get(t.Context(), b.account)
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.books.Change(t.Context(), account.ChangeIn{ID: a.ID, Version: a.Version, Kind: a.Kind, Verified: true, UnitID: 1, Profile: a.Profile, Endpoints: a.Endpoints})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Knock(t.Context(), link, "", 0); errs.As(err).Key() != "reminder.no_authoriser" {
			t.Errorf("web authorisation: %v", err)
		}
		if _, err := b.EnterByCode(t.Context(), link, "000000", "203.0.113.9"); len(errs.As(err).Fields()) != 1 {
			t.Errorf("a wrong code: %v", err)
		}
		if in, err := b.EnterByCode(t.Context(), link, "246810", "203.0.113.9"); err != nil || in.Staff != wen || in.Matter != 7 {
			t.Errorf("%+v %v", in, err)
		}
		none := Link{Binding: b.binds(li, phoneOfLi).ID, Staff: li}
		if _, err := b.EnterByCode(t.Context(), none, "246810", "203.0.113.9"); errs.As(err).Key() != "reminder.no_factor" {
			t.Errorf("without a second factor: %v", err)
		}
	})
}

func TestASessionLastsAsLongAsItsBinding(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		bound := b.binds(wen, phoneOfWen)
		data := Entered{Link: Link{Binding: bound.ID}}.Data()
		if a, err := b.Authenticate(t.Context(), web.Session{Subject: wen, Data: data}); err != nil || a.ID != wen {
			t.Errorf("%+v %v", a, err)
		}
		for label, s := range map[string]web.Session{
			"another person": {Subject: li, Data: data}, "no binding": {Subject: wen}, "nonsense": {Subject: wen, Data: map[string]string{sessionBinding: "x"}},
		} {
			if _, err := b.Authenticate(t.Context(), s); !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%s: %v", label, err)
			}
		}
		if err := b.Unbind(b.as(wen), wen); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Authenticate(t.Context(), web.Session{Subject: wen, Data: data}); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("afterwards: %v", err)
		}
	})
}
