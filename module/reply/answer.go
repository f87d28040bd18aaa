package reply

import (
	"context"
	"strings"
	"time"

	"weizheng/wechat"
)

// Hear tells what a message is to the rules; ok is false for events that no rule can answer (unsubscribe, VIEW, …).
func Hear(m *wechat.Message, text string, now time.Time) (h Heard, ok bool) {
	h.Now = now
	switch m.MsgType {
	case "text":
		h.Trigger, h.Text = TriggerKeyword, text
	case "voice":
		h.Trigger = TriggerVoice
		if text != "" {
			h.Trigger, h.Text = TriggerKeyword, text
		}
	case "image", "location", "link":
		h.Trigger = Trigger(m.MsgType)
	case "video", "shortvideo":
		h.Trigger = TriggerVideo
	case "event":
		return hearEvent(m, h)
	default:
		return h, false
	}
	return h, true
}

func hearEvent(m *wechat.Message, h Heard) (Heard, bool) {
	switch m.Event {
	case "subscribe":
		h.Trigger, h.Key = TriggerSubscribe, strings.TrimPrefix(m.EventKey, "qrscene_")
	case "SCAN":
		h.Trigger, h.Key = TriggerScan, m.EventKey
	case "CLICK":
		h.Trigger, h.Key = TriggerClick, m.EventKey
	default:
		return h, false
	}
	return h, true
}

// Answer finds the rule that answers a message: one that fits, else none. Whether the default rule then speaks is asked
// apart, after everybody else had the chance.
func (s *Service) Answer(ctx context.Context, account int64, m *wechat.Message, text string, now time.Time) (*Rule, error) {
	h, ok := Hear(m, text, now)
	if !ok {
		return nil, nil
	}
	matcher, err := s.Matcher(ctx, account)
	if err != nil {
		return nil, err
	}
	return matcher.Find(h), nil
}

// Fallthrough returns the default rule for a message that nobody took: only for what a citizen said, never for events.
func (s *Service) Fallthrough(ctx context.Context, account int64, m *wechat.Message, now time.Time) (*Rule, error) {
	if m.MsgType == "event" {
		return nil, nil
	}
	matcher, err := s.Matcher(ctx, account)
	if err != nil {
		return nil, err
	}
	return matcher.Default(now), nil
}
