package accountweb

import (
	"context"

	"weizheng/kernel/account"
)

type checkOut struct {
	At       int64         `json:"at"`
	State    account.State `json:"state" enum:"ok,warn,fail" doc:"the worst of the findings"`
	Findings []finding     `json:"findings"`
}

// check asks WeChat and our own address; it sends nothing to anybody and changes nothing but the report.
func (c console) check(ctx context.Context, in *idIn) (*checkOut, error) {
	return c.told(c.Accounts.Check(ctx, in.ID))
}

func (c console) lastCheck(ctx context.Context, in *idIn) (*checkOut, error) {
	return c.told(c.Accounts.LastCheck(ctx, in.ID))
}

func (c console) told(r account.Report, err error) (*checkOut, error) {
	if err != nil {
		return nil, err
	}
	out := &checkOut{At: millis(r.At), State: r.State, Findings: []finding{}}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, c.words.finding(f))
	}
	return out, nil
}
