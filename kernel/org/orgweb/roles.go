package orgweb

import (
	"context"

	"weizheng/kernel/org"
	"weizheng/platform/web"
)

type grantIn struct {
	Role      string `json:"role"`
	UnitID    int64  `json:"unit_id"`
	AccountID int64  `json:"account_id,omitempty"`
	UntilAt   int64  `json:"until_at,omitempty"`
}

type putGrantsIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Grants  []grantIn `json:"grants" maxItems:"50"`
		Version int64     `json:"version"`
	}
}

func (c console) putGrants(ctx context.Context, in *putGrantsIn) (*staffView, error) {
	list := []org.GrantIn{}
	for _, g := range in.Body.Grants {
		list = append(list, org.GrantIn{Role: g.Role, UnitID: g.UnitID, Account: g.AccountID, UntilAt: g.UntilAt})
	}
	if err := c.Org.PutGrants(ctx, in.ID, list, in.Body.Version); err != nil {
		return nil, err
	}
	return c.person(ctx, &idIn{in.ID})
}

type roleView struct {
	Key         string   `json:"key"`
	Name        string   `json:"name"`
	Text        string   `json:"text"`
	Duty        org.Duty `json:"duty" doc:"三员职责；空是业务岗位"`
	Permissions []string `json:"permissions"`
	Gives       []string `json:"gives" doc:"可以授予别人的岗位；* 是全部"`
	Builtin     bool     `json:"builtin"`
	Edited      bool     `json:"edited" doc:"与系统自带的不同"`
	Version     int64    `json:"version"`
}

type rolesOut struct {
	Items []roleView `json:"items"`
	Next  string     `json:"next"`
}

func (c console) roles(ctx context.Context, _ *struct{}) (*rolesOut, error) {
	list, err := c.Org.Roles(ctx)
	out := &rolesOut{}
	for _, r := range list {
		out.Items = append(out.Items, roleView{r.Key, r.Name, r.Text, r.Duty, r.Permissions, r.Gives, r.Builtin, r.Edited, r.Version})
	}
	return out, err
}

type putRoleIn struct {
	Key  string `path:"key"`
	Body struct {
		Name        string   `json:"name"`
		Text        string   `json:"text,omitempty"`
		Permissions []string `json:"permissions" maxItems:"200"`
		Gives       []string `json:"gives,omitempty" maxItems:"50"`
		Version     int64    `json:"version" doc:"0 是新岗位"`
	}
}

func (c console) putRole(ctx context.Context, in *putRoleIn) (*web.None, error) {
	b := in.Body
	return &web.None{}, c.Org.PutRole(ctx, org.RoleIn{Key: in.Key, Name: b.Name, Text: b.Text, Permissions: b.Permissions,
		Gives: b.Gives, Version: b.Version})
}

type permissionView struct {
	Key  string `json:"key"`
	Text string `json:"text"`
}

type permissionsOut struct {
	Items []permissionView `json:"items"`
	Next  string           `json:"next"`
}

// permissions lists what roles can be made of.
func (c console) permissions(context.Context, *struct{}) (*permissionsOut, error) {
	out := &permissionsOut{}
	for _, p := range c.Lists.Permissions() {
		out.Items = append(out.Items, permissionView(p))
	}
	return out, nil
}
