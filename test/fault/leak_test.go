package fault

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// said is what a place's houses said to the outside where secrets may leak: error answers, redirections, and the tokens
// that WeChat gave out meanwhile.
type said struct {
	mu     sync.Mutex
	text   strings.Builder
	tokens map[string]bool
}

const leakLimit = 1 << 20

// hear listens to every exchange of the network.
func (s *said) hear(r *http.Request, res *http.Response) {
	switch {
	case r.URL.Host == "wechat.test" && r.URL.Path == "/cgi-bin/stable_token":
		var grant struct {
			Token string `json:"access_token"`
		}
		_ = json.Unmarshal(whole(res), &grant) // a planned fault need not be JSON
		s.mu.Lock()
		defer s.mu.Unlock()
		s.tokens[grant.Token] = true
	case r.URL.Host == "house.test" && res.StatusCode >= http.StatusMultipleChoices:
		body := whole(res)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.text.Len() < leakLimit {
			s.text.WriteString(res.Header.Get("Location") + "\n")
			s.text.Write(body)
		}
	}
}

// whole reads an answer and puts it back.
func whole(res *http.Response) []byte {
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close() // it was read
	res.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return nil
	}
	return body
}

// quietAboutSecrets fails the test when a log line, an error answer or a redirection held a secret, token or openid.
func (p *place) quietAboutSecrets() {
	p.said.mu.Lock()
	text, tokens := p.said.text.String(), p.said.tokens
	p.said.mu.Unlock()
	log := p.Log.String()
	p.Without("an error answer", text)
	p.Without("the log", log)
	for token := range tokens {
		if token != "" && (strings.Contains(log, token) || strings.Contains(text, token)) {
			p.T.Errorf("an access token of WeChat is in the log or in an answer")
		}
	}
}

// now is the wall, for measuring.
func now() time.Time { return time.Now() }
