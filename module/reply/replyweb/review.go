package replyweb

import (
	"context"

	"weizheng/module/reply"
	"weizheng/platform/db"
)

// Review is the setting that asks for a colleague's approval before a rule's words go live.
const Review = "reply.review"

// review is the permission to approve what colleagues wrote; the flow's definition asks for it.
const review = "reply.review"

// Staff names people.
type Staff interface {
	Names(ctx context.Context, ids []int64) (map[int64]string, error)
}

func (f face) publish(ctx context.Context, tx *db.Tx, matter int64, _ map[string]string) error {
	return f.Replies.Publish(ctx, tx, matter)
}

func (f face) settle(ctx context.Context, tx *db.Tx, matter int64, params map[string]string) error {
	return f.Replies.Settle(ctx, tx, matter, reply.VersionState(params["state"]))
}

// versionView is one wording of a rule.
type versionView struct {
	Number       int64              `json:"number"`
	State        reply.VersionState `json:"state" enum:"waiting,returned,live,refused,withdrawn"`
	Reason       string             `json:"reason" doc:"退回或不通过的理由"`
	MatterID     int64              `json:"matter_id" doc:"它的审核；0 没有要求审核"`
	ProposedByID int64              `json:"proposed_by_id"`
	ProposedBy   string             `json:"proposed_by"`
	ProposedAt   int64              `json:"proposed_at"`
	DecidedBy    string             `json:"decided_by" doc:"谁审的；空是没有人审"`
	DecidedAt    int64              `json:"decided_at"`
	Rule         RuleBody           `json:"rule" doc:"这一版写的内容"`
}

func (c console) versionViews(ctx context.Context, list []reply.Version) ([]versionView, error) {
	ids := []int64{}
	for _, v := range list {
		ids = append(ids, v.ProposedBy, v.DecidedBy)
	}
	names, err := c.Staff.Names(ctx, unique(ids))
	if err != nil {
		return nil, err
	}
	out := make([]versionView, 0, len(list))
	for _, v := range list {
		r, err := body(v.Content)
		if err != nil {
			return nil, err
		}
		out = append(out, versionView{
			Number: v.Number, State: v.State, Reason: v.Reason, MatterID: v.Matter, ProposedByID: v.ProposedBy, ProposedBy: names[v.ProposedBy],
			ProposedAt: millis(v.ProposedAt), DecidedBy: names[v.DecidedBy], DecidedAt: millis(v.DecidedAt), Rule: r,
		})
	}
	return out, nil
}

// proposed adds to rules what of them is not live.
func (c console) proposed(ctx context.Context, rules []reply.Rule, views []ruleView) error {
	open, err := c.Replies.Proposals(ctx, rules)
	if err != nil {
		return err
	}
	for i := range views {
		v, found := open[views[i].ID]
		if !found {
			continue
		}
		one, err := c.versionViews(ctx, []reply.Version{v})
		if err != nil {
			return err
		}
		views[i].Proposal = &one[0]
	}
	return nil
}

type versionsOut struct {
	Items []versionView `json:"items" doc:"从新到旧"`
}

func (c console) versions(ctx context.Context, in *idIn) (*versionsOut, error) {
	list, err := c.Replies.Versions(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	items, err := c.versionViews(ctx, list)
	return &versionsOut{items}, err
}

func (c console) withdraw(ctx context.Context, in *versionIn) (*ruleView, error) {
	return c.shown(ctx)(c.Replies.Withdraw(ctx, in.ID, in.Body.Version))
}
