package flowweb

import (
	"context"

	"weizheng/kernel/flow"
	"weizheng/platform/db"
)

func (d Deps) approved(ctx context.Context, tx *db.Tx, matter int64, _ map[string]string) error {
	return d.Flows.Approved(ctx, tx, matter)
}

func (d Deps) settled(ctx context.Context, tx *db.Tx, matter int64, params map[string]string) error {
	return d.Flows.Settled(ctx, tx, matter, flow.VersionState(params["state"]))
}

// propose sends the draft to a colleague who may let it go live.
func (c console) propose(ctx context.Context, in *versionIn) (*view, error) {
	f, err := c.Flows.Propose(ctx, in.ID, in.Body.Version)
	return c.shown(ctx, f, err)
}

// reviewing adds to a flow's view how whoever asks may let it go live, and what waits already.
func (c console) reviewing(ctx context.Context, f flow.Sheet, v *view) error {
	way, err := c.Flows.Publishing(ctx, f)
	if err != nil {
		return err
	}
	v.Publishing = string(way)
	e, waits, err := c.Flows.Pending(ctx, f.ID)
	if err != nil || !waits {
		return err
	}
	one, err := c.edition(ctx, e)
	v.Pending = &one
	return err
}
