package matterweb

import (
	"context"
	"strings"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
)

// Flows lists definitions.
type Flows interface {
	List(ctx context.Context, reach access.Reach, after int64, limit int) ([]flow.Sheet, error)
	Live(ctx context.Context, key string) (*flow.Definition, int64, error)
}

// mostFlows bounds how many definitions are looked through for those that can be begun by hand.
const mostFlows = 500

type beginningView struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

type beginningsOut struct {
	Items []beginningView `json:"items"`
}

// byHand reports whether staff of a unit begin matters of a flow themselves: it was made for that unit or one above it, and
// is a kind of its own. Those of the whole house belong to modules, which open them together with their noun.
func byHand(s flow.Sheet, unit string) bool {
	return s.Live > 0 && s.UnitID != 0 && s.Draft.Kind == s.Key && strings.HasPrefix(unit, s.Unit)
}

// beginnings lists what whoever asks may register.
func (c console) beginnings(ctx context.Context, _ *struct{}) (*beginningsOut, error) {
	out := &beginningsOut{Items: []beginningView{}}
	list, err := c.Flows.List(ctx, access.Reach{All: true}, 0, mostFlows)
	for _, s := range list {
		if !byHand(s, access.From(ctx).Unit) {
			continue
		}
		live, _, err := c.Flows.Live(ctx, s.Key)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, beginningView{s.Key, live.Title, live.Text})
	}
	return out, err
}
