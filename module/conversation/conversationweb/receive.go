package conversationweb

import (
	"context"
	"strings"

	"weizheng/module/conversation"
	"weizheng/part"
	"weizheng/platform/db"
	"weizheng/wechat"
)

// receive brings a batch of callbacks into the inbox.
func (d Deps) receive(ctx context.Context, tx *db.Tx, batch []part.Inbound) error {
	received := make([]conversation.Received, 0, len(batch))
	for _, in := range batch {
		if r, ok := take(in); ok {
			received = append(received, r)
		}
	}
	return d.Conversations.Receive(ctx, tx, received)
}

// take turns a callback into lines; ok is false for what no inbox needs to show.
func take(in part.Inbound) (conversation.Received, bool) {
	if in.Person == "" {
		return conversation.Received{}, false
	}
	line, ok := lineOf(in.Message)
	if !ok {
		return conversation.Received{}, false
	}
	r := conversation.Received{Inbound: in.ID, Account: in.Account.ID, Person: in.Person, At: in.CivilAt, Line: line}
	r.Reply = replyLine(in)
	r.Waits = line.Author == conversation.Citizen && in.Source != part.SourceBlocked && (!answered(in.Source) || !understood(line))
	return r, true
}

// understood reports whether a rule could know what was meant: words and places it can, of a picture it only knows that
// there is one, so a person looks.
func understood(l conversation.Line) bool {
	return l.Kind == "text" || l.Kind == "location" || l.Kind == "voice" && l.Text != ""
}

// answered reports whether a rule gave a real answer. The default rule and the fallback only say that somebody will;
// "duty" is a person's silence before their own answer.
func answered(source string) bool {
	return strings.HasPrefix(source, "reply:") && !strings.HasSuffix(source, sourceDefault) ||
		strings.HasSuffix(source, part.SourceSecret)
}

// sourceDefault marks the source of a default rule's answer.
const sourceDefault = ":default"

func lineOf(m *wechat.Message) (conversation.Line, bool) {
	l := conversation.Line{Author: conversation.Citizen, Kind: m.MsgType}
	switch m.MsgType {
	case "text":
		l.Text = m.Content
	case "image":
		l.Detail = conversation.Detail{MediaID: m.MediaID, PicURL: m.PicURL}
	case "voice":
		l.Text = m.Recognition
		l.Detail = conversation.Detail{MediaID: m.MediaID, Format: m.Format, Recognition: m.Recognition != ""}
	case "video", "shortvideo":
		l.Detail = conversation.Detail{MediaID: m.MediaID}
	case "location":
		l.Text = m.Label
		l.Detail = conversation.Detail{Latitude: m.LocationX, Longitude: m.LocationY}
	case "link":
		l.Text = m.Title
		l.Detail = conversation.Detail{Title: m.Title, URL: m.URL}
	case "event":
		return eventLine(m)
	default:
		l.Kind = "unknown"
		l.Detail = conversation.Detail{Event: m.MsgType}
	}
	return l, true
}

// eventLine shows what a follower did; events that say nothing about the talk are left out.
func eventLine(m *wechat.Message) (conversation.Line, bool) {
	switch m.Event {
	case "subscribe", "unsubscribe", "SCAN", "CLICK", "VIEW":
		return conversation.Line{
			Author: conversation.System, Kind: "event", Text: m.Event, Detail: conversation.Detail{Event: m.Event, Key: m.EventKey},
		}, true
	}
	return conversation.Line{}, false
}

// secretText stands for what was said to the follower alone.
const secretText = "（口令，只有本人看得到）"

// replyLine is what was answered by itself, nil for silence.
func replyLine(in part.Inbound) *conversation.Line {
	if in.Reply == nil {
		return nil
	}
	l := &conversation.Line{
		Author: conversation.ByRule, Kind: in.Reply.Type(), State: conversation.Sent,
		Detail: conversation.Detail{Source: in.Source},
	}
	if strings.HasSuffix(in.Source, part.SourceSecret) {
		l.Kind, l.Text = "text", secretText
		return l
	}
	switch r := in.Reply.(type) {
	case wechat.Text:
		l.Text = r.Content
	case wechat.Image:
		l.Detail.MediaID = r.MediaID
	case wechat.Voice:
		l.Detail.MediaID = r.MediaID
	case wechat.Video:
		l.Detail.MediaID, l.Text = r.MediaID, r.Title
	case wechat.Music:
		l.Text, l.Detail.URL = r.Title, r.URL
	case wechat.News:
		for _, a := range r.Articles {
			l.Detail.Articles = append(l.Detail.Articles, conversation.Article{Title: a.Title, URL: a.URL, PicURL: a.PicURL})
		}
		if len(r.Articles) > 0 {
			l.Text = r.Articles[0].Title
		}
	}
	return l
}
