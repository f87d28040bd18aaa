package flowweb

import (
	"context"
	"strconv"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type summary struct {
	ID          int64  `json:"id"`
	Key         string `json:"key"`
	Title       string `json:"title"`
	Kind        string `json:"kind"`
	UnitID      int64  `json:"unit_id" doc:"0: of the whole house"`
	Unit        string `json:"unit" doc:"the unit's name"`
	Live        int64  `json:"live" doc:"number of the live version; 0: none"`
	Newest      int64  `json:"newest" doc:"number of the newest version; above live when a release offers one"`
	Offered     bool   `json:"offered" doc:"a release brought a version that nobody has taken over"`
	Unpublished bool   `json:"unpublished" doc:"the draft differs from what is live"`
	Editable    bool   `json:"editable" doc:"by who asks"`
	Publishable bool   `json:"publishable" doc:"by who asks"`
	UpdatedAt   int64  `json:"updated_at"`
	EditedBy    string `json:"edited_by" doc:"who changed the draft last; empty: the house"`
	Version     int64  `json:"version"`
}

type view struct {
	summary
	Draft    flow.Definition `json:"draft"`
	Problems []problem       `json:"problems"`

	Publishing string       `json:"publishing" enum:"direct,ask,alone" doc:"how whoever asks lets it go live: at once, by asking a colleague, or alone because there is no other"`
	Pending    *versionView `json:"pending,omitempty" doc:"the version that a colleague looks at"`
}

// problem is a fault of a definition in words.
type problem struct {
	Path     string `json:"path" doc:"what it is about: actions.accept.to"`
	Line     int    `json:"line,omitempty" doc:"of the YAML"`
	Severity string `json:"severity" enum:"error,warning"`
	Key      string `json:"key"`
	Message  string `json:"message"`
}

func (c console) summary(ctx context.Context, f flow.Sheet) (summary, error) {
	actor := access.From(ctx)
	v := summary{
		ID: f.ID, Key: f.Key, Title: f.Draft.Title, Kind: f.Draft.Kind, UnitID: f.UnitID, Live: f.Live, Unpublished: true,
		Editable: actor.Can(edit, f.Object()), Publishable: actor.Can(publish, f.Object()),
		UpdatedAt: clock.Millis(f.UpdatedAt), Version: f.Version,
	}
	newest, err := c.Flows.Editions(ctx, f.ID, 0, 1)
	if err != nil {
		return v, err
	}
	if len(newest) > 0 {
		v.Newest, v.Offered = newest[0].Number, newest[0].State == flow.Offered
	}
	if f.Live > 0 {
		live, err := c.Flows.Edition(ctx, f.ID, f.Live)
		if err != nil {
			return v, err
		}
		v.Unpublished = len(flow.Compare(&live.Definition, &f.Draft)) > 0
	}
	if f.EditedBy > 0 {
		people, err := c.Staff.Names(ctx, []int64{f.EditedBy})
		if err != nil {
			return v, err
		}
		v.EditedBy = people[f.EditedBy]
	}
	if f.UnitID == 0 {
		v.Unit = "全市通用"
		return v, nil
	}
	names, err := c.Units.UnitNames(ctx, []int64{f.UnitID})
	v.Unit = names[f.UnitID]
	return v, err
}

func (c console) shown(ctx context.Context, f flow.Sheet, err error) (*view, error) {
	if err != nil {
		return nil, err
	}
	v := &view{Draft: f.Draft}
	if v.summary, err = c.summary(ctx, f); err != nil {
		return nil, err
	}
	if err := c.reviewing(ctx, f, v); err != nil {
		return nil, err
	}
	problems, err := c.Flows.Check(ctx, &f.Draft)
	v.Problems = c.say(problems)
	return v, err
}

// say puts problems into words.
func (c console) say(problems []flow.Problem) []problem {
	out := []problem{}
	for _, p := range problems {
		out = append(out, problem{Path: p.Path, Line: p.Line, Severity: string(p.Severity), Key: p.Key, Message: c.Say(p.Key, p.Params)})
	}
	return out
}

// definition takes a definition from the request: as JSON, or as YAML with its problems.
func definition(d *flow.Definition, yaml string) (*flow.Definition, []flow.Problem) {
	if d != nil {
		return d, nil
	}
	return flow.Parse([]byte(yaml))
}

// refusal is a text that could not be read, each fault at its line.
func refusal(problems []flow.Problem) error {
	var faults []errs.Field
	for _, p := range problems {
		field := "yaml"
		if p.Line > 0 {
			field += "." + strconv.Itoa(p.Line)
		}
		faults = append(faults, errs.Field{Field: field, Key: p.Key, Params: p.Params})
	}
	return errs.InvalidFields(faults)
}

type versionsIn struct {
	ID     int64 `path:"id"`
	Cursor int64 `query:"cursor" minimum:"0"`
	Limit  int   `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type versionsOut struct {
	Items []versionView `json:"items"`
	Next  string        `json:"next" doc:"cursor of the next page; empty at the end"`
}

type versionView struct {
	ID        int64  `json:"id" doc:"what matters keep that were opened with it"`
	Number    int64  `json:"number"`
	Title     string `json:"title"`
	State     string `json:"state" enum:"live,retired,offered,waiting,refused,withdrawn"`
	Origin    string `json:"origin" enum:"local,shipped"`
	Digest    string `json:"digest"`
	MadeBy    int64  `json:"made_by" doc:"staff; 0: came with a release"`
	By        string `json:"by"`
	MadeAt    int64  `json:"made_at"`
	RetiredAt int64  `json:"retired_at,omitempty"`
	SettledBy string `json:"settled_by" doc:"who approved or refused it; empty: nobody was asked"`
	MatterID  int64  `json:"matter_id" doc:"its review; 0: none"`
}

func (c console) versions(ctx context.Context, in *versionsIn) (*versionsOut, error) {
	list, err := c.Flows.Editions(ctx, in.ID, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &versionsOut{Items: []versionView{}}
	list, out.Next = web.More(list, in.Limit, func(e flow.Edition) int64 { return e.Number })
	for _, e := range list {
		v, err := c.edition(ctx, e)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}

func (c console) edition(ctx context.Context, e flow.Edition) (versionView, error) {
	v := versionView{ID: e.ID, Number: e.Number, Title: e.Definition.Title, State: string(e.State), Origin: e.Origin,
		Digest: e.Digest, MadeBy: e.MadeBy, MadeAt: clock.Millis(e.MadeAt)}
	if !e.RetiredAt.IsZero() {
		v.RetiredAt = clock.Millis(e.RetiredAt)
	}
	v.MatterID = e.Matter
	names, err := c.Staff.Names(ctx, []int64{e.MadeBy, e.SettledBy})
	v.By, v.SettledBy = names[e.MadeBy], names[e.SettledBy]
	if e.MadeBy == 0 {
		v.By = "随系统更新"
	}
	return v, err
}
