package accountweb

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

type versionIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Version int64 `json:"version" doc:"the one that was looked at"`
	}
}

type modeIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Version int64  `json:"version"`
		Mode    string `json:"mode" doc:"plain, compatible or safe; as it is set in WeChat"`
	}
}

func (c console) mode(ctx context.Context, in *modeIn) (*accountView, error) {
	return c.shown(ctx)(c.Accounts.SetMode(ctx, in.ID, in.Body.Version, wechat.Mode(in.Body.Mode)))
}

type suspendIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Version int64  `json:"version"`
		Reason  string `json:"reason" doc:"staff see it"`
	}
}

func (c console) suspend(ctx context.Context, in *suspendIn) (*accountView, error) {
	trim(&in.Body.Reason)
	return c.shown(ctx)(c.Accounts.Suspend(ctx, in.ID, in.Body.Version, in.Body.Reason))
}

func (c console) resume(ctx context.Context, in *versionIn) (*accountView, error) {
	return c.shown(ctx)(c.Accounts.Resume(ctx, in.ID, in.Body.Version))
}

// identity also takes the office from the account that held it, wherever that belongs: so it needs the right everywhere.
func (c console) identity(ctx context.Context, in *versionIn) (*accountView, error) {
	if !access.From(ctx).Can(edit, access.Object{}) {
		return nil, errs.New(errs.Denied, "account.identity_denied")
	}
	return c.shown(ctx)(c.Accounts.SetIdentity(ctx, in.ID, in.Body.Version))
}
