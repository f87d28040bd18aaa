package world

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"testing"

	"weizheng/wechat/sandbox"
)

// crowdOf is how many people come; WEIZHENG_CROWD brings more.
func crowdOf(t *testing.T) int {
	t.Helper()
	text := os.Getenv("WEIZHENG_CROWD")
	if text == "" {
		return 6
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("WEIZHENG_CROWD=%q is no number from 1", text)
	}
	return n
}

// seenCrowd is the report of a crowd as far as it is looked at here.
type seenCrowd struct {
	State  string
	Report struct {
		Acts []struct {
			Act             string
			Outcomes, Kinds map[string]int
			SentBack        int `json:"sent_back"`
		}
		Errors, Missing []any
	}
}

func (c seenCrowd) outcomes(act string) map[string]int {
	for _, l := range c.Report.Acts {
		if l.Act == act {
			return l.Outcomes
		}
	}
	return nil
}

// TestACrowdUsesTheHouse sends people through the real house: they follow, ask what a rule knows and what nobody knows, tap the
// menu, open a page by web authorisation, and fill the demo's form in, rightly and wrongly. Everybody is answered, and what they
// sent is with the staff, once.
func TestACrowdUsesTheHouse(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, w *World) {
		n := crowdOf(t)
		form := w.App + "/c/qingyun/form/elder-allowance"
		wrong, right := true, false
		c := w.crowd(sandbox.CrowdOrder{Account: "qingyun", Citizens: n, Seed: 5, Seconds: max(1, n/20), Script: []sandbox.CrowdStep{
			{Act: "follow"}, {Act: "ask", Words: "社保卡怎么办"}, {Act: "ask", Words: "门口的石狮子为什么少了一只耳朵"}, {Act: "tap"},
			{Act: "open", URL: w.App + "/c/qingyun/me"}, {Act: "fill", URL: form, Wrong: &wrong}, {Act: "fill", URL: form, Wrong: &right}, {Act: "rate"},
		}})
		for act, want := range map[string]map[string]int{
			"follow": {"answered": n}, "ask": {"answered": 2 * n}, "open": {"answered": n}, "fill": {"answered": n, "returned": n}, "rate": {"skipped": n},
		} {
			if got := c.outcomes(act); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %v, want %v: %v", act, got, want, c.Report.Errors)
			}
		}
		if tapped := c.outcomes("tap"); tapped["answered"]+tapped["nothing"] != n {
			t.Errorf("tap: %v", tapped)
		}
		if c.State != "done" || len(c.Report.Errors)+len(c.Report.Missing) != 0 {
			t.Errorf("%+v", c)
		}
		w.Quiet()
		if sent := w.submissions("elder-allowance"); sent != n {
			t.Errorf("%d forms are with the staff, %d were taken", sent, n)
		}
		w.Without("the log", w.Log.String())
	})
}

// crowd runs a crowd to its end.
func (w *World) crowd(o sandbox.CrowdOrder) (c seenCrowd) {
	w.T.Helper()
	var out bytes.Buffer
	if err := sandbox.RunCrowd(w.T.Context(), sandbox.CrowdRun{At: w.WeChat, Order: o, Out: &out, JSON: true, Client: &http.Client{Transport: w.Network}}); err != nil {
		w.T.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &c); err != nil {
		w.T.Fatal(err)
	}
	return c
}

// submissions is how many filled forms of a key staff find.
func (w *World) submissions(key string) (n int) {
	w.T.Helper()
	clerk := w.Staff("zuoxi1")
	var forms struct {
		Items []struct {
			ID  int64
			Key string
		}
	}
	clerk.Must(http.MethodGet, "/console/api/forms", nil, &forms)
	for _, f := range forms.Items {
		for cursor := ""; f.Key == key; {
			var page struct {
				Items []any
				Next  string
			}
			clerk.Must(http.MethodGet, fmt.Sprintf("/console/api/forms/%d/submissions?cursor=%s", f.ID, cursor), nil, &page)
			if n, cursor = n+len(page.Items), page.Next; cursor == "" {
				return n
			}
		}
	}
	w.T.Fatalf("no form %q", key)
	return 0
}
