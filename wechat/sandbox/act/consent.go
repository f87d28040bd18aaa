package act

import (
	"context"
	"sort"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// templatesAtOnce is for how many templates one sheet asks. WeChat docs: Subscription_Messages/intro, of articles; the same
// number for pages is unverified.
const templatesAtOnce = 5

// Why the sheet does not open; the numbers are those of the open tag's error event (unverified).
var (
	ErrNoTemplates = errs.New(errs.Refused, "sandbox.subscribe_10001")
	ErrTemplates   = errs.New(errs.Refused, "sandbox.subscribe_20001")
	ErrMixed       = errs.New(errs.Refused, "sandbox.subscribe_20002")
	ErrTooMany     = errs.New(errs.Refused, "sandbox.subscribe_20003")
	ErrNoRight     = errs.New(errs.Refused, "sandbox.subscribe_20005")
)

// Where the sheet was opened from.
const (
	FromPage    = "page"
	FromArticle = "article"
)

var popupScenes = map[string]string{FromPage: "1", FromArticle: "2"}

// Sheet checks for which of an account's templates a citizen is asked, and returns them in the order asked for: all
// one-time or all long-term, five at most.
func (x *Acts) Sheet(ctx context.Context, account string, ids []string) ([]state.Template, error) {
	a, err := x.Store.Account(account)
	if err != nil {
		return nil, err
	}
	send, _ := wechat.EndpointOf("/cgi-bin/message/subscribe/bizsend")
	switch {
	case !send.Allows(a.Kind, a.Verified):
		return nil, ErrNoRight
	case len(ids) == 0:
		return nil, ErrNoTemplates
	case len(ids) > templatesAtOnce:
		return nil, ErrTooMany
	}
	list := make([]state.Template, len(ids))
	for i, id := range ids {
		t, ok, err := x.Store.FindTemplate(ctx, x.Store.Reader(), a.N, state.NoticeTemplate, id)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, ErrTemplates
		}
		if t.Type != list[0].Type && i > 0 {
			return nil, ErrMixed
		}
		list[i] = t
	}
	return list, nil
}

// Subscribe stores what a citizen chose on the sheet ("accept" or "reject" for each template) and tells the account. Who
// does not follow may choose as well.
func (x *Acts) Subscribe(ctx context.Context, account, citizen, from string, choices map[string]string) error {
	s, err := x.scene(ctx, account, citizen)
	if err != nil {
		return err
	}
	popup, ok := popupScenes[from]
	if !ok {
		return invalid("scene", "kind")
	}
	ids := make([]string, 0, len(choices))
	for id, choice := range choices {
		if choice != "accept" && choice != "reject" {
			return invalid("choices", "kind")
		}
		ids = append(ids, id)
	}
	list, err := x.Sheet(ctx, account, ids)
	if err != nil {
		return err
	}
	sort.Slice(list, func(i, j int) bool { return list[i].N < list[j].N })
	return x.Store.Write(ctx, func(tx *db.Tx) error {
		c, err := x.Store.Meet(ctx, tx, s.account, s.citizen)
		if err != nil {
			return err
		}
		m := &wechat.Message{Event: "subscribe_msg_popup_event"}
		for _, t := range list {
			if err := x.consent(ctx, tx, c, t, choices[t.ID] == "accept"); err != nil {
				return err
			}
			m.SubscribeMsgPopupEvent = append(m.SubscribeMsgPopupEvent,
				wechat.SubscribeChoice{TemplateID: t.ID, Status: choices[t.ID], PopupScene: popup})
		}
		return x.event(ctx, tx, s, c, m)
	})
}

// consent counts an acceptance; a refusal on the sheet takes nothing back.
func (x *Acts) consent(ctx context.Context, tx *db.Tx, c state.Contact, t state.Template, accepted bool) error {
	said, err := x.Store.Consent(ctx, tx, c.N, t.N)
	if err != nil || !accepted {
		return err
	}
	said.Refused = false
	if t.Type == state.LongTerm {
		said.Always = true
	} else {
		said.Remain++
	}
	return x.Store.SetConsent(ctx, tx, c.N, said)
}

// Switch turns one template of an account on or off in the phone's settings. The account is told of a refusal only.
func (x *Acts) Switch(ctx context.Context, account, citizen, template string, on bool) error {
	s, err := x.scene(ctx, account, citizen)
	if err != nil {
		return err
	}
	return x.Store.Write(ctx, func(tx *db.Tx) error {
		c, err := x.Store.Contact(ctx, tx, s.account.N, s.citizen.N)
		if err != nil {
			return err
		}
		t, err := x.anyTemplate(ctx, tx, s.account.N, template)
		if err != nil {
			return err
		}
		said, err := x.Store.Consent(ctx, tx, c.N, t.N)
		if err != nil || said.Refused == !on {
			return err
		}
		said.Refused = !on
		if err := x.Store.SetConsent(ctx, tx, c.N, said); err != nil || on || t.Kind != state.NoticeTemplate {
			return err
		}
		return x.event(ctx, tx, s, c, &wechat.Message{Event: "subscribe_msg_change_event",
			SubscribeMsgChangeEvent: []wechat.SubscribeChoice{{TemplateID: t.ID, Status: "reject"}}})
	})
}

// ErrNoTemplate is for what an account has not taken.
var ErrNoTemplate = errs.New(errs.NotFound, "sandbox.unknown_template")

func (x *Acts) anyTemplate(ctx context.Context, tx *db.Tx, account int64, id string) (state.Template, error) {
	for _, kind := range []string{state.NoticeTemplate, state.MessageTemplate} {
		t, ok, err := x.Store.FindTemplate(ctx, tx, account, kind, id)
		if err != nil || ok {
			return t, err
		}
	}
	return state.Template{}, ErrNoTemplate
}
