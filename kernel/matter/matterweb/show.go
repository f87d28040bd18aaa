package matterweb

import (
	"context"
	"strconv"

	"weizheng/kernel/matter"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// shownMatters is how many matters of a citizen a panel shows.
const shownMatters = 10

// card lists what a citizen has had done; sealed matters are for their parties.
func (c console) card(ctx context.Context, subject part.Ref) ([]part.Line, error) {
	list, err := c.Matters.OfCitizen(ctx, subject.ID, 0, shownMatters)
	if err != nil {
		return nil, err
	}
	var lines []part.Line
	for _, m := range list {
		if m.Sealed {
			continue
		}
		line, err := c.line(ctx, m)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func (c console) line(ctx context.Context, m matter.Matter) (part.Line, error) {
	_, state, err := c.Matters.Titles(ctx, m)
	line := part.Line{Title: m.Title, Note: state, URL: "/console/matters/" + strconv.FormatInt(m.ID, 10), AtMs: m.OpenedAt}
	switch m.Light(c.Civil.Now().UnixMilli()) {
	case matter.Yellow:
		line.Mark = "warn"
	case matter.Red:
		line.Mark = "bad"
	}
	return line, err
}

// find finds a matter by its whole number.
func (c console) find(ctx context.Context, reach access.Reach, typed string, _ int) ([]part.Line, error) {
	m, err := c.Matters.ByNumber(ctx, reach, typed)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Invalid) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	line, err := c.line(ctx, m)
	return []part.Line{line}, err
}

// exportPage is how many matters are read at once.
const exportPage = 100

// export tells a citizen what is kept of their matters.
func (c console) export(ctx context.Context, subject part.Ref) ([]part.Line, error) {
	if subject.Kind != "citizen" {
		return nil, nil
	}
	var lines []part.Line
	before := int64(0)
	for {
		list, err := c.Matters.OfCitizen(ctx, subject.ID, before, exportPage)
		if err != nil || len(list) == 0 {
			return lines, err
		}
		for _, m := range list {
			more, err := c.exportOne(ctx, m)
			if err != nil {
				return nil, err
			}
			lines = append(lines, more...)
		}
		before = list[len(list)-1].ID
	}
}

func (c console) exportOne(ctx context.Context, m matter.Matter) ([]part.Line, error) {
	kind, state, err := c.Matters.Titles(ctx, m)
	if err != nil {
		return nil, err
	}
	lines := []part.Line{{Title: kind + " " + m.Number + "：" + m.Title, Note: state, AtMs: m.OpenedAt}}
	contact, err := c.Matters.Contact(ctx, m)
	for _, given := range []struct{ key, value string }{
		{"matter.held_name", contact.Name}, {"matter.held_phone", contact.Phone}, {"matter.held_address", contact.Address},
	} {
		if given.value != "" {
			lines = append(lines, part.Line{Title: c.words.say(given.key), Note: given.value})
		}
	}
	return lines, err
}

func (d Deps) erase(ctx context.Context, tx *db.Tx, subject part.Ref) error {
	if subject.Kind != "citizen" {
		return nil
	}
	return d.Matters.EraseCitizen(ctx, tx, subject.ID)
}

// sweepLate is when a sweep that is behind is worth a word: it runs each second.
const sweepLate = 5 * 60 * 1000

// findings says when deadlines are not handled in time.
func (c console) findings(ctx context.Context) ([]part.Finding, error) {
	late, err := c.Matters.Late(ctx)
	if err != nil {
		return nil, err
	}
	f := part.Finding{Name: "matter.due", State: "ok", Title: c.words.say("matter.health_ok")}
	if late > sweepLate {
		f.State, f.Title, f.Next = "warn", c.words.say("matter.health_late"), c.words.say("matter.health_next")
	}
	kept := part.Finding{Name: "matter.retention", State: "ok", Title: c.words.say("matter.health_kept")}
	if _, known := c.Matters.Keeps(ctx, ""); !known {
		kept.State, kept.Title, kept.Next = "warn", c.words.say("matter.health_keeping"), c.words.say("matter.health_keeping_next")
	}
	return []part.Finding{f, kept}, nil
}
