package accountweb

import (
	"context"

	"weizheng/kernel/account"
	"weizheng/platform/clock"
	"weizheng/wechat"
)

// featureView is how an account stands with something that people compose for WeChat: what faces ask before they offer it.
type featureView struct {
	Name      string `json:"name"`
	Title     string `json:"title"`
	Able      bool   `json:"able"`
	State     string `json:"state" enum:"able,kind,verify,refused,suspended,fault,spent"`
	Note      string `json:"note,omitempty" doc:"why not, and what makes it possible: the words in which the verb refuses"`
	Instead   string `json:"instead,omitempty" doc:"what can be done as long as it is not able"`
	Allowance string `json:"allowance,omitempty" doc:"what WeChat allows beside the count of calls"`
	Path      string `json:"path" doc:"the call that decides"`
	RefusedAt int64  `json:"refused_at,omitempty" doc:"wall ms, when WeChat said so; then it can be looked at again"`
	Code      int    `json:"code,omitempty"`
	Used      int64  `json:"used" doc:"calls of today"`
	Limit     int64  `json:"limit" doc:"of a day; 0: not published"`
	Left      int64  `json:"left" doc:"with a limit"`
	Told      bool   `json:"told" doc:"WeChat told the limit; else it is the documents' for new accounts"`
	ResetsAt  int64  `json:"resets_at,omitempty" doc:"civil ms"`
}

type featuresOut struct {
	Items []featureView `json:"items"`
}

// features is asked by every face on which something for WeChat is composed.
func (c console) features(ctx context.Context, in *idIn) (*featuresOut, error) {
	a, err := c.Accounts.Known(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	list, err := c.Accounts.Standings(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &featuresOut{Items: []featureView{}}
	for _, one := range list {
		out.Items = append(out.Items, c.feature(a, one))
	}
	return out, nil
}

// allowances are those that differ by kind.
var allowances = map[account.Feature]map[wechat.Kind]string{
	account.MassToAll: {
		wechat.Service: "account.allowance.mass_service", wechat.Subscription: "account.allowance.mass_subscription",
	},
	account.MassToSome: {wechat.Service: "account.allowance.mass_list_service"},
}

func (c console) feature(a account.Account, one account.Standing) featureView {
	name := string(one.Feature)
	shown := c.capability(one.Capability)
	v := featureView{
		Name: name, Title: c.words.say("account.feature."+name, nil), Able: shown.Has, State: shown.State, Note: shown.Note,
		Path: shown.Name, RefusedAt: shown.RefusedAt, Code: shown.Code,
		Used: one.Usage.Calls, Limit: one.Usage.Daily, Told: one.Usage.Told,
	}
	if !v.Able {
		v.Instead = c.words.maybe("account.instead."+name, nil)
	}
	if key := allowances[one.Feature][a.Kind]; key != "" {
		v.Allowance = c.words.say(key, nil)
	} else {
		v.Allowance = c.words.maybe("account.allowance."+name, nil)
	}
	if v.Limit > 0 {
		v.Left, v.ResetsAt = max(v.Limit-v.Used, 0), clock.Millis(one.ResetsAt)
	}
	if one.Why == account.UsedUp {
		v.Left = 0
	}
	return v
}

type recheckIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Path string `json:"path" doc:"WeChat's path"`
	}
}

type recheckOut struct {
	Asked      bool           `json:"asked" doc:"WeChat was asked now; else its next use decides"`
	Capability capabilityView `json:"capability"`
}

// recheck looks again at what WeChat refused once.
func (c console) recheck(ctx context.Context, in *recheckIn) (*recheckOut, error) {
	one, asked, err := c.Accounts.Recheck(ctx, in.ID, in.Body.Path)
	if err != nil {
		return nil, err
	}
	return &recheckOut{Asked: asked, Capability: c.capability(one)}, nil
}
