package citizen

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// stateLife is how long somebody may take on WeChat's page; its code lives five minutes.
const stateLife = 10 * time.Minute

// Begun is where to send the browser.
type Begun struct {
	URL   string
	Nonce string // the browser keeps it; Finish wants it back
}

// String keeps state and nonce out of logs.
func (Begun) String() string { return "citizen.Begun" }

// GoString does the same for %#v.
func (b Begun) GoString() string { return b.String() }

// Begin starts web authorisation for a page of an account. nonce is what the browser already keeps, or "". returnTo is an
// address of this account's pages; anything else is where 我的 is. Accounts that cannot authorise use the installation's
// identity account; without one it is errs.Refused "account.no_authoriser".
func (s *Service) Begin(ctx context.Context, account int64, slug, returnTo, nonce string, tries int) (Begun, error) {
	via, err := s.Accounts.Authoriser(ctx, account)
	if err != nil {
		return Begun{}, err
	}
	c, err := s.Accounts.Client(ctx, via.ID)
	if err != nil {
		return Begun{}, err
	}
	if nonce == "" {
		nonce = rand.Text()
	}
	state := rand.Text()
	address, err := c.OAuthURL(strings.TrimRight(s.PublicURL, "/")+"/c/"+slug+"/oauth", client.ScopeBase, state)
	if err != nil {
		return Begun{}, errs.Wrap(err, "address of web authorisation")
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		now := s.Wall.Now()
		if _, err := tx.Exec(ctx, `delete from citizen_oauth where expires_at < $1`, clock.Millis(now)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into citizen_oauth (state, account_id, via_id, nonce, return_to, tries, expires_at) values ($1,$2,$3,$4,$5,$6,$7)`,
			digest(state), account, via.ID, digest(nonce), SafeReturn(slug, returnTo), tries, clock.Millis(now.Add(stateLife)))
		return err
	})
	return Begun{URL: address, Nonce: nonce}, errs.Wrap(err, "begin web authorisation")
}

// SafeReturn lets nobody be sent to another site after logging in here: to is kept when it is an address of the account's
// pages, anything else is where 我的 is.
func SafeReturn(slug, to string) string {
	own := "/c/" + slug + "/"
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, own) || strings.Contains(u.Path, "..") || strings.Contains(to, "\\") {
		return own + "me"
	}
	return to
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// Login is who came back from WeChat's page.
type Login struct {
	Citizen  int64
	ReturnTo string
}

// begun is a row of a web authorisation under way.
type begun struct {
	account, via    int64
	nonce, returnTo string
	tries           int
}

// Finish ends web authorisation: state and nonce must belong together and are used up, code becomes an openid, and that a
// citizen. What can go wrong:
//
//	errs.Denied "citizen.oauth_state"       the state is unknown, used, too old, or another browser's
//	errs.Denied "citizen.snapshot"          WeChat showed the page as a snapshot and made the openid up
//	errs.Refused "citizen.oauth_again"      the code is used or old: Begin again with tries (once)
//	errs.Refused "citizen.oauth_code"       and not again
func (s *Service) Finish(ctx context.Context, account int64, code, state, nonce string) (Login, error) {
	b, err := s.useState(ctx, account, state, nonce)
	if err != nil {
		return Login{}, err
	}
	c, err := s.Accounts.Client(ctx, b.via)
	if err != nil {
		return Login{}, err
	}
	token, err := c.OAuthToken(ctx, code)
	if client.ActionOf(err) == wechat.ActRestartOAuth {
		if b.tries > 0 {
			return Login{}, errs.New(errs.Refused, "citizen.oauth_code").Because(err)
		}
		return Login{ReturnTo: b.returnTo}, errs.New(errs.Refused, "citizen.oauth_again").Because(err)
	}
	if err != nil {
		return Login{}, errs.Wrap(err, "exchange the code of web authorisation")
	}
	if token.Snapshot {
		return Login{}, errs.New(errs.Denied, "citizen.snapshot")
	}
	unionid, err := s.unionOf(ctx, c, b, token)
	if err != nil {
		return Login{}, err
	}
	citizen, err := s.recognise(ctx, b.via, token.OpenID, unionid)
	return Login{Citizen: citizen, ReturnTo: b.returnTo}, err
}

// useState takes the row away, whether or not it fits: a state is tried once.
func (s *Service) useState(ctx context.Context, account int64, state, nonce string) (begun, error) {
	if state == "" || nonce == "" || len(state) > 128 {
		return begun{}, errs.New(errs.Denied, "citizen.oauth_state")
	}
	var b begun
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		b, err = db.One(ctx, tx, func(scan db.Scan) (b begun, err error) {
			err = scan(&b.account, &b.via, &b.nonce, &b.returnTo, &b.tries)
			return b, err
		}, `delete from citizen_oauth where state = $1 and expires_at >= $2 returning account_id, via_id, nonce, return_to, tries`,
			digest(state), clock.Millis(s.Wall.Now()))
		return err
	})
	same := subtle.ConstantTimeCompare([]byte(b.nonce), []byte(digest(nonce))) == 1
	if errs.Is(err, errs.NotFound) || err == nil && (b.account != account || !same) {
		return begun{}, errs.New(errs.Denied, "citizen.oauth_state")
	}
	return b, errs.Wrap(err, "use the state of web authorisation")
}

// unionOf finds the unionid that joins the visitor's openid of the identity account with their follower of the page's
// account: the authorisation tells it only with the wider scope, the follower's details tell it if they follow the
// identity account. Without one they are known, but not as that account's follower.
func (s *Service) unionOf(ctx context.Context, c *client.Client, b begun, t client.UserToken) (string, error) {
	if t.UnionID != "" || b.via == b.account {
		return t.UnionID, nil
	}
	u, err := c.User(ctx, t.OpenID)
	if errs.Is(err, errs.Refused) {
		return "", nil // not a follower of the identity account, or it may not ask
	}
	return u.UnionID, errs.Wrap(err, "ask for the unionid")
}

// recognise finds or makes the citizen of an openid.
func (s *Service) recognise(ctx context.Context, account int64, openid, unionid string) (int64, error) {
	var citizen int64
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := s.Ensure(ctx, tx, account, openid, s.Civil.Now())
		if err != nil {
			return err
		}
		if err := s.unite(ctx, tx, r.ID, unionid); err != nil {
			return err
		}
		f, err := s.Get(ctx, tx, r.ID)
		citizen = f.Citizen
		return err
	})
	return citizen, errs.Wrap(err, "recognise a citizen")
}
