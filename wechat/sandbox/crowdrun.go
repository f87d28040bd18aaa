package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/crowd"
)

// CrowdOrder says what a crowd is to do.
type CrowdOrder = crowd.Order

// CrowdStep is one act of a script.
type CrowdStep = crowd.Step

// lookEvery is how often a crowd is looked at while it runs.
const lookEvery = time.Second

// CrowdRun is a crowd to be watched from outside.
type CrowdRun struct {
	At     string // the sandbox's address, such as "http://127.0.0.1:8090"
	Order  CrowdOrder
	Out    io.Writer // told how it goes, and the report
	JSON   bool      // the report as JSON, and nothing else
	Client *http.Client
}

// RunCrowd starts a crowd, tells how it goes, and prints its report. When ctx ends first it stops the crowd and prints what
// was seen until then.
func RunCrowd(ctx context.Context, c CrowdRun) error {
	if c.Client == nil {
		c.Client = &http.Client{Timeout: 30 * time.Second}
	}
	far, o, out := crowdClient{at: strings.TrimSuffix(c.At, "/") + "/sandbox/api/crowds", http: c.Client}, c.Order, c.Out
	if c.JSON {
		out = io.Discard
	}
	v, err := far.call(ctx, http.MethodPost, "", o)
	if err != nil {
		return err
	}
	path := fmt.Sprint("/", v.ID)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for v.State == crowd.Running {
		select {
		case <-tick.C:
			v, err = far.call(ctx, http.MethodGet, path, nil)
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			v, err = far.call(context.WithoutCancel(ctx), http.MethodDelete, path, nil)
		}
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "第 %d 群%s：已做 %d 件事\n", v.ID, crowdStates[v.State], v.Report.Count); err != nil {
			return err
		}
	}
	if c.JSON {
		enc := json.NewEncoder(c.Out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(v)
	}
	return printCrowd(out, v)
}

type crowdClient struct {
	at   string
	http *http.Client
}

func (c crowdClient) call(ctx context.Context, method, path string, in any) (crowd.View, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return crowd.View{}, err
	}
	req, err := http.NewRequestWithContext(ctx, method, c.at+path, bytes.NewReader(body))
	if err != nil {
		return crowd.View{}, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return crowd.View{}, errs.Wrap(err, "reach the sandbox")
	}
	defer res.Body.Close() //nolint:errcheck // it was read; nothing depends on it
	var answer struct {
		Crowd crowd.View `json:"crowd"`
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return crowd.View{}, errs.Wrap(err, "read the sandbox's answer (HTTP %d)", res.StatusCode)
	}
	if res.StatusCode >= http.StatusMultipleChoices {
		return crowd.View{}, fmt.Errorf("sandbox: %s", answer.Error.Message)
	}
	return answer.Crowd, nil
}
