package app

import (
	"context"
	"net/http"
	"strings"

	"weizheng/kernel/matter"
	"weizheng/kernel/notify"
	"weizheng/kernel/reminder"
	"weizheng/kernel/reminder/reminderweb"
	"weizheng/part"
	"weizheng/platform/db"
)

// buildReminders comes after the matters that tell it and the messages that it sends; both reach it through the methods
// below, which are asked when serving.
func (h *House) buildReminders() {
	c := h.config
	h.Reminders = reminder.New(reminder.Deps{
		DB: h.DB, Ring: c.Ring, Wall: c.Wall, Civil: c.Civil, Log: h.log, Audit: h.Audit, Settings: h.Settings, Accounts: h.Accounts,
		Citizens: h.Citizens, Outbox: h.Notify, Staff: h.Org, Matters: h.Matters, Sessions: h.Sessions, Say: h.sayKey, PublicURL: c.PublicURL,
	})
}

func (h *House) reminderPart() part.Part {
	return reminderweb.Part(reminderweb.Deps{
		Reminders: h.Reminders, Matters: h.Matters, Org: h.Org, Sessions: h.Sessions, Pages: h.Pages, Lists: h.Lists, Say: h.sayKey, Words: h.words,
	})
}

// told lets the phones of staff hear of matters' notices.
func (h *House) told(ctx context.Context, tx *db.Tx, told []matter.Told) error {
	return h.Reminders.Told(ctx, tx, told)
}

// accessEnded takes the phones of somebody away whose access ends.
func (h *House) accessEnded(ctx context.Context, tx *db.Tx, staff int64) error {
	return h.Reminders.Ended(ctx, tx, staff)
}

// reminded tells the reminders what became of their messages.
func (h *House) reminded(ctx context.Context, tx *db.Tx, o notify.Outcome) error {
	o.Problem = keptProblem(o)
	return h.Reminders.Outcome(ctx, tx, o)
}

// signIn leads whoever opened a page on a phone without a session to where they get one.
func (h *House) signIn(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/s/") {
		reminderweb.SignIn(w, r)
		return
	}
	h.signInCitizen(w, r)
}
