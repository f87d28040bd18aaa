package accountweb

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
)

// person is a browser with a session.
type person struct {
	h      *house
	client *http.Client
}

func (h *house) as(staff int64) *person {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	p := &person{h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if status, _, body := p.raw("POST", "/console/api/login", map[string]int64{"staff": staff}); status != http.StatusOK {
		h.t.Fatalf("login: %d %s", status, body)
	}
	return p
}

func (p *person) raw(method, path string, body any) (int, http.Header, string) {
	t := p.h.t
	t.Helper()
	var in io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		in = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, p.h.url+path, in)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	p.h.mu.Lock()
	p.h.said = append(p.h.said, string(b))
	p.h.mu.Unlock()
	return resp.StatusCode, resp.Header, string(b)
}

type object = map[string]any

// do calls the console's API and wants a status; numbers come as float64.
func (p *person) do(want int, method, path string, body any) object {
	p.h.t.Helper()
	status, _, text := p.raw(method, "/console/api"+path, body)
	if status != want {
		p.h.t.Fatalf("%s %s: %d, want %d: %s", method, path, status, want, text)
	}
	out := object{}
	if status != http.StatusNoContent {
		if err := json.Unmarshal([]byte(text), &out); err != nil {
			p.h.t.Fatalf("%s %s: %v: %s", method, path, err, text)
		}
	}
	return out
}

// draft is what the console sends to connect an account.
func (h *house) draft() object {
	return object{
		"name": "青云政务", "slug": "qingyun", "kind": "service", "verified": true, "original_id": "gh_abcdef0123", "appid": "wx0123456789abcdef",
		"secret": goodSecret, "token": goodToken, "encoding_aes_key": goodKey, "mode": "safe", "unit_id": h.city,
		"intro": "办事问政", "principal": "青云市人民政府办公室", "contact": "12345",
	}
}

// connect registers the account of draft.
func (h *house) connect() (p *person, id int64, version float64) {
	h.t.Helper()
	p = h.as(root)
	a := p.do(200, "POST", "/accounts", h.draft())
	return p, int64(a["id"].(float64)), a["version"].(float64)
}

func with(base object, pairs ...any) object {
	out := maps.Clone(base)
	for i := 0; i+1 < len(pairs); i += 2 {
		out[pairs[i].(string)] = pairs[i+1]
	}
	return out
}

// fields are the faults of a problem: field → text.
func fields(problem object) map[string]string {
	out := map[string]string{}
	list, _ := problem["errors"].([]any)
	for _, one := range list {
		f := one.(object)
		out[f["field"].(string)] = f["text"].(string)
	}
	return out
}
