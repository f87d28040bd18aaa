package matter

import (
	"context"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/errs"
)

// givers are the verbs by which a matter changes hands without going anywhere, in the order in which they are tried.
var givers = []flow.Verb{flow.Claim, flow.Assign, flow.Reassign, flow.Transfer}

var errNobodyGives = errs.New(errs.Conflict, "matter.no_giving")

// Assign gives a matter to a person or unit by whichever of its actions the actor of ctx may do that with: to oneself by
// claiming, to others by assigning, reassigning or transferring. Conflict "matter.no_giving" when there is none now.
func (s *Service) Assign(ctx context.Context, id int64, in In) (Done, error) {
	seen, err := s.View(ctx, id)
	if err != nil {
		return Done{}, err
	}
	who := access.From(ctx)
	for _, verb := range givers {
		if (verb == flow.Claim) != (who.Kind == access.Staff && in.Staff == who.ID && seen.Assignee == 0) {
			continue
		}
		for _, o := range seen.Options {
			if o.Does == verb && o.Branch == in.Branch && len(o.To) == 0 {
				if verb == flow.Claim {
					in.Staff = 0
				}
				return s.Act(ctx, id, o.Action, in)
			}
		}
	}
	return Done{}, errNobodyGives
}
