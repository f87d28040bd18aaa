package citizen

import (
	"context"
	"strings"
	"unicode/utf8"

	"weizheng/kernel/audit"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// TagState is where a tag stands between here and WeChat.
type TagState string

// The states.
const (
	TagHere     TagState = "here"     // the account has no tags in WeChat: it stays with us
	TagInWeChat TagState = "wechat"   // both have it
	TagAdding   TagState = "adding"   // WeChat is to be told
	TagRenaming TagState = "renaming" //
	TagRemoving TagState = "removing" //
	TagFailed   TagState = "failed"   // WeChat refused; Problem says why
)

// Tag groups followers of one account.
type Tag struct {
	ID       int64
	Account  int64
	WeChatID int // 0: WeChat does not know it
	Name     string
	State    TagState
	Problem  wechat.Code
	Version  int64
}

// WeChat's limits. WeChat docs: User_Tag_Management. Error 45158 counts bytes.
const (
	maxTags    = 100
	maxTagName = 30
)

const tagColumns = `id, account_id, coalesce(wechat_id, 0), name, state, problem, version`

func scanTag(scan db.Scan) (t Tag, err error) {
	var state string
	var problem int64
	err = scan(&t.ID, &t.Account, &t.WeChatID, &t.Name, &state, &problem, &t.Version)
	t.State, t.Problem = TagState(state), wechat.Code(problem)
	return t, err
}

func (s *Service) tag(ctx context.Context, q db.Queryer, id int64) (Tag, error) {
	t, err := db.One(ctx, q, scanTag, `select `+tagColumns+` from tag where id = $1`, id)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "citizen.tag_unknown")
	}
	return t, errs.Wrap(err, "load tag %d", id)
}

// Tag returns one tag.
func (s *Service) Tag(ctx context.Context, id int64) (Tag, error) { return s.tag(ctx, s.DB, id) }

// Tags lists an account's tags by name; there are at most 100.
func (s *Service) Tags(ctx context.Context, account int64) ([]Tag, error) {
	list, err := db.All(ctx, s.DB, scanTag, `select `+tagColumns+` from tag where account_id = $1 order by name`, account)
	return list, errs.Wrap(err, "list tags of account %d", account)
}

// TagsOf lists the tags of the given followers, by follower.
func (s *Service) TagsOf(ctx context.Context, followers []int64) (map[int64][]int64, error) {
	tags := map[int64][]int64{}
	if len(followers) == 0 {
		return tags, nil
	}
	args := make([]any, len(followers))
	for i, f := range followers {
		args[i] = f
	}
	type pair struct{ follower, tag int64 }
	list, err := db.All(ctx, s.DB, func(scan db.Scan) (p pair, err error) {
		err = scan(&p.follower, &p.tag)
		return p, err
	}, `select follower_id, tag_id from follower_tag where follower_id in (`+places(1, len(followers))+`) and state <> 'removing' order by follower_id, tag_id`, args...)
	for _, p := range list {
		tags[p.follower] = append(tags[p.follower], p.tag)
	}
	return tags, errs.Wrap(err, "list tags of followers")
}

func checkTagName(name string) error {
	if name == "" || len(name) > maxTagName || !utf8.ValidString(name) {
		return errs.InvalidFields([]errs.Field{{Field: "name", Key: "citizen.tag_name", Params: map[string]any{"most": maxTagName}}})
	}
	return nil
}

const tagPath = "/cgi-bin/tags/create"

// CreateTag adds a tag to an account. WeChat is told by a job where the account may have tags there; else it stays here.
func (s *Service) CreateTag(ctx context.Context, account int64, name string) (Tag, error) {
	name = strings.TrimSpace(name)
	if err := checkTagName(name); err != nil {
		return Tag{}, err
	}
	state := TagAdding
	if err := s.Accounts.May(ctx, account, tagPath); errs.Is(err, errs.Refused) {
		state = TagHere
	} else if err != nil {
		return Tag{}, err
	}
	var t Tag
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := db.One(ctx, tx, db.Value[int64], `select count(*) from tag where account_id = $1`, account)
		if err != nil {
			return err
		}
		if n >= maxTags {
			return errs.New(errs.Conflict, "citizen.tags_full").With("most", maxTags)
		}
		t, err = db.One(ctx, tx, scanTag, `insert into tag (account_id, name, state, created_at) values ($1,$2,$3,$4) returning `+tagColumns,
			account, name, string(state), clock.Millis(s.Wall.Now()))
		if err != nil {
			return tagTaken(err)
		}
		return s.tagChanged(ctx, tx, "create", t)
	})
	return t, errs.Wrap(err, "create a tag in account %d", account)
}

// RenameTag changes a tag's name. version 0 is whatever there is.
func (s *Service) RenameTag(ctx context.Context, id, version int64, name string) (Tag, error) {
	name = strings.TrimSpace(name)
	if err := checkTagName(name); err != nil {
		return Tag{}, err
	}
	return s.moveTag(ctx, id, version, "rename", func(t *Tag) {
		t.Name = name
		if t.WeChatID != 0 {
			t.State = TagRenaming
		}
	})
}

// RemoveTag takes a tag from everybody and away, in WeChat too.
func (s *Service) RemoveTag(ctx context.Context, id, version int64) (Tag, error) {
	return s.moveTag(ctx, id, version, "remove", func(t *Tag) { t.State = TagRemoving })
}

func (s *Service) moveTag(ctx context.Context, id, version int64, verb string, change func(*Tag)) (Tag, error) {
	var t Tag
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if t, err = s.tag(ctx, tx, id); err != nil {
			return err
		}
		if t.State == TagRemoving {
			return errs.New(errs.Conflict, "citizen.tag_going")
		}
		change(&t)
		err = db.ExpectOne(tx.Exec(ctx, `update tag set name = $3, state = $4, problem = 0, version = version + 1 where id = $1 and (version = $2 or $2 = 0)`,
			id, version, t.Name, string(t.State)))
		if err != nil {
			return tagTaken(err)
		}
		t.Version++
		return s.tagChanged(ctx, tx, verb, t)
	})
	return t, errs.Wrap(err, "%s tag %d", verb, id)
}

// tagTaken names the conflict of a name that is there already.
func tagTaken(err error) error {
	if e := errs.As(err); e.Key() == "db.duplicate" {
		return errs.InvalidFields([]errs.Field{{Field: "name", Key: "citizen.tag_taken"}})
	}
	return err
}

func (s *Service) tagChanged(ctx context.Context, tx *db.Tx, verb string, t Tag) error {
	if t.State != TagHere && t.State != TagInWeChat {
		if err := s.Jobs.Enqueue(ctx, tx, tagArgs{t.ID}); err != nil {
			return err
		}
	}
	a, err := s.Accounts.Known(ctx, t.Account)
	if err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, audit.Entry{Verb: verb, Object: "tag", ID: t.ID, Unit: a.Unit, Account: t.Account})
}

type tagArgs struct {
	Tag int64 `json:"tag"`
}

// Kind names the job.
func (tagArgs) Kind() string { return "citizen.tag" }
