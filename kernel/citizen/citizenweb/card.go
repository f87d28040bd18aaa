package citizenweb

import (
	"context"

	"weizheng/part"
	"weizheng/platform/errs"
)

// card is the panel beside a conversation: who this is, as far as one may know.
type card struct {
	Deps
	words words
}

func (c card) load(ctx context.Context, subject part.Ref) ([]part.Line, error) {
	f, err := c.Citizens.Get(ctx, c.Citizens.DB, subject.ID)
	if err != nil {
		return nil, err
	}
	say := func(key string) string { return c.words.texts.Say(key, nil) }
	if f.Erased {
		return []part.Line{{Title: say("citizen.card_erased")}}, nil
	}
	lines := []part.Line{{Title: say("citizen.card_number"), Note: c.Citizens.Number(f.ID)}}
	if f.Subscribed {
		lines = append(lines, part.Line{Title: say("citizen.card_following"), AtMs: millis(f.SubscribedAt), Mark: "good"})
	} else {
		lines = append(lines, part.Line{Title: say("citizen.card_left"), AtMs: millis(f.UnsubscribedAt), Mark: "warn"})
	}
	if source := c.words.scene(f.Scene, f.SceneKey); source != "" {
		lines = append(lines, part.Line{Title: say("citizen.card_source"), Note: source})
	}
	if f.Important {
		lines = append(lines, part.Line{Title: say("citizen.card_important"), Mark: "warn"})
	}
	if f.Blocked {
		lines = append(lines, part.Line{Title: say("citizen.card_blocked"), Mark: "bad"})
	}
	others, err := c.others(ctx, f.Citizen, f.ID)
	return append(lines, others...), err
}

// others are the other accounts in which the same person is a follower.
func (c card) others(ctx context.Context, citizen, except int64) ([]part.Line, error) {
	list, err := c.Citizens.Of(ctx, c.Citizens.DB, citizen)
	if err != nil {
		return nil, err
	}
	var lines []part.Line
	for _, f := range list {
		if f.ID == except {
			continue
		}
		a, err := c.Accounts.Known(ctx, f.Account)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		lines = append(lines, part.Line{Title: c.words.texts.Say("citizen.card_also", nil), Note: a.Profile.Name})
	}
	return lines, nil
}
