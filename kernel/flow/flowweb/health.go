package flowweb

import (
	"context"
	"strings"

	"weizheng/part"
)

// mostSaid is how many problems of one flow a finding tells; the flow's own page tells all.
const mostSaid = 3

// health finds live flows that name what the house does not offer any more, and says when nobody looks before one goes live.
func (d Deps) health(ctx context.Context) ([]part.Finding, error) {
	broken, err := d.Flows.Broken(ctx)
	if err != nil {
		return nil, err
	}
	found := []part.Finding{}
	for _, b := range broken {
		var said []string
		for _, p := range b.Problems[:min(mostSaid, len(b.Problems))] {
			said = append(said, p.Path+"："+d.Say(p.Key, p.Params))
		}
		found = append(found, part.Finding{
			Name: "flow." + b.Sheet.Key, State: "fail", Title: "流程“" + b.Sheet.Draft.Title + "”有问题", Unit: b.Sheet.Unit,
			Detail: strings.Join(said, "；"), Next: "打开这个流程，改好后重新发布，或者停用",
		})
	}
	if d.Reviewed != nil && !d.Reviewed(ctx, "") {
		found = append(found, part.Finding{
			Name: Review, State: "warn", Title: "流程发布没有第二个人看", Detail: "改流程的人可以自己发布：写错一个箭头，一类事就会走错。",
			Next: "在“设置”里打开“改流程的人不能自己发布”",
		})
	}
	return found, nil
}
