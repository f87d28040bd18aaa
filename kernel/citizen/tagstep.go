package citizen

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

const codeTagExists wechat.Code = 45157

// tagStep brings one tag's state into WeChat. It reads what is wanted now, so jobs in a wrong order do no harm; a tag
// whose creation was answered into the void is found again by its name.
func (s *Service) tagStep(ctx context.Context, args tagArgs, _ job.Attempt) error {
	t, err := s.tag(ctx, s.DB, args.Tag)
	if errs.Is(err, errs.NotFound) {
		return nil // it went meanwhile
	}
	if err != nil {
		return err
	}
	if t.State == TagHere || t.State == TagInWeChat || t.State == TagFailed {
		return nil
	}
	if t.State == TagRemoving && t.WeChatID == 0 {
		return s.dropTag(ctx, t)
	}
	c, err := s.Accounts.Client(ctx, t.Account)
	if err != nil {
		return err
	}
	switch err := s.tellTag(ctx, c, &t); {
	case err == nil && t.State == TagRemoving:
		return s.dropTag(ctx, t)
	case err == nil:
		return s.settleTag(ctx, t, TagInWeChat, 0)
	case errs.KindOf(err).Retry() || errs.Is(err, errs.Internal):
		return err
	default:
		return s.settleTag(ctx, t, TagFailed, wechat.Code(client.CodeOf(err)))
	}
}

// tellTag makes the call that the tag's state asks for.
func (s *Service) tellTag(ctx context.Context, c *client.Client, t *Tag) error {
	switch {
	case t.State == TagRemoving:
		return c.DeleteTag(ctx, t.WeChatID)
	case t.WeChatID != 0:
		return c.UpdateTag(ctx, t.WeChatID, t.Name)
	}
	made, err := c.CreateTag(ctx, t.Name)
	if wechat.Code(client.CodeOf(err)) != codeTagExists {
		t.WeChatID = made.ID
		return err
	}
	list, listErr := c.Tags(ctx)
	if listErr != nil {
		return listErr
	}
	for _, known := range list {
		if known.Name == t.Name {
			t.WeChatID = known.ID
			return nil
		}
	}
	return err
}

// settleTag records the outcome unless somebody changed the tag meanwhile; their job follows.
func (s *Service) settleTag(ctx context.Context, t Tag, state TagState, problem wechat.Code) error {
	var id *int
	if t.WeChatID != 0 {
		id = &t.WeChatID
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `update tag set state = $3, problem = $4, wechat_id = $5, version = version + 1 where id = $1 and version = $2`,
			t.ID, t.Version, string(state), int(problem), id)
		if err != nil || n == 1 {
			return err
		}
		// Its id in WeChat must not be lost to a rename that came in between.
		_, err = tx.Exec(ctx, `update tag set wechat_id = $2 where id = $1 and wechat_id is null`, t.ID, id)
		if err != nil {
			return err
		}
		return s.Jobs.Enqueue(ctx, tx, tagArgs{t.ID})
	})
	return errs.Wrap(err, "settle tag %d", t.ID)
}

// dropChunk is how many rows one transaction deletes or marks: some ten milliseconds of SQLite's only writer.
const dropChunk = 500

// dropTag deletes a tag and who had it, bit by bit.
func (s *Service) dropTag(ctx context.Context, t Tag) error {
	for {
		var n int64
		err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = tx.Exec(ctx, `delete from follower_tag where tag_id = $1 and follower_id in
				(select follower_id from follower_tag where tag_id = $1 order by follower_id limit $2)`, t.ID, dropChunk)
			if err != nil || n == dropChunk {
				return err
			}
			_, err = tx.Exec(ctx, `delete from tag where id = $1`, t.ID)
			return err
		})
		if err != nil || n < dropChunk {
			return errs.Wrap(err, "drop tag %d", t.ID)
		}
	}
}
