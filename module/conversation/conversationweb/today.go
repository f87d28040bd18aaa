package conversationweb

import (
	"context"

	"weizheng/platform/access"
)

type todayIn struct {
	Account int64 `query:"account"`
}

type todayOut struct {
	Received       int64 `json:"received"`
	Automatic      int64 `json:"automatic"`
	ByPerson       int64 `json:"by_person"`
	Unanswered     int64 `json:"unanswered"`
	AnsweredInTime int64 `json:"answered_in_time"`
	AnsweredLate   int64 `json:"answered_late"`
	Followed       int64 `json:"followed"`
	Left           int64 `json:"left"`
}

// today is how the day goes, over what the person may see.
func (c console) today(ctx context.Context, in *todayIn) (*todayOut, error) {
	t, err := c.Conversations.Today(ctx, access.From(ctx).Reach(read), in.Account)
	if err != nil {
		return nil, err
	}
	out := todayOut(t)
	return &out, nil
}
