package contract

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// seen is one code: how the sandbox comes to answer it, and what the client makes of it.
type seen struct {
	code   wechat.Code
	kind   errs.Kind
	action wechat.Action
	// cause makes a call that is answered with the code; nil: a refusal of the rows of this package does, if injected is "".
	cause func(w *world) error
	// injected is why the code is put in by a fault: nothing that an account or a citizen does leads to it.
	injected string
}

// codeLine is one line of WeChat's codes by what is to be done about them.
type codeLine struct {
	label string
	seen  []seen
	// then looks at what follows: a second try, a rest, another token.
	then func(w *world)
	// house names the tests of what the house does about it, "package TestName".
	house []string
}

const (
	busyAtWeChat  = "WeChat's own trouble"
	onlyListed    = "the list of all codes has it, no page of a call does"
	oldMatchRules = "of match rules that were withdrawn"
	oldMessages   = "of a kind of message that the library of templates does not have"
)

func codeLines() []codeLine {
	all := func(kind errs.Kind, action wechat.Action, codes ...wechat.Code) []seen {
		list := make([]seen, len(codes))
		for i, c := range codes {
			list[i] = seen{code: c, kind: kind, action: action}
		}
		return list
	}
	injected := func(why string, list ...seen) []seen {
		for i := range list {
			list[i].injected = why
		}
		return list
	}
	join := slices.Concat[[]seen]
	return []codeLine{
		{label: "busy", seen: injected(busyAtWeChat, all(errs.Busy, wechat.ActRetry, -1, 268487001, 268487002)...), then: onlyHarmlessTwice,
			house: []string{"kernel/notify TestSendTriesAgain", "kernel/notify TestOutcomeLost"}},
		{label: "token dead", seen: []seen{
			{code: 40001, kind: errs.Unavailable, action: wechat.ActRefreshToken, cause: deadToken},
			{code: 40014, kind: errs.Unavailable, action: wechat.ActRefreshToken, cause: fixedToken("no token")},
			{code: 42001, kind: errs.Unavailable, action: wechat.ActRefreshToken, cause: oldToken},
		}, then: oneTokenForAnother, house: []string{"kernel/account TestReplicasShareOneToken"}},
		{label: "appid, secret", seen: join(all(errs.Refused, wechat.ActFixConfig, 40013, 40125, 41004),
			[]seen{{code: 41002, kind: errs.Refused, action: wechat.ActFixConfig, cause: noAppID}}), house: []string{"kernel/account TestFault"}},
		{label: "address", seen: all(errs.Refused, wechat.ActAllowIP, 40164, 61004), then: addressNamed},
		{label: "administrator confirms the address", seen: []seen{
			{code: 89503, kind: errs.Refused, action: wechat.ActAwaitAdmin, cause: newAddress(0)},
			{code: 89507, kind: errs.Refused, action: wechat.ActAwaitAdmin, cause: newAddress(1)},
			{code: 89506, kind: errs.Refused, action: wechat.ActAwaitAdmin, cause: newAddress(2)},
		}, then: addressConfirmed},
		{label: "frozen", seen: join(all(errs.Refused, wechat.ActSuspend, 40243), []seen{
			{code: 50002, kind: errs.Refused, action: wechat.ActSuspend, cause: standing("limited")},
			{code: 50004, kind: errs.Refused, action: wechat.ActSuspend, cause: standing("restricted")},
			{code: 50007, kind: errs.Refused, action: wechat.ActSuspend, cause: standing("frozen")},
		}), house: []string{"kernel/account TestFault", "kernel/account TestAFaultMakesEverythingUnable"}},
		{label: "not following", seen: join(all(errs.Refused, wechat.ActDropFollower, 40003, 43004),
			injected(onlyListed, all(errs.Refused, wechat.ActDropFollower, 50005, 46004)...)), house: []string{"kernel/notify TestNotFollowingIsNoted"}},
		{label: "refuses", seen: join(all(errs.Refused, wechat.ActDropChannel, 43019, 43101), []seen{{code: 48002, kind: errs.Refused, action: wechat.ActDropChannel, cause: muted}},
			injected(oldMessages, all(errs.Refused, wechat.ActDropChannel, 43116)...))},
		{label: "window closed", seen: []seen{{code: 45015, kind: errs.Refused, action: wechat.ActOtherChannel, cause: afterTwoDays}}, house: []string{"kernel/notify TestRefusalShutsEveryWindow"}},
		{label: "window used up", seen: []seen{{code: 45047, kind: errs.Exhausted, action: wechat.ActOtherChannel, cause: sixth}}, house: []string{"kernel/notify TestRefusalShutsEveryWindow"}},
		{label: "daily quota", seen: []seen{{code: 45009, kind: errs.Exhausted, action: wechat.ActStopPath, cause: usedUp}}, then: restsUntilMidnight,
			house: []string{"kernel/account TestCallsUsedUpComeBackTheNextDay", "kernel/account TestClearQuota"}},
		{label: "minute", seen: []seen{{code: 45011, kind: errs.Busy, action: wechat.ActBackOff, cause: tooOften}}, then: restsAMinute},
		{label: "too fast", seen: []seen{
			{code: 42010, kind: errs.Busy, action: wechat.ActBackOff, cause: sameVoice},
			{code: 45066, kind: errs.Busy, action: wechat.ActBackOff, cause: sameMass(0)},
		}},
		{label: "mass allowance", seen: all(errs.Exhausted, wechat.ActEndPeriod, 45028)},
		{label: "sent before", seen: []seen{{code: 45065, kind: errs.Conflict, action: wechat.ActAdopt, cause: rawAgain}}, then: adopted},
		{label: "mass protection", seen: []seen{
			{code: 89504, kind: errs.Busy, action: wechat.ActAwaitAdmin, cause: guarded(nil)},
			{code: 89505, kind: errs.Refused, action: wechat.ActAwaitAdmin, cause: guarded(object{"account": main, "allow": false})},
		}},
		{label: "no permission", seen: join([]seen{{code: 48001, kind: errs.Refused, action: wechat.ActHideCapability, cause: withoutRight}},
			all(errs.Refused, wechat.ActHideCapability, 61007), injected(onlyListed, all(errs.Refused, wechat.ActHideCapability, 48008)...)),
			house: []string{"kernel/account TestRefusalIsLearnedAndForgotten"}},
		{label: "banned, no clearing left", seen: join([]seen{{code: 48004, kind: errs.Refused, action: wechat.ActAlert, cause: banned}},
			all(errs.Exhausted, wechat.ActAlert, 48006))},
		{label: "media", seen: join(all(errs.Invalid, wechat.ActRenewMedia, 40007), all(errs.Invalid, wechat.ActFixContent, 40004, 40005, 40008),
			injected(onlyListed, all(errs.Invalid, wechat.ActFixContent, 40006, 40009)...))},
		{label: "content limits", seen: join(all(errs.Invalid, wechat.ActFixContent, 45001, 45002, 45003, 45004, 45005, 45007, 45008),
			injected(onlyListed, all(errs.Invalid, wechat.ActFixContent, 45006)...))},
		{label: "code of web authorisation", seen: all(errs.Refused, wechat.ActRestartOAuth, 40029, 40163, 42003), house: []string{"kernel/citizen TestOAuth"}},
		{label: "web authorisation dead", seen: join(all(errs.Refused, wechat.ActReauthorise, 42002, 40030),
			[]seen{{code: 42007, kind: errs.Refused, action: wechat.ActReauthorise, cause: newPassword}})},
		{label: "menu", seen: join(all(errs.Invalid, wechat.ActFixMenu, 40016, 40017, 40018, 40019, 40020, 40022, 40023, 40024, 40025, 40026, 40027,
			40054, 40055, 65301, 65302, 65303, 65304, 65307, 65308, 65316), []seen{{code: 40033, kind: errs.Internal, action: wechat.ActFixRequest, cause: escaped}},
			injected(onlyListed, all(errs.Invalid, wechat.ActFixMenu, 40021, 65305, 65306, 65309, 65317)...),
			injected(oldMatchRules, all(errs.Invalid, wechat.ActFixMenu, 65310, 65311, 65312, 65313, 65314)...))},
		{label: "JSON, template", seen: []seen{
			{code: 47001, kind: errs.Internal, action: wechat.ActFixRequest, cause: badJSON},
			{code: 47003, kind: errs.Invalid, action: wechat.ActFixTemplate},
		}},
		{label: "statistics", seen: []seen{
			{code: 61500, kind: errs.Internal, action: wechat.ActFixRequest},
			{code: 61501, kind: errs.Internal, action: wechat.ActSplit},
			{code: 61503, kind: errs.Unavailable, action: wechat.ActWaitData},
		}},
		{label: "comments", seen: join(all(errs.Refused, wechat.ActShow, 87009, 88000, 88003), all(errs.NotFound, wechat.ActShow, 88001, 88008),
			all(errs.Conflict, wechat.ActShow, 88005), all(errs.Invalid, wechat.ActShow, 88007), all(errs.Internal, wechat.ActFixRequest, 88010),
			injected(onlyListed, all(errs.Refused, wechat.ActShow, 88002)...), injected(onlyListed, all(errs.NotFound, wechat.ActShow, 88004)...))},
		{label: "publishing", seen: join([]seen{
			{code: 53503, kind: errs.Refused, action: wechat.ActShow, cause: gate(53503)},
			{code: 53504, kind: errs.Refused, action: wechat.ActShow, cause: gate(53504)},
			{code: 53505, kind: errs.Refused, action: wechat.ActShow, cause: gate(53505)},
		}, all(errs.NotFound, wechat.ActShow, 53600))},
	}
}

// TestEachCode plays every line: the code is seen, as it is come by in truth, and the client makes of it what the line says.
func TestEachCode(t *testing.T) {
	t.Parallel()
	played := refusalsByCode()
	for _, line := range codeLines() {
		t.Run(line.label, func(t *testing.T) {
			t.Parallel()
			for _, s := range line.seen {
				s.play(newWorld(t), played[s.code])
			}
			if line.then != nil {
				line.then(newWorld(t))
			}
			for _, name := range line.house {
				wantTest(t, name)
			}
		})
	}
}

// example is a refusal with its row.
type example struct {
	row row
	refusal
}

func refusalsByCode() map[wechat.Code]example {
	found := map[wechat.Code]example{}
	for _, r := range rows() {
		for _, no := range r.refusals {
			if old, ok := found[no.code]; !ok || old.local != "" && no.local == "" {
				found[no.code] = example{r, no}
			}
		}
	}
	return found
}

func (s seen) play(w *world, shown example) {
	w.Helper()
	var err error
	switch {
	case s.injected != "":
		w.play("POST", "/faults", object{"path": "/cgi-bin/menu/create", "kind": "code", "code": s.code, "times": 3})
		err = w.client(main).CreateMenu(w.ctx, client.Menu{})
	case s.cause != nil:
		err = s.cause(w)
	case shown.code == 0:
		w.Errorf("%d: nothing here leads to it", s.code)
		return
	case shown.local != "":
		shown.row.ready(w, main)
		shown.row.refuseHere(w, shown.refusal)
		err = &client.Error{Code: int(shown.raw(w))}
	default:
		shown.row.ready(w, main)
		err = shown.do(w)
	}
	if client.CodeOf(err) != int(s.code) {
		w.Errorf("%d: %v", s.code, err)
		return
	}
	if s.code.Kind() != s.kind || s.code.Action() != s.action || s.code.Meaning() == "" || !s.code.Known() {
		w.Errorf("%d: the table has %v, %s", s.code, s.code.Kind(), s.code.Action())
	}
	if e, ok := errors.AsType[*client.Error](err); ok && e.RID != "" && (errs.KindOf(err) != s.kind || e.Action() != s.action) {
		w.Errorf("%d: the client says %v, %s", s.code, errs.KindOf(err), e.Action())
	}
}

// wantTest looks whether a test of the house is there.
func wantTest(t *testing.T, name string) {
	t.Helper()
	folder, test, _ := strings.Cut(name, " ")
	files, err := filepath.Glob(filepath.Join("../..", folder, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %v", folder, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), "func "+test+"(t *testing.T)") {
			return
		}
	}
	t.Errorf("no test %s", name)
}

// onlyHarmlessTwice: what asks is asked three times at most, what creates once; 50x and silence are the same.
func onlyHarmlessTwice(w *world) {
	c := w.client(main)
	_, err := c.CallbackIPs(w.ctx) // so that there is a token
	w.wantCode("token", err, 0)
	for _, f := range []object{{"kind": "code", "code": -1}, {"kind": "code", "code": 268487001}, {"kind": "html"}, {"kind": "drop"}} {
		f["times"] = 9
		for path, want := range map[string]int{"/cgi-bin/getcallbackip": 3, "/cgi-bin/tags/create": 1} {
			f["path"] = path
			w.play("PUT", "/faults", object{"faults": []object{f}})
			before := w.calls(path)
			var err error
			if want == 1 {
				_, err = c.CreateTag(w.ctx, "甲")
			} else {
				_, err = c.CallbackIPs(w.ctx)
			}
			if sent := w.calls(path) - before; sent != want || !errs.KindOf(err).Retry() || client.ActionOf(err) != wechat.ActRetry {
				w.Errorf("%v: sent %d times, %v", f, sent, err)
			}
		}
	}
	silenceToo(w)
}

// mute is a network on which the first call of some paths is never answered.
type mute struct {
	next http.RoundTripper
	mu   sync.Mutex
	left map[string]bool
}

func (m *mute) RoundTrip(r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	silent := m.left[r.URL.Path]
	m.left[r.URL.Path] = false
	m.mu.Unlock()
	if silent {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return m.next.RoundTrip(r)
}

// silenceToo: no answer in time is the same; a try that hangs leaves time for another one.
func silenceToo(w *world) {
	cfg := w.config(main)
	cfg.Timeout = 2 * time.Second
	cfg.HTTP = &mute{next: w.net, left: map[string]bool{"/cgi-bin/getcallbackip": true, "/cgi-bin/tags/create": true}}
	c := client.New(cfg)
	if _, err := c.CallbackIPs(w.ctx); err != nil { // the second try
		w.Errorf("what asks: %v", err)
	}
	if _, err := c.CreateTag(w.ctx, "甲"); client.CodeOf(err) != client.NoAnswer || !errs.Is(err, errs.Unavailable) {
		w.Errorf("what creates: %v", err)
	}
}

// deadToken calls with one that another has ended.
func deadToken(w *world) error {
	s := client.LegacyTokens(w.config(main), nil)
	first, err := s.Token(w.ctx)
	w.wantCode("first", err, 0)
	w.wantCode("second", s.Force(w.ctx), 0)
	w.wall.pass(5 * time.Minute)
	return w.works(first)
}

func fixedToken(value string) func(*world) error {
	return func(w *world) error { return w.works(value) }
}

func oldToken(w *world) error {
	token, err := w.config(main).Tokens.Token(w.ctx)
	w.wantCode("token", err, 0)
	w.wall.pass(2 * time.Hour)
	return w.works(token)
}

// oneTokenForAnother: the dead one is dropped, and only that one, another is fetched and the call made once more.
func oneTokenForAnother(w *world) {
	store := client.NewMemoryStore()
	cfg := w.config(main)
	mine, other := client.StableTokens(cfg, store), client.StableTokens(cfg, store)
	cfg.Tokens = mine
	c := client.New(cfg)
	_, err := c.CallbackIPs(w.ctx)
	w.wantCode("first", err, 0)
	w.wall.pass(30 * time.Second)
	w.wantCode("an administrator forces another", other.Force(w.ctx), 0) // ends ours; the store has the new one
	kept, _ := store.Load(w.ctx, cfg.AppID)
	before, fetched := w.calls("/cgi-bin/getcallbackip"), w.calls("/cgi-bin/stable_token")
	_, err = c.CallbackIPs(w.ctx)
	w.wantCode("with the dead one", err, 0)
	if sent := w.calls("/cgi-bin/getcallbackip") - before; sent != 2 || w.calls("/cgi-bin/stable_token") != fetched {
		w.Errorf("sent %d times, fetched %d", sent, w.calls("/cgi-bin/stable_token")-fetched)
	}
	if now, _ := store.Load(w.ctx, cfg.AppID); now != kept {
		w.Error("the newer token was dropped with the dead one")
	}
}

func noAppID(w *world) error {
	_, content := w.exchange("GET", "http://"+boxHost+"/cgi-bin/token?grant_type=client_credential&secret=x", nil, nil)
	code, _ := w.asObject(content)["errcode"].(float64)
	return &client.Error{Code: int(code)}
}

func addressNamed(w *world) {
	w.play("PATCH", "/accounts/"+main, object{"ip_whitelist": []string{"203.0.113.7"}})
	_, err := client.New(w.config(main)).CallbackIPs(w.ctx)
	if e, ok := errors.AsType[*client.Error](err); !ok || e.IP != "127.0.0.1" {
		w.Errorf("%v", err)
	}
}

// newAddress asks for a token where the administrator confirms addresses and has refused ours so often.
func newAddress(refused int) func(*world) error {
	return func(w *world) error {
		w.play("PATCH", "/accounts/"+main, object{"standing": object{"asks_ips": true}})
		for range refused {
			w.play("POST", "/accounts/"+main+"/ips", object{"ip": "127.0.0.1", "confirm": false})
		}
		_, err := w.config(main).Tokens.Token(w.ctx)
		return err
	}
}

// addressConfirmed: nobody is asked again at once; after the administrator's word and a minute it goes on.
func addressConfirmed(w *world) {
	const path = "/cgi-bin/stable_token"
	w.play("PATCH", "/accounts/"+main, object{"standing": object{"asks_ips": true}})
	tokens := w.config(main).Tokens
	ask := func(label string, code, sent int) {
		w.Helper()
		before := w.calls(path)
		_, err := tokens.Token(w.ctx)
		w.wantCode(label, err, code)
		if n := w.calls(path) - before; n != sent {
			w.Errorf("%s: sent %d times", label, n)
		}
	}
	decide := func(confirm bool) {
		w.play("POST", "/accounts/"+main+"/ips", object{"ip": "127.0.0.1", "confirm": confirm})
	}
	ask("new", 89503, 1)
	ask("at once", 89503, 0)
	decide(false)
	w.wall.pass(time.Minute)
	ask("refused", 89507, 1)
	w.wall.pass(59 * time.Minute)
	ask("within the hour", 89507, 0)
	w.wall.pass(time.Minute)
	ask("after it", 89503, 1)
	decide(false)
	w.wall.pass(time.Minute)
	ask("refused twice", 89506, 1)
	w.wall.pass(24*time.Hour - time.Second)
	ask("within the day", 89506, 0)
	decide(true)
	w.wall.pass(time.Second)
	ask("confirmed", 0, 1)
}

func standing(state string) func(*world) error {
	return func(w *world) error {
		c := w.client(main)
		_, err := c.CallbackIPs(w.ctx)
		w.wantCode("before", err, 0)
		w.play("PATCH", "/accounts/"+main, object{"standing": object{"state": state}})
		_, err = c.CallbackIPs(w.ctx)
		return err
	}
}

func usedUp(w *world) error {
	w.used("/cgi-bin/user/get", 500, 0)
	_, err := w.client(main).Users(w.ctx, "")
	return err
}

// restsUntilMidnight: nothing is sent until the civil day turns.
func restsUntilMidnight(w *world) {
	const path = "/cgi-bin/user/get"
	w.used(path, 500, 0)
	c := w.client(main)
	for _, want := range []int{1, 0, 0} {
		before := w.calls(path)
		_, err := c.Users(w.ctx, "")
		w.wantCode("used up", err, 45009)
		if sent := w.calls(path) - before; sent != want {
			w.Errorf("sent %d times, want %d", sent, want)
		}
	}
	w.moveCivil(24 * time.Hour)
	_, err := c.Users(w.ctx, "")
	w.wantCode("the next day", err, 0)
}

const massPath = "/cgi-bin/message/mass/sendall"

func tooOften(w *world) error {
	w.used(massPath, 0, 60)
	_, err := w.client(main).SendAll(w.ctx, client.Audience{All: true}, client.Mass{Message: client.Text{Content: "停水"}})
	return err
}

func restsAMinute(w *world) {
	w.used(massPath, 0, 60)
	c := w.client(main)
	send := func(text string) error {
		_, err := c.SendAll(w.ctx, client.Audience{All: true}, client.Mass{Message: client.Text{Content: text}})
		return err
	}
	w.wantCode("too often", send("一"), 45011)
	before := w.calls(massPath)
	w.wantCode("at once", send("二"), 45011)
	w.wall.pass(59 * time.Second)
	w.wantCode("before a minute", send("三"), 45011)
	if n := w.calls(massPath) - before; n != 0 {
		w.Errorf("sent %d times", n)
	}
	w.wall.pass(2 * time.Second)
	if code := client.CodeOf(send("四")); code == 45011 {
		w.Error("after a minute it still rests")
	}
}

func badJSON(w *world) error {
	return &client.Error{Code: int(w.raw(main, http.MethodPost, "/cgi-bin/tags/create", `{"tag":`))}
}

func banned(w *world) error {
	w.play("PATCH", "/accounts/"+main, object{"standing": object{"banned": []string{"/cgi-bin/user/get"}}})
	_, err := w.client(main).Users(w.ctx, "")
	return err
}

func withoutRight(w *world) error {
	_, err := w.client("jiaojing").Users(w.ctx, "")
	return err
}

func newPassword(w *world) error {
	t := w.granted(main, "zhang", client.ScopeUser)
	w.play("POST", "/citizens/zhang/password", nil)
	_, err := w.client(main).OAuthUser(w.ctx, t)
	w.wantCode("their token", err, 42007)
	_, err = w.client(main).OAuthRefresh(w.ctx, t.RefreshToken)
	return err
}

func gate(code int) func(*world) error {
	return func(w *world) error {
		w.play("POST", "/outcomes", object{"account": main, "goal": "submit", "status": code})
		draft := w.draft(main, "一")
		_, err := w.client(main).Publish(w.ctx, draft)
		_, again := w.client(main).Publish(w.ctx, draft)
		w.wantCode("the draft is still there and taken the next time", again, 0)
		return err
	}
}

// sameVoice sends the same file to others within a minute.
func sameVoice(w *world) error {
	w.follow(main, "zhang", "li")
	one, another := w.files(main)[client.MediaVoice], w.files(main)[client.MediaVoice]
	send := func(id string, name string) error {
		_, err := w.client(main).SendTo(w.ctx, w.both(main), client.Mass{Message: client.Voice{MediaID: id}, ClientID: name})
		return err
	}
	w.wantCode("once", send(one, "one"), 0)
	w.wantCode("another file", send(another, "another"), 0)
	err := send(one, "two")
	w.moveCivil(time.Minute)
	w.wantCode("a minute later", send(one, "three"), 0)
	return err
}

func escaped(w *world) error {
	return &client.Error{Code: int(w.raw(main, http.MethodPost, "/cgi-bin/menu/create", `{"button":[{"type":"click","name":"\u4e2d","key":"k"}]}`))}
}

// guarded sends where the administrator is asked, and has answered.
func guarded(answer object) func(*world) error {
	return func(w *world) error {
		w.follow(main, "zhang", "li")
		w.play("PATCH", "/accounts/"+main, object{"mass_guard": "ask"})
		m := client.Mass{Message: client.Text{Content: "停水"}}
		_, err := w.client(main).SendTo(w.ctx, w.both(main), m)
		if answer != nil {
			w.play("POST", "/mass/guard", answer)
			_, err = w.client(main).SendTo(w.ctx, w.both(main), m)
		}
		return err
	}
}

func (w *world) reply() error {
	return w.client(main).SendCustom(w.ctx, w.openid(main, "zhang"), client.Text{Content: "x"})
}

func muted(w *world) error {
	w.follow(main, "zhang")
	w.say(main, "zhang", "问")
	w.play("POST", "/receive", object{"account": main, "citizen": "zhang", "on": false})
	return w.reply()
}

func afterTwoDays(w *world) error {
	w.follow(main, "zhang")
	w.say(main, "zhang", "问")
	w.moveCivil(48 * time.Hour)
	return w.reply()
}

func sixth(w *world) error {
	w.follow(main, "zhang")
	w.moveCivil(time.Hour) // what following allows is over
	w.say(main, "zhang", "问")
	for range 5 {
		w.wantCode("of five", w.reply(), 0)
	}
	err := w.reply()
	w.say(main, "zhang", "再问")
	w.wantCode("after the next question", w.reply(), 0)
	return err
}

// sameMass sends the same message again after so long.
func sameMass(after time.Duration) func(*world) error {
	return func(w *world) error {
		w.follow(main, "zhang", "li")
		m := client.Mass{Message: client.Text{Content: "停水"}, ClientID: "water"}
		_, err := w.client(main).SendTo(w.ctx, w.both(main), m)
		w.wantCode("once", err, 0)
		w.moveCivil(after)
		_, err = w.client(main).SendTo(w.ctx, w.both(main), m)
		return err
	}
}

// rawAgain is what a client hears that does not know of repetitions.
func rawAgain(w *world) error {
	w.wantCode("again", sameMass(time.Minute)(w), 0) // ours takes it as sent
	w.moveCivil(time.Minute)
	both := w.both(main)
	return &client.Error{Code: int(w.raw(main, http.MethodPost, "/cgi-bin/message/mass/send", fmt.Sprintf(
		`{"touser":[%q,%q],"msgtype":"text","text":{"content":"停水"},"clientmsgid":"water"}`, both[0], both[1])))}
}

// adopted: the id of the message that was sent is taken for the answer.
func adopted(w *world) {
	w.follow(main, "zhang", "li")
	m := client.Mass{Message: client.Text{Content: "停水"}, ClientID: "water"}
	first, err := w.client(main).SendTo(w.ctx, w.both(main), m)
	w.wantCode("once", err, 0)
	w.moveCivil(time.Minute)
	again, err := w.client(main).SendTo(w.ctx, w.both(main), m)
	if err != nil || !again.Repeated || again.MsgID != first.MsgID {
		w.Errorf("%+v %v", again, err)
	}
}
