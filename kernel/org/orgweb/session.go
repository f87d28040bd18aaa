package orgweb

import (
	"context"
	"slices"

	"weizheng/kernel/org"
	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type loginIn struct {
	Body struct {
		Login    string `json:"login" maxLength:"200"`
		Password string `json:"password" maxLength:"2000"`
		Code     string `json:"code,omitempty" maxLength:"20" doc:"动态验证码；先不给，回答 totp 时再带上"`
	}
}

type loginOut struct {
	Next string `json:"next" enum:"ok,totp,change_password,set_factor" doc:"ok 已登录；totp 还要动态验证码；change_password、set_factor 已登录，但先要改密码、设动态验证码"`
}

// next tells the console where to lead a person.
const (
	nextOK       = "ok"
	nextCode     = "totp"
	nextPassword = "change_password"
	nextFactor   = "set_factor"
)

func (c console) login(ctx context.Context, in *loginIn) (*loginOut, error) {
	out, err := c.Org.Login(ctx, org.LoginIn{Login: in.Body.Login, Password: in.Body.Password, Code: in.Body.Code,
		Address: web.ClientIP(ctx).String()})
	if err != nil {
		return nil, err
	}
	if out.NeedCode {
		return &loginOut{Next: nextCode}, nil
	}
	if _, err := c.Sessions.Login(ctx, web.StaffSession, out.Staff.ID, nil); err != nil {
		return nil, err
	}
	pending, err := c.Org.Pending(ctx, out.Staff.ID)
	if err != nil {
		return nil, err
	}
	return &loginOut{Next: nextOf(pending)}, nil
}

func nextOf(pending []org.Pending) string {
	switch {
	case slices.Contains(pending, org.ChangePassword):
		return nextPassword
	case slices.Contains(pending, org.SetFactor):
		return nextFactor
	}
	return nextOK
}

func (c console) logout(ctx context.Context, _ *struct{}) (*web.None, error) {
	if err := c.Org.Logout(ctx); err != nil {
		return nil, err
	}
	return &web.None{}, c.Sessions.Logout(ctx, web.StaffSession)
}

type unitRef struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Path string `json:"path"`
}

type sessionOut struct {
	ID          int64    `json:"id"`
	Name        string   `json:"name"`
	Login       string   `json:"login"`
	Post        string   `json:"post"`
	Unit        unitRef  `json:"unit"`
	Permissions []string `json:"permissions" doc:"在任何地方有的权限，供导航用"`
	MustChange  bool     `json:"must_change" doc:"先要改密码"`
	MustFactor  bool     `json:"must_set_factor" doc:"先要设动态验证码"`
	Factor      bool     `json:"totp" doc:"动态验证码已启用"`
	Demo        bool     `json:"demo"`
}

func (c console) session(ctx context.Context, _ *struct{}) (*sessionOut, error) {
	actor := access.From(ctx)
	p, err := c.Org.Staff(ctx, actor.ID)
	if err != nil {
		return nil, err
	}
	pending, err := c.Org.Pending(ctx, actor.ID)
	if err != nil {
		return nil, err
	}
	out := &sessionOut{ID: p.ID, Name: p.Name, Login: p.Login, Post: p.Title, Unit: unitRef{p.UnitID, p.UnitName, p.Unit},
		MustChange: slices.Contains(pending, org.ChangePassword), MustFactor: slices.Contains(pending, org.SetFactor),
		Factor: p.SecondFactor, Demo: c.Demo}
	for _, g := range actor.Grants {
		out.Permissions = append(out.Permissions, g.Permission)
	}
	slices.Sort(out.Permissions)
	out.Permissions = slices.Compact(out.Permissions)
	return out, nil
}

type passwordIn struct {
	Body struct {
		Old string `json:"old" maxLength:"2000"`
		New string `json:"new" maxLength:"2000"`
	}
}

func (c console) password(ctx context.Context, in *passwordIn) (*web.None, error) {
	err := c.Org.ChangePassword(ctx, in.Body.Old, in.Body.New)
	return &web.None{}, renamed(err, map[string]string{"current": "old", "password": "new"})
}

// renamed gives faults the names that the fields have on the wire.
func renamed(err error, names map[string]string) error {
	if err == nil || !errs.Is(err, errs.Invalid) || len(errs.As(err).Fields()) == 0 {
		return err
	}
	fields := slices.Clone(errs.As(err).Fields())
	for i, f := range fields {
		if name, ok := names[f.Field]; ok {
			fields[i].Field = name
		}
	}
	return errs.InvalidFields(fields)
}

type factorOut struct {
	Secret string `json:"secret" doc:"手工输入用"`
	URI    string `json:"totp_uri" doc:"二维码的内容"`
}

func (c console) beginFactor(ctx context.Context, _ *struct{}) (*factorOut, error) {
	f, err := c.Org.BeginFactor(ctx)
	return &factorOut{f.Secret, f.URI}, err
}

type confirmIn struct {
	Body struct {
		Code     string `json:"code" maxLength:"20"`
		Password string `json:"password,omitempty" maxLength:"2000" doc:"替换已有的动态验证码时必须再输一次密码"`
	}
}

func (c console) confirmFactor(ctx context.Context, in *confirmIn) (*web.None, error) {
	err := c.Org.ConfirmFactor(ctx, in.Body.Code, in.Body.Password)
	return &web.None{}, renamed(err, map[string]string{"current": "password"})
}

type device struct {
	ID        string `json:"id"`
	Kind      string `json:"kind" enum:"staff,phone" doc:"电脑，还是从提醒进入的手机"`
	Current   bool   `json:"current"`
	Address   string `json:"address"`
	Agent     string `json:"agent"`
	CreatedAt int64  `json:"created_at"`
	SeenAt    int64  `json:"seen_at"`
}

type devicesOut struct {
	Items []device `json:"items"`
	Next  string   `json:"next"`
}

func (c console) sessions(ctx context.Context, _ *struct{}) (*devicesOut, error) {
	actor := access.From(ctx)
	list, err := c.Sessions.List(ctx, web.StaffSession, actor.ID)
	if err != nil {
		return nil, err
	}
	out := &devicesOut{}
	for _, s := range list {
		out.Items = append(out.Items, device{s.ID, string(s.Kind), s.ID == actor.Session, s.Address, s.Agent, s.CreatedAt, s.SeenAt})
	}
	return out, nil
}

type sessionIn struct {
	Session string `path:"session"`
}

func (c console) endSession(ctx context.Context, in *sessionIn) (*web.None, error) {
	return &web.None{}, c.Sessions.Revoke(ctx, web.StaffSession, access.From(ctx).ID, in.Session)
}

type lookIn struct {
	Body struct {
		Token string `json:"token" maxLength:"100"`
	}
}

type lookOut struct {
	Login string `json:"login"`
	Name  string `json:"name"`
}

func (c console) look(ctx context.Context, in *lookIn) (*lookOut, error) {
	p, err := c.Org.Invited(ctx, in.Body.Token)
	return &lookOut{p.Login, p.Name}, err
}

type activateIn struct {
	Body struct {
		Token    string `json:"token" maxLength:"100"`
		Password string `json:"password" maxLength:"2000"`
	}
}

type activateOut struct {
	Login  string `json:"login"`
	Secret string `json:"secret,omitempty"`
	URI    string `json:"totp_uri,omitempty" doc:"要加进手机验证器；第一次登录就用它的验证码"`
}

func (c console) activate(ctx context.Context, in *activateIn) (*activateOut, error) {
	p, f, err := c.Org.Activate(ctx, in.Body.Token, in.Body.Password)
	return &activateOut{p.Login, f.Secret, f.URI}, err
}
