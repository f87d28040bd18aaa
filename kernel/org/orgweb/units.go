package orgweb

import (
	"context"

	"weizheng/kernel/org"
	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type unitView struct {
	ID         int64     `json:"id"`
	ParentID   int64     `json:"parent_id" doc:"0 是最上面的单位"`
	GuideID    int64     `json:"guide_id" doc:"业务指导单位；0 没有"`
	Level      org.Level `json:"level" enum:"city,district,street,community"`
	Name       string    `json:"name"`
	Short      string    `json:"short"`
	Code       string    `json:"code" doc:"统一社会信用代码"`
	Path       string    `json:"path"`
	Position   int64     `json:"position"`
	Closed     bool      `json:"closed"`
	StaffCount int64     `json:"staff_count" doc:"本单位在用的人，不含下属"`
	Version    int64     `json:"version"`
}

func viewUnit(u org.Unit, staff int64) unitView {
	return unitView{u.ID, u.ParentID, u.GuideID, u.Level, u.Name, u.Short, u.Code, u.Path, u.Position, u.Closed, staff, u.Version}
}

type unitsOut struct {
	Items []unitView `json:"items"`
	Next  string     `json:"next"`
}

func (c console) units(ctx context.Context, _ *struct{}) (*unitsOut, error) {
	list, err := c.Org.Units(ctx, access.From(ctx).Reach(unitRead))
	if err != nil {
		return nil, err
	}
	heads, err := c.Org.Headcounts(ctx)
	if err != nil {
		return nil, err
	}
	out := &unitsOut{}
	for _, u := range list {
		out.Items = append(out.Items, viewUnit(u, heads[u.ID]))
	}
	return out, nil
}

func (c console) unit(ctx context.Context, in *idIn) (*unitView, error) {
	u, err := c.Org.Unit(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	heads, err := c.Org.Headcounts(ctx)
	v := viewUnit(u, heads[u.ID])
	return &v, err
}

// UnitBody is what can be said of a unit; what is left out stays, or takes the default of a new one.
type UnitBody struct { // exported, because huma leaves embedded private structs out
	GuideID  *int64     `json:"guide_id,omitempty"`
	Level    *org.Level `json:"level,omitempty" doc:"不给就与上级同级：部门属于它所在的一级政府"`
	Name     *string    `json:"name,omitempty"`
	Short    *string    `json:"short,omitempty"`
	Code     *string    `json:"code,omitempty"`
	Position *int64     `json:"position,omitempty"`
	Closed   *bool      `json:"closed,omitempty"`
}

func (b UnitBody) over(u org.Unit) org.UnitIn {
	return org.UnitIn{ParentID: u.ParentID, GuideID: or(b.GuideID, u.GuideID), Level: or(b.Level, u.Level), Name: or(b.Name, u.Name),
		Short: or(b.Short, u.Short), Code: or(b.Code, u.Code), Position: or(b.Position, u.Position), Closed: or(b.Closed, u.Closed)}
}

// or is the value that was sent, else the present one.
func or[T any](sent *T, present T) T {
	if sent != nil {
		return *sent
	}
	return present
}

type createUnitIn struct {
	Body struct {
		ParentID int64 `json:"parent_id"`
		UnitBody
	}
}

func (c console) createUnit(ctx context.Context, in *createUnitIn) (*unitView, error) {
	parent, err := c.Org.Unit(ctx, in.Body.ParentID)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	level := parent.Level
	if parent.ID == 0 {
		level = org.City // the verb refuses the parent; the level must not be blamed too
	}
	u, err := c.Org.CreateUnit(ctx, in.Body.over(org.Unit{ParentID: in.Body.ParentID, Level: level}))
	if err != nil {
		return nil, err
	}
	v := viewUnit(u, 0)
	return &v, nil
}

type changeUnitIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Version int64 `json:"version"`
		UnitBody
	}
}

func (c console) changeUnit(ctx context.Context, in *changeUnitIn) (*unitView, error) {
	u, err := c.Org.Unit(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	change := in.Body.over(u)
	change.Version = in.Body.Version
	if err := c.Org.ChangeUnit(ctx, in.ID, change); err != nil {
		return nil, err
	}
	return c.unit(ctx, &idIn{in.ID})
}

type moveUnitIn struct {
	ID   int64 `path:"id"`
	Body struct {
		ParentID int64 `json:"parent_id"`
		Version  int64 `json:"version"`
	}
}

func (c console) moveUnit(ctx context.Context, in *moveUnitIn) (*unitView, error) {
	if err := c.Org.MoveUnit(ctx, in.ID, in.Body.ParentID, in.Body.Version); err != nil {
		return nil, err
	}
	return c.unit(ctx, &idIn{in.ID})
}

func (c console) removeUnit(ctx context.Context, in *idIn) (*web.None, error) {
	return &web.None{}, c.Org.RemoveUnit(ctx, in.ID)
}
