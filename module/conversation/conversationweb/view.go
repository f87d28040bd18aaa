package conversationweb

import (
	"context"
	"time"

	"weizheng/module/conversation"
	"weizheng/platform/access"
	"weizheng/platform/clock"
)

type personView struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Me   bool   `json:"me,omitempty" doc:"the person who asks"`
}

type lastView struct {
	Text string              `json:"text"`
	Kind string              `json:"kind"`
	From conversation.Author `json:"from"`
	At   int64               `json:"at"`
}

type conversationView struct {
	ID             int64              `json:"id"`
	AccountID      int64              `json:"account_id"`
	AccountName    string             `json:"account_name"`
	Follower       personView         `json:"follower"`
	Last           lastView           `json:"last"`
	WaitingSinceAt int64              `json:"waiting_since_at" doc:"civil ms; 0: nobody waits"`
	ClaimedBy      *personView        `json:"claimed_by"`
	ClaimedUntilAt int64              `json:"claimed_until_at"`
	Starred        bool               `json:"starred"`
	State          conversation.State `json:"state"`
	Version        int64              `json:"version"`
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return clock.Millis(t)
}

// views names everybody in a page of conversations with two look-ups.
func (c console) views(ctx context.Context, list []conversation.Conversation) ([]conversationView, error) {
	var followers, staff []int64
	for _, one := range list {
		followers = append(followers, one.Follower)
		if one.ClaimedBy != 0 {
			staff = append(staff, one.ClaimedBy)
		}
	}
	names, err := c.Followers.Names(ctx, followers)
	if err != nil {
		return nil, err
	}
	people, err := c.Staff.Names(ctx, staff)
	if err != nil {
		return nil, err
	}
	me := access.From(ctx).ID
	out := make([]conversationView, 0, len(list))
	for _, one := range list {
		account, err := c.Accounts.Name(ctx, one.Account)
		if err != nil {
			return nil, err
		}
		v := conversationView{
			ID: one.ID, AccountID: one.Account, AccountName: account,
			Follower: personView{ID: one.Follower, Name: names[one.Follower]},
			Last:     lastView{one.LastText, one.LastKind, one.LastFrom, millis(one.LastAt)},
			Starred:  one.Starred, State: one.State, Version: one.Version, WaitingSinceAt: millis(one.WaitingSince),
		}
		if one.ClaimedBy != 0 && c.Wall.Now().Before(one.ClaimedUntil) {
			v.ClaimedBy, v.ClaimedUntilAt = &personView{one.ClaimedBy, people[one.ClaimedBy], one.ClaimedBy == me}, millis(one.ClaimedUntil)
		}
		out = append(out, v)
	}
	return out, nil
}

func (c console) view(ctx context.Context, one conversation.Conversation) (*conversationView, error) {
	views, err := c.views(ctx, []conversation.Conversation{one})
	if err != nil {
		return nil, err
	}
	return &views[0], nil
}

type lineView struct {
	ID      int64                  `json:"id"`
	From    conversation.Author    `json:"from"`
	By      *personView            `json:"by"`
	Kind    string                 `json:"kind"`
	Text    string                 `json:"text"`
	Hidden  bool                   `json:"hidden" doc:"numbers in the text are references to encrypted values"`
	Detail  conversation.Detail    `json:"detail"`
	Media   *mediaView             `json:"media" doc:"of a picture, voice or video that the follower sent"`
	At      int64                  `json:"at"`
	State   conversation.LineState `json:"state"`
	Problem string                 `json:"problem" doc:"why it did not arrive, in words"`
}

func (c console) lines(ctx context.Context, list []conversation.Line) ([]lineView, error) {
	var staff []int64
	for _, l := range list {
		if l.StaffID != 0 {
			staff = append(staff, l.StaffID)
		}
	}
	people, err := c.Staff.Names(ctx, staff)
	if err != nil {
		return nil, err
	}
	files, err := c.files(ctx, list)
	if err != nil {
		return nil, err
	}
	me := access.From(ctx).ID
	out := make([]lineView, 0, len(list))
	for _, l := range list {
		l.Detail.MediaID = "" // WeChat's, of no use to a browser
		v := lineView{
			ID: l.ID, From: l.Author, Kind: l.Kind, Text: l.Text, Hidden: l.Hidden, Detail: l.Detail, At: millis(l.At),
			State: l.State, Problem: c.Words(l.Problem),
		}
		if m, ok := files[l.ID]; ok {
			v.Media = c.media(l.Conversation, m)
		}
		if l.StaffID != 0 {
			v.By = &personView{l.StaffID, people[l.StaffID], l.StaffID == me}
		}
		out = append(out, v)
	}
	return out, nil
}

// files finds the files of lines of one conversation.
func (c console) files(ctx context.Context, list []conversation.Line) (map[int64]conversation.Media, error) {
	if len(list) == 0 {
		return nil, nil
	}
	from, to := list[0].ID, list[0].ID
	for _, l := range list {
		from, to = min(from, l.ID), max(to, l.ID)
	}
	return c.Conversations.MediaOf(ctx, list[0].Conversation, from, to)
}
