package flowweb

import (
	"context"

	"weizheng/kernel/flow"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

type simulateIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Draft  *flow.Definition `json:"draft,omitempty" doc:"none: what is saved, or the version named"`
		Number int64            `json:"number,omitempty" minimum:"0" doc:"a version instead of the draft"`
		Trial  flow.Trial       `json:"trial" doc:"at 0: now"`
	}
}

type simulateOut struct {
	Frames   []frame   `json:"frames" doc:"the opening, each move, and what fell due in between"`
	Problems []problem `json:"problems" doc:"of the definition; with errors in it nothing is played"`
}

// frame is flow's, with the refusal in words.
type frame struct {
	flow.Frame
	Refused  string     `json:"refused,omitempty" doc:"why the move was not possible"`
	Missing  []faultOut `json:"missing" doc:"what the move lacks"`
	State    string     `json:"state"`
	Title    string     `json:"title" doc:"of the state"`
	Fictions []string   `json:"fictions" doc:"what the law took for done in this frame"`
}

type faultOut struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// simulate plays invented people through a definition that is not live. It writes nothing.
func (c console) simulate(ctx context.Context, in *simulateIn) (*simulateOut, error) {
	f, err := c.Flows.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	d := &f.Draft
	if in.Body.Number > 0 {
		e, err := c.Flows.Edition(ctx, in.ID, in.Body.Number)
		if err != nil {
			return nil, err
		}
		d = &e.Definition
	}
	if in.Body.Draft != nil {
		d = in.Body.Draft
	}
	d.Key = f.Key
	problems := flow.Validate(d, flow.Known{}) // what parts do not offer yet can be tried out all the same
	out := &simulateOut{Frames: []frame{}, Problems: c.say(problems)}
	if !flow.Sound(problems) {
		return out, nil
	}
	if in.Body.Trial.At == 0 {
		in.Body.Trial.At = clock.Millis(c.Civil.Now())
	}
	cal, err := c.Calendars.Calendar(ctx, f.Unit)
	if err != nil {
		return nil, err
	}
	frames, err := flow.Try(d, in.Body.Trial, cal)
	for _, one := range frames {
		out.Frames = append(out.Frames, c.frame(d, one))
	}
	return out, err
}

func (c console) frame(d *flow.Definition, one flow.Frame) frame {
	state, _ := d.State(one.Run.State)
	v := frame{Frame: one, State: one.Run.State, Title: state.Title, Missing: []faultOut{}, Fictions: []string{}}
	for _, e := range one.Events {
		if e.Kind == flow.EventFiction {
			v.Fictions = append(v.Fictions, e.Title)
		}
	}
	if one.Refused == nil {
		return v
	}
	refused := errs.As(one.Refused)
	v.Refused = c.Say(refused.Key(), refused.Params())
	for _, f := range refused.Fields() {
		v.Missing = append(v.Missing, faultOut{f.Field, c.Say(f.Key, f.Params)})
	}
	return v
}
