package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// tokenServer hands out tokens as stable_token does and refuses all but the current one.
type tokenServer struct {
	*fake
	mu      sync.Mutex
	current int
	life    int
	code    int // with which a dead token is refused
}

func newTokenServer(t *testing.T) *tokenServer {
	s := &tokenServer{fake: newFake(t), current: 1, life: 7200, code: 40001}
	s.on("/cgi-bin/stable_token", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		seen := s.calls("/cgi-bin/stable_token")
		var in struct {
			Force bool `json:"force_refresh"`
		}
		_ = json.Unmarshal([]byte(seen[len(seen)-1].body), &in)
		if in.Force {
			s.current++
		}
		fmt.Fprintf(w, `{"access_token":"CANARYtoken%d","expires_in":%d}`, s.current, s.life)
	})
	s.on("/cgi-bin/tags/get", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if r.URL.Query().Get("access_token") != fmt.Sprintf("CANARYtoken%d", s.current) {
			fmt.Fprintf(w, `{"errcode":%d,"errmsg":"invalid credential, access_token is invalid or not latest rid: 6f1-2a3-4b5"}`, s.code)
			return
		}
		io.WriteString(w, `{"tags":[]}`)
	})
	return s
}

func (s *tokenServer) revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current++
}

func (s *tokenServer) fetches() int { return len(s.calls("/cgi-bin/stable_token")) }

func (s *tokenServer) replica(store TokenStore) *Client {
	cfg := s.config()
	cfg.Tokens = StableTokens(cfg, store)
	return New(cfg)
}

func TestOneFetchForAHundred(t *testing.T) {
	t.Parallel()
	s := newTokenServer(t)
	c := s.replica(NewMemoryStore())
	everybody := func() {
		t.Helper()
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if _, err := c.Tags(short(t)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	everybody()
	if n := s.fetches(); n != 1 {
		t.Fatalf("%d fetches at the start", n)
	}
	s.revoke()
	everybody()
	if n := s.fetches(); n != 2 {
		t.Errorf("%d fetches after one revocation, want 2 altogether", n)
	}
	for _, call := range s.calls("/cgi-bin/stable_token") {
		sameJSON(t, "stable_token", call.body, `{"grant_type":"client_credential","appid":"`+testAppID+`","secret":"`+testSecret+`","force_refresh":false}`)
	}
}

func TestReplicasShareATokenStore(t *testing.T) {
	t.Parallel()
	s := newTokenServer(t)
	store := NewMemoryStore()
	replicas := []*Client{s.replica(store), s.replica(store), s.replica(store)}
	for round := 1; round <= 3; round++ {
		var wg sync.WaitGroup
		for _, c := range replicas {
			for range 10 {
				wg.Go(func() {
					if _, err := c.Tags(short(t)); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		if n := s.fetches(); n != round {
			t.Fatalf("round %d: %d fetches", round, n)
		}
		s.revoke()
	}
	kept, err := store.Load(t.Context(), testAppID)
	if err != nil || kept.Version != 3 {
		t.Errorf("%v, %v", kept, err)
	}
}

func TestEachTokenCodeRenewsOnce(t *testing.T) {
	t.Parallel()
	for _, code := range []int{40001, 40014, 42001} {
		s := newTokenServer(t)
		s.code = code
		c := s.replica(NewMemoryStore())
		if _, err := c.Tags(short(t)); err != nil {
			t.Fatal(err)
		}
		s.revoke()
		if _, err := c.Tags(short(t)); err != nil {
			t.Errorf("%d: %v", code, err)
		}
		// A server that refuses even the newest token gets two tries, not more.
		s.answers("/cgi-bin/tags/get", fmt.Sprintf(`{"errcode":%d,"errmsg":"invalid credential"}`, code))
		before := len(s.calls("/cgi-bin/tags/get"))
		_, err := c.Tags(short(t))
		if CodeOf(err) != code || ActionOf(err) != wechat.ActRefreshToken || !errs.Is(err, errs.Unavailable) {
			t.Errorf("%d: %v", code, err)
		}
		if n := len(s.calls("/cgi-bin/tags/get")) - before; n != 2 {
			t.Errorf("%d: %d tries", code, n)
		}
	}
}

func TestRenewalServesCallsThatAreNotIdempotent(t *testing.T) {
	t.Parallel()
	s := newTokenServer(t)
	s.answers("/cgi-bin/message/custom/send", `{"errcode":40001,"errmsg":"x"}`, `{"errcode":0}`)
	if err := s.replica(NewMemoryStore()).SendCustom(short(t), testOpenID, Text{"您好"}); err != nil {
		t.Error(err)
	}
	if n := len(s.calls("/cgi-bin/message/custom/send")); n != 2 {
		t.Errorf("%d tries", n)
	}
}

func TestWrongSecretIsNotRetried(t *testing.T) {
	t.Parallel()
	for _, code := range []int{40001, 40125, 40013} {
		f := newFake(t)
		f.answers("/cgi-bin/stable_token", fmt.Sprintf(`{"errcode":%d,"errmsg":"invalid credential"}`, code))
		f.answers("/cgi-bin/token", fmt.Sprintf(`{"errcode":%d,"errmsg":"invalid credential"}`, code))
		for _, source := range []*StoredTokens{StableTokens(f.config(), NewMemoryStore()), LegacyTokens(f.config(), NewMemoryStore())} {
			cfg := f.config()
			cfg.Tokens = source
			_, err := New(cfg).Tags(short(t))
			if CodeOf(err) != code || ActionOf(err) != wechat.ActFixConfig || !errs.Is(err, errs.Refused) {
				t.Errorf("%d: %v, action %s", code, err, ActionOf(err))
			}
		}
		if a, b, c := len(f.calls("/cgi-bin/stable_token")), len(f.calls("/cgi-bin/token")), len(f.calls("/cgi-bin/tags/get")); a != 1 || b != 1 || c != 0 {
			t.Errorf("%d: %d, %d fetches, %d calls", code, a, b, c)
		}
	}
}

func TestLegacyToken(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answers("/cgi-bin/token", `{"access_token":"A","expires_in":7200}`)
	source := LegacyTokens(f.config(), NewMemoryStore())
	if got, err := source.Token(short(t)); got != "A" || err != nil {
		t.Fatal(got, err)
	}
	want := "appid=" + testAppID + "&grant_type=client_credential&secret=" + testSecret
	if c := f.calls("/cgi-bin/token"); len(c) != 1 || c[0].query != want || c[0].method != "GET" {
		t.Errorf("%+v", c)
	}
	f.answers("/cgi-bin/token", `{"errcode":-1,"errmsg":"system error"}`)
	if err := source.Drop(t.Context(), "A"); err != nil {
		t.Fatal(err)
	}
	if _, err := source.Token(short(t)); CodeOf(err) != -1 {
		t.Error(err)
	}
	if n := len(f.calls("/cgi-bin/token")); n != 2 {
		t.Errorf("%d calls: each one invalidates the token before it", n)
	}
}

func TestTokenIsReplacedBeforeItsEnd(t *testing.T) {
	t.Parallel()
	s := newTokenServer(t)
	wall := &setClock{now: time.Unix(1_700_000_000, 0)}
	cfg := s.config()
	cfg.Wall = wall
	source := StableTokens(cfg, NewMemoryStore())
	for _, step := range []struct {
		move    time.Duration
		fetches int
	}{{0, 1}, {7200*time.Second - earliest - time.Second, 1}, {time.Second, 2}} {
		wall.move(step.move)
		if _, err := source.Token(short(t)); err != nil {
			t.Fatal(err)
		}
		if n := s.fetches(); n != step.fetches {
			t.Errorf("after %v: %d fetches, want %d", step.move, n, step.fetches)
		}
	}
}

func TestDropTouchesOnlyThatToken(t *testing.T) {
	t.Parallel()
	s := newTokenServer(t)
	store := NewMemoryStore()
	source := StableTokens(s.config(), store)
	token, err := source.Token(short(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := source.Drop(t.Context(), "an older one"); err != nil {
		t.Fatal(err)
	}
	if again, err := source.Token(short(t)); again != token || err != nil || s.fetches() != 1 {
		t.Errorf("%v, %d fetches", err, s.fetches())
	}
	if err := source.Drop(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if kept, _ := store.Load(t.Context(), testAppID); kept.Value != "" {
		t.Error("the store still has it")
	}
}

// lateStore loads a token, waits, and hands it out when it was dropped meanwhile.
type lateStore struct {
	*MemoryStore
	loaded, dropped chan struct{}
	once            sync.Once
}

func (s *lateStore) Load(ctx context.Context, key string) (Token, error) {
	t, err := s.MemoryStore.Load(ctx, key)
	s.once.Do(func() {
		close(s.loaded)
		<-s.dropped
	})
	return t, err
}

func TestALateLoadDoesNotBringBackADroppedToken(t *testing.T) {
	t.Parallel()
	s := newTokenServer(t)
	store := &lateStore{MemoryStore: NewMemoryStore(), loaded: make(chan struct{}), dropped: make(chan struct{})}
	old := Token{Value: "dead", ExpiresAt: clock.Wall{}.Now().Add(time.Hour), Version: 7}
	if err := store.Save(t.Context(), testAppID, old); err != nil {
		t.Fatal(err)
	}
	source := StableTokens(s.config(), store)
	got := make(chan string)
	go func() {
		token, _ := source.Token(t.Context())
		got <- token
	}()
	<-store.loaded
	if err := source.Drop(t.Context(), "dead"); err != nil {
		t.Fatal(err)
	}
	close(store.dropped)
	if token := <-got; token != "CANARYtoken1" {
		t.Errorf("got %q", token)
	}
}

func TestOneCallerGivingUpDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	asked, answer := make(chan struct{}), make(chan struct{})
	f.on("/cgi-bin/stable_token", func(w http.ResponseWriter, _ *http.Request) {
		close(asked)
		<-answer
		io.WriteString(w, `{"access_token":"A","expires_in":7200}`)
	})
	source := StableTokens(f.config(), NewMemoryStore())
	impatient, giveUp := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := source.Token(impatient)
		failed <- err
	}()
	<-asked
	giveUp()
	if err := <-failed; !errors.Is(err, context.Canceled) || !errs.Is(err, errs.Unavailable) {
		t.Errorf("the impatient one got %v", err)
	}
	close(answer)
	if token, err := source.Token(short(t)); token != "A" || err != nil || len(f.calls("/cgi-bin/stable_token")) != 1 {
		t.Errorf("the others got %q, %v after %d fetches", token, err, len(f.calls("/cgi-bin/stable_token")))
	}
}

func TestForce(t *testing.T) {
	t.Parallel()
	s := newTokenServer(t)
	store := NewMemoryStore()
	source := StableTokens(s.config(), store)
	before, err := source.Token(short(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := source.Force(short(t)); err != nil {
		t.Fatal(err)
	}
	after, err := source.Token(short(t))
	kept, _ := store.Load(t.Context(), testAppID)
	if err != nil || after == before || kept.Value != after || kept.Version != 2 {
		t.Errorf("%v, version %d", err, kept.Version)
	}
}

func TestTokenAnswersWithoutAToken(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"access_token":"","expires_in":7200}`, `{"access_token":"A"}`, `{"access_token":"A","expires_in":-1}`} {
		f := newFake(t)
		f.answers("/cgi-bin/stable_token", body)
		if token, err := StableTokens(f.config(), nil).Token(short(t)); token != "" || !errs.Is(err, errs.Unavailable) {
			t.Errorf("%s: %q, %v", body, token, err)
		}
	}
}

func TestTicketIsFetchedOnce(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answers("/cgi-bin/ticket/getticket", `{"errcode":0,"errmsg":"ok","ticket":"T","expires_in":7200}`)
	store := NewMemoryStore()
	cfg := f.config()
	cfg.Tickets = store
	for range 2 {
		c := New(cfg)
		for range 3 {
			if ticket, err := c.JSTicket(short(t)); ticket != "T" || err != nil {
				t.Error(ticket, err)
			}
		}
	}
	if n := len(f.calls("/cgi-bin/ticket/getticket")); n != 1 {
		t.Errorf("%d fetches", n)
	}
	if kept, _ := store.Load(t.Context(), testAppID); kept.Value != "" {
		t.Error("the ticket lies where the token belongs")
	}
}

func TestWithoutTokens(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	cfg := f.config()
	cfg.Tokens = nil
	if _, err := New(cfg).Tags(t.Context()); !errs.Is(err, errs.Refused) {
		t.Error(err)
	}
	f.answers("/sns/oauth2/access_token", `{"access_token":"A","openid":"o1"}`)
	if _, err := New(cfg).OAuthToken(short(t), "C"); err != nil {
		t.Errorf("web authorisation needs no account token: %v", err)
	}
	if len(f.calls("/cgi-bin/tags/get")) > 0 || strings.Contains(f.seen[0].query, "access_token=&") {
		t.Errorf("%+v", f.seen)
	}
}
