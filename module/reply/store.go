package reply

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/text"
	"weizheng/wechat"
)

const columns = `r.id, r.account_id, r.name, r.cause, r.match, r.words, r.answers, r.priority, r.enabled, r.valid_from,
	r.valid_until, r.version, r.hits, r.last_hit_at, r.updated_at, r.published_at`

func scanRule(scan db.Scan) (Rule, error) {
	var (
		r                     Rule
		words, answers        string
		from, until, hit, upd int64
		live                  int64
	)
	err := scan(&r.ID, &r.Account, &r.Name, &r.Trigger, &r.Match, &words, &answers, &r.Priority, &r.Enabled, &from,
		&until, &r.Version, &r.Hits, &hit, &upd, &live)
	if err != nil {
		return r, err
	}
	r.ValidFrom, r.ValidUntil, r.LastHitAt, r.UpdatedAt = instant(from), instant(until), instant(hit), instant(upd)
	r.PublishedAt = instant(live)
	if err := json.Unmarshal([]byte(words), &r.Words); err != nil {
		return r, fmt.Errorf("words of rule %d: %w", r.ID, err)
	}
	var raw []json.RawMessage
	if err := json.Unmarshal([]byte(answers), &raw); err != nil {
		return r, fmt.Errorf("answers of rule %d: %w", r.ID, err)
	}
	for _, one := range raw {
		reply, err := wechat.UnmarshalReply(one)
		if err != nil {
			return r, fmt.Errorf("answers of rule %d: %w", r.ID, err)
		}
		r.Answers = append(r.Answers, reply)
	}
	return r, nil
}

// instant is a stored time; 0 is the zero time.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return clock.FromMillis(ms)
}

func stored(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return clock.Millis(t)
}

// encode returns the JSON columns of a rule.
func (r Rule) encode() (words, answers string, err error) {
	w, err := json.Marshal(r.Words)
	if err != nil {
		return "", "", err
	}
	raw := make([]json.RawMessage, len(r.Answers))
	for i, a := range r.Answers {
		if raw[i], err = wechat.MarshalReply(a); err != nil {
			return "", "", err
		}
	}
	a, err := json.Marshal(raw)
	return string(w), string(a), err
}

func insert(ctx context.Context, tx *db.Tx, r Rule, by, now int64) (id int64, err error) {
	words, answers, err := r.encode()
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `insert into reply_rule (account_id, name, cause, match, words, answers, priority, enabled,
		valid_from, valid_until, version, hits, last_hit_at, created_by, created_at, updated_at, published_at)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,1,0,0,$11,$12,$12,$13) returning id`,
		r.Account, r.Name, string(r.Trigger), string(r.Match), words, answers, r.Priority, r.Enabled,
		stored(r.ValidFrom), stored(r.ValidUntil), by, now, stored(r.PublishedAt)).Scan(&id)
	return id, err
}

func update(ctx context.Context, tx *db.Tx, r Rule, now int64) error {
	words, answers, err := r.encode()
	if err != nil {
		return err
	}
	return db.ExpectOne(tx.Exec(ctx, `update reply_rule set name=$3, cause=$4, match=$5, words=$6, answers=$7, priority=$8,
		enabled=$9, valid_from=$10, valid_until=$11, version=version+1, updated_at=$12, published_at=$13
		where id=$1 and version=$2 and deleted_at is null`,
		r.ID, r.Version, r.Name, string(r.Trigger), string(r.Match), words, answers, r.Priority, r.Enabled,
		stored(r.ValidFrom), stored(r.ValidUntil), now, stored(r.PublishedAt)))
}

func byID(ctx context.Context, q db.Queryer, id int64) (Rule, error) {
	r, err := db.One(ctx, q, scanRule, `select `+columns+` from reply_rule r where r.id=$1 and r.deleted_at is null`, id)
	return r, errs.Wrap(err, "rule %d", id)
}

// ofAccount returns every rule of an account; a few hundred at most.
func ofAccount(ctx context.Context, q db.Queryer, account int64) ([]Rule, error) {
	rules, err := db.All(ctx, q, scanRule,
		`select `+columns+` from reply_rule r where r.account_id=$1 and r.deleted_at is null order by r.id`, account)
	return rules, errs.Wrap(err, "rules of account %d", account)
}

// Filter narrows a list of rules. After is the id to go on from.
type Filter struct {
	Account int64
	Trigger Trigger
	Words   string // in the name or among the words
	After   int64
	Limit   int
}

// List returns rules within the reach, oldest first, Limit+1 at most so that the caller sees whether more follow.
func (s *Service) List(ctx context.Context, reach access.Reach, f Filter) ([]Rule, error) {
	where, args := reach.Where("u.path", "r.account_id", 1)
	add := func(cond string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(cond, len(args))
	}
	if f.Account != 0 {
		add(" and r.account_id = $%d", f.Account)
	}
	if f.Trigger != "" {
		add(" and r.cause = $%d", string(f.Trigger))
	}
	if f.Words != "" {
		args = append(args, text.LikePattern(f.Words))
		where += fmt.Sprintf(` and (r.name like $%d escape '\' or cast(r.words as text) like $%d escape '\')`, len(args), len(args))
	}
	add(" and r.id > $%d", f.After)
	args = append(args, f.Limit+1)
	rules, err := db.All(ctx, s.db, scanRule, `select `+columns+` from reply_rule r
		join account a on a.id = r.account_id join unit u on u.id = a.unit_id
		where r.deleted_at is null and `+where+fmt.Sprintf(` order by r.id limit $%d`, len(args)), args...)
	return rules, errs.Wrap(err, "list rules")
}

// Get returns one rule; errs.NotFound when it was removed.
func (s *Service) Get(ctx context.Context, id int64) (Rule, error) { return byID(ctx, s.db, id) }
