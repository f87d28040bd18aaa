package citizenweb

import (
	"context"

	"weizheng/kernel/citizen"
	"weizheng/part"
	"weizheng/platform/db"
)

// held is this part's own share of what is known about a person.
type held struct {
	Deps
	words words
}

func (h held) declare() part.DataHeld {
	return part.DataHeld{Name: "citizen", Title: h.words.texts.Say("citizen.held", nil), Export: h.export, Erase: h.erase}
}

func (h held) export(ctx context.Context, subject part.Ref) ([]part.Line, error) {
	switch subject.Kind {
	case "follower":
		f, err := h.Citizens.Get(ctx, h.Citizens.DB, subject.ID)
		if err != nil || f.Erased {
			return nil, err
		}
		return h.follower(ctx, f)
	case "citizen":
		list, err := h.Citizens.Consents(ctx, h.Citizens.DB, subject.ID)
		if err != nil {
			return nil, err
		}
		var lines []part.Line
		for _, c := range list {
			note := h.words.texts.Say("citizen.held_agreed", nil)
			if !c.WithdrawnAt.IsZero() {
				note = h.words.texts.Say("citizen.held_withdrawn", nil)
			}
			lines = append(lines, part.Line{Title: c.Purpose, Note: note, AtMs: millis(c.GivenAt)})
		}
		return lines, nil
	}
	return nil, nil
}

func (h held) follower(ctx context.Context, f citizen.Follower) ([]part.Line, error) {
	a, err := h.Accounts.Known(ctx, f.Account)
	if err != nil {
		return nil, err
	}
	say := func(key string) string { return h.words.texts.Say(key, nil) }
	lines := []part.Line{{Title: say("citizen.held_id"), Note: a.Profile.Name + " " + h.Citizens.Number(f.ID)}}
	if !f.SubscribedAt.IsZero() {
		lines = append(lines, part.Line{Title: say("citizen.held_since"), AtMs: millis(f.SubscribedAt)})
	}
	if source := h.words.scene(f.Scene, f.SceneKey); source != "" {
		lines = append(lines, part.Line{Title: say("citizen.held_source"), Note: source})
	}
	if !f.LastSeenAt.IsZero() {
		lines = append(lines, part.Line{Title: say("citizen.held_seen"), AtMs: millis(f.LastSeenAt)})
	}
	if f.HasRemark {
		remark, err := h.Citizens.Remark(ctx, h.Citizens.DB, f)
		if err != nil {
			return nil, err
		}
		lines = append(lines, part.Line{Title: say("citizen.held_remark"), Note: remark})
	}
	return lines, nil
}

// erase has nothing to do: the verbs Forget and Erase, which everything else comes before or after, are this part's own.
func (held) erase(context.Context, *db.Tx, part.Ref) error { return nil }
