package matterweb

import (
	"context"

	"weizheng/kernel/matter"
	"weizheng/platform/web"
)

type actIn struct {
	Matter int64  `path:"matter"`
	Action string `path:"action" maxLength:"60"`
	Body   matter.In
}

func (c console) act(ctx context.Context, in *actIn) (*matter.Done, error) {
	done, err := c.Matters.Act(ctx, in.Matter, in.Action, in.Body)
	return &done, err
}

type assignIn struct {
	Matter int64 `path:"matter"`
	Body   struct {
		Staff   int64  `json:"staff_id,omitempty"`
		Unit    int64  `json:"unit_id,omitempty"`
		Branch  int    `json:"branch,omitempty" doc:"协办的哪一路；0 是事项本身"`
		Reason  string `json:"reason,omitempty"`
		Version int64  `json:"version,omitempty"`
		Key     string `json:"key,omitempty"`
	}
}

func (c console) assign(ctx context.Context, in *assignIn) (*matter.Done, error) {
	b := in.Body
	done, err := c.Matters.Assign(ctx, in.Matter, matter.In{Version: b.Version, Key: b.Key, Staff: b.Staff, Unit: b.Unit, Branch: b.Branch, Reason: b.Reason})
	return &done, err
}

func (c console) watch(ctx context.Context, in *matterIn) (*web.None, error) {
	return &web.None{}, c.Matters.Watch(ctx, in.Matter, true)
}

func (c console) unwatch(ctx context.Context, in *matterIn) (*web.None, error) {
	return &web.None{}, c.Matters.Watch(ctx, in.Matter, false)
}

type revealIn struct {
	Matter int64 `path:"matter"`
	Body   struct {
		Reason string `json:"reason" doc:"为什么要看"`
	}
}

type hiddenView struct {
	Event int64  `json:"event_id"`
	Place string `json:"place"`
	Ref   string `json:"ref"`
	Value string `json:"value"`
}

// fieldView is one field of which what is shown is not what was given.
type fieldView struct {
	Field string `json:"field"`
	Label string `json:"label"`
	Text  string `json:"text"`
}

type revealOut struct {
	Name    string       `json:"name"`
	Phone   string       `json:"phone"`
	Address string       `json:"address"`
	Hidden  []hiddenView `json:"hidden"`
	Fields  []fieldView  `json:"fields" doc:"打了码的栏目，原样"`
}

func (c console) reveal(ctx context.Context, in *revealIn) (*revealOut, error) {
	r, err := c.Matters.Reveal(ctx, in.Matter, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	seen, err := c.Matters.View(ctx, in.Matter)
	if err != nil {
		return nil, err
	}
	out := &revealOut{Name: r.Contact.Name, Phone: r.Contact.Phone, Address: r.Contact.Address, Hidden: []hiddenView{}, Fields: []fieldView{}}
	for _, name := range seen.Sheet.Masked {
		if f, ok := seen.Sheet.Form.Field(name); ok && sightOf(seen).field(name) && r.Values[name] != nil {
			out.Fields = append(out.Fields, fieldView{name, f.Label, f.Words(r.Values[name], c.place(ctx))})
		}
	}
	for _, h := range r.Hidden {
		out.Hidden = append(out.Hidden, hiddenView(h))
	}
	return out, nil
}
