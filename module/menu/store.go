package menu

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Menu is an account's draft and what is public.
type Menu struct {
	Account         int64
	Draft           []Button
	Version         int64 // of the draft; 0: nothing was saved yet
	UpdatedAt       time.Time
	PublishedNumber int64 // 0: nothing was published yet
	PublishedAt     time.Time
}

// State is where a version stands.
type State string

// The states: sending → live → past, or sending → failed.
const (
	Sending State = "sending"
	Live    State = "live"
	Past    State = "past"
	Failed  State = "failed"
)

// Version is a menu that was published, or tried to be.
type Version struct {
	ID        int64
	Account   int64
	Number    int64
	Buttons   []Button
	State     State
	Problem   string // message key
	Code      int64  // WeChat's
	CreatedBy int64
	CreatedAt time.Time
}

// Get returns an account's menu; an account that has none yet has an empty one of version 0.
func (s *Service) Get(ctx context.Context, account int64) (Menu, error) {
	m, err := get(ctx, s.db, account)
	return m, errs.Wrap(err, "menu of account %d", account)
}

func get(ctx context.Context, q db.Queryer, account int64) (Menu, error) {
	m, err := db.One(ctx, q, func(scan db.Scan) (m Menu, err error) {
		var draft string
		var updated, published int64
		if err := scan(&draft, &m.Version, &updated, &m.PublishedNumber, &published); err != nil {
			return m, err
		}
		m.Account, m.UpdatedAt = account, clock.FromMillis(updated)
		if published > 0 {
			m.PublishedAt = clock.FromMillis(published)
		}
		return m, json.Unmarshal([]byte(draft), &m.Draft)
	}, `select draft, version, updated_at, published_number, published_at from menu where account_id=$1`, account)
	if errs.Is(err, errs.NotFound) {
		return Menu{Account: account, Draft: []Button{}}, nil
	}
	return m, err
}

const versionColumns = `id, account_id, number, buttons, state, problem, code, created_by, created_at`

func scanVersion(scan db.Scan) (v Version, err error) {
	var buttons string
	var created int64
	if err := scan(&v.ID, &v.Account, &v.Number, &buttons, &v.State, &v.Problem, &v.Code, &v.CreatedBy, &created); err != nil {
		return v, err
	}
	v.CreatedAt = clock.FromMillis(created)
	return v, json.Unmarshal([]byte(buttons), &v.Buttons)
}

// Versions returns an account's versions before a number (0: from the newest), newest first.
func (s *Service) Versions(ctx context.Context, account, before int64, limit int) ([]Version, error) {
	where, args := `account_id=$1`, []any{account, limit}
	if before > 0 {
		where, args = where+` and number < $3`, append(args, before)
	}
	list, err := db.All(ctx, s.db, scanVersion,
		`select `+versionColumns+` from menu_version where `+where+` order by number desc limit $2`, args...)
	return list, errs.Wrap(err, "versions of the menu of account %d", account)
}

func version(ctx context.Context, q db.Queryer, account, number int64) (Version, error) {
	return db.One(ctx, q, scanVersion,
		`select `+versionColumns+` from menu_version where account_id=$1 and number=$2`, account, number)
}

func encode(buttons []Button) (string, error) {
	if buttons == nil {
		buttons = []Button{}
	}
	b, err := json.Marshal(buttons)
	if err != nil {
		return "", fmt.Errorf("encode menu: %w", err)
	}
	return string(b), nil
}

// Taps is how often a button was tapped in a time.
type Taps struct {
	Button string
	Taps   int64
}

// TapsSince sums an account's taps from a civil day (YYYY-MM-DD) on, most tapped first.
func (s *Service) TapsSince(ctx context.Context, account int64, day string) ([]Taps, error) {
	list, err := db.All(ctx, s.db, func(scan db.Scan) (t Taps, err error) { return t, scan(&t.Button, &t.Taps) },
		`select button, sum(taps) from menu_tap where account_id=$1 and day >= $2 group by button order by sum(taps) desc, button`,
		account, day)
	return list, errs.Wrap(err, "taps of account %d", account)
}
