package reply

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// VersionState is what became of one wording of a rule.
type VersionState string

// The states. Of the live ones the newest speaks.
const (
	Waiting   VersionState = "waiting"
	Returned  VersionState = "returned" // to its author, with the reason
	Live      VersionState = "live"
	Refused   VersionState = "refused"
	Withdrawn VersionState = "withdrawn"
)

// Version is one wording of a rule: who wrote it, who let it go live, and when. Versions are never taken away.
type Version struct {
	ID         int64
	Rule       int64
	Number     int64 // counts within the rule
	State      VersionState
	Content    Rule // what it says; of the rule's row only ID, and Enabled as it will be
	Reason     string
	Matter     int64 // its review; 0: none was asked for
	ProposedBy int64
	ProposedAt time.Time // civil
	DecidedBy  int64     // 0: nobody
	DecidedAt  time.Time // civil
}

// Open reports whether the version may still go live: it stands in the way of others.
func (v Version) Open() bool { return v.State == Waiting || v.State == Returned }

// wording is a rule's content in its stored form.
type wording struct {
	Name       string            `json:"name"`
	Trigger    Trigger           `json:"trigger"`
	Match      Match             `json:"match"`
	Words      []string          `json:"words"`
	Answers    []json.RawMessage `json:"answers"`
	Priority   int               `json:"priority"`
	ValidFrom  int64             `json:"valid_from_at"`
	ValidUntil int64             `json:"valid_until_at"`
}

func (r Rule) wording() (string, error) {
	w := wording{Name: r.Name, Trigger: r.Trigger, Match: r.Match, Words: r.Words, Priority: r.Priority,
		ValidFrom: stored(r.ValidFrom), ValidUntil: stored(r.ValidUntil)}
	for _, a := range r.Answers {
		raw, err := wechat.MarshalReply(a)
		if err != nil {
			return "", err
		}
		w.Answers = append(w.Answers, raw)
	}
	b, err := json.Marshal(w)
	return string(b), err
}

const versionColumns = `v.id, v.rule_id, v.number, v.state, v.doc, v.enabled, v.reason, coalesce(v.matter_id, 0), v.proposed_by,
	v.proposed_at, v.decided_by, v.decided_at`

func scanVersion(scan db.Scan) (v Version, err error) {
	var (
		doc               string
		proposed, decided int64
		w                 wording
	)
	if err := scan(&v.ID, &v.Rule, &v.Number, &v.State, &doc, &v.Content.Enabled, &v.Reason, &v.Matter, &v.ProposedBy,
		&proposed, &v.DecidedBy, &decided); err != nil {
		return v, err
	}
	v.ProposedAt, v.DecidedAt = instant(proposed), instant(decided)
	if err := json.Unmarshal([]byte(doc), &w); err != nil {
		return v, fmt.Errorf("version %d: %w", v.ID, err)
	}
	c := &v.Content
	c.ID, c.Name, c.Trigger, c.Match, c.Words, c.Priority = v.Rule, w.Name, w.Trigger, w.Match, w.Words, w.Priority
	c.ValidFrom, c.ValidUntil = instant(w.ValidFrom), instant(w.ValidUntil)
	for _, one := range w.Answers {
		a, err := wechat.UnmarshalReply(one)
		if err != nil {
			return v, fmt.Errorf("answers of version %d: %w", v.ID, err)
		}
		c.Answers = append(c.Answers, a)
	}
	return v, nil
}

// keep writes a version and returns it with its id and number.
func keep(ctx context.Context, tx *db.Tx, v Version) (Version, error) {
	doc, err := v.Content.wording()
	if err != nil {
		return v, err
	}
	v.Number, err = db.One(ctx, tx, db.Value[int64], `select coalesce(max(number), 0) + 1 from reply_version where rule_id = $1`, v.Rule)
	if err != nil {
		return v, err
	}
	v.ID, err = db.One(ctx, tx, db.Value[int64], `insert into reply_version (rule_id, number, state, doc, enabled, reason, matter_id,
		proposed_by, proposed_at, decided_by, decided_at) values ($1, $2, $3, $4, $5, '', null, $6, $7, 0, $8) returning id`,
		v.Rule, v.Number, string(v.State), doc, v.Content.Enabled, v.ProposedBy, stored(v.ProposedAt), stored(v.DecidedAt))
	return v, errs.Wrap(err, "keep a version of rule %d", v.Rule)
}

// newest returns the last wording of a rule; found is false for a rule older than versions are kept.
func newest(ctx context.Context, q db.Queryer, rule int64) (v Version, found bool, err error) {
	v, err = db.One(ctx, q, scanVersion, `select `+versionColumns+` from reply_version v where v.rule_id = $1 order by v.number desc limit 1`, rule)
	if errs.Is(err, errs.NotFound) {
		return Version{}, false, nil
	}
	return v, err == nil, errs.Wrap(err, "newest version of rule %d", rule)
}

// Versions returns every wording of a rule, newest first.
func (s *Service) Versions(ctx context.Context, rule int64) ([]Version, error) {
	list, err := db.All(ctx, s.db, scanVersion, `select `+versionColumns+` from reply_version v where v.rule_id = $1 order by v.number desc`, rule)
	return list, errs.Wrap(err, "versions of rule %d", rule)
}

// Proposals returns, by rule, the newest wording of those rules whose newest is not live: it waits, was returned, refused
// or withdrawn.
func (s *Service) Proposals(ctx context.Context, rules []Rule) (map[int64]Version, error) {
	out := map[int64]Version{}
	if len(rules) == 0 {
		return out, nil
	}
	marks, args := []string{}, []any{string(Live)}
	for _, r := range rules {
		args = append(args, r.ID)
		marks = append(marks, fmt.Sprintf("$%d", len(args)))
	}
	list, err := db.All(ctx, s.db, scanVersion, `select `+versionColumns+` from reply_version v where v.state <> $1
		and v.rule_id in (`+strings.Join(marks, ", ")+`)
		and v.number = (select max(n.number) from reply_version n where n.rule_id = v.rule_id)`, args...)
	for _, v := range list {
		out[v.Rule] = v
	}
	return out, errs.Wrap(err, "find proposals")
}
