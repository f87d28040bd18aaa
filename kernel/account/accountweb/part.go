// Package accountweb is the face of the Official Accounts: the console's API to connect, check, change, suspend and
// resume an account, its capabilities and counters, the proof files that WeChat asks a domain for, and the self-check
// that accounts get by themselves.
//
// Promises:
//
//   - No answer holds a secret, a token or a key: those only go in, has_secret and its sisters say that they are there.
//   - An account out of reach and one that does not exist look the same.
//   - Where calls to WeChat go (the endpoints) cannot be changed here: appid and secret travel there.
//   - Words for findings and reasons stand in text.zh.json, never in code.
package accountweb

import (
	"context"
	_ "embed"

	"weizheng/kernel/account"
	"weizheng/part"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/job"
	"weizheng/platform/web"
)

//go:embed text.zh.json
var texts []byte

const (
	read = "account.read"
	edit = "account.edit"
)

// Units says the names of units; unknown ids are left out.
type Units interface {
	UnitNames(ctx context.Context, ids []int64) (map[int64]string, error)
}

// Followers counts who follows the accounts now; an account nobody follows may be left out.
type Followers interface {
	Following(ctx context.Context, accounts []int64) (map[int64]int64, error)
}

// Deps is what the face needs.
type Deps struct {
	Accounts  *account.Service
	Units     Units
	Followers Followers // nil: accounts are shown without the number
	Jobs      *job.Jobs // runs the checks that fall due
	DB        *db.DB
	Civil     clock.Clock
}

// Part is everything that account adds to the house.
func Part(d Deps) part.Part {
	w := ownWords()
	c, h := console{d, w}, health{d, w}
	due := dueChecks{d}
	return part.Part{
		Name:   "account",
		Schema: account.Schema(),
		Texts:  texts,
		Permissions: []part.Permission{
			{Key: read, Text: "查看公众号"},
			{Key: edit, Text: "管理公众号"},
		},
		Routes:        append(c.routes(), web.Raw(web.Public, "GET", "/{proof}", web.Anyone, nil, c.proofFile)),
		Jobs:          due.register,
		Sweeps:        []part.Sweep{{Name: "account.check", Run: due.sweep}},
		Services:      []part.Service{{Name: "account", Start: d.Accounts.Start, Stop: d.Accounts.Stop}},
		Subscriptions: []part.Subscription{{Name: "account.certify", Handle: d.certify}},
		Searchers:     []part.Searcher{{Name: "account", Title: "公众号", Permission: read, Find: d.find}},
		Health:        []part.Health{{Name: "account", Permission: read, Check: h.findings}},
	}
}
