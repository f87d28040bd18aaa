package account

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// State is how a finding stands.
type State string

// The states, from good to bad.
const (
	OK   State = "ok"
	Warn State = "warn"
	Fail State = "fail"
)

// Finding is one result of the self-check. Key says what was found and Key+".next" what to do about it, in the words of
// text.zh.json; Params fill both.
type Finding struct {
	Name   string         `json:"name"` // credentials, whitelist, token, callback, mode, traffic, quota, permissions, clock
	State  State          `json:"state"`
	Key    string         `json:"key"`
	Params map[string]any `json:"params,omitempty"`
}

// Report is a self-check's outcome.
type Report struct {
	At       time.Time // wall
	State    State     // the worst of the findings
	Findings []Finding
}

// checkBudget bounds the whole self-check: two calls over the network, each cut off before it.
const checkBudget = 12 * time.Second

// Check looks at everything that makes an account work and says what is wrong and what to do, in one list. It asks
// WeChat for a token and a list of addresses, calls the account's own callback address through the public one, and
// keeps the report. It works for suspended and faulty accounts too; a token given out ends a fault.
func (s *Service) Check(ctx context.Context, id int64) (Report, error) {
	ctx, cancel := context.WithTimeout(ctx, checkBudget)
	defer cancel()
	r, err := byID(ctx, s.DB, id)
	if err != nil {
		return Report{}, err
	}
	c, err := s.open(r)
	if err != nil {
		return Report{}, err
	}
	if err := s.Flush(ctx); err != nil {
		return Report{}, err
	}
	var toWeChat, fromWeChat []Finding
	var wait sync.WaitGroup
	wait.Go(func() { toWeChat = s.checkCalls(ctx, r.Account, c) })
	wait.Go(func() { fromWeChat = s.checkCallback(ctx, r.Account, c) })
	wait.Wait()
	kept, err := s.checkRecords(ctx, r.Account)
	if err != nil {
		return Report{}, err
	}
	report := Report{At: s.Wall.Now(), State: OK}
	for _, list := range [][]Finding{checkStatus(r.Account), toWeChat, fromWeChat, checkMode(r.Account, c), kept} {
		report.Findings = append(report.Findings, list...)
	}
	for _, f := range report.Findings {
		report.State = worse(report.State, f.State)
	}
	return report, s.keep(ctx, id, report)
}

func worse(a, b State) State {
	rank := map[State]int{OK: 0, Warn: 1, Fail: 2}
	if rank[b] > rank[a] {
		return b
	}
	return a
}

// keep stores the report and what the calls of the check taught.
func (s *Service) keep(ctx context.Context, id int64, r Report) error {
	findings, err := json.Marshal(r.Findings)
	if err != nil {
		return errs.Wrap(err, "encode findings")
	}
	if err := s.Flush(ctx); err != nil {
		return err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into account_check (account_id, at, state, findings) values ($1,$2,$3,$4)
			on conflict (account_id) do update set at = excluded.at, state = excluded.state, findings = excluded.findings`,
			id, clock.Millis(r.At), string(r.State), string(findings))
		return err
	})
	return errs.Wrap(err, "keep the self-check of account %d", id)
}

// LastCheck returns the latest report; an account that was never checked is errs.NotFound.
func (s *Service) LastCheck(ctx context.Context, id int64) (Report, error) {
	r, err := db.One(ctx, s.DB, func(scan db.Scan) (r Report, err error) {
		var at int64
		var findings []byte
		var state string
		if err = scan(&at, &state, &findings); err != nil {
			return r, err
		}
		r.At, r.State = clock.FromMillis(at), State(state)
		err = json.Unmarshal(findings, &r.Findings)
		return r, err
	}, `select at, state, findings from account_check where account_id = $1`, id)
	if errs.Is(err, errs.NotFound) {
		return Report{}, errs.New(errs.NotFound, "account.never_checked")
	}
	return r, errs.Wrap(err, "load the self-check of account %d", id)
}

// When an account is due for a check by itself: what is right every six hours, what failed every ten minutes, and a new
// one a minute after it was registered, when its address may have been typed into WeChat.
const (
	checkEvery  = 6 * time.Hour
	checkFailed = 10 * time.Minute
	checkNew    = time.Minute
)

// DueChecks lists active accounts that are due for a check by themselves.
func (s *Service) DueChecks(ctx context.Context) ([]int64, error) {
	now := s.Wall.Now()
	before := func(d time.Duration) int64 { return clock.Millis(now.Add(-d)) }
	list, err := db.All(ctx, s.DB, db.Value[int64], `select a.id from account a left join account_check c on c.account_id = a.id
		where a.status = $1 and ((c.at is null and a.created_at < $2) or c.at < $3 or (c.state = $4 and c.at < $5)) order by a.id`,
		string(Active), before(checkNew), before(checkEvery), string(Fail), before(checkFailed))
	return list, errs.Wrap(err, "list accounts to check")
}

func finding(name string, state State, key string, params ...any) Finding {
	f := Finding{Name: name, State: state, Key: "account.check." + key}
	for i := 0; i+1 < len(params); i += 2 {
		if f.Params == nil {
			f.Params = map[string]any{}
		}
		f.Params[params[i].(string)] = params[i+1]
	}
	return f
}

func checkStatus(a Account) []Finding {
	if a.Status == Active {
		return nil
	}
	return []Finding{finding("status", Warn, "suspended", "reason", a.StatusReason)}
}
