package replyweb

import (
	"encoding/json"
	"slices"
	"time"

	"weizheng/module/reply"
	"weizheng/platform/clock"
	"weizheng/wechat"
)

// ruleView is a rule as the console sees it.
type ruleView struct {
	ID           int64             `json:"id"`
	AccountID    int64             `json:"account_id"`
	Name         string            `json:"name"`
	Trigger      reply.Trigger     `json:"trigger"`
	Match        reply.Match       `json:"match"`
	Words        []string          `json:"words"`
	Answers      []json.RawMessage `json:"answers"`
	Priority     int               `json:"priority"`
	Enabled      bool              `json:"enabled"`
	ValidFromAt  int64             `json:"valid_from_at" doc:"civil ms; 0: always"`
	ValidUntilAt int64             `json:"valid_until_at" doc:"civil ms, not included; 0: for ever"`
	Speaking     bool              `json:"speaking" doc:"enabled and valid now"`
	Version      int64             `json:"version"`
	Hits         int64             `json:"hits"`
	LastHitAt    int64             `json:"last_hit_at"`
	UpdatedAt    int64             `json:"updated_at"`
	PublishedAt  int64             `json:"published_at" doc:"civil ms of its first approval; 0: never live yet"`
	Proposal     *versionView      `json:"proposal" doc:"the newest wording where it is not live: waiting, returned, refused, withdrawn"`
}

func view(r reply.Rule, now time.Time) (ruleView, error) {
	v := ruleView{
		ID: r.ID, AccountID: r.Account, Name: r.Name, Trigger: r.Trigger, Match: r.Match, Words: r.Words,
		Priority: r.Priority, Enabled: r.Enabled, ValidFromAt: millis(r.ValidFrom),
		ValidUntilAt: millis(r.ValidUntil), Speaking: r.ValidAt(now), Version: r.Version, Hits: r.Hits,
		LastHitAt: millis(r.LastHitAt), UpdatedAt: millis(r.UpdatedAt),
		PublishedAt: millis(r.PublishedAt),
	}
	var err error
	v.Answers, err = rawAnswers(r)
	return v, err
}

func rawAnswers(r reply.Rule) ([]json.RawMessage, error) {
	out := []json.RawMessage{}
	for _, a := range r.Answers {
		raw, err := wechat.MarshalReply(a)
		if err != nil {
			return nil, err
		}
		out = append(out, raw)
	}
	return out, nil
}

// body is what a rule says, in the form in which it is written.
func body(r reply.Rule) (RuleBody, error) {
	answers, err := rawAnswers(r)
	return RuleBody{
		Name: r.Name, Trigger: r.Trigger, Match: r.Match, Words: r.Words, Answers: answers, Priority: r.Priority, Enabled: r.Enabled,
		ValidFromAt: millis(r.ValidFrom), ValidUntilAt: millis(r.ValidUntil),
	}, err
}

// unique returns the people among ids, each once.
func unique(ids []int64) []int64 {
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id int64) bool { return id == 0 })
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return clock.Millis(t)
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return clock.FromMillis(ms)
}

// RuleBody is a rule as the console writes it; huma reads embedded structs only when they are exported.
type RuleBody struct {
	Name         string            `json:"name"`
	Trigger      reply.Trigger     `json:"trigger"`
	Match        reply.Match       `json:"match,omitempty"`
	Words        []string          `json:"words,omitempty"`
	Answers      []json.RawMessage `json:"answers"`
	Priority     int               `json:"priority,omitempty"`
	Enabled      bool              `json:"enabled"`
	ValidFromAt  int64             `json:"valid_from_at,omitempty"`
	ValidUntilAt int64             `json:"valid_until_at,omitempty"`
}

func (b RuleBody) in(account int64) reply.In {
	return reply.In{
		Account: account, Name: b.Name, Trigger: b.Trigger, Match: b.Match, Words: b.Words, Answers: b.Answers,
		Priority: b.Priority, Enabled: b.Enabled, ValidFrom: instant(b.ValidFromAt), ValidUntil: instant(b.ValidUntilAt),
	}
}
