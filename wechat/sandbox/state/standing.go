package state

import (
	"context"
	"slices"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

// How an account stands with the platform.
const (
	StandingGood       = ""
	StandingLimited    = "limited"    // 账号受限: 50002
	StandingRestricted = "restricted" // 禁用接口: 50004
	StandingFrozen     = "frozen"     // 账号已冻结: 50007
)

// Standing is what the platform and the account's administrator allow its programs.
type Standing struct {
	State        string      `json:"state"`
	Banned       []string    `json:"banned"`        // paths of which misuse was found: 48004
	AsksIPs      bool        `json:"asks_ips"`      // the administrator confirms each new address before it gets a token
	ConfirmedIPs []string    `json:"confirmed_ips"` // for ever
	RefusedIPs   []RefusedIP `json:"refused_ips"`
}

// RefusedIP is an address that the administrator refused, at a wall instant.
type RefusedIP struct {
	IP string `json:"ip"`
	At int64  `json:"at"`
}

func (s Standing) copy() Standing {
	s.Banned, s.ConfirmedIPs, s.RefusedIPs = slices.Clone(s.Banned), slices.Clone(s.ConfirmedIPs), slices.Clone(s.RefusedIPs)
	return s
}

func (s *Standing) check() error {
	switch s.State {
	case StandingGood, StandingLimited, StandingRestricted, StandingFrozen:
		return nil
	}
	return invalid("standing", "kind")
}

// fill makes what is missing empty.
func (s *Standing) fill() {
	if s.Banned == nil {
		s.Banned = []string{}
	}
	if s.ConfirmedIPs == nil {
		s.ConfirmedIPs = []string{}
	}
	if s.RefusedIPs == nil {
		s.RefusedIPs = []RefusedIP{}
	}
}

// The documents' spans: refused once an address is out for an hour, refused twice in 24 hours for 24 hours (89507, 89506).
const (
	hour = 3600 * 1000
	day  = 24 * hour
)

// IPVerdict is what an address hears.
type IPVerdict int

// The verdicts.
const (
	IPWelcome IPVerdict = iota
	IPAsked             // waits for the administrator
	IPRefused           // for an hour
	IPRefusedTwice
)

// MayCall judges an address that asks for a token at a wall instant.
func (s Standing) MayCall(ip string, now int64) IPVerdict {
	if !s.AsksIPs || slices.Contains(s.ConfirmedIPs, ip) {
		return IPWelcome
	}
	lately, times := int64(0), 0
	for _, r := range s.RefusedIPs {
		if r.IP == ip && now < r.At+day {
			lately, times = max(lately, r.At), times+1
		}
	}
	switch {
	case times > 1:
		return IPRefusedTwice
	case times == 1 && now < lately+hour:
		return IPRefused
	}
	return IPAsked
}

// DecideIP is the administrator's answer about an address.
func (s *Store) DecideIP(ctx context.Context, id, ip string, confirm bool) (*Account, error) {
	a, err := s.Account(id)
	if err != nil {
		return nil, err
	}
	next := a.Copy()
	next.Standing.ConfirmedIPs = slices.DeleteFunc(next.Standing.ConfirmedIPs, func(known string) bool { return known == ip })
	if confirm {
		next.Standing.ConfirmedIPs = append(next.Standing.ConfirmedIPs, ip)
	} else {
		next.Standing.RefusedIPs = append(next.Standing.RefusedIPs, RefusedIP{ip, clock.Millis(s.wall.Now())})
	}
	return s.UpdateAccount(ctx, next)
}

// ChangePassword is a citizen's new WeChat password: what web authorisation issued for them is dead, and says why (42007).
func (s *Store) ChangePassword(ctx context.Context, citizen int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `update credential set dead_at=$1, doc=json_set(doc, '$.password', json('true'))
			where kind in ($2, $3, $4) and dead_at=0 and json_extract(doc, '$.citizen')=$5`, s.Wall(), OAuthCode, OAuthToken, OAuthRefresh, citizen)
		return err
	})
}
