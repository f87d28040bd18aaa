package api

import (
	"context"
	"fmt"
	"slices"
)

// ownOperator is Tencent's own egress, which is what this machine stands for.
const ownOperator = "CAP"

type resolved struct {
	IP       string `json:"ip"`
	Operator string `json:"real_operator"`
}

type pinged struct {
	IP   string `json:"ip"`
	From string `json:"from_operator"`
	Loss string `json:"package_loss"` // 0% or 100%: it is one packet
	Time string `json:"time"`
}

type callbackBody struct {
	DNS  []resolved `json:"dns,omitempty"`
	Ping []pinged   `json:"ping,omitempty"`
}

// checkCallback tells whether the account's address is found and reached. In place of a ping the address is asked for the
// echo, as when it is saved. WeChat docs: callbackCheck.
func (s *Server) checkCallback(ctx context.Context, c *call) (any, error) {
	var in struct {
		Action   string `json:"action"`
		Operator string `json:"check_operator"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case !slices.Contains([]string{"dns", "ping", "all"}, in.Action):
		return nil, fail(40202, "invalid args! action should be dns|ping|all")
	case !slices.Contains([]string{"CHINANET", "UNICOM", "CAP", "DEFAULT"}, in.Operator):
		return nil, fail(40203, "invalid args! check_operator should be CHINANET|UNICOM|CAP|DEFAULT")
	case c.account.Callback == "":
		return nil, fail(40201, "there is no URL set in account")
	}
	operator := in.Operator
	if operator == "DEFAULT" {
		operator = ownOperator
	}
	var out callbackBody
	addresses := s.Acts.Push.Addresses(ctx, c.account)
	for _, ip := range addresses {
		if in.Action != "ping" {
			out.DNS = append(out.DNS, resolved{ip, ownOperator})
		}
	}
	if in.Action == "dns" || len(addresses) == 0 {
		return out, nil
	}
	answered, took := s.Acts.Push.Reach(ctx, c.account)
	loss := "100%"
	if answered {
		loss = "0%"
	}
	for _, ip := range addresses {
		out.Ping = append(out.Ping, pinged{ip, operator, loss, fmt.Sprintf("%d.000ms", took.Milliseconds())})
	}
	return out, nil
}
