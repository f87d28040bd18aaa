package auditweb

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type console struct{ Deps }

// verifyTime is how long the check may take: at 100,000 rows a second a year of a busy city.
const verifyTime = 5 * time.Minute

func (c console) routes() []web.Route {
	return []web.Route{
		web.JSON(web.Console, http.MethodGet, "/console/api/audit", read, web.Anywhere, "审计记录", c.list),
		web.JSON(web.Console, http.MethodPost, "/console/api/audit/verify", verify, web.Anywhere, "核验审计记录的完整性", c.verify).Lasting(verifyTime),
	}
}

// entry is one row as the console sees it.
type entry struct {
	ID         int64           `json:"id"`
	At         int64           `json:"at" doc:"毫秒"`
	ActorKind  string          `json:"actor_kind" enum:"system,staff,citizen,key,anonymous"`
	ActorID    int64           `json:"actor_id"`
	Actor      string          `json:"actor" doc:"谁，显示用"`
	Verb       string          `json:"verb" doc:"对象.动作，例如 menu.publish"`
	VerbText   string          `json:"verb_text"`
	Object     string          `json:"object" doc:"对象:编号，例如 menu:12"`
	ObjectText string          `json:"object_text"`
	UnitName   string          `json:"unit_name"`
	AccountID  int64           `json:"account_id"`
	Outcome    string          `json:"outcome" enum:"done,denied,failed"`
	Detail     json.RawMessage `json:"detail"`
	Address    string          `json:"address"`
	Request    string          `json:"request_id"`
	Session    string          `json:"session"`
	Sealed     bool            `json:"sealed"`
}

type listIn struct {
	Actor   string `query:"actor" maxLength:"40" doc:"工作人员的姓名或登录名的一部分"`
	ActorID int64  `query:"actor_id" minimum:"0" doc:"工作人员编号"`
	Verb    string `query:"verb" maxLength:"60" doc:"动作，例如 publish 或 menu.publish"`
	Object  string `query:"object" maxLength:"60" doc:"对象，例如 menu 或 menu:12"`
	Unit    int64  `query:"unit" minimum:"0" doc:"单位编号，含下属"`
	Account int64  `query:"account" minimum:"0"`
	Outcome string `query:"outcome" enum:"done,denied,failed"`
	From    int64  `query:"from" minimum:"0" doc:"毫秒，含"`
	To      int64  `query:"to" minimum:"0" doc:"毫秒，不含"`
	Cursor  int64  `query:"cursor" minimum:"0"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type listOut struct {
	Items []entry `json:"items"`
	Next  string  `json:"next" doc:"下一页的 cursor；空是最后一页"`
}

func (c console) list(ctx context.Context, in *listIn) (*listOut, error) {
	f, found, err := c.filter(ctx, in)
	if err != nil || !found {
		return &listOut{Items: []entry{}}, err
	}
	page, err := c.Audit.List(ctx, access.From(ctx).Reach(read), f)
	if err != nil {
		return nil, err
	}
	items, err := c.entries(ctx, page.Rows)
	out := &listOut{Items: items}
	if page.Next != 0 {
		out.Next = strconv.FormatInt(page.Next, 10)
	}
	return out, err
}

// filter reads the query; found is false when nothing can fit it, because nobody is called so.
func (c console) filter(ctx context.Context, in *listIn) (f audit.Filter, found bool, err error) {
	f = audit.Filter{Before: in.Cursor, From: in.From, Until: in.To, Account: in.Account, Outcome: in.Outcome, Limit: in.Limit}
	if object, verb, both := strings.Cut(in.Verb, "."); both {
		f.Object, f.Verb = object, verb
	} else {
		f.Verb = in.Verb
	}
	if in.Object != "" {
		object, id, numbered := strings.Cut(in.Object, ":")
		f.Object = object
		if numbered {
			if f.ObjectID, err = strconv.ParseInt(id, 10, 64); err != nil {
				return f, false, nil
			}
		}
	}
	if in.Unit != 0 {
		f.Unit, err = c.Units.UnitPath(ctx, in.Unit)
		if errs.Is(err, errs.NotFound) {
			return f, false, nil
		}
		if err != nil {
			return f, false, err
		}
	}
	if in.ActorID != 0 {
		f.ActorKind, f.ActorIDs = access.Staff.String(), []int64{in.ActorID}
	}
	if in.Actor != "" {
		ids, err := c.Staff.Find(ctx, in.Actor)
		if err != nil || len(ids) == 0 {
			return f, false, err
		}
		f.ActorKind, f.ActorIDs = access.Staff.String(), ids
	}
	return f, true, nil
}

func (c console) entries(ctx context.Context, rows []audit.Row) ([]entry, error) {
	var people, units []int64
	for _, r := range rows {
		if r.ActorKind == access.Staff.String() {
			people = append(people, r.ActorID)
		}
		if r.Object == "staff" && r.ObjectID != 0 {
			people = append(people, r.ObjectID)
		}
		if id := access.UnitID(r.Unit); id != 0 {
			units = append(units, id)
		}
	}
	names, err := c.Staff.Names(ctx, people)
	if err != nil {
		return nil, err
	}
	unitNames, err := c.Units.UnitNames(ctx, units)
	if err != nil {
		return nil, err
	}
	out := []entry{}
	for _, r := range rows {
		object := r.Object
		if r.ObjectID != 0 {
			object += ":" + strconv.FormatInt(r.ObjectID, 10)
		}
		out = append(out, entry{ID: r.ID, At: r.At, ActorKind: r.ActorKind, ActorID: r.ActorID, Actor: actorText(r, names),
			Verb: r.Object + "." + r.Verb, VerbText: verbText(r), Object: object, ObjectText: objectText(r, names),
			UnitName: unitNames[access.UnitID(r.Unit)], AccountID: r.Account, Outcome: r.Outcome, Detail: json.RawMessage(r.Detail),
			Address: r.Address, Request: r.Request, Session: r.Session, Sealed: r.Batch != 0})
	}
	return out, nil
}

// fault is one finding of the check.
type fault struct {
	Kind  string `json:"kind" enum:"changed,missing,inserted,batch,chain,key"`
	Batch int64  `json:"batch"`
	Row   int64  `json:"row" doc:"记录编号；0 是整批"`
	Text  string `json:"text"`
}

type verdict struct {
	OK       bool    `json:"ok"`
	FirstBad int64   `json:"first_bad" doc:"第一条有问题的记录；没有指到具体记录时是 0"`
	Batches  int64   `json:"batches"`
	Rows     int64   `json:"rows" doc:"已封存的记录数"`
	Purged   int64   `json:"purged" doc:"保存期满已清除的记录数"`
	Unsealed int64   `json:"unsealed"`
	OldestAt int64   `json:"oldest_at" doc:"最早一条未封存记录的时间，毫秒"`
	Head     string  `json:"head" doc:"最后一批的摘要，可与运行日志核对"`
	HeadNo   int64   `json:"head_number"`
	Faults   []fault `json:"faults"`
	More     bool    `json:"more" doc:"问题太多，没有列全"`
}

// verify checks the whole chain, which has no units: only whose right reaches everywhere may ask.
func (c console) verify(ctx context.Context, _ *struct{}) (*verdict, error) {
	if !access.From(ctx).Can(verify, access.Object{}) {
		return nil, errs.New(errs.Denied, "denied")
	}
	r, err := c.Audit.Verify(ctx)
	if err != nil {
		return nil, err
	}
	out := &verdict{OK: r.Whole(), Batches: r.Batches, Rows: r.Rows, Purged: r.Purged, Unsealed: r.Unsealed, OldestAt: r.Oldest,
		Head: r.Head, HeadNo: r.HeadNo, More: r.More}
	for _, f := range r.Faults {
		if f.Row != 0 && (out.FirstBad == 0 || f.Row < out.FirstBad) {
			out.FirstBad = f.Row
		}
		out.Faults = append(out.Faults, fault{f.Kind, f.Batch, f.Row, faultText(f)})
	}
	return out, nil
}
