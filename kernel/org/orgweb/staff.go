package orgweb

import (
	"context"
	"strconv"

	"weizheng/kernel/org"
	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type grantView struct {
	Role      string `json:"role"`
	RoleName  string `json:"role_name"`
	UnitID    int64  `json:"unit_id"`
	UnitName  string `json:"unit_name"`
	AccountID int64  `json:"account_id" doc:"0 是单位的全部公众号"`
	UntilAt   int64  `json:"until_at" doc:"0 是没有期限"`
}

type staffView struct {
	ID         int64       `json:"id"`
	Login      string      `json:"login"`
	Name       string      `json:"name"`
	Post       string      `json:"post" doc:"职务"`
	UnitID     int64       `json:"unit_id"`
	UnitName   string      `json:"unit_name"`
	Phone      string      `json:"phone" doc:"打码的电话"`
	Outsourced bool        `json:"outsourced"`
	UntilAt    int64       `json:"until_at" doc:"账号到期时间；0 是没有期限"`
	State      org.State   `json:"state" enum:"invited,active,disabled,expired"`
	Factor     bool        `json:"totp"`
	SeenAt     int64       `json:"seen_at" doc:"最近登录"`
	CreatedAt  int64       `json:"created_at"`
	Grants     []grantView `json:"grants"`
	Version    int64       `json:"version"`
}

func (c console) viewStaff(p org.Staff, grants []org.Grant) staffView {
	v := staffView{ID: p.ID, Login: p.Login, Name: p.Name, Post: p.Title, UnitID: p.UnitID, UnitName: p.UnitName, Phone: p.Phone,
		Outsourced: p.Outsourced, UntilAt: p.UntilAt, State: c.Org.StateOf(p), Factor: p.SecondFactor, SeenAt: p.LastLoginAt,
		CreatedAt: p.CreatedAt, Version: p.Version}
	for _, g := range grants {
		v.Grants = append(v.Grants, grantView{g.Role.Key, g.Role.Name, g.UnitID, g.UnitName, g.Account, g.UntilAt})
	}
	return v
}

type staffIn struct {
	Q      string    `query:"q" maxLength:"60" doc:"姓名或登录名的一部分，或完整电话"`
	Unit   int64     `query:"unit" minimum:"0" doc:"单位编号，含下属"`
	Role   string    `query:"role" maxLength:"40"`
	State  org.State `query:"state" enum:"invited,active,disabled,expired"`
	Cursor int64     `query:"cursor" minimum:"0"`
	Limit  int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type staffOut struct {
	Items []staffView `json:"items"`
	Next  string      `json:"next" doc:"下一页的 cursor；空是最后一页"`
}

func (c console) staff(ctx context.Context, in *staffIn) (*staffOut, error) {
	f := org.StaffFilter{Words: in.Q, Role: in.Role, State: in.State, After: in.Cursor, Limit: in.Limit}
	if in.Unit != 0 {
		path, err := c.Org.UnitPath(ctx, in.Unit)
		if errs.Is(err, errs.NotFound) {
			return &staffOut{}, nil
		}
		if err != nil {
			return nil, err
		}
		f.Unit = path
	}
	page, err := c.Org.ListStaff(ctx, access.From(ctx).Reach(staffRead), f)
	if err != nil {
		return nil, err
	}
	grants, err := c.Org.GrantsOf(ctx, page.Staff)
	if err != nil {
		return nil, err
	}
	out := &staffOut{}
	for _, p := range page.Staff {
		out.Items = append(out.Items, c.viewStaff(p, grants[p.ID]))
	}
	if page.Next != 0 {
		out.Next = strconv.FormatInt(page.Next, 10)
	}
	return out, nil
}

func (c console) person(ctx context.Context, in *idIn) (*staffView, error) {
	p, err := c.Org.Staff(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	grants, err := c.Org.Grants(ctx, in.ID)
	v := c.viewStaff(p, grants)
	return &v, err
}

// invitation is a one-time link for a person.
type invitation struct {
	ID         int64  `json:"id" doc:"人员编号"`
	Link       string `json:"link" doc:"启用页面的地址，只回答这一次"`
	UntilAt    int64  `json:"until_at"`
	FactorKept bool   `json:"totp_kept" doc:"动态验证码保留不变"`
}

func viewInvitation(i org.Invitation) *invitation {
	return &invitation{i.StaffID, i.Path(), i.ExpiresAt, i.FactorKept}
}

type createStaffIn struct {
	Body struct {
		Login      string `json:"login"`
		Name       string `json:"name"`
		Post       string `json:"post,omitempty"`
		Phone      string `json:"phone,omitempty"`
		UnitID     int64  `json:"unit_id"`
		Outsourced bool   `json:"outsourced,omitempty"`
		UntilAt    int64  `json:"until_at,omitempty" doc:"账号到期时间；外包人员必填"`
	}
}

// onWire are the names that fields have for the console.
var onWire = map[string]string{"title": "post"}

func (c console) createStaff(ctx context.Context, in *createStaffIn) (*invitation, error) {
	b := in.Body
	_, link, err := c.Org.CreateStaff(ctx, org.StaffIn{Login: b.Login, Name: b.Name, Title: b.Post, Phone: b.Phone,
		UnitID: b.UnitID, Outsourced: b.Outsourced, UntilAt: b.UntilAt})
	if err != nil {
		return nil, renamed(err, onWire)
	}
	return viewInvitation(link), nil
}

type changeStaffIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Version    int64   `json:"version"`
		Name       *string `json:"name,omitempty"`
		Post       *string `json:"post,omitempty"`
		Phone      *string `json:"phone,omitempty" doc:"新电话；“-”是去掉"`
		UnitID     *int64  `json:"unit_id,omitempty"`
		Outsourced *bool   `json:"outsourced,omitempty"`
		UntilAt    *int64  `json:"until_at,omitempty"`
	}
}

func (c console) changeStaff(ctx context.Context, in *changeStaffIn) (*staffView, error) {
	p, err := c.Org.Staff(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	err = c.Org.ChangeStaff(ctx, in.ID, org.StaffIn{Name: or(b.Name, p.Name), Title: or(b.Post, p.Title), Phone: or(b.Phone, ""),
		UnitID: or(b.UnitID, p.UnitID), Outsourced: or(b.Outsourced, p.Outsourced), UntilAt: or(b.UntilAt, p.UntilAt), Version: b.Version})
	if err != nil {
		return nil, renamed(err, onWire)
	}
	return c.person(ctx, &idIn{in.ID})
}

func (c console) disable(ctx context.Context, in *idIn) (*staffView, error) {
	if err := c.Org.Disable(ctx, in.ID); err != nil {
		return nil, err
	}
	return c.person(ctx, in)
}

func (c console) enable(ctx context.Context, in *idIn) (*staffView, error) {
	if err := c.Org.Enable(ctx, in.ID); err != nil {
		return nil, err
	}
	return c.person(ctx, in)
}

type resetIn struct {
	ID   int64 `path:"id"`
	Keep bool  `query:"keep_totp" doc:"只重置密码，动态验证码不变"`
}

func (c console) reset(ctx context.Context, in *resetIn) (*invitation, error) {
	link, err := c.Org.Reset(ctx, in.ID, !in.Keep)
	return viewInvitation(link), err
}

func (c console) expel(ctx context.Context, in *idIn) (*web.None, error) {
	return &web.None{}, c.Org.Expel(ctx, in.ID)
}

type revealIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Reason string `json:"reason"`
	}
}

type revealOut struct {
	Phone string `json:"phone"`
}

func (c console) reveal(ctx context.Context, in *revealIn) (*revealOut, error) {
	phone, err := c.Org.Phone(ctx, in.ID, in.Body.Reason)
	return &revealOut{phone}, err
}

type heldView struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Count int64  `json:"count"`
}

type heldOut struct {
	Items []heldView `json:"items"`
	Next  string     `json:"next"`
}

func (c console) holdings(ctx context.Context, in *idIn) (*heldOut, error) {
	list, err := c.Org.Holds(ctx, in.ID)
	out := &heldOut{}
	for _, h := range list {
		out.Items = append(out.Items, heldView(h))
	}
	return out, err
}

type handoverIn struct {
	ID   int64 `path:"id"`
	Body struct {
		To int64 `json:"to" doc:"接手人的编号"`
	}
}

func (c console) handover(ctx context.Context, in *handoverIn) (*staffView, error) {
	if err := c.Org.Handover(ctx, in.ID, in.Body.To); err != nil {
		return nil, err
	}
	return c.person(ctx, &idIn{in.ID})
}
