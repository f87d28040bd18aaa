package reminderweb

import (
	"context"
	"strings"

	"weizheng/kernel/org"
	"weizheng/kernel/reminder"
	"weizheng/part"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/text"
	"weizheng/wechat"
)

// chat answers staff on their own phones: the scan of a binding's code, and four words.
type chat struct{ Deps }

// The words. Each is compared whole but the first, which a code follows.
const (
	wordBind  = "绑定"
	wordYes   = "确认绑定"
	wordLeave = "解除绑定"
	wordTasks = "待办"

	longestWord = 40 // bytes
)

const source = "reminder.phone" + part.SourceSecret

func say(words string) part.Answer {
	return part.Answer{Reply: wechat.Text{Content: words}, Source: source}
}

// offer takes what belongs to a binding, in the account of the reminders; everything else goes on.
func (c chat) offer(ctx context.Context, in part.In) (part.Answer, bool, error) {
	scene, isScene := "", false
	if e := in.Message.Event; in.Message.MsgType == "event" && (e == "SCAN" || e == "subscribe") {
		scene, isScene = reminder.SceneOf(in.Message.EventKey)
	}
	said := ""
	if !isScene && len(in.Text) <= longestWord {
		said = text.Normalise(in.Text)
	}
	if in.Person == "" || !isScene && !strings.HasPrefix(said, wordBind) && said != wordYes && said != wordLeave && said != wordTasks {
		return part.Answer{}, false, nil
	}
	way, err := c.Reminders.Way(ctx)
	if errs.Is(err, errs.Conflict) || err == nil && way.Account.ID != in.Account.ID {
		return part.Answer{}, false, nil
	}
	if err != nil {
		return part.Answer{}, false, err
	}
	switch {
	case isScene:
		return c.ask(ctx, in, scene, "")
	case said == wordYes:
		return c.agree(ctx, in)
	case said == wordLeave:
		return c.leave(ctx, in)
	case said == wordTasks:
		return c.tasks(ctx, in)
	}
	word := strings.TrimSpace(strings.TrimPrefix(said, wordBind))
	if word == "" || strings.ContainsFunc(word, func(r rune) bool { return r > 'z' }) {
		return part.Answer{}, false, nil // a question about binding something else
	}
	return c.ask(ctx, in, "", word)
}

// ask says whose account the phone would be bound to, and waits for a yes.
func (c chat) ask(ctx context.Context, in part.In, scene, word string) (part.Answer, bool, error) {
	asked, err := c.Reminders.Look(ctx, in.Account.ID, in.Person, scene, word)
	if err != nil {
		return part.Answer{}, false, err
	}
	words := c.Say(asked.Void, nil)
	if asked.Void == "" {
		words = c.Say("reminder.chat_ask", whom(asked.Staff))
	}
	a := say(words)
	a.Effect = func(ctx context.Context, tx *db.Tx, _ int64) error {
		return c.Reminders.Scan(ctx, tx, in.Account.ID, in.Message.FromUserName, scene, word, in.Now)
	}
	return a, true, nil
}

func whom(p org.Staff) map[string]any {
	return map[string]any{"name": p.Name, "unit": p.UnitName, "login": p.Login}
}

// agree tells the digits to a phone that says that it is theirs.
func (c chat) agree(ctx context.Context, in part.In) (part.Answer, bool, error) {
	yes, err := c.Reminders.Yes(ctx, in.Account.ID, in.Person)
	if errs.Is(err, errs.NotFound) {
		return say(c.Say("reminder.chat_nothing", nil)), true, nil
	}
	if err != nil {
		return part.Answer{}, false, err
	}
	a := say(c.Say("reminder.chat_digits", map[string]any{"digits": yes.Digits}))
	a.Effect = func(ctx context.Context, tx *db.Tx, _ int64) error { return c.Reminders.Agree(ctx, tx, yes) }
	return a, true, nil
}

// leave unbinds the phone that says so. Who is not bound is a citizen with a question.
func (c chat) leave(ctx context.Context, in part.In) (part.Answer, bool, error) {
	b, err := c.Reminders.Person(ctx, c.Reminders.DB, in.Account.ID, in.Person)
	if errs.Is(err, errs.NotFound) {
		return part.Answer{}, false, nil
	}
	if err != nil {
		return part.Answer{}, false, err
	}
	a := say(c.Say("reminder.chat_left", nil))
	a.Effect = func(ctx context.Context, tx *db.Tx, _ int64) error { return c.Reminders.Leave(ctx, tx, b.Follower) }
	return a, true, nil
}

// tasks tells somebody bound how much waits for them, with a link.
func (c chat) tasks(ctx context.Context, in part.In) (part.Answer, bool, error) {
	b, err := c.Reminders.Person(ctx, c.Reminders.DB, in.Account.ID, in.Person)
	if errs.Is(err, errs.NotFound) {
		return part.Answer{}, false, nil
	}
	if err != nil {
		return part.Answer{}, false, err
	}
	w, err := c.Reminders.Waiting(ctx, b)
	if errs.Is(err, errs.Unauthenticated) {
		return say(c.Say("reminder.gone", nil)), true, nil
	}
	if err != nil {
		return part.Answer{}, false, err
	}
	link := `<a href="` + w.Link + `">` + c.Say("reminder.open", nil) + `</a>`
	if w.Count == 0 {
		return say(c.Say("reminder.chat_none", nil) + "\n" + link), true, nil
	}
	return say(c.Say("reminder.chat_tasks", map[string]any{"count": w.Count}) + "\n" + link), true, nil
}
