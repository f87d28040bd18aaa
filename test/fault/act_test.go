package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// call makes one JSON request. err is a broken connection; an HTTP error is a status.
func (p *place) call(ctx context.Context, method, address string, in, out any) (status int, answer []byte, err error) {
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return 0, nil, err
		}
		body = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := p.Network.RoundTrip(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	if answer, err = io.ReadAll(res.Body); err != nil {
		return 0, nil, err
	}
	if out != nil && res.StatusCode < http.StatusMultipleChoices {
		err = json.Unmarshal(answer, out)
	}
	return res.StatusCode, answer, err
}

// ask asks the sandbox's own API and fails the test unless it succeeds.
func (p *place) ask(method, path string, in, out any) {
	p.T.Helper()
	status, answer, err := p.call(p.T.Context(), method, p.WeChat+"/sandbox/api"+path, in, out)
	if err != nil || status >= http.StatusMultipleChoices {
		p.T.Fatalf("sandbox %s %s: %d %s %v", method, path, status, answer, err)
	}
}

// bubble is one item of a chat as the phone shows it.
type bubble struct {
	ID                          int64
	From, Type, Content, Origin string
	Delivery                    struct {
		State string
		Tries int
	}
}

// phone returns the bubbles of a citizen with 青云政务, oldest first.
func (p *place) phone(citizen string) []bubble {
	p.T.Helper()
	var all []bubble
	for before := ""; ; {
		var out struct {
			Items []bubble
			More  bool
		}
		p.ask(http.MethodGet, "/chat?account=qingyun&limit=500&citizen="+url.QueryEscape(citizen)+before, nil, &out)
		all = append(out.Items, all...)
		if !out.More {
			return all
		}
		before = "&before=" + strconv.FormatInt(out.Items[0].ID, 10)
	}
}

// arrived counts a citizen's bubbles from the account that say exactly this.
func (p *place) arrived(citizen, text string) int {
	p.T.Helper()
	n := 0
	for _, b := range p.phone(citizen) {
		if b.From == "account" && b.Content == text {
			n++
		}
	}
	return n
}

// wired counts WeChat's log entries of a path.
func (p *place) wired(path string) int {
	p.T.Helper()
	var out struct {
		Entries []struct{ Dir, Path string }
	}
	p.ask(http.MethodGet, "/wire?limit=2000", nil, &out)
	n := 0
	for _, e := range out.Entries {
		if e.Path == path || strings.HasPrefix(e.Path, path+"?") {
			n++
		}
	}
	return n
}

// The paths of WeChat that are counted.
const (
	sendPath  = "/cgi-bin/message/custom/send"
	tokenPath = "/cgi-bin/stable_token"
	menuPath  = "/cgi-bin/menu/create"
)

// conversation finds the conversation of a citizen with 青云政务.
func (p *place) conversation(citizen string) int64 {
	p.T.Helper()
	openid := p.Sandbox.OpenID("qingyun", citizen)
	var id int64
	err := p.House.DB.QueryRow(p.T.Context(), `select id from conversation where account_id = 1 and person = $1`,
		p.House.Citizens.Person(1, openid)).Scan(&id)
	if err != nil {
		p.T.Fatalf("the conversation of %s: %v", citizen, err)
	}
	return id
}

// line is a line of a conversation as the console shows it.
type line struct {
	ID      int64
	From    string
	Text    string
	State   string
	Problem string
	At      int64
}

// browser is somebody at the console.
type browser interface {
	Do(method, path string, body any) (status int, answer []byte)
	Must(method, path string, body, out any)
}

// lines returns a conversation's lines, oldest first.
func lines(b browser, conversation int64) []line {
	var out struct{ Items []line }
	b.Must(http.MethodGet, fmt.Sprintf("/console/api/conversations/%d/messages?limit=200", conversation), nil, &out)
	for i, j := 0, len(out.Items)-1; i < j; i, j = i+1, j-1 {
		out.Items[i], out.Items[j] = out.Items[j], out.Items[i]
	}
	return out.Items
}

// answers says something in a conversation and returns its line.
func answers(b browser, conversation int64, text string) line {
	var out line
	b.Must(http.MethodPost, fmt.Sprintf("/console/api/conversations/%d/answers", conversation), map[string]any{"text": text, "key": text}, &out)
	return out
}

// find returns the line that says this, the zero line if there is none.
func find(list []line, text string) line {
	for _, l := range list {
		if l.Text == text {
			return l
		}
	}
	return line{}
}
