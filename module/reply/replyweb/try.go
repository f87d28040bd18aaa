package replyweb

import (
	"context"
	"encoding/json"

	"weizheng/module/reply"
	"weizheng/platform/errs"
)

type tryIn struct {
	Body struct {
		AccountID int64         `json:"account_id"`
		Text      string        `json:"text,omitempty" maxLength:"600"`
		Trigger   reply.Trigger `json:"trigger,omitempty" doc:"what happened instead of words: subscribe, image, location, …"`
		Key       string        `json:"key,omitempty" maxLength:"128" doc:"scene or menu key"`
	}
}

// tryStep is one thing that was looked at on the way to an answer.
type tryStep struct {
	Responder string `json:"responder"`
	Took      bool   `json:"took"`
	Note      string `json:"note"`
}

type tryOut struct {
	Matched *ruleView         `json:"matched"`
	Steps   []tryStep         `json:"steps"`
	Answer  []json.RawMessage `json:"answer"`
}

// try tells which rule would answer, without asking or telling anybody: the same matcher that citizens meet.
func (c console) try(ctx context.Context, in *tryIn) (*tryOut, error) {
	if err := c.may(ctx, read, in.Body.AccountID); err != nil {
		return nil, err
	}
	m, err := c.Replies.Matcher(ctx, in.Body.AccountID)
	if err != nil {
		return nil, err
	}
	h := reply.Heard{Trigger: in.Body.Trigger, Text: in.Body.Text, Key: in.Body.Key, Now: c.Civil.Now()}
	if h.Trigger == "" {
		h.Trigger = reply.TriggerKeyword
	}
	if h.Trigger == reply.TriggerKeyword && h.Text == "" {
		return nil, errs.InvalidFields([]errs.Field{{Field: "text", Key: "shape.required"}})
	}
	out := &tryOut{Steps: []tryStep{}, Answer: []json.RawMessage{}}
	rule := m.Find(h)
	out.Steps = append(out.Steps, tryStep{"keyword", rule != nil, noteOf(rule)})
	if rule == nil && !isEvent(h.Trigger) {
		rule = m.Default(h.Now)
		out.Steps = append(out.Steps, tryStep{"default", rule != nil, noteOf(rule)})
	}
	if rule == nil {
		return out, nil
	}
	v, err := view(*rule, h.Now)
	if err != nil {
		return nil, err
	}
	out.Matched, out.Answer = &v, v.Answers
	return out, nil
}

func noteOf(r *reply.Rule) string {
	if r == nil {
		return ""
	}
	return r.Name
}

func isEvent(t reply.Trigger) bool {
	return t == reply.TriggerSubscribe || t == reply.TriggerScan || t == reply.TriggerClick
}
