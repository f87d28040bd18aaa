package conversation

import "time"

// State is whether somebody may have to act.
type State string

// The states.
const (
	Open   State = "open"
	Closed State = "closed"
)

// Author is who said a line.
type Author string

// The authors. A note is seen by staff only.
const (
	Citizen Author = "citizen"
	ByRule  Author = "rule"
	Staff   Author = "staff"
	System  Author = "system"
	Note    Author = "note"
)

// LineState is what became of a line that we sent; "" for lines that were not sent.
type LineState string

// The states of a sent line. Uncertain: a crash or a lost answer left it open; it is not repeated by itself.
const (
	Sending   LineState = "sending"
	Sent      LineState = "sent"
	Refused   LineState = "refused"
	Uncertain LineState = "uncertain"
)

// Conversation is the talk with one follower of one account.
type Conversation struct {
	ID           int64
	Account      int64
	Follower     int64
	State        State
	ClaimedBy    int64     // staff id; 0: nobody
	ClaimedUntil time.Time // wall; after it the claim is cold: rules answer again and anybody may take over
	Starred      bool
	WaitingSince time.Time // civil; zero: nobody waits
	LastAt       time.Time // civil
	LastFrom     Author
	LastKind     string
	LastText     string
	Version      int64
	Person       string
	Unit         string // path of the account's unit
}

// Line is one thing said.
type Line struct {
	ID           int64
	Conversation int64
	Author       Author
	StaffID      int64
	Kind         string
	Text         string
	Hidden       bool // the text holds references to encrypted values
	Detail       Detail
	At           time.Time // civil
	State        LineState
	Problem      string
	InboundID    int64
	OutboundID   int64
}

// Detail is what a line has besides text.
type Detail struct {
	MediaID     string    `json:"media_id,omitempty"`
	PicURL      string    `json:"pic_url,omitempty"`
	Format      string    `json:"format,omitempty"`
	Recognition bool      `json:"recognition,omitempty"` // text is what a voice was understood as
	Latitude    float64   `json:"latitude,omitempty"`
	Longitude   float64   `json:"longitude,omitempty"`
	Title       string    `json:"title,omitempty"`
	URL         string    `json:"url,omitempty"`
	Event       string    `json:"event,omitempty"`
	Key         string    `json:"key,omitempty"`
	Source      string    `json:"source,omitempty"` // what answered: "reply:12"
	Articles    []Article `json:"articles,omitempty"`
}

// Article is one article of a news line.
type Article struct {
	Title  string `json:"title"`
	URL    string `json:"url,omitempty"`
	PicURL string `json:"pic_url,omitempty"`
}

// MaxAnswerBytes is the longest answer, in bytes of UTF-8: WeChat cuts customer messages at 2048.
const MaxAnswerBytes = 2048

// MaxNoteRunes is the longest note, in characters.
const MaxNoteRunes = 1000
