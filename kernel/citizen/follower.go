package citizen

import (
	"time"
	"unicode/utf8"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Ref is a follower and the person behind it.
type Ref struct {
	ID      int64
	Citizen int64
	New     bool // it did not exist before

	subscribed bool
}

// Follower is one openid in one account, without what identifies a person.
type Follower struct {
	ID             int64
	Account        int64
	Unit           string // path of the account's unit
	Citizen        int64
	Subscribed     bool
	SubscribedAt   time.Time // zero when unknown
	UnsubscribedAt time.Time
	Scene          string // WeChat's subscribe_scene, such as ADD_SCENE_QR_CODE
	SceneKey       string // of the QR code they followed by
	HasRemark      bool
	Important      bool
	Blocked        bool
	BlockState     BlockState // how that stands with WeChat
	BlockProblem   int        // WeChat's code, with BlockFailed and BlockLocal
	LastSeenAt     time.Time  // civil; zero when never
	ForgetAt       time.Time  // civil; when they will be forgotten, zero when they will not
	Erased         bool
	Version        int64

	origin int64
	openid []byte
	remark []byte
	person string
}

// Object is what permissions are asked for.
func (f Follower) Object() access.Object { return access.Object{Unit: f.Unit, Account: f.Account} }

const columns = `f.id, f.account_id, u.path, f.citizen_id, f.subscribed, f.subscribed_at, f.unsubscribed_at, f.scene, f.scene_key,
	f.important, f.blocked, f.last_seen_at, f.forget_at, f.version, f.origin_id, f.openid_sealed, f.remark_sealed, coalesce(f.person, ''),
	f.block_state, f.block_problem`

const from = ` from follower f join account a on a.id = f.account_id join unit u on u.id = a.unit_id `

func scanFollower(scan db.Scan) (f Follower, err error) {
	var subscribed, unsubscribed, seen, forget int64
	var state string
	err = scan(&f.ID, &f.Account, &f.Unit, &f.Citizen, &f.Subscribed, &subscribed, &unsubscribed, &f.Scene, &f.SceneKey,
		&f.Important, &f.Blocked, &seen, &forget, &f.Version, &f.origin, &f.openid, &f.remark, &f.person, &state, &f.BlockProblem)
	f.BlockState = BlockState(state)
	f.SubscribedAt, f.UnsubscribedAt = instant(subscribed), instant(unsubscribed)
	f.LastSeenAt, f.ForgetAt = instant(seen), instant(forget)
	f.HasRemark, f.Erased = len(f.remark) > 0, f.person == ""
	return f, err
}

// instant is the stored time, 0 being none.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return clock.FromMillis(ms)
}

var errUnknown = errs.New(errs.NotFound, "citizen.unknown")

func known(err error) error {
	if errs.Is(err, errs.NotFound) {
		return errUnknown
	}
	return err
}

// maxRemark is WeChat's limit in bytes: less than 30. WeChat docs: updateremark.
const maxRemark = 29

func checkRemark(text string) error {
	if len(text) > maxRemark || !utf8.ValidString(text) {
		return errs.InvalidFields([]errs.Field{{Field: "remark", Key: "citizen.remark_long", Params: map[string]any{"most": maxRemark}}})
	}
	return nil
}
