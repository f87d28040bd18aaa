package reminderweb

import (
	"context"
	"net/http"
	"strconv"

	"weizheng/kernel/reminder"
	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// console is what people do with their own phone at their desk, and what their administrator does.
type console struct{ Deps }

const base = "/console/api"

func (c console) routes() []web.Route {
	const f = web.Console
	return []web.Route{
		web.JSON(f, http.MethodGet, base+"/phone", web.Self, nil, "我绑定的微信", c.mine),
		web.JSON(f, http.MethodPost, base+"/phone/offer", web.Self, nil, "取一个绑定微信的码", c.begin).Limited(web.LimitOutward),
		web.JSON(f, http.MethodGet, base+"/phone/offer", web.Self, nil, "绑定到了哪一步", c.offered),
		web.JSON(f, http.MethodDelete, base+"/phone/offer", web.Self, nil, "不绑定了", c.withdraw),
		web.JSON(f, http.MethodPost, base+"/phone", web.Self, nil, "用手机上的四位数字完成绑定", c.confirm),
		web.JSON(f, http.MethodDelete, base+"/phone", web.Self, nil, "解除绑定", c.unbind),
		web.JSON(f, http.MethodPut, base+"/phone/choice", web.Self, nil, "选择提醒什么、什么时候不打扰", c.choose),
		web.JSON(f, http.MethodPost, base+"/phone/try", web.Self, nil, "发一条试试", c.try).Limited(web.LimitOutward),
		web.JSON(f, http.MethodGet, base+"/phone/parcels", web.Self, nil, "发到手机的提醒", c.parcels),
		web.JSON(f, http.MethodGet, base+"/staff/{id}/phone", staffRead, c.scope, "一个人绑定的微信", c.theirs),
		web.JSON(f, http.MethodDelete, base+"/staff/{id}/phone", staffEdit, c.scope, "替一个人解除绑定", c.unbindTheirs),
	}
}

func (c console) scope(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return access.Object{}, errs.New(errs.NotFound, "not_found")
	}
	p, err := c.Org.Staff(ctx, id)
	return access.Object{Unit: p.Unit}, err
}

type wayView struct {
	Account string `json:"account" doc:"公众号的名称；空是没有设"`
	Codes   bool   `json:"codes" doc:"能不能扫码绑定；不能就发口令"`
	Problem string `json:"problem" doc:"有什么发不了，用一句话说"`
}

type choiceView struct {
	Fresh      bool   `json:"fresh" doc:"新任务"`
	Near       bool   `json:"near" doc:"快到期"`
	Late       bool   `json:"late" doc:"已超期"`
	Urge       bool   `json:"urge" doc:"催办"`
	News       bool   `json:"news" doc:"办理结果"`
	QuietFrom  string `json:"quiet_from" maxLength:"5" doc:"22:00；空是用统一的设置"`
	QuietUntil string `json:"quiet_until" maxLength:"5"`
}

type phoneView struct {
	Bound   bool   `json:"bound"`
	Number  string `json:"number" doc:"粉丝代号，与手机上“我的”里的一样"`
	BoundAt int64  `json:"bound_at"`
	Follows bool   `json:"follows" doc:"不再关注或被拉黑时收不到提醒"`
}

type mineOut struct {
	Way    wayView    `json:"way"`
	Phone  phoneView  `json:"phone"`
	Choice choiceView `json:"choice"`
	Quiet  [2]string  `json:"quiet" doc:"统一的免打扰时段"`
}

func (c console) mine(ctx context.Context, _ *struct{}) (*mineOut, error) {
	me := access.From(ctx).ID
	out := &mineOut{}
	choice, err := c.Reminders.Choice(ctx, me)
	if err != nil {
		return nil, err
	}
	out.Choice, out.Quiet = choiceView(choice), c.Reminders.QuietHours(ctx)
	way, err := c.Reminders.Way(ctx)
	if key := reminder.WayProblem(err); key != "" {
		out.Way.Problem = c.Say(key, nil)
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	out.Way = wayView{Account: way.Account.Profile.Name, Codes: way.Codes}
	if way.Problem != "" {
		out.Way.Problem = c.Say(way.Problem, nil)
	}
	out.Phone, err = c.phone(ctx, me)
	return out, err
}

func (c console) phone(ctx context.Context, staff int64) (phoneView, error) {
	p, err := c.Reminders.Phone(ctx, staff)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Conflict) {
		return phoneView{}, nil
	}
	return phoneView{Bound: err == nil, Number: p.Number, BoundAt: p.BoundAt, Follows: p.Follows}, err
}

type drawnOut struct {
	URL       string `json:"url" doc:"二维码的内容；空是这个公众号不能扫码"`
	Word      string `json:"word" doc:"也可以在公众号里发这句话"`
	ExpiresAt int64  `json:"expires_at"`
	NowAt     int64  `json:"now_at" doc:"服务器的时间，用来倒数"`
}

func (c console) begin(ctx context.Context, _ *struct{}) (*drawnOut, error) {
	d, err := c.Reminders.Begin(ctx)
	return &drawnOut{URL: d.URL, Word: wordBind + " " + d.Word, ExpiresAt: d.ExpiresAt, NowAt: c.Reminders.Wall.Now().UnixMilli()}, err
}

type offerOut struct {
	State     reminder.OfferState `json:"state" enum:"open,scanned,told,void,over" doc:"等扫码、等手机上确认、等输入数字、作废、过期"`
	ExpiresAt int64               `json:"expires_at"`
}

func (c console) offered(ctx context.Context, _ *struct{}) (*offerOut, error) {
	o, err := c.Reminders.Offered(ctx)
	if errs.Is(err, errs.NotFound) {
		return &offerOut{State: "over"}, nil
	}
	return &offerOut{State: o.State, ExpiresAt: o.ExpiresAt}, err
}

func (c console) withdraw(ctx context.Context, _ *struct{}) (*web.None, error) {
	return &web.None{}, c.Reminders.Withdraw(ctx)
}

type confirmIn struct {
	Body struct {
		Digits string `json:"digits" maxLength:"20"`
	}
}

func (c console) confirm(ctx context.Context, in *confirmIn) (*web.None, error) {
	_, err := c.Reminders.Confirm(ctx, in.Body.Digits)
	return &web.None{}, err
}

func (c console) unbind(ctx context.Context, _ *struct{}) (*web.None, error) {
	return &web.None{}, c.Reminders.Unbind(ctx, access.From(ctx).ID)
}

type choiceIn struct{ Body choiceView }

func (c console) choose(ctx context.Context, in *choiceIn) (*web.None, error) {
	return &web.None{}, c.Reminders.Choose(ctx, reminder.Choice(in.Body))
}

func (c console) try(ctx context.Context, _ *struct{}) (*parcelView, error) {
	p, err := c.Reminders.Try(ctx)
	if err != nil {
		return nil, err
	}
	v := c.viewParcel(p)
	return &v, nil
}

type parcelView struct {
	ID        int64  `json:"id"`
	MatterID  int64  `json:"matter_id" doc:"0 是好几件，或者是试发"`
	Count     int    `json:"count"`
	State     string `json:"state" enum:"queued,sent,unsent,uncertain"`
	Word      string `json:"word" doc:"怎么发的、送到没有"`
	CreatedAt int64  `json:"created_at"`
}

func (c console) viewParcel(p reminder.Parcel) parcelView {
	params := map[string]any{}
	if p.Channel != "" {
		params["channel"] = c.Say("reminder.channel."+string(p.Channel), nil)
	}
	word := c.Say("reminder.state."+string(p.State), params)
	if p.Problem != "" {
		word = c.Say("reminder.why."+string(p.State), map[string]any{"why": c.Words(p.Problem)})
	}
	return parcelView{ID: p.ID, MatterID: p.Matter, Count: p.Items, State: string(p.State), Word: word, CreatedAt: p.CreatedAt}
}

type parcelsIn struct {
	Cursor int64 `query:"cursor" minimum:"0"`
	Limit  int   `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type parcelsOut struct {
	Items []parcelView `json:"items"`
	Next  string       `json:"next"`
}

func (c console) parcels(ctx context.Context, in *parcelsIn) (*parcelsOut, error) {
	list, err := c.Reminders.List(ctx, access.From(ctx).ID, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	list, next := web.More(list, in.Limit, func(p reminder.Parcel) int64 { return p.ID })
	out := &parcelsOut{Items: []parcelView{}, Next: next}
	for _, p := range list {
		out.Items = append(out.Items, c.viewParcel(p))
	}
	return out, nil
}

type staffIn struct {
	ID int64 `path:"id"`
}

func (c console) theirs(ctx context.Context, in *staffIn) (*phoneView, error) {
	v, err := c.phone(ctx, in.ID)
	return &v, err
}

func (c console) unbindTheirs(ctx context.Context, in *staffIn) (*web.None, error) {
	return &web.None{}, c.Reminders.Unbind(ctx, in.ID)
}
