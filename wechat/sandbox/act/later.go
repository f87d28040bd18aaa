package act

import (
	"weizheng/wechat/sandbox/later"
	"weizheng/wechat/sandbox/state"
)

// Later are the handlers of what falls due in civil time, by kind.
func (x *Acts) Later() map[string]later.Handler {
	return map[string]later.Handler{
		state.DuePublish: x.published,
		state.DueMass:    x.massArrived,

		DueTemplate: x.cardDue, DueOnce: x.cardDue, DueNotice: x.cardDue,

		dueExpiry: x.expired, dueRenewal: x.renewalDue,
	}
}
