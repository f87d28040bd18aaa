package flowweb

import (
	"context"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/errs"
)

type numberIn struct {
	ID     int64 `path:"id"`
	Number int64 `path:"number" minimum:"1"`
}

type versionOut struct {
	versionView
	Definition flow.Definition `json:"definition"`
}

func (c console) version(ctx context.Context, in *numberIn) (*versionOut, error) {
	e, err := c.Flows.Edition(ctx, in.ID, in.Number)
	if err != nil {
		return nil, err
	}
	v, err := c.edition(ctx, e)
	return &versionOut{v, e.Definition}, err
}

type diffIn struct {
	ID   int64 `path:"id"`
	From int64 `query:"from" minimum:"0" doc:"number of a version; 0: the live one"`
	To   int64 `query:"to" minimum:"0" doc:"number of a version; 0: the draft"`
}

type diffOut struct {
	From    int64           `json:"from" doc:"0: nothing is live"`
	To      int64           `json:"to" doc:"0: the draft"`
	Before  flow.Definition `json:"before"`
	After   flow.Definition `json:"after"`
	Changes []flow.Change   `json:"changes"`
}

func (c console) diff(ctx context.Context, in *diffIn) (*diffOut, error) {
	f, err := c.Flows.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &diffOut{From: in.From, To: in.To, After: f.Draft}
	if out.From == 0 {
		out.From = f.Live
	}
	if out.From > 0 {
		e, err := c.Flows.Edition(ctx, in.ID, out.From)
		if err != nil {
			return nil, err
		}
		out.Before = e.Definition
	}
	if in.To > 0 {
		e, err := c.Flows.Edition(ctx, in.ID, in.To)
		if err != nil {
			return nil, err
		}
		out.After = e.Definition
	}
	out.Changes = flow.Compare(&out.Before, &out.After)
	return out, nil
}

type yamlIn struct {
	ID     int64 `path:"id"`
	Number int64 `query:"number" minimum:"0" doc:"0: the draft"`
}

type yamlOut struct {
	YAML string `json:"yaml"`
}

func (c console) yaml(ctx context.Context, in *yamlIn) (*yamlOut, error) {
	f, err := c.Flows.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	d := f.Draft
	if in.Number > 0 {
		e, err := c.Flows.Edition(ctx, in.ID, in.Number)
		if err != nil {
			return nil, err
		}
		d = e.Definition
	}
	text, err := flow.Format(&d)
	return &yamlOut{string(text)}, errs.Wrap(err, "write flow %d", in.ID)
}

type validateIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Draft *flow.Definition `json:"draft,omitempty" doc:"none: what is saved"`
		YAML  string           `json:"yaml,omitempty" doc:"instead of draft"`
	}
}

type validateOut struct {
	Sound      bool             `json:"sound" doc:"it may go live"`
	Problems   []problem        `json:"problems"`
	Definition *flow.Definition `json:"definition,omitempty" doc:"what the YAML says; missing when it cannot be read"`
}

func (c console) validate(ctx context.Context, in *validateIn) (*validateOut, error) {
	f, err := c.Flows.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	d, problems := &f.Draft, []flow.Problem(nil)
	if in.Body.Draft != nil || in.Body.YAML != "" {
		if d, problems = definition(in.Body.Draft, in.Body.YAML); d == nil {
			return &validateOut{Problems: c.say(problems)}, nil
		}
	}
	d.Key = f.Key
	if problems, err = c.Flows.Check(ctx, d); err != nil {
		return nil, err
	}
	return &validateOut{Sound: flow.Sound(problems), Problems: c.say(problems), Definition: d}, nil
}

type wordsOut struct {
	Guards      []Word   `json:"guards" doc:"conditions that parts offer"`
	Effects     []Word   `json:"effects" doc:"consequences that parts offer"`
	Permissions []Word   `json:"permissions" doc:"what a role may stand for"`
	Notices     []Word   `json:"notices" doc:"texts that a notice can say"`
	Forms       []Form   `json:"forms"`
	Verbs       []string `json:"verbs"`
	Flows       []Word   `json:"flows" doc:"live flows within reach, for sub-matters"`
}

// words lists what a definition may name, for the editor's menus.
func (c console) words(ctx context.Context, _ *struct{}) (*wordsOut, error) {
	out := &wordsOut{}
	for _, g := range c.Lists.Guards() {
		out.Guards = append(out.Guards, Word{g.Name, g.Text})
	}
	for _, e := range c.Lists.Effects() {
		out.Effects = append(out.Effects, Word{e.Name, e.Text})
	}
	for _, p := range c.Lists.Permissions() {
		out.Permissions = append(out.Permissions, Word{p.Key, p.Text})
	}
	for _, key := range flow.NoticeTexts() {
		out.Notices = append(out.Notices, Word{key, c.Say(key, nil)})
	}
	for _, v := range flow.Verbs() {
		out.Verbs = append(out.Verbs, string(v))
	}
	list, err := c.Flows.List(ctx, access.From(ctx).Reach(read), 0, mostFlows)
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		if f.Live > 0 {
			out.Flows = append(out.Flows, Word{f.Key, f.Draft.Title})
		}
	}
	out.Forms, err = c.Forms(ctx, access.From(ctx).Reach("form.read"))
	return out, err
}

// mostFlows bounds the editor's menu of flows for sub-matters.
const mostFlows = 300
