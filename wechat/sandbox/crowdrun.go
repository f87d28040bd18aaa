package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/crowd"
)

// CrowdOrder says what a crowd is to do.
type CrowdOrder = crowd.Order

// lookEvery is how often a crowd is looked at while it runs.
const lookEvery = time.Second

// RunCrowd starts a crowd in the sandbox at an address such as "http://127.0.0.1:8090", tells out how it goes, and prints
// its report. When ctx ends first it stops the crowd and prints what was seen until then.
func RunCrowd(ctx context.Context, at string, o CrowdOrder, out io.Writer) error {
	far := crowdClient{at: strings.TrimSuffix(at, "/") + "/sandbox/api/crowds", http: &http.Client{Timeout: 30 * time.Second}}
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
		if _, err := fmt.Fprintf(out, "第 %d 群 %s：已做 %d 件事\n", v.ID, v.State, v.Report.Count); err != nil {
			return err
		}
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

// columns are the outcomes of acts in the order of the printed table.
var columns = []string{crowd.Answered, crowd.Nothing, crowd.Unavailable, crowd.Refused, crowd.Skipped, crowd.Lost, crowd.Failed}

func printCrowd(out io.Writer, v crowd.View) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	text := "act\tcount\t" + strings.Join(columns, "\t") + "\tp50 ms\tp90 ms\tp99 ms\tmax ms\t\n"
	for _, l := range v.Report.Acts {
		text += fmt.Sprintf("%s\t%d\t", l.Act, l.Count)
		for _, outcome := range columns {
			text += fmt.Sprintf("%d\t", l.Outcomes[outcome])
		}
		text += fmt.Sprintf("%.1f\t%.1f\t%.1f\t%.1f\t\n", l.P50, l.P90, l.P99, l.Max)
	}
	if _, err := io.WriteString(w, text); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	text = "\n最慢：\n"
	for _, s := range v.Report.Slowest {
		text += fmt.Sprintf("  %8.1f ms  %s  %s %s → %s %s\n", s.TookMS, s.Citizen, s.Act, s.Did, s.Outcome, s.Saw)
	}
	if v.Behind > 0 {
		text += fmt.Sprintf("沙箱最多落后计划 %d 毫秒。\n", v.Behind)
	}
	_, err := io.WriteString(out, text)
	return err
}
