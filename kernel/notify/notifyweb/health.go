package notifyweb

import (
	"context"
	"maps"
	"slices"

	"weizheng/part"
)

type health struct {
	Deps
	words words
}

// findings names the accounts with messages of which nobody knows whether they arrived.
func (h health) findings(ctx context.Context) ([]part.Finding, error) {
	counts, err := h.Notify.CountUncertain(ctx)
	if err != nil {
		return nil, err
	}
	var list []part.Finding
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		a, err := h.Notify.Accounts.Known(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, part.Finding{
			Name: "notify.uncertain", State: "warn", Unit: a.Unit,
			Title:  h.words.texts.Say("notify.health_uncertain", map[string]any{"account": a.Profile.Name, "count": counts[id]}),
			Detail: h.words.say("notify.health_detail"), Next: h.words.say("notify.health_next"),
		})
	}
	return list, nil
}
