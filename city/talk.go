package city

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"weizheng/module/conversation"
	"weizheng/platform/access"
	"weizheng/platform/clock"
)

// days is how far the city's memory goes back at most.
const days = 21

// days is how many of them a size remembers.
func (s Size) days() int {
	if s == Sample {
		return 2
	}
	return days
}

// Past is where civil time must stand when Build begins: before the first deed.
const Past = (days + 1) * 24 * time.Hour

// deed is one thing that a citizen did at a civil time.
type deed struct {
	at      time.Time
	citizen string
	account string
	path    string // of the sandbox's API
	more    fields
	topic   topic // of a message that a person answers
}

// playTalk lets the last weeks happen: citizens follow, ask, tap, leave; rules answer at once and staff within the hour.
func (b *builder) playTalk(ctx context.Context) error {
	deeds := b.draw()
	slices.SortStableFunc(deeds, func(a, c deed) int { return a.at.Compare(c.at) })
	answers := map[string]string{}
	last := ""
	for _, d := range deeds {
		if err := b.moveTo(d.at); err != nil {
			return err
		}
		if hour := d.at.In(clock.Zone).Format("01-02 15"); hour != last {
			if err := b.answerWaiting(ctx, answers); err != nil {
				return err
			}
			if last == "" || hour[:5] != last[:5] { // a day's answers arrive before the next day begins
				if err := b.Idle(ctx); err != nil {
					return err
				}
			}
			last = hour
		}
		in := fields{"account": d.account, "citizen": d.citizen}
		maps.Copy(in, d.more)
		if err := b.act(ctx, http.MethodPost, d.path, in, nil); err != nil {
			return err
		}
		if d.topic.answer != "" {
			answers[d.topic.asks] = d.topic.answer
		}
	}
	if err := b.answerWaiting(ctx, answers); err != nil {
		return err
	}
	return b.leaveWaiting(ctx)
}

// moveTo moves civil time forward to an instant; earlier ones have passed already.
func (b *builder) moveTo(at time.Time) error {
	if offset := b.Civil.Offset() + at.Sub(b.Civil.Now()); offset > b.Civil.Offset() {
		return b.Civil.SetOffset(offset)
	}
	return nil
}

// draw makes everybody's deeds.
func (b *builder) draw() []deed {
	var deeds []deed
	begin := clock.StartOfDay(b.Now).AddDate(0, 0, -b.Size.days())
	end := b.Now.Add(-5 * time.Hour)
	for i, c := range b.city.Citizens {
		for j, a := range b.city.Accounts {
			if i >= len(known) && b.rand.IntN(10) >= []int{7, 4, 3, 2}[j] {
				continue
			}
			at := b.daytime(begin, b.rand.IntN(max(1, b.Size.days()-2)))
			deeds = append(deeds, deed{at: at, citizen: c.ID, account: a.ID, path: "/follow"})
			for range b.rand.IntN(4) {
				at = at.Add(time.Duration(2+b.rand.IntN(70*60)) * time.Minute)
				if at = b.waking(at); at.After(end) {
					break
				}
				deeds = append(deeds, b.said(at, c.ID, a.ID))
			}
			if i >= len(known) && b.rand.IntN(25) == 0 && at.Before(end) {
				deeds = append(deeds, deed{at: at.Add(time.Hour), citizen: c.ID, account: a.ID, path: "/unfollow"})
				continue
			}
		}
	}
	return slices.DeleteFunc(deeds, func(d deed) bool { return d.at.After(end) && d.path != "/follow" })
}

func (b *builder) said(at time.Time, citizen, account string) deed {
	d := deed{at: at, citizen: citizen, account: account, path: "/messages"}
	topics := topicsOf(account)
	switch n := b.rand.IntN(20); {
	case n == 0:
		d.more = fields{"type": "text", "content": chatter[b.rand.IntN(len(chatter))]}
	case n == 1:
		d.more = fields{"type": "location", "lat": 32.42 + b.rand.Float64()/20, "lng": 112.34 + b.rand.Float64()/20, "scale": 16, "label": "云东区书院街"}
	case n == 2 && account != "qingyun-jiaojing":
		d.path, d.more = "/events", fields{"event": "CLICK", "key": "GUIDE"}
	default:
		d.topic = topics[b.rand.IntN(len(topics))]
		d.more = fields{"type": "text", "content": d.topic.asks}
	}
	return d
}

// daytime is a moment of a day between 7 and 22 o'clock, later when most people write.
func (b *builder) daytime(begin time.Time, day int) time.Time {
	return begin.AddDate(0, 0, day).Add(time.Duration(7*60+b.rand.IntN(15*60))*time.Minute + time.Duration(b.rand.IntN(60))*time.Second)
}

// waking moves a moment of the night to the next morning.
func (b *builder) waking(at time.Time) time.Time {
	local := at.In(clock.Zone)
	switch h := local.Hour(); {
	case h < 7:
		return clock.StartOfDay(at).Add(7*time.Hour + time.Duration(b.rand.IntN(120))*time.Minute)
	case h >= 22:
		return clock.StartOfDay(at).AddDate(0, 0, 1).Add(7*time.Hour + time.Duration(b.rand.IntN(120))*time.Minute)
	}
	return at
}

// answerWaiting lets the people on duty answer who waits: what the topic says, else a kind question. At night nobody does.
func (b *builder) answerWaiting(ctx context.Context, answers map[string]string) error {
	if h := b.Civil.Now().In(clock.Zone).Hour(); h < 8 || h >= 20 {
		return nil
	}
	if err := b.Settled(ctx); err != nil {
		return err
	}
	waiting, err := b.Conversations.List(ctx, access.Reach{All: true}, conversation.Filter{Folder: conversation.FolderWaiting, Limit: 200})
	if err != nil {
		return err
	}
	for _, c := range waiting {
		text := "您好，您说的情况能再具体一点吗？例如办什么事、在哪个街道，我们好给您准确的答复。"
		for asks, answer := range answers {
			if c.LastText != "" && len(asks) > 0 && b.asked(ctx, c.ID, asks) {
				text = answer
			}
		}
		if err := b.answer(ctx, c, text); err != nil {
			return err
		}
	}
	return nil
}

// asked reports whether a conversation's newest citizen line is the topic's question.
func (b *builder) asked(ctx context.Context, id int64, asks string) bool {
	lines, err := b.Conversations.Lines(ctx, id, 0, 6)
	if err != nil {
		return false
	}
	for _, l := range lines {
		if l.Author == conversation.Citizen {
			return l.Text == asks
		}
	}
	return false
}

func (b *builder) answer(ctx context.Context, c conversation.Conversation, text string) error {
	slug := ""
	for _, a := range b.city.Accounts {
		if a.number == c.Account {
			slug = a.ID
		}
	}
	agents := agentsOf(slug)
	staff, err := b.as(ctx, agents[int(c.ID)%len(agents)])
	if err != nil {
		return err
	}
	key := fmt.Sprintf("city-%d-%d", c.ID, c.Version)
	if _, err := b.Conversations.Answer(staff, c.ID, conversation.Reply{Text: text, Key: key}); err != nil {
		// Two days passed, or the follower left: then the person on duty closes it, as they would.
		b.Log.InfoContext(ctx, "could not be answered any more", "conversation", c.ID, "error", err)
		_, err = b.Conversations.Close(staff, c.ID)
		return err
	}
	if b.rand.IntN(3) > 0 {
		_, err = b.Conversations.Close(staff, c.ID)
	} else {
		_, err = b.Conversations.Release(staff, c.ID)
	}
	return err
}

// leaveWaiting lets the last hours happen: what a newcomer finds in the inbox.
func (b *builder) leaveWaiting(ctx context.Context) error {
	for i, f := range fresh {
		if err := b.moveTo(b.Now.Add(-time.Duration(len(fresh)-i) * 31 * time.Minute)); err != nil {
			return err
		}
		in := fields{"account": f.account, "citizen": f.citizen, "type": "text", "content": f.asks}
		if err := b.act(ctx, http.MethodPost, "/messages", in, nil); err != nil {
			return err
		}
		if err := b.Settled(ctx); err != nil {
			return err
		}
	}
	return b.Idle(ctx)
}
