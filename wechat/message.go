package wechat

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
)

// Message is everything WeChat pushes: a citizen's message, an event, or (InfoType) a notice to a third-party platform.
// One wide struct, as the platform adds fields to old events: what is absent is zero. Names are those of the XML in Go's
// spelling; where WeChat has two spellings the comment says so.
//
// Printing or logging a Message shows what kind it is, never who sent it or what it says.
type Message struct {
	ToUserName   string // the account's gh_ id
	FromUserName string // openid; "mphelper" for mass sends; empty happens and is accepted
	CreateTime   int64  // unix seconds
	MsgType      string
	MsgID        int64  // MsgId: of messages, not of events
	MsgDataID    string // MsgDataId, Idx: when written from an article (unverified)
	Idx          string

	Content      string // text
	BizMsgMenuID string // bizmsgmenuid: the item of a msgmenu that was tapped
	PicURL       string // image
	MediaID      string // image, voice, video, shortvideo; lives 3 days
	MediaID16K   string // voice in 16 kHz
	Format       string // voice: amr, speex
	Recognition  string // voice: only with speech recognition switched on
	ThumbMediaID string // video, shortvideo
	LocationX    float64
	LocationY    float64 // location: latitude is X, longitude is Y, GCJ-02 (unverified)
	Scale        string
	Label        string
	Title        string // link
	Description  string
	URL          string

	Event            string
	EventKey         string
	Ticket           string // subscribe, SCAN: of the QR code
	MenuID           string // VIEW, view_miniprogram
	Latitude         float64
	Longitude        float64
	Precision        float64 // LOCATION
	ScanCodeInfo     *ScanCodeInfo
	SendPicsInfo     *SendPicsInfo
	SendLocationInfo *SendLocationInfo

	JobID                int64  // MsgID with a capital D: the job of a mass or template send
	Status               string // see StatusIs
	TotalCount           int
	FilterCount          int
	SentCount            int
	ErrorCount           int
	CopyrightCheckResult *CopyrightCheckResult
	ArticleURLResult     *ArticleURLResult
	PublishEventInfo     *PublishEventInfo

	SubscribeMsgPopupEvent  []SubscribeChoice
	SubscribeMsgChangeEvent []SubscribeChoice
	SubscribeMsgSentEvent   []SubscribeSent

	OpenID     string // user_info_modified, user_authorization_revoke, user_authorization_cancellation
	UnionID    string
	AppID      string // AppID there, AppId in notices to a third-party platform
	RevokeInfo string

	ExpiredTime int64 // qualification, naming, annual_renew, verify_expired: unix seconds
	FailTime    int64
	FailReason  string

	KfAccount     string // kf_create_session, kf_close_session
	CloseType     string
	FromKfAccount string // kf_switch_session
	ToKfAccount   string

	InfoType                     string // notices to a third-party platform
	ComponentVerifyTicket        string
	AuthorizerAppID              string // AuthorizerAppid
	AuthorizationCode            string
	AuthorizationCodeExpiredTime int64
	PreAuthCode                  string

	Raw []byte // the XML as it came; EncodeMessage ignores it
}

// ScanCodeInfo belongs to scancode_push and scancode_waitmsg.
type ScanCodeInfo struct{ ScanType, ScanResult string }

// SendPicsInfo belongs to the pic_ events; the pictures themselves come as image messages.
type SendPicsInfo struct {
	Count   int
	PicMD5s []string
}

// SendLocationInfo belongs to location_select; a location message follows.
type SendLocationInfo struct {
	LocationX, LocationY  float64
	Scale, Label, PoiName string // Poiname; may be empty
}

// CopyrightCheckResult belongs to MASSSENDJOBFINISH.
type CopyrightCheckResult struct {
	Count      int
	Items      []CopyrightItem
	CheckState int
}

// CopyrightItem is one article's copyright check (the fields are unverified).
type CopyrightItem struct {
	ArticleIdx, UserDeclareState, AuditState int
	OriginalArticleURL                       string
	OriginalArticleType                      int
	CanReprint, NeedReplaceContent           int
	NeedShowReprintSource                    int
}

// ArticleURLResult belongs to MASSSENDJOBFINISH.
type ArticleURLResult struct {
	Count int
	Items []ArticleURL
}

// ArticleURL is where one article of a mass send can be read.
type ArticleURL struct {
	Idx int // 1-based
	URL string
}

// PublishEventInfo belongs to PUBLISHJOBFINISH. Status: 0 done, 1 running, 2 original check failed, 3 failed, 4 refused by
// the platform's review, 5 deleted by the user, 6 banned by the system.
type PublishEventInfo struct {
	PublishID string
	Status    int
	ArticleID string
	Count     int
	Articles  []ArticleURL
	FailIdx   []int
}

// SubscribeChoice is one template of subscribe_msg_popup_event or subscribe_msg_change_event; Status is accept or reject.
type SubscribeChoice struct{ TemplateID, Status, PopupScene string }

// SubscribeSent is one outcome of subscribe_msg_sent_event; Code 0 is delivered.
type SubscribeSent struct {
	TemplateID string
	MsgID      int64
	Code       int
	Status     string
}

// FromCitizen reports whether somebody said something, as against an event or a notice.
func (m Message) FromCitizen() bool { return m.InfoType == "" && m.MsgType != "event" }

// StatusIs compares Status with want as the platform's history demands: without regard to case and spaces, since
// "failed:user block" and "failed: user block" both exist.
func (m Message) StatusIs(want string) bool {
	squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
	return strings.EqualFold(squeeze(m.Status), squeeze(want))
}

// keyPart is the longest piece taken into a Key as it is; a longer one is represented by its digest.
const keyPart = 256

// Key identifies a push among its repetitions: "m:<MsgId>" for messages, "e:<from>:<createtime>:<event>:<eventkey>" for
// events, where the id of a job or sent notice stands in for an absent event key, since two of them may end for one
// follower in the same second. What has no sender, or neither id nor event, is known by its bytes: "r:<sha256>".
func (m Message) Key() string {
	switch {
	case m.MsgID != 0:
		return "m:" + strconv.FormatInt(m.MsgID, 10)
	case m.FromUserName != "" && m.Event != "":
		return "e:" + shorten(m.FromUserName) + ":" + strconv.FormatInt(m.CreateTime, 10) + ":" +
			shorten(m.Event) + ":" + shorten(m.subject())
	}
	sum := sha256.Sum256(m.Raw)
	return "r:" + hex.EncodeToString(sum[:])
}

// subject is what an event is about, to tell it from another of the same second.
func (m Message) subject() string {
	switch {
	case m.EventKey != "":
		return m.EventKey
	case m.JobID != 0:
		return strconv.FormatInt(m.JobID, 10)
	case len(m.SubscribeMsgSentEvent) > 0:
		return strconv.FormatInt(m.SubscribeMsgSentEvent[0].MsgID, 10)
	case m.PublishEventInfo != nil:
		return m.PublishEventInfo.PublishID
	}
	return ""
}

func shorten(s string) string {
	if len(s) <= keyPart {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return "#" + hex.EncodeToString(sum[:])
}

// String says what kind of message this is.
func (m Message) String() string {
	kind := m.MsgType
	switch {
	case m.InfoType != "":
		kind = "notice " + m.InfoType
	case m.Event != "":
		kind = "event " + m.Event
	}
	return fmt.Sprintf("wechat.Message(%q at %d, id %d, job %d)", cut(kind), m.CreateTime, m.MsgID, m.JobID)
}

// GoString keeps content out of %#v.
func (m Message) GoString() string { return m.String() }

// LogValue is what a log shows of a message.
func (m Message) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("type", cut(m.MsgType)), slog.String("event", cut(m.Event)), slog.String("info", cut(m.InfoType)),
		slog.Int64("id", m.MsgID), slog.Int64("created", m.CreateTime),
	)
}

// cut bounds a name that the other side chose, before it goes into a log.
func cut(name string) string {
	const longest = 64 // names of events have at most forty characters
	if len(name) > longest {
		return name[:longest]
	}
	return name
}
