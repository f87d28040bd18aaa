package app

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"time"

	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/platform/web"
)

//go:embed gateway.zh.json
var gatewayTexts []byte

//go:embed house.zh.json
var houseTexts []byte

// housePart is the faces that gather what all parts contribute: counts beside the navigation, health, search, jobs.
func (h *House) housePart() part.Part {
	return part.Part{
		Name:        "house",
		Schema:      schema(),
		Texts:       houseTexts,
		Permissions: []part.Permission{{Key: "job.read", Text: "查看后台任务"}},
		Routes: []web.Route{
			web.JSON(web.Console, http.MethodGet, "/console/api/counts", web.Self, nil, "各栏目待办数", h.counts),
			web.JSON(web.Console, http.MethodGet, "/console/api/health", web.Self, nil, "运行情况", h.health),
			web.JSON(web.Console, http.MethodGet, "/console/api/search", web.Self, nil, "搜索", h.search),
			web.JSON(web.Console, http.MethodGet, "/console/api/jobs", "job.read", web.Anywhere, "后台任务", h.jobs),
			web.JSON(web.Console, http.MethodGet, "/console/api/clock", web.Self, nil, "业务时钟", h.clock),
		},
	}
}

type clockOut struct {
	NowAt int64 `json:"now_at" doc:"业务时间，毫秒；演示中可以拨快"`
}

// clock tells civil time: the console says how long somebody has waited by it, not by the desk's clock.
func (h *House) clock(context.Context, *struct{}) (*clockOut, error) {
	return &clockOut{clock.Millis(h.Civil.Now())}, nil
}

// countsOut is a number for each door of the navigation that has one.
type countsOut struct {
	Body map[string]int
}

func (h *House) counts(ctx context.Context, _ *struct{}) (*countsOut, error) {
	actor := access.From(ctx)
	out := &countsOut{Body: map[string]int{}}
	for _, c := range h.Lists.Counts() {
		if !actor.Has(c.Permission) {
			continue
		}
		n, err := c.Load(ctx, actor)
		if err != nil {
			return nil, errs.Wrap(err, "count %s", c.Name)
		}
		out.Body[c.Name] += n
	}
	return out, nil
}

type healthOut struct {
	Findings []part.Finding `json:"findings"`
}

// health gathers what is going wrong, as far as the person may see it.
func (h *House) health(ctx context.Context, _ *struct{}) (*healthOut, error) {
	actor := access.From(ctx)
	out := &healthOut{Findings: []part.Finding{}}
	for _, one := range h.Lists.Health() {
		if !actor.Has(one.Permission) {
			continue
		}
		reach := actor.Reach(one.Permission)
		findings, err := one.Check(ctx)
		if err != nil {
			return nil, errs.Wrap(err, "health of %s", one.Name)
		}
		for _, f := range findings {
			if f.Unit == "" || reach.Covers(access.Object{Unit: f.Unit}) {
				out.Findings = append(out.Findings, f)
			}
		}
	}
	return out, nil
}

type searchIn struct {
	Q string `query:"q" minLength:"1" maxLength:"60"`
}

type searchGroup struct {
	Name  string      `json:"name"`
	Title string      `json:"title"`
	Items []part.Line `json:"items"`
}

type searchOut struct {
	Groups []searchGroup `json:"groups"`
}

// searchLimit is how many hits of one kind the search box shows.
const searchLimit = 6

func (h *House) search(ctx context.Context, in *searchIn) (*searchOut, error) {
	actor := access.From(ctx)
	out := &searchOut{Groups: []searchGroup{}}
	for _, s := range h.Lists.Searchers() {
		if !actor.Has(s.Permission) {
			continue
		}
		lines, err := s.Find(ctx, actor.Reach(s.Permission), in.Q, searchLimit)
		if err != nil {
			return nil, errs.Wrap(err, "search %s", s.Name)
		}
		if len(lines) > 0 {
			out.Groups = append(out.Groups, searchGroup{s.Name, s.Title, lines})
		}
	}
	return out, nil
}

type queueView struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Waiting  int64  `json:"waiting"`
	Running  int64  `json:"running"`
	Retrying int64  `json:"retrying"`
	Failed   int64  `json:"failed"`
	OldestAt int64  `json:"oldest_at"`
}

type jobsOut struct {
	Items []queueView `json:"items"`
	Next  string      `json:"next"`
}

var queueTitles = map[job.Queue]string{job.Interactive: "即时", job.Standard: "普通", job.Bulk: "批量"}

func (h *House) jobs(ctx context.Context, _ *struct{}) (*jobsOut, error) {
	stats, err := h.Jobs.Stats(ctx)
	if err != nil {
		return nil, err
	}
	out := &jobsOut{Items: []queueView{}}
	for _, s := range stats {
		out.Items = append(out.Items, h.viewQueue(s))
	}
	return out, nil
}

// gapFindings tells of callbacks that were refused in the last day because nothing could be written.
func (h *House) gapFindings(ctx context.Context) ([]part.Finding, error) {
	gaps, err := h.Gateway.Gaps(ctx, 0, h.wall.Now().Add(-24*time.Hour), 20)
	if err != nil {
		return nil, err
	}
	var findings []part.Finding
	for _, g := range gaps {
		f := part.Finding{
			Name: "gateway.gap", State: "warn", Title: "有一段时间收不下微信消息",
			Detail: fmt.Sprintf("%s 至 %s 有 %d 次来信因系统忙或数据库不可用被退回。微信会重新投递；超过三次的，群众会看到“暂时无法提供服务”。",
				clockText(g.From), clockText(g.Until), g.Refused),
			Next: "看看这段时间服务器的负载、磁盘和数据库；必要时在公众号里向群众说明。",
		}
		if a, err := h.Accounts.Known(ctx, g.Account); err == nil {
			f.Unit, f.Title = a.Unit, a.Profile.Name+"："+f.Title
		}
		findings = append(findings, f)
	}
	return findings, nil
}
