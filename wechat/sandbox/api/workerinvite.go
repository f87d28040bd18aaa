package api

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/media"
	"weizheng/wechat/sandbox/state"
)

// workerInvite asks a person, by WeChat id (here: the citizen's), to serve under an account; they answer on the phone.
func (s *Server) workerInvite(ctx context.Context, c *call) (any, error) {
	var in workerIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if _, err := s.Store.Citizen(ctx, in.Invite); err != nil {
		if errs.Is(err, errs.NotFound) {
			err = fail(65409, "invalid wechat id")
		}
		return nil, err
	}
	err := s.changeWorker(ctx, c.account, in.Name, func(tx *db.Tx, w *state.Worker) error {
		if w.Person != "" {
			return fail(65412, "the account is bound to a wechat id")
		}
		now := s.Store.Civil()
		if w.Invite(now) == state.InviteWaiting {
			return fail(65411, "the account has an invitation that waits")
		}
		list, err := s.Store.Workers(ctx, tx, c.account.N)
		if err != nil {
			return err
		}
		for _, other := range list {
			if other.Person == in.Invite {
				return fail(65407, "the wechat id is a custom service already")
			}
			if other.Invited == in.Invite && other.Invite(now) == state.InviteWaiting {
				return fail(65408, "an invitation was sent to the wechat id already")
			}
		}
		w.Invited, w.InviteUntil, w.InviteState = in.Invite, now+inviteLife, state.InviteWaiting
		return nil
	})
	if err == nil {
		s.Store.Hint(state.Hint{Topic: "service", Account: c.account.ID, Citizen: in.Invite})
	}
	return nil, err
}

// workerHead changes the picture: JPG only.
func (s *Server) workerHead(ctx context.Context, c *call) (any, error) {
	w, err := s.worker(ctx, s.Store.Reader(), c.account, c.query.Get("kf_account"))
	if err != nil {
		return nil, err
	}
	name, content, err := c.upload("media")
	if err != nil {
		return nil, err
	}
	if len(content) == 0 {
		return nil, fail(44001, "empty media data")
	}
	if media.Sniff(content) != "image/jpeg" {
		return nil, fail(40005, "invalid file type")
	}
	m, err := s.Store.AddMedia(ctx, state.Media{Account: c.account.N, Type: "head", Name: name, MIME: "image/jpeg"}, content)
	if err != nil {
		return nil, err
	}
	return nil, s.changeWorker(ctx, c.account, w.Name, func(_ *db.Tx, w *state.Worker) error {
		w.Head = m.ID
		return nil
	})
}
