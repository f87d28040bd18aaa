package settingweb

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"weizheng/kernel/setting"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// places are the units and accounts of an invented house.
type places struct{}

func (places) UnitPath(_ context.Context, id int64) (string, error) {
	path, ok := map[int64]string{1: "/1/", 4: "/1/4/", 5: "/1/5/"}[id]
	if !ok {
		return "", errs.New(errs.NotFound, "org.no_unit")
	}
	return path, nil
}

func (places) Object(_ context.Context, account int64) (access.Object, error) {
	if account != 7 {
		return access.Object{}, errs.New(errs.NotFound, "account.none")
	}
	return access.Object{Unit: "/1/4/", Account: 7}, nil
}

func (places) Names(context.Context, []int64) (map[int64]string, error) {
	return map[int64]string{1: "甲", 2: "乙"}, nil
}

// actors: 1 may everything, 2 the unit 4 with its account, 3 nothing.
var actors = map[int64]access.Actor{
	1: {Kind: access.Staff, ID: 1, Grants: []access.Grant{{Permission: read, Unit: "/"}, {Permission: edit, Unit: "/"}}},
	2: {Kind: access.Staff, ID: 2, Grants: []access.Grant{{Permission: read, Unit: "/1/4/"}, {Permission: edit, Unit: "/1/4/"}}},
	3: {Kind: access.Staff, ID: 3},
}

type loginIn struct {
	Staff int64 `path:"staff"`
}

// open serves the face and returns a way to ask it as a person.
func open(t *testing.T) func(staff int64, method, path string, body any) (int, map[string]any) {
	t.Helper()
	d := dbtest.SQLite(t, []db.Schema{web.Schema(), setting.Schema()})
	quiet := slog.New(slog.DiscardHandler)
	values := setting.New(setting.Deps{DB: d, Wall: clock.Wall{}, Log: quiet,
		Audit: func(context.Context, *db.Tx, setting.Change) error { return nil },
		Declared: func() []setting.Declaration {
			return []setting.Declaration{
				{Name: "reply.limit", Type: setting.Int, Unit: "次", Default: "5", Text: "每天次数", Scope: setting.ForAccount, Min: 1, Max: 10},
				{Name: "org.days", Type: setting.Int, Unit: "天", Default: "90", Text: "多久换密码", Scope: setting.ForInstallation},
			}
		}})
	face := Part(Deps{Settings: values, Units: places{}, Accounts: places{}, Staff: places{}})
	all, err := web.NewTexts(face.Texts)
	if err != nil {
		t.Fatal(err)
	}
	sessions := web.NewSessions(web.SessionConfig{DB: d, Wall: clock.Wall{}, Log: quiet})
	enter := web.JSON(web.Console, http.MethodPost, "/console/api/enter/{staff}", web.Anyone, nil, "",
		func(ctx context.Context, in *loginIn) (*web.None, error) {
			_, err := sessions.Login(ctx, web.StaffSession, in.Staff, nil)
			return &web.None{}, err
		})
	server, err := web.New(web.Config{Routes: append(face.Routes, enter), Permissions: []string{read, edit}, Sessions: sessions, Texts: all,
		Log: quiet, Wall: clock.Wall{}, Listen: "127.0.0.1:0",
		Auth: web.Auth{Staff: func(_ context.Context, s web.Session) (access.Actor, error) { return actors[s.Subject], nil }}})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(server.Handler())
	t.Cleanup(front.Close)
	browsers := map[int64]*http.Client{}
	for id := range actors {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		browsers[id] = &http.Client{Jar: jar}
		if status, _ := ask(t, browsers[id], http.MethodPost, front.URL+"/console/api/enter/"+strconv.FormatInt(id, 10), nil); status != 204 {
			t.Fatalf("enter: %d", status)
		}
	}
	return func(staff int64, method, path string, body any) (int, map[string]any) {
		t.Helper()
		return ask(t, browsers[staff], method, front.URL+"/console/api/settings"+path, body)
	}
}

func ask(t *testing.T, c *http.Client, method, url string, body any) (int, map[string]any) {
	t.Helper()
	var in bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&in).Encode(body); err != nil {
			t.Fatal(err)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), method, url, &in)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out := map[string]any{}
	_ = json.NewDecoder(res.Body).Decode(&out) // 204 has none
	return res.StatusCode, out
}

type o = map[string]any

func TestPlacesAreGuarded(t *testing.T) {
	t.Parallel()
	do := open(t)
	for _, c := range []struct {
		label, method, path string
		staff               int64
		body                any
		want                int
	}{
		{"installation, by all", "PUT", "/reply.limit", 1, o{"value": "6"}, 200},
		{"installation, by a unit's", "PUT", "/reply.limit", 2, o{"value": "7"}, 404},
		{"own unit", "PUT", "/reply.limit?unit=4", 2, o{"value": "7", "version": 0}, 200},
		{"own unit, stale", "PUT", "/reply.limit?unit=4", 2, o{"value": "8", "version": 0}, 409},
		{"own unit's account", "PUT", "/reply.limit?account=7", 2, o{"value": "8"}, 200},
		{"neighbour", "PUT", "/reply.limit?unit=5", 2, o{"value": "7"}, 404},
		{"unknown account", "PUT", "/reply.limit?account=8", 2, o{"value": "7"}, 404},
		{"no number", "PUT", "/reply.limit?unit=x", 1, o{"value": "7"}, 404},
		{"below its scope", "PUT", "/org.days?unit=4", 2, o{"value": "7"}, 422},
		{"unknown name", "PUT", "/reply.nothing?unit=4", 2, o{"value": "7"}, 404},
		{"wrong value", "PUT", "/reply.limit?unit=4", 2, o{"value": "11", "version": 1}, 422},
		{"without any right", "PUT", "/reply.limit?unit=4", 3, o{"value": "7"}, 403},
		{"list of a neighbour", "GET", "?unit=5", 2, nil, 404},
		{"list without any right", "GET", "", 3, nil, 403},
		{"back, by a unit's", "DELETE", "/reply.limit?version=1", 2, nil, 404},
		{"back, without version", "DELETE", "/reply.limit?unit=4", 2, nil, 422},
	} {
		if status, out := do(c.staff, c.method, c.path, c.body); status != c.want {
			t.Errorf("%s: %d, want %d: %v", c.label, status, c.want, out)
		}
	}
	_, out := do(2, "GET", "?account=7&part=reply", nil)
	want := []any{o{"name": "reply.limit", "type": "int", "unit": "次", "default": "5", "value": "8", "text": "每天次数", "source": "",
		"scope": "account", "min": 1.0, "max": 10.0, "from": "account", "from_id": 7.0, "own": true, "editable": true, "version": 1.0,
		"changed_by": "乙"}}
	items := out["items"].([]any)
	for _, it := range items {
		delete(it.(o), "changed_at")
	}
	if d := cmp.Diff(want, items); d != "" {
		t.Error(d)
	}
	if _, out := do(2, "DELETE", "/reply.limit?account=7&version=1", nil); out["value"] != "7" || out["from"] != "unit" || out["own"] != false {
		t.Errorf("after taking it back: %v", out)
	}
	if _, out := do(1, "GET", "?part=org", nil); len(out["items"].([]any)) != 1 {
		t.Errorf("%v", out)
	}
}
