package citizenweb

import (
	"context"

	"weizheng/kernel/citizen"
	"weizheng/platform/errs"
)

type syncView struct {
	State   string `json:"state" enum:"idle,running,done,failed"`
	Done    int64  `json:"done" doc:"已核对多少人"`
	Total   int64  `json:"total" doc:"微信说一共多少人；0 是还不知道"`
	Fresh   int64  `json:"fresh" doc:"新见到的"`
	Gone    int64  `json:"gone" doc:"已不再关注的"`
	Detail  string `json:"detail,omitempty" doc:"为什么停了"`
	Started int64  `json:"started_at"`
	Ended   int64  `json:"ended_at"`
}

// viewSync counts a follower as half done when listed and whole when asked about: then the bar moves evenly.
func (c console) viewSync(y citizen.Sync) *syncView {
	v := &syncView{Total: y.Total, Done: y.Listed, Fresh: y.Fresh, Gone: y.Gone, Started: millis(y.StartedAt), Ended: millis(y.FinishedAt)}
	switch y.State {
	case citizen.SyncDone:
		v.State = "done"
	case citizen.SyncFailed:
		v.State, v.Detail = "failed", c.words.problem(y.Problem)
	default:
		v.State, v.Done = "running", (y.Listed+min(y.Asked, y.Listed))/2
	}
	return v
}

func (c console) sync(ctx context.Context, in *idIn) (*syncView, error) {
	y, err := c.Citizens.LastSync(ctx, in.ID)
	if errs.Is(err, errs.NotFound) {
		return &syncView{State: "idle"}, nil
	}
	if err != nil {
		return nil, err
	}
	return c.viewSync(y), nil
}

func (c console) startSync(ctx context.Context, in *idIn) (*syncView, error) {
	y, err := c.Citizens.StartSync(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return c.viewSync(y), nil
}
