package notifyweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"weizheng/kernel/notify"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	"weizheng/wechat"
)

type console struct {
	Deps
	words words
}

func (c console) routes() []web.Route {
	const follower, all, one = "/console/api/followers/{id}", "/console/api/outbound", "/console/api/outbound/{id}"
	return []web.Route{
		web.JSON(web.Console, http.MethodGet, follower+"/outbound", read, c.follower, "发给这位粉丝的消息", c.list),
		web.JSON(web.Console, http.MethodGet, follower+"/windows", read, c.follower, "还能给这位粉丝发几条、到什么时候", c.windows),
		web.JSON(web.Console, http.MethodGet, all, read, web.Anywhere, "不知道有没有送到的消息", c.uncertain),
		web.JSON(web.Console, http.MethodPost, one+"/resolve", answer, c.outbound, "人工确认有没有送到", c.resolve),
	}
}

func number(r *http.Request, none string) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, errs.New(errs.NotFound, none)
	}
	return id, nil
}

func (c console) follower(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := number(r, "citizen.unknown")
	if err != nil {
		return access.Object{}, err
	}
	f, err := c.Notify.Citizens.Get(ctx, c.DB, id)
	return f.Object(), err
}

func (c console) outbound(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := number(r, "notify.unknown")
	if err != nil {
		return access.Object{}, err
	}
	o, err := c.Notify.Get(ctx, c.DB, id)
	return o.Object(), err
}

// view is a message in the ledger; its content stays sealed.
type view struct {
	ID        int64        `json:"id"`
	Account   int64        `json:"account_id"`
	Follower  int64        `json:"follower_id"`
	Kind      string       `json:"kind" doc:"text、image、news 等"`
	Source    string       `json:"source" doc:"由什么发出，例如 conversation:5:…"`
	State     notify.State `json:"state" enum:"held,queued,sending,sent,refused,uncertain"`
	Word      string       `json:"word" doc:"状态，可以直接给人看"`
	Problem   string       `json:"problem" doc:"为什么没有发出，可以直接给人看"`
	Code      int          `json:"code" doc:"微信的错误码；0 是没有"`
	RID       string       `json:"rid" doc:"微信的请求编号"`
	Attempts  int          `json:"attempts"`
	DueAt     int64        `json:"due_at" doc:"免打扰到几时；0 是不等"`
	CreatedAt int64        `json:"created_at"`
	SettledAt int64        `json:"settled_at" doc:"有结果的时间；0 是还没有"`
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return clock.Millis(t)
}

func (c console) view(o notify.Outbound) view {
	return view{
		ID: o.ID, Account: o.Account, Follower: o.Follower, Kind: o.Kind, Source: o.Source, State: o.State, Word: c.words.say("notify.state." + string(o.State)),
		Problem: c.problem(o), Code: int(o.Code), RID: o.RID, Attempts: o.Attempts,
		DueAt: millis(o.DueAt), CreatedAt: millis(o.CreatedAt), SettledAt: millis(o.SettledAt),
	}
}

// problem says why a message was not sent: WeChat's code in words, or our own reason.
func (c console) problem(o notify.Outbound) string {
	switch {
	case o.State == notify.Sent || o.Problem == "":
		return ""
	case o.Code != wechat.CodeOK && o.Problem == "wechat.api":
		return o.Code.Meaning()
	}
	if text := c.Words(o.Problem); text != o.Problem {
		return text
	}
	return c.words.say("notify.other")
}

type listIn struct {
	ID     int64  `path:"id"`
	Cursor string `query:"cursor" maxLength:"20"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type listOut struct {
	Items []view `json:"items" nullable:"false"`
	Next  string `json:"next"`
}

func (c console) list(ctx context.Context, in *listIn) (*listOut, error) {
	return c.page(in.Cursor, in.Limit, func(cursor int64) ([]notify.Outbound, error) {
		return c.Notify.List(ctx, in.ID, cursor, in.Limit+1)
	})
}

// page reads one row more than a page to see whether there is another.
func (c console) page(cursor string, limit int, load func(cursor int64) ([]notify.Outbound, error)) (*listOut, error) {
	var from int64
	if cursor != "" {
		n, err := strconv.ParseInt(cursor, 10, 64)
		if err != nil {
			return nil, errs.InvalidFields([]errs.Field{{Field: "cursor", Key: "shape.wrong"}})
		}
		from = n
	}
	list, err := load(from)
	if err != nil {
		return nil, err
	}
	out := &listOut{Items: []view{}}
	if len(list) > limit {
		list = list[:limit]
		out.Next = strconv.FormatInt(list[limit-1].ID, 10)
	}
	for _, o := range list {
		out.Items = append(out.Items, c.view(o))
	}
	return out, nil
}

type uncertainIn struct {
	State  string `query:"state" enum:"uncertain" default:"uncertain"`
	Cursor string `query:"cursor" maxLength:"20"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (c console) uncertain(ctx context.Context, in *uncertainIn) (*listOut, error) {
	reach := access.From(ctx).Reach(read)
	return c.page(in.Cursor, in.Limit, func(cursor int64) ([]notify.Outbound, error) {
		return c.Notify.ListUncertain(ctx, reach, cursor, in.Limit+1)
	})
}

type idIn struct {
	ID int64 `path:"id"`
}

type window struct {
	Trigger notify.Trigger `json:"trigger" enum:"message,menu,follow,scan"`
	Left    int            `json:"left" doc:"还能发几条"`
	UntilAt int64          `json:"until_at"`
}

type windowsOut struct {
	Items []window `json:"items" nullable:"false"`
	Left  int      `json:"left" doc:"一共还能发几条"`
}

func (c console) windows(ctx context.Context, in *idIn) (*windowsOut, error) {
	list, err := c.Notify.Windows(ctx, in.ID)
	out := &windowsOut{Items: []window{}}
	for _, w := range list {
		out.Left += w.Left
		out.Items = append(out.Items, window{w.Trigger, w.Left, millis(w.Until)})
	}
	return out, err
}

type resolveIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Delivered bool `json:"delivered" doc:"对方收到了没有"`
	}
}

func (c console) resolve(ctx context.Context, in *resolveIn) (*view, error) {
	o, err := c.Notify.Resolve(ctx, in.ID, in.Body.Delivered)
	if err != nil {
		return nil, err
	}
	v := c.view(o)
	return &v, nil
}
