package world

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"weizheng/kernel/setting"
	"weizheng/platform/db"
)

// writtenRule is a rule as the console's answers tell it.
type writtenRule struct {
	ID, Version int64
	Enabled     bool
	Speaking    bool
	Answers     []struct{ Content string }
	Proposal    *struct {
		State, Reason string
		ProposedBy    string `json:"proposed_by"`
		Matter        int64  `json:"matter_id"`
		Rule          struct{ Answers []struct{ Content string } }
	}
}

// desk is somebody at the rules of 青云政务.
type desk struct {
	*Browser
	word string
}

func (d desk) says(text string) map[string]any {
	return map[string]any{"account_id": 1, "name": "暖气费", "trigger": "keyword", "match": "exact", "words": []string{d.word}, "enabled": true,
		"answers": []map[string]any{{"type": "text", "content": text}}}
}

func (d desk) creates(text string) (r writtenRule) {
	d.Must(http.MethodPost, "/console/api/replies", d.says(text), &r)
	return r
}

func (d desk) changes(r writtenRule, text string) (out writtenRule) {
	body := d.says(text)
	delete(body, "account_id")
	body["version"] = r.Version
	d.Must(http.MethodPut, fmt.Sprintf("/console/api/replies/%d", r.ID), body, &out)
	return out
}

func (d desk) looks(r writtenRule) (out writtenRule) {
	d.Must(http.MethodGet, fmt.Sprintf("/console/api/replies/%d", r.ID), nil, &out)
	return out
}

func (d desk) does(r writtenRule, verb string) (out writtenRule) {
	d.Must(http.MethodPost, fmt.Sprintf("/console/api/replies/%d/%s", r.ID, verb), map[string]any{"version": r.Version}, &out)
	return out
}

func (d desk) acts(matter int64, action string, more map[string]any) (int, string) {
	if more == nil {
		more = map[string]any{"version": 0, "key": ""}
	}
	more["version"], more["key"] = 0, ""
	status, body := d.Do(http.MethodPost, fmt.Sprintf("/console/api/matters/%d/actions/%s", matter, action), more)
	return status, string(body)
}

// hears asks the account what it would answer.
func (d desk) hears() string {
	var out struct{ Answer []struct{ Content string } }
	d.Must(http.MethodPost, "/console/api/replies/try", map[string]any{"account_id": 1, "text": d.word}, &out)
	if len(out.Answer) == 0 {
		return ""
	}
	return out.Answer[0].Content
}

// hearsSoon asks until the account answers so, or for ten seconds: every replica hears of a change within one. It returns
// the last answer.
func (d desk) hearsSoon(want string) string {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if got := d.hears(); strings.Contains(got, want) || time.Now().After(deadline) {
			return got
		}
	}
}

func TestARuleSpeaksOnlyOnceAColleagueApprovedIt(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, w *World) {
		writer := desk{w.Staff("bianji"), "暖气费几号交"}
		reviewer := desk{w.Staff("shenhe"), writer.word}
		speaks := func(label, want string) {
			t.Helper()
			if got := writer.hearsSoon(want); !strings.Contains(got, want) {
				t.Errorf("%s: %q, want %q", label, got, want)
			}
		}
		stands := func(label string, r writtenRule, state, reason string) {
			t.Helper()
			if r.Proposal == nil || r.Proposal.State != state || r.Proposal.Reason != reason {
				t.Fatalf("%s: %+v", label, r.Proposal)
			}
		}
		must := func(label string, status int, body string) {
			t.Helper()
			if status != http.StatusOK {
				t.Fatalf("%s: %d %s", label, status, body)
			}
		}

		r := writer.creates("十五号前交")
		stands("a new rule", r, "waiting", "")
		speaks("before anybody looked at it", "没有现成的答案")
		if status, _ := writer.Do(http.MethodPost, fmt.Sprintf("/console/api/replies/%d/enable", r.ID), map[string]any{"version": r.Version}); status != http.StatusConflict {
			t.Errorf("its author switched it on: %d", status)
		}
		if status, body := writer.acts(r.Proposal.Matter, "approve", nil); status == http.StatusOK {
			t.Errorf("its author approved it: %s", body)
		}

		status, body := reviewer.acts(r.Proposal.Matter, "back", map[string]any{"reason": "写上地点", "state": "drafting"})
		must("return", status, body)
		r = writer.looks(r)
		stands("a returned one", r, "returned", "写上地点")
		sent := r.Proposal.Matter
		r = writer.changes(r, "十五号前到供热站交")
		stands("sent again", r, "waiting", "")
		if r.Proposal.Matter != sent {
			t.Errorf("mended words went into matter %d, not %d", r.Proposal.Matter, sent)
		}
		status, body = reviewer.acts(sent, "approve", nil)
		must("approve", status, body)
		if r = writer.looks(r); r.Proposal != nil || !r.Speaking {
			t.Fatalf("an approved rule: %+v", r)
		}
		speaks("after the approval", "到供热站交")

		r = writer.changes(r, "二十号前交")
		speaks("while a change waits", "到供热站交")
		before := r.Proposal.Matter
		r = writer.changes(r, "二十一号前交")
		if status, _ := reviewer.acts(before, "approve", nil); status == http.StatusOK {
			t.Error("words that their author took back were approved")
		}
		r = writer.does(r, "withdraw")
		stands("taken back", r, "withdrawn", "")
		speaks("after it was taken back", "到供热站交")

		r = writer.changes(r, "二十二号前交")
		status, body = reviewer.acts(r.Proposal.Matter, "reject", map[string]any{"reason": "日期不对"})
		must("reject", status, body)
		stands("refused", writer.looks(r), "refused", "日期不对")
		speaks("after a refusal", "到供热站交")

		r = writer.changes(writer.looks(r), "二十三号前交")
		r = writer.does(r, "disable")
		speaks("stopped at once", "没有现成的答案")
		status, body = reviewer.acts(r.Proposal.Matter, "approve", nil)
		must("approve a stopped one", status, body)
		if r = writer.looks(r); r.Enabled || r.Answers[0].Content != "二十三号前交" {
			t.Errorf("a rule that was stopped speaks again by itself: %+v", r)
		}
		writer.does(r, "enable")
		speaks("switched on again", "二十三号前交")

		var kept struct {
			Items []struct {
				State, Reason string
				ProposedBy    string `json:"proposed_by"`
				DecidedBy     string `json:"decided_by"`
				DecidedAt     int64  `json:"decided_at"`
			}
		}
		writer.Must(http.MethodGet, fmt.Sprintf("/console/api/replies/%d/versions", r.ID), nil, &kept)
		var states []string
		for _, v := range kept.Items {
			states = append(states, v.State)
		}
		if got, want := fmt.Sprint(states), "[live refused withdrawn withdrawn live returned]"; got != want {
			t.Fatalf("versions: %s, want %s", got, want)
		}
		if v := kept.Items[0]; v.ProposedBy != "苏念真" || v.DecidedBy != "顾长宁" || v.DecidedAt == 0 {
			t.Errorf("who wrote and who approved: %+v", v)
		}
	})
}

func TestOneRuleIsMendedByOnePersonAtATime(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, w *World) {
		writer := desk{w.Staff("bianji"), "供暖从哪天起"}
		r := writer.creates("十一月十五日起")
		if err := w.House.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `update reply_version set proposed_by = 1 where rule_id = $1`, r.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		body := writer.says("十一月十日起")
		delete(body, "account_id")
		body["version"] = r.Version
		path := fmt.Sprintf("/console/api/replies/%d", r.ID)
		for _, deed := range []struct {
			method, path string
			body         map[string]any
		}{
			{http.MethodPut, path, body},
			{http.MethodPost, path + "/withdraw", map[string]any{"version": r.Version}},
			{http.MethodDelete, fmt.Sprintf("%s?version=%d", path, r.Version), nil},
		} {
			if status, answer := writer.Do(deed.method, deed.path, deed.body); status != http.StatusConflict || !strings.Contains(string(answer), "同事提出的修改") {
				t.Errorf("%s %s of somebody else's words: %d %s", deed.method, deed.path, status, answer)
			}
		}
	})
}

func TestWithoutTheSettingARuleSpeaksAtOnce(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, w *World) {
		if err := w.House.Settings.Set(t.Context(), setting.SetIn{Name: "reply.review", Value: "false"}); err != nil {
			t.Fatal(err)
		}
		writer := desk{w.Staff("bianji"), "热力公司电话"}
		r := writer.creates("96001")
		if got := writer.hearsSoon("96001"); got != "96001" || r.Proposal != nil {
			t.Errorf("a rule that needs no review: %q %+v", got, r.Proposal)
		}
		r = writer.changes(r, "96002")
		if got := writer.hearsSoon("96002"); got != "96002" {
			t.Errorf("a change that needs no review: %q", got)
		}
		writer.Must(http.MethodDelete, fmt.Sprintf("/console/api/replies/%d?version=%d", r.ID, r.Version), nil, nil)
		if got := writer.hearsSoon("没有现成的答案"); strings.Contains(got, "9600") {
			t.Errorf("a removed rule speaks: %q", got)
		}
	})
}
