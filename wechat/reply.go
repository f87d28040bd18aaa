package wechat

import (
	"errors"
	"time"
)

// Reply is a passive answer: one of Text, Image, Voice, Video, Music, News and TransferToService. The nil Reply is "no
// answer" and becomes Success.
type Reply interface {
	Type() string // the MsgType of the XML
	write(w *writer)
	validate(trigger string, v *faults)
}

// Text may hold "\n", <a href> and weixin://bizmsgmenu links.
type Text struct {
	Content string `json:"content"`
}

// Image shows a picture by its temporary or permanent media id.
type Image struct {
	MediaID string `json:"media_id"`
}

// Voice plays a voice by its media id.
type Voice struct {
	MediaID string `json:"media_id"`
}

// Video plays a video; title and description are optional.
type Video struct {
	MediaID     string `json:"media_id"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
}

// Music plays music; only ThumbMediaID is required.
type Music struct {
	Title        string `json:"title,omitempty"`
	Description  string `json:"description,omitempty"`
	URL          string `json:"url,omitempty"`
	HQURL        string `json:"hq_url,omitempty"`
	ThumbMediaID string `json:"thumb_media_id"`
}

// News shows cards that open a page; one card in answer to a citizen's message, up to eight otherwise.
type News struct {
	Articles []Article `json:"articles"`
}

// Article is one card. PicURL is 360×200 for the first, 200×200 for the others.
type Article struct {
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	PicURL      string `json:"pic_url,omitempty"`
	URL         string `json:"url"`
}

// TransferToService hands the citizen to WeChat's own customer service; Account is optional.
type TransferToService struct {
	Account string `json:"account,omitempty"`
}

// Type is the MsgType.
func (Text) Type() string { return "text" }

// Type is the MsgType.
func (Image) Type() string { return "image" }

// Type is the MsgType.
func (Voice) Type() string { return "voice" }

// Type is the MsgType.
func (Video) Type() string { return "video" }

// Type is the MsgType.
func (Music) Type() string { return "music" }

// Type is the MsgType.
func (News) Type() string { return "news" }

// Type is the MsgType.
func (TransferToService) Type() string { return "transfer_customer_service" }

// EncodeReply writes the clear XML of an answer: to is the citizen's openid, from the account's gh_ id. The nil Reply is
// Success. It writes what it is given; ValidateReply tells whether WeChat will show it.
// WeChat docs: Passive_user_reply_message.
func EncodeReply(to, from string, at time.Time, r Reply) ([]byte, error) {
	if r == nil {
		return []byte(Success), nil
	}
	if to == "" || from == "" {
		return nil, errors.New("wechat: a reply needs ToUserName and FromUserName")
	}
	w := &writer{b: make([]byte, 0, 512)}
	w.b = append(w.b, "<xml>"...)
	w.always("ToUserName", to)
	w.always("FromUserName", from)
	w.b = appendInt(w.b, "CreateTime", at.Unix())
	w.always("MsgType", r.Type())
	r.write(w)
	return append(w.b, "</xml>"...), nil
}

func (r Text) write(w *writer) { w.always("Content", r.Content) }

func (r Image) write(w *writer) { w.in("Image", func() { w.always("MediaId", r.MediaID) }) }

func (r Voice) write(w *writer) { w.in("Voice", func() { w.always("MediaId", r.MediaID) }) }

func (r Video) write(w *writer) {
	w.in("Video", func() {
		w.always("MediaId", r.MediaID)
		w.str("Title", r.Title)
		w.str("Description", r.Description)
	})
}

func (r Music) write(w *writer) {
	w.in("Music", func() {
		w.str("Title", r.Title)
		w.str("Description", r.Description)
		w.str("MusicUrl", r.URL)
		w.str("HQMusicUrl", r.HQURL)
		w.always("ThumbMediaId", r.ThumbMediaID)
	})
}

func (r News) write(w *writer) {
	w.b = appendInt(w.b, "ArticleCount", int64(len(r.Articles)))
	w.in("Articles", func() {
		for _, a := range r.Articles {
			w.in("item", func() {
				w.always("Title", a.Title)
				w.always("Description", a.Description)
				w.always("PicUrl", a.PicURL)
				w.always("Url", a.URL)
			})
		}
	})
}

func (r TransferToService) write(w *writer) {
	if r.Account != "" {
		w.in("TransInfo", func() { w.always("KfAccount", r.Account) })
	}
}
