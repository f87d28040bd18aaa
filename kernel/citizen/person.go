package citizen

import (
	"context"
	"strconv"
	"strings"

	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// The purposes of blind indexes and seals.
const (
	personPurpose = "follower.openid"
	unionPurpose  = "citizen.unionid"
	remarkPurpose = "follower.remark"
	openidSeal    = "follower.openid:"
	remarkSeal    = "follower.remark:"
)

// Person is the blind index by which a follower of an account is known: the same openid in another account is another
// person to it.
func (s *Service) Person(account int64, openid string) string {
	return s.Ring.Index(personPurpose, strconv.FormatInt(account, 10)+":"+openid)
}

func (s *Service) unionIndex(unionid string) string { return s.Ring.Index(unionPurpose, unionid) }

// remarkIndex finds a remark whatever its case and outer spaces.
func (s *Service) remarkIndex(remark string) string {
	return s.Ring.Index(remarkPurpose, strings.ToLower(strings.TrimSpace(remark)))
}

// key returns the data key of a citizen row; an erased one has none: errs.NotFound.
func (s *Service) key(ctx context.Context, q db.Queryer, citizen int64) (crypt.DataKey, error) {
	wrapped, err := db.One(ctx, q, db.Value[[]byte], `select key_wrapped from citizen where id = $1`, citizen)
	if err != nil {
		return crypt.DataKey{}, known(err)
	}
	if len(wrapped) == 0 {
		return crypt.DataKey{}, errs.New(errs.NotFound, "citizen.erased")
	}
	k, err := s.Ring.UnwrapDataKey(wrapped)
	return k, errs.Wrap(err, "data key of citizen %d", citizen)
}

// DataKey is what other parts seal with when something belongs to a citizen: erasing the citizen makes it unreadable. An
// erased citizen is errs.NotFound "citizen.erased".
func (s *Service) DataKey(ctx context.Context, q db.Queryer, citizen int64) (crypt.DataKey, error) {
	return s.key(ctx, q, citizen)
}

// Address is where a message to a follower goes. Printing it shows no openid.
type Address struct {
	Account int64
	OpenID  string
}

// String keeps the openid out of logs.
func (a Address) String() string { return "account " + strconv.FormatInt(a.Account, 10) }

// GoString does the same for %#v.
func (a Address) GoString() string { return a.String() }

// Address opens a follower's openid for a call to WeChat. An erased follower is errs.NotFound.
func (s *Service) Address(ctx context.Context, q db.Queryer, follower int64) (Address, error) {
	f, err := s.Get(ctx, q, follower)
	if err != nil {
		return Address{}, err
	}
	openid, err := s.openid(ctx, q, f)
	return Address{Account: f.Account, OpenID: openid}, err
}

// KeyOf is what other parts seal with when something belongs to one follower: forgetting takes what they hold of the
// follower, erasing the person makes it unreadable at once. An erased follower is errs.NotFound "citizen.erased".
func (s *Service) KeyOf(ctx context.Context, q db.Queryer, follower int64) (crypt.DataKey, error) {
	f, err := s.Get(ctx, q, follower)
	if err != nil {
		return crypt.DataKey{}, err
	}
	return s.followerKey(ctx, q, f)
}

// followerKey is the data key that a follower's own row is sealed with.
func (s *Service) followerKey(ctx context.Context, q db.Queryer, f Follower) (crypt.DataKey, error) {
	if f.Erased {
		return crypt.DataKey{}, errs.New(errs.NotFound, "citizen.erased")
	}
	return s.key(ctx, q, f.origin)
}

func (s *Service) openid(ctx context.Context, q db.Queryer, f Follower) (string, error) {
	k, err := s.followerKey(ctx, q, f)
	if err != nil {
		return "", err
	}
	b, err := k.Open(f.openid, openidSeal+f.person)
	return string(b), errs.Wrap(err, "open the address of follower %d", f.ID)
}

// Remark opens what staff noted about a follower; "" when nothing is.
func (s *Service) Remark(ctx context.Context, q db.Queryer, f Follower) (string, error) {
	if !f.HasRemark {
		return "", nil
	}
	k, err := s.followerKey(ctx, q, f)
	if err != nil {
		return "", err
	}
	b, err := k.Open(f.remark, remarkSeal+f.person)
	return string(b), errs.Wrap(err, "open the remark of follower %d", f.ID)
}

// Get returns one follower.
func (s *Service) Get(ctx context.Context, q db.Queryer, id int64) (Follower, error) {
	f, err := db.One(ctx, q, scanFollower, `select `+columns+from+`where f.id = $1`, id)
	return f, errs.Wrap(known(err), "load follower %d", id)
}

// ByPerson finds a follower by the blind index; an unknown one is errs.NotFound.
func (s *Service) ByPerson(ctx context.Context, q db.Queryer, account int64, person string) (Ref, error) {
	r, err := db.One(ctx, q, scanRef, `select id, citizen_id, subscribed from follower where account_id = $1 and person = $2`, account, person)
	return r, errs.Wrap(known(err), "find a follower of account %d", account)
}

func scanRef(scan db.Scan) (r Ref, err error) {
	err = scan(&r.ID, &r.Citizen, &r.subscribed)
	return r, err
}

// IDs returns the follower ids of the persons in an account; unknown persons are left out. One query for up to 500.
func (s *Service) IDs(ctx context.Context, q db.Queryer, account int64, persons []string) (map[string]int64, error) {
	ids := make(map[string]int64, len(persons))
	const most = 500 // parameters of one statement, far below both engines' limits
	for len(persons) > 0 {
		n := min(most, len(persons))
		args := []any{account}
		for _, p := range persons[:n] {
			args = append(args, p)
		}
		persons = persons[n:]
		type pair struct {
			person string
			id     int64
		}
		list, err := db.All(ctx, q, func(scan db.Scan) (p pair, err error) {
			err = scan(&p.person, &p.id)
			return p, err
		},
			`select person, id from follower where account_id = $1 and person in (`+places(2, n)+`)`, args...)
		if err != nil {
			return nil, errs.Wrap(err, "find followers of account %d", account)
		}
		for _, p := range list {
			ids[p.person] = p.id
		}
	}
	return ids, nil
}

// places writes n parameters from $first on: "$2,$3".
func places(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("$" + strconv.Itoa(first+i))
	}
	return b.String()
}
