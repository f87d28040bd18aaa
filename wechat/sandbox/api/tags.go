package api

import (
	"context"
	"slices"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// WeChat docs: createTag, updateTag, deleteTag, batchTagging.
const (
	maxTags      = 100
	tagNameBytes = 30
	maxTagFans   = 100_000 // above it a tag cannot be deleted
	taggingBatch = 50
	tagsPerUser  = 20
	fansPage     = 10_000 // unverified
	starTag      = 2      // 星标组, the reserved tag that lists show
	reservedTags = 2      // ids 0…2 are WeChat's own
)

var (
	errReservedTag = fail(45058, "can't modify sys tag")
	errTag         = fail(45159, "invalid tagid")
)

type tagIn struct {
	Tag *struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	} `json:"tag"`
}

func (c *call) tag() (id int64, name string, err error) {
	var in tagIn
	if err := c.decode(&in); err != nil {
		return 0, "", err
	}
	if in.Tag == nil {
		return 0, "", fail(47001, "data format error")
	}
	return in.Tag.ID, in.Tag.Name, nil
}

// checkTagName refuses names that are empty, too long or taken by another tag.
func checkTagName(name string, id int64, tags []state.Tag) error {
	if len(name) > tagNameBytes {
		return fail(45158, "tag name too long")
	}
	taken := slices.ContainsFunc(tags, func(t state.Tag) bool { return t.Name == name && t.ID != id })
	if name == "" || taken || name == starTagName {
		return fail(45157, "invalid tag name")
	}
	return nil
}

const starTagName = "星标组"

func (s *Server) tagCreate(ctx context.Context, c *call) (any, error) {
	_, name, err := c.tag()
	if err != nil {
		return nil, err
	}
	var made state.Tag
	err = s.Store.Write(ctx, func(tx *db.Tx) error {
		tags, err := s.Store.Tags(ctx, tx, c.account.N)
		if err != nil {
			return err
		}
		if err := checkTagName(name, 0, tags); err != nil {
			return err
		}
		if len(tags) >= maxTags {
			return fail(45056, "too many tags, can't create more")
		}
		made, err = s.Store.InsertTag(ctx, tx, c.account.N, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return map[string]any{"tag": map[string]any{"id": made.ID, "name": made.Name}}, nil
}

func (s *Server) tagList(ctx context.Context, c *call) (any, error) {
	tags, err := s.Store.Tags(ctx, s.Store.Reader(), c.account.N)
	if err != nil {
		return nil, err
	}
	tags = append([]state.Tag{{ID: starTag, Name: starTagName}}, tags...)
	return map[string]any{"tags": tags}, nil
}

func (s *Server) tagUpdate(ctx context.Context, c *call) (any, error) {
	id, name, err := c.tag()
	if err != nil {
		return nil, err
	}
	if id >= 0 && id <= reservedTags {
		return nil, errReservedTag
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		tags, err := s.Store.Tags(ctx, tx, c.account.N)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(tags, func(t state.Tag) bool { return t.ID == id }) {
			return errTag
		}
		if err := checkTagName(name, id, tags); err != nil {
			return err
		}
		return s.Store.RenameTag(ctx, tx, c.account.N, id, name)
	})
}

func (s *Server) tagDelete(ctx context.Context, c *call) (any, error) {
	id, _, err := c.tag()
	if err != nil {
		return nil, err
	}
	if id >= 0 && id <= reservedTags {
		return nil, errReservedTag
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		t, ok, err := s.Store.FindTag(ctx, tx, c.account.N, id)
		switch {
		case err != nil:
			return err
		case !ok:
			return errTag
		case t.Fans > maxTagFans:
			return fail(45057, "can't delete the tag that has too many fans")
		}
		return s.Store.DeleteTag(ctx, tx, c.account.N, id)
	})
}

func (s *Server) tagMembers(ctx context.Context, c *call) (any, error) {
	return nil, s.changeMembers(ctx, c, func(tx *db.Tx, tag int64, contacts []int64) error {
		tags, err := s.Store.TagsOfMany(ctx, tx, contacts)
		if err != nil {
			return err
		}
		for _, has := range tags {
			if len(has) >= tagsPerUser && !slices.Contains(has, tag) {
				return fail(45059, "too many tags of the fans")
			}
		}
		return s.Store.AddTagging(ctx, tx, c.account.N, tag, contacts)
	})
}

func (s *Server) untagMembers(ctx context.Context, c *call) (any, error) {
	return nil, s.changeMembers(ctx, c, func(tx *db.Tx, tag int64, contacts []int64) error {
		return s.Store.RemoveTagging(ctx, tx, c.account.N, tag, contacts)
	})
}

// changeMembers checks the list and the tag and changes all or none.
func (s *Server) changeMembers(ctx context.Context, c *call, change func(*db.Tx, int64, []int64) error) error {
	var in struct {
		OpenIDs []string `json:"openid_list"`
		Tag     int64    `json:"tagid"`
	}
	if err := c.decode(&in); err != nil {
		return err
	}
	if len(in.OpenIDs) == 0 || len(in.OpenIDs) > taggingBatch {
		return fail(40032, "invalid openid list size")
	}
	return s.Store.Write(ctx, func(tx *db.Tx) error {
		if _, ok, err := s.Store.FindTag(ctx, tx, c.account.N, in.Tag); err != nil || !ok {
			if err == nil && in.Tag >= 0 && in.Tag <= reservedTags {
				return errReservedTag
			}
			return orElse(err, errTag)
		}
		contacts, err := s.members(ctx, tx, c.account.N, in.OpenIDs)
		if err != nil {
			return err
		}
		return change(tx, in.Tag, contacts)
	})
}

func (s *Server) members(ctx context.Context, tx *db.Tx, account int64, openids []string) ([]int64, error) {
	found, err := s.Store.ContactsByOpenID(ctx, tx, openids)
	if err != nil {
		return nil, err
	}
	contacts := make([]int64, 0, len(openids))
	for _, openid := range openids {
		c, ok := found[openid]
		switch {
		case !ok || !c.Subscribed && c.Account == account:
			return nil, errOpenID
		case c.Account != account:
			return nil, fail(49003, "not match openid with appid")
		}
		contacts = append(contacts, c.N)
	}
	return contacts, nil
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func (s *Server) tagsOfUser(ctx context.Context, c *call) (any, error) {
	var in struct {
		OpenID string `json:"openid"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	found, err := s.contact(ctx, c, in.OpenID)
	if err != nil {
		return nil, err
	}
	tags, err := s.Store.TagsOf(ctx, s.Store.Reader(), found.N)
	if err != nil {
		return nil, err
	}
	return map[string]any{"tagid_list": tags}, nil
}

func (s *Server) usersOfTag(ctx context.Context, c *call) (any, error) {
	var in struct {
		Tag  int64  `json:"tagid"`
		Next string `json:"next_openid"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	_, ok, err := s.Store.FindTag(ctx, s.Store.Reader(), c.account.N, in.Tag)
	if err != nil {
		return nil, err
	}
	if !ok && in.Tag != starTag {
		return nil, errTag
	}
	list, err := s.Store.FansOf(ctx, c.account.N, in.Tag, in.Next, fansPage)
	if errs.Is(err, errs.NotFound) {
		return nil, errOpenID
	}
	if err != nil {
		return nil, err
	}
	return page(list), nil
}
