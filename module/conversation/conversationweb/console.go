package conversationweb

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"weizheng/module/conversation"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type console struct{ Deps }

func (c console) routes() []web.Route {
	const base = "/console/api/conversations"
	const one = base + "/{id}"
	return []web.Route{
		web.JSON(web.Console, http.MethodGet, base, read, web.Anywhere, "消息列表", c.list),
		web.JSON(web.Console, http.MethodGet, "/console/api/today", read, web.Anywhere, "今天的情况", c.today),
		web.JSON(web.Console, http.MethodGet, one, read, c.scope, "一个会话", c.get),
		web.JSON(web.Console, http.MethodGet, one+"/messages", read, c.scope, "会话里的消息", c.messages),
		web.JSON(web.Console, http.MethodGet, one+"/window", read, c.scope, "还能发几条、到什么时候", c.window),
		web.JSON(web.Console, http.MethodGet, one+"/cards", read, c.scope, "旁边的资料", c.cards),
		web.JSON(web.Console, http.MethodPost, one+"/claim", answer, c.scope, "接待", c.claim),
		web.JSON(web.Console, http.MethodPost, one+"/release", answer, c.scope, "放回", c.release),
		web.JSON(web.Console, http.MethodPost, one+"/close", answer, c.scope, "结束", c.close),
		web.JSON(web.Console, http.MethodPost, one+"/star", answer, c.scope, "星标", c.star),
		web.JSON(web.Console, http.MethodPost, one+"/note", answer, c.scope, "内部备注", c.note),
		web.JSON(web.Console, http.MethodPost, one+"/answers", answer, c.scope, "回复", c.answer),
		web.JSON(web.Console, http.MethodPost, one+"/messages/{line}/reveal", reveal, c.scope, "写明理由，看一处加密的号码", c.reveal),
		web.Raw(web.Console, http.MethodGet, one+"/messages/{line}/media", read, c.scope, c.serveMedia).Lasting(mediaTime),
	}
}

// mediaTime is how long a file of 20 MiB may take over a slow line.
const mediaTime = 2 * time.Minute

func (c console) scope(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return access.Object{}, errs.New(errs.NotFound, "conversation.none")
	}
	one, err := c.Conversations.Get(ctx, id)
	return access.Object{Unit: one.Unit, Account: one.Account}, err
}

type listIn struct {
	Account int64               `query:"account"`
	State   conversation.Folder `query:"state" enum:"open,mine,waiting,closed" default:"open"`
	Starred bool                `query:"starred"`
	Cursor  string              `query:"cursor" maxLength:"40"`
	Limit   int                 `query:"limit" minimum:"1" maximum:"100" default:"40"`
}

type listOut struct {
	Items []conversationView `json:"items"`
	Next  string             `json:"next"`
}

func (c console) list(ctx context.Context, in *listIn) (*listOut, error) {
	actor := access.From(ctx)
	f := conversation.Filter{Account: in.Account, Folder: in.State, Starred: in.Starred, Staff: actor.ID, Limit: in.Limit}
	if in.Cursor != "" {
		if _, err := fmt.Sscanf(in.Cursor, "%d.%d", &f.BeforeAt, &f.BeforeID); err != nil {
			return nil, errs.InvalidFields([]errs.Field{{Field: "cursor", Key: "shape.wrong"}})
		}
	}
	list, err := c.Conversations.List(ctx, actor.Reach(read), f)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		last := list[in.Limit-1]
		at := last.LastAt
		if in.State == conversation.FolderWaiting {
			at = last.WaitingSince
		}
		out.Next = fmt.Sprintf("%d.%d", millis(at), last.ID)
	}
	out.Items, err = c.views(ctx, list)
	return out, err
}

type idIn struct {
	ID int64 `path:"id"`
}

func (c console) get(ctx context.Context, in *idIn) (*conversationView, error) {
	return c.shown(ctx)(c.Conversations.Get(ctx, in.ID))
}

// shown turns a verb's result into the view, naming who holds a conversation that was claimed.
func (c console) shown(ctx context.Context) func(conversation.Conversation, error) (*conversationView, error) {
	return func(one conversation.Conversation, err error) (*conversationView, error) {
		if err != nil {
			return nil, c.named(ctx, err)
		}
		return c.view(ctx, one)
	}
}

// named puts the name of the person who holds a conversation into the error.
func (c console) named(ctx context.Context, err error) error {
	e := errs.As(err)
	if e.Key() != "conversation.claimed" {
		return err
	}
	id, _ := e.Params()["staff"].(int64)
	names, nameErr := c.Staff.Names(ctx, []int64{id})
	if nameErr != nil {
		return nameErr
	}
	name := names[id]
	if name == "" {
		name = "另一位同事"
	}
	return errs.New(errs.Conflict, "conversation.claimed").With("name", name)
}

type messagesIn struct {
	ID     int64 `path:"id"`
	Before int64 `query:"before" minimum:"0" doc:"id of the oldest line already shown"`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type messagesOut struct {
	Items []lineView `json:"items" doc:"newest first"`
	Next  string     `json:"next"`
}

func (c console) messages(ctx context.Context, in *messagesIn) (*messagesOut, error) {
	lines, err := c.Conversations.Lines(ctx, in.ID, in.Before, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &messagesOut{}
	if len(lines) > in.Limit {
		lines = lines[:in.Limit]
		out.Next = strconv.FormatInt(lines[in.Limit-1].ID, 10)
	}
	out.Items, err = c.lines(ctx, lines)
	return out, err
}

type windowOut struct {
	Left    int    `json:"left" doc:"messages that may still be sent; -1: no limit"`
	UntilAt int64  `json:"until_at" doc:"civil ms; 0: closed"`
	Reason  string `json:"reason" doc:"why nothing may be sent, in words"`
}

func (c console) window(ctx context.Context, in *idIn) (*windowOut, error) {
	one, err := c.Conversations.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	w, err := c.Windows.Window(ctx, one.Follower)
	if err != nil {
		return nil, err
	}
	out := &windowOut{Left: w.Left, UntilAt: millis(w.Until)}
	switch {
	case w.Until.IsZero():
		out.Reason = "对方48小时内没有发过消息，现在不能主动发送。等对方再次发消息后即可回复。"
	case w.Left == 0:
		out.Reason = "这一轮可发的条数已用完。等对方再次发消息后可以继续回复。"
	}
	return out, nil
}

type cardView struct {
	Name  string      `json:"name"`
	Title string      `json:"title"`
	Lines []part.Line `json:"lines"`
}

type actionView struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	URL   string `json:"url"`
}

type cardsOut struct {
	Cards   []cardView   `json:"cards"`
	Actions []actionView `json:"actions"`
}

// cards are what other parts show about the follower, each by its own permission.
func (c console) cards(ctx context.Context, in *idIn) (*cardsOut, error) {
	one, err := c.Conversations.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	object := access.Object{Unit: one.Unit, Account: one.Account}
	out := &cardsOut{Cards: []cardView{}, Actions: []actionView{}}
	ref := part.Ref{Kind: "follower", ID: one.Follower}
	for _, card := range c.Lists.CardsOn("follower") {
		if !access.From(ctx).Can(card.Permission, object) {
			continue
		}
		lines, err := card.Load(ctx, ref)
		if err != nil {
			return nil, errs.Wrap(err, "card %s", card.Name)
		}
		out.Cards = append(out.Cards, cardView{card.Name, card.Title, lines})
	}
	for _, a := range c.Lists.ActionsOn("follower") {
		if access.From(ctx).Can(a.Permission, object) {
			out.Actions = append(out.Actions, actionView{a.Name, a.Title, a.URL(ref)})
		}
	}
	return out, nil
}

type claimIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Take bool `json:"take,omitempty" doc:"take it over from whoever has it"`
	}
}

func (c console) claim(ctx context.Context, in *claimIn) (*conversationView, error) {
	return c.shown(ctx)(c.Conversations.Claim(ctx, in.ID, in.Body.Take))
}

func (c console) release(ctx context.Context, in *idIn) (*conversationView, error) {
	return c.shown(ctx)(c.Conversations.Release(ctx, in.ID))
}

func (c console) close(ctx context.Context, in *idIn) (*conversationView, error) {
	return c.shown(ctx)(c.Conversations.Close(ctx, in.ID))
}

type starIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Starred bool `json:"starred"`
	}
}

func (c console) star(ctx context.Context, in *starIn) (*conversationView, error) {
	return c.shown(ctx)(c.Conversations.Star(ctx, in.ID, in.Body.Starred))
}

type noteIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Text string `json:"text"`
	}
}

func (c console) note(ctx context.Context, in *noteIn) (*lineView, error) {
	return c.shownLine(ctx)(c.Conversations.AddNote(ctx, in.ID, in.Body.Text))
}

type answerIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Text string `json:"text"`
		Key  string `json:"key" doc:"makes it once and for all: send the same key again when unsure"`
	}
}

func (c console) answer(ctx context.Context, in *answerIn) (*lineView, error) {
	text := strings.TrimSpace(in.Body.Text)
	return c.shownLine(ctx)(c.Conversations.Answer(ctx, in.ID, conversation.Reply{Text: text, Key: in.Body.Key}))
}

func (c console) shownLine(ctx context.Context) func(conversation.Line, error) (*lineView, error) {
	return func(l conversation.Line, err error) (*lineView, error) {
		if err != nil {
			return nil, c.named(ctx, err)
		}
		views, err := c.lines(ctx, []conversation.Line{l})
		if err != nil {
			return nil, err
		}
		return &views[0], nil
	}
}
