package act

import "weizheng/wechat/sandbox/later"

// Later are the handlers of what falls due in civil time, by kind.
func (x *Acts) Later() map[string]later.Handler {
	return map[string]later.Handler{
		DueTemplate: x.cardDue, DueOnce: x.cardDue, DueNotice: x.cardDue,
	}
}
