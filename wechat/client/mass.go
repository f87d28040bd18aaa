package client

import (
	"context"
	"maps"

	"weizheng/wechat"
)

// Limits of mass messages. WeChat docs: api_message_mass_send, Batch_Sends.
const (
	MassOpenIDs  = 10_000 // of one SendTo, which needs at least two
	MassClientID = 32     // bytes
	MassMonthly  = 4      // messages that one follower of a service account receives in a calendar month
)

// MassMessage is what can be sent to many: MPNews, Text, Voice, Pictures or MPVideo.
type MassMessage interface {
	massType() string
	massFields() map[string]any // the field that holds the body
}

// MPNews are the articles of a draft, which vanishes.
type MPNews struct{ MediaID string }

// Pictures are pictures by media ids, with a word of recommendation.
type Pictures struct {
	MediaIDs  []string `json:"media_ids"`
	Recommend string   `json:"recommend,omitempty"`
}

// MPVideo is a video that MassVideo made ready.
type MPVideo struct {
	MediaID     string `json:"media_id"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
}

func (MPNews) massType() string   { return "mpnews" }
func (Text) massType() string     { return "text" }
func (Voice) massType() string    { return "voice" }
func (Pictures) massType() string { return "image" }
func (MPVideo) massType() string  { return "mpvideo" }

func (m MPNews) massFields() map[string]any {
	return map[string]any{"mpnews": map[string]string{"media_id": m.MediaID}}
}
func (m Text) massFields() map[string]any     { return map[string]any{"text": m} }
func (m Voice) massFields() map[string]any    { return map[string]any{"voice": m} }
func (m Pictures) massFields() map[string]any { return map[string]any{"images": m} }
func (m MPVideo) massFields() map[string]any  { return map[string]any{"mpvideo": m} }

// Mass is a message with what is to be said about sending it.
type Mass struct {
	Message MassMessage
	// ClientID makes the call repeatable: for 24 hours it stands for one message (MassJob.Repeated). Without one WeChat
	// takes a digest of recipients and content.
	ClientID string
	Reprints bool // send articles that are judged to be reprints as such; else nothing is sent
}

func (m Mass) in(more map[string]any) map[string]any {
	in := m.Message.massFields()
	in["msgtype"] = m.Message.massType()
	in["send_ignore_reprint"] = flag(m.Reprints)
	if m.ClientID != "" {
		in["clientmsgid"] = m.ClientID
	}
	maps.Copy(in, more)
	return in
}

// MassJob is a message on its way. How it ends is told by the event MASSSENDJOBFINISH, with counts.
type MassJob struct {
	MsgID     int64 `json:"msg_id"`
	MsgDataID int64 `json:"msg_data_id"` // of articles, by which comments are read
	Repeated  bool  `json:"-"`           // it was sent before with the same ClientID; nothing was sent now
}

// Audience says to whom SendAll goes.
type Audience struct {
	All bool // to all followers: of a service account once a day and four times a month, and onto the history page
	Tag int  // to those who have it
}

// SendAll sends a message to all followers or to those with a tag. 45028: the allowance is used up. 89504: an administrator
// is asked, send the same again after their consent; 89505: they refused. A call without an answer may have been taken: it
// is not repeated here, but may be with the same ClientID. WeChat docs: api_message_mass_sendall.
func (c *Client) SendAll(ctx context.Context, to Audience, m Mass) (MassJob, error) {
	filter := map[string]any{"is_to_all": to.All}
	if !to.All {
		filter["tag_id"] = to.Tag
	}
	return c.mass(ctx, "/cgi-bin/message/mass/sendall", m, map[string]any{"filter": filter})
}

// SendTo sends a message to 2 to MassOpenIDs followers of a service account. Otherwise as SendAll.
// WeChat docs: api_message_mass_send.
func (c *Client) SendTo(ctx context.Context, openids []string, m Mass) (MassJob, error) {
	var v checks
	v.between("openids", int64(len(openids)), 2, MassOpenIDs)
	if err := v.err(); err != nil {
		return MassJob{}, err
	}
	return c.mass(ctx, "/cgi-bin/message/mass/send", m, map[string]any{"touser": openids})
}

func (c *Client) mass(ctx context.Context, path string, m Mass, to map[string]any) (MassJob, error) {
	var v checks
	v.unless(m.Message != nil, "message", "required", nil)
	v.between("client_id", int64(len(m.ClientID)), 0, MassClientID)
	if err := v.err(); err != nil {
		return MassJob{}, err
	}
	var out MassJob
	err := c.wire.do(ctx, request{path: path, in: m.in(to), out: &out})
	if CodeOf(err) == int(wechat.CodeDuplicateSend) && out.MsgID != 0 {
		out.Repeated = true
		return out, nil
	}
	return out, err
}

// PreviewMass shows a message to one follower, whom name names in WeChat (微信号), or else the openid. A draft stays.
// WeChat docs: api_message_mass_preview.
func (c *Client) PreviewMass(ctx context.Context, openid, name string, m MassMessage) error {
	in := m.massFields()
	in["msgtype"] = m.massType()
	if p, ok := m.(Pictures); ok && len(p.MediaIDs) == 1 {
		in["image"] = map[string]string{"media_id": p.MediaIDs[0]} // this endpoint knows no several
	}
	if name != "" {
		in["towxname"] = name
	} else {
		in["touser"] = openid
	}
	return c.wire.do(ctx, request{path: "/cgi-bin/message/mass/preview", in: in})
}

// DeleteMass deletes what a message sent: the article at index, counted from 1, or with 0 all of them. Only articles and
// videos; their cards stay on the phones. WeChat docs: api_message_mass_delete.
func (c *Client) DeleteMass(ctx context.Context, msgID int64, index int) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/message/mass/delete", in: map[string]any{"msg_id": msgID, "article_idx": index}})
}

// DeleteMassArticle deletes the article at an address. WeChat docs: api_message_mass_delete.
func (c *Client) DeleteMassArticle(ctx context.Context, address string) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/message/mass/delete", in: map[string]any{"url": address}})
}

// The states of a mass message.
const (
	MassSending = "SENDING"
	MassSent    = "SEND_SUCCESS"
	MassFailed  = "SEND_FAIL"
	MassDeleted = "DELETE"
)

// MassStatus asks how far a message is. WeChat docs: api_message_mass_get.
func (c *Client) MassStatus(ctx context.Context, msgID int64) (string, error) {
	var out struct {
		Status string `json:"msg_status"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/message/mass/get", in: map[string]any{"msg_id": msgID}, out: &out})
	return out.Status, err
}

// MassSpeed is how fast messages go.
type MassSpeed struct {
	Level     int `json:"speed"`     // 0 to 4, the fastest first
	PerMinute int `json:"realspeed"` // ten thousands of followers
}

// MassSpeed asks. WeChat docs: api_message_mass_speed_get.
func (c *Client) MassSpeed(ctx context.Context) (MassSpeed, error) {
	var out MassSpeed
	err := c.wire.do(ctx, request{path: "/cgi-bin/message/mass/speed/get", out: &out})
	return out, err
}

// SetMassSpeed changes the level, 0 to 4. WeChat docs: api_message_mass_speed_set.
func (c *Client) SetMassSpeed(ctx context.Context, level int) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/message/mass/speed/set", in: map[string]int{"speed": level}})
}
