package wechat

import (
	"slices"
	"strconv"
	"strings"

	"weizheng/platform/errs"
)

// Limits of passive replies. WeChat docs: Passive_user_reply_message.
const (
	MaxReplyText     = 2048 // bytes of UTF-8 (unverified)
	MaxReplyArticles = 8    // cards when an event is answered
	maxAnswerCards   = 1    // cards when a message is answered, since 2018-10-12
)

// messageTypes are the triggers that allow one card only.
var messageTypes = []string{"text", "image", "voice", "video", "shortvideo", "location", "link"}

// ValidateReply tells whether WeChat will show r in answer to a push of the given MsgType. The error is errs.Invalid and
// lists every fault; the nil Reply is right.
func ValidateReply(r Reply, trigger string) error {
	if r == nil {
		return nil
	}
	var v faults
	r.validate(trigger, &v)
	return errs.InvalidFields(v)
}

type faults []errs.Field

func (v *faults) add(field, key string, params map[string]any) {
	*v = append(*v, errs.Field{Field: field, Key: key, Params: params})
}

func (v *faults) need(field, value string) {
	if strings.TrimSpace(value) == "" {
		v.add(field, "required", nil)
	}
}

func (v *faults) link(field, value string) {
	if value != "" && !strings.HasPrefix(value, "https://") && !strings.HasPrefix(value, "http://") {
		v.add(field, "wechat.url", nil)
	}
}

func (r Text) validate(_ string, v *faults) {
	v.need("content", r.Content)
	if len(r.Content) > MaxReplyText {
		v.add("content", "wechat.bytes", map[string]any{"limit": MaxReplyText, "is": len(r.Content)})
	}
}

func (r Image) validate(_ string, v *faults) { v.need("media_id", r.MediaID) }
func (r Voice) validate(_ string, v *faults) { v.need("media_id", r.MediaID) }
func (r Video) validate(_ string, v *faults) { v.need("media_id", r.MediaID) }

func (r Music) validate(_ string, v *faults) {
	v.need("thumb_media_id", r.ThumbMediaID)
	v.link("url", r.URL)
	v.link("hq_url", r.HQURL)
}

func (r News) validate(trigger string, v *faults) {
	limit := MaxReplyArticles
	if slices.Contains(messageTypes, trigger) {
		limit = maxAnswerCards
	}
	switch n := len(r.Articles); {
	case n == 0:
		v.add("articles", "required", nil)
	case n > limit:
		v.add("articles", "wechat.articles", map[string]any{"limit": limit, "is": n})
	}
	for i, a := range r.Articles {
		at := "articles." + strconv.Itoa(i) + "."
		v.need(at+"title", a.Title)
		v.need(at+"url", a.URL)
		v.link(at+"url", a.URL)
		v.link(at+"pic_url", a.PicURL)
	}
}

func (r TransferToService) validate(string, *faults) {}
