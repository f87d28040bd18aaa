package account

import (
	"crypto/rand"
	"errors"
	"strconv"
	"testing"

	"weizheng/platform/crypt"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

const message = `<xml><ToUserName><![CDATA[gh_abcdef0123]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName><CreateTime>1</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hi]]></Content><MsgId>1</MsgId></xml>`

// push seals the message as WeChat would with a key.
func (b *bench) push(t *testing.T, key string) (wechat.Query, []byte) {
	t.Helper()
	k, err := wechat.NewAESKey(key)
	if err != nil {
		t.Fatal(err)
	}
	encrypted, err := k.Encrypt([]byte("0123456789abcdef"), []byte(message), "wx0123456789abcdef")
	if err != nil {
		t.Fatal(err)
	}
	stamp := strconv.FormatInt(b.wall.Now().Unix(), 10)
	q := wechat.Query{Timestamp: stamp, Nonce: "n", Signature: wechat.SignPlain(testToken, stamp, "n"), MsgSignature: wechat.SignMsg(testToken, stamp, "n", encrypted)}
	return q, []byte(`<xml><ToUserName><![CDATA[gh_abcdef0123]]></ToUserName><Encrypt><![CDATA[` + encrypted + `]]></Encrypt></xml>`)
}

func (b *bench) opens(t *testing.T, s *Service, key string) error {
	t.Helper()
	_, codec, err := s.Codec(t.Context(), "qingyun")
	if err != nil {
		t.Fatal(err)
	}
	q, body := b.push(t, key)
	opened, err := codec.Open(q, body, b.wall.Now())
	if err == nil && string(opened.Plain) != message {
		t.Errorf("opened %q", opened.Plain)
	}
	return err
}

func TestKeyRotation(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		if _, err := b.RotateKey(t.Context(), a.ID, a.Version, testKey); errs.As(err).Key() != "account.key_same" {
			t.Errorf("the same key: %v", err)
		}
		if _, err := b.RotateKey(t.Context(), a.ID, a.Version, "short"); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a short key: %v", err)
		}
		for _, step := range []struct {
			rotate string
			opens  []string
			not    []string
		}{
			{"", []string{testKey}, []string{otherKey}},
			{otherKey, []string{otherKey, testKey}, []string{thirdKey}},
			{thirdKey, []string{thirdKey, otherKey}, []string{testKey}},
		} {
			if step.rotate != "" {
				var err error
				if a, err = b.RotateKey(t.Context(), a.ID, a.Version, step.rotate); err != nil {
					t.Fatal(err)
				}
			}
			for _, key := range step.opens {
				if err := b.opens(t, b.Service, key); err != nil {
					t.Errorf("after %q, key %q: %v", step.rotate, key, err)
				}
			}
			for _, key := range step.not {
				if err := b.opens(t, b.Service, key); !errors.Is(err, wechat.ErrKey) {
					t.Errorf("after %q, key %q must not open: %v", step.rotate, key, err)
				}
			}
		}
		if !a.HasKeyBefore || a.KeyChangedAt.IsZero() {
			t.Errorf("%+v", a)
		}
	})
}

// TestReplicasHearOfChanges: what another process changed is known here without waiting for the cache to age.
func TestReplicasHearOfChanges(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		here := b.Service
		there := b.replica(b.Ring, "two")
		if err := there.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := there.Stop(t.Context()); err != nil {
				t.Error(err)
			}
		}()
		a := b.register(t)
		if err := b.opens(t, there, testKey); err != nil {
			t.Fatal(err)
		}
		if _, err := here.RotateKey(t.Context(), a.ID, a.Version, otherKey); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the other replica opens the new key", func() bool { return b.opens(t, there, otherKey) == nil })
		if _, err := here.Suspend(t.Context(), a.ID, 2, "合并到青云发布"); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the other replica closes the door", func() bool {
			_, _, err := there.Codec(t.Context(), "qingyun")
			return errs.Is(err, errs.NotFound)
		})
	})
}

func TestSuspend(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		if _, err := b.Suspend(t.Context(), a.ID, a.Version, ""); errs.KindOf(err) != errs.Invalid {
			t.Errorf("without a reason: %v", err)
		}
		s, err := b.Suspend(t.Context(), a.ID, a.Version, "合并")
		if err != nil || s.Status != Suspended || s.StatusReason != "合并" {
			t.Fatalf("%+v %v", s, err)
		}
		if _, err := b.Suspend(t.Context(), a.ID, s.Version, "again"); errs.As(err).Key() != "account.status_same" {
			t.Errorf("twice: %v", err)
		}
		if _, _, err := b.Codec(t.Context(), "qingyun"); !errs.Is(err, errs.NotFound) {
			t.Errorf("door: %v", err)
		}
		if _, err := b.Client(t.Context(), a.ID); !errors.Is(err, errSuspended) {
			t.Errorf("client: %v", err)
		}
		if err := b.May(t.Context(), a.ID, "/cgi-bin/menu/create"); errs.As(err).Key() != string(NotInUse) {
			t.Errorf("may: %v", err)
		}
		if _, err := b.Resume(t.Context(), a.ID, s.Version); err != nil {
			t.Fatal(err)
		}
		if _, _, err := b.Codec(t.Context(), "qingyun"); err != nil {
			t.Errorf("door, resumed: %v", err)
		}
	})
}

func TestUnknownDoors(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		for _, slug := range []string{"", "nobody", "../x", "Q", "qing yun"} {
			if _, _, err := b.Codec(t.Context(), slug); !errs.Is(err, errs.NotFound) {
				t.Errorf("%q: %v", slug, err)
			}
		}
	})
}

func TestSetMode(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		in := b.in()
		in.Key, in.Mode = "", wechat.Plain
		a, err := b.Register(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.SetMode(t.Context(), a.ID, a.Version, wechat.Safe); errs.As(err).Fields()[0].Key != "account.key_needed" {
			t.Errorf("safe without a key: %v", err)
		}
		if a, err = b.RotateKey(t.Context(), a.ID, a.Version, testKey); err != nil {
			t.Fatal(err)
		}
		if a, err = b.SetMode(t.Context(), a.ID, a.Version, wechat.Safe); err != nil || a.Mode != wechat.Safe {
			t.Fatalf("%+v %v", a, err)
		}
		if err := b.opens(t, b.Service, testKey); err != nil {
			t.Error(err)
		}
	})
}

// TestAnotherRing: a database opened with the wrong key file says so and shows nothing.
func TestAnotherRing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		ring, err := crypt.NewRing(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.replica(ring, "x").Client(t.Context(), a.ID); !errors.Is(err, crypt.ErrUnknownKey) && !errors.Is(err, crypt.ErrForged) {
			t.Errorf("got %v", err)
		}
	})
}

// TestKnownWhileTheDatabaseIsAway: what is in memory serves on, however old: a callback must be refused for want of a place
// to write it, in its account's name, not for want of an account.
func TestKnownWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		if err := b.opens(t, b.Service, testKey); err != nil {
			t.Fatal(err)
		}
		if err := b.db.Close(); err != nil {
			t.Fatal(err)
		}
		b.wall.forward(2 * cacheAge)
		if err := b.opens(t, b.Service, testKey); err != nil {
			t.Errorf("the door is shut: %v", err)
		}
		if known, err := b.Known(t.Context(), a.ID); err != nil || known.Slug != "qingyun" {
			t.Errorf("known %+v, %v", known, err)
		}
	})
}
