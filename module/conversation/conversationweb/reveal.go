package conversationweb

import (
	"context"

	"weizheng/module/conversation"
)

type revealIn struct {
	ID   int64 `path:"id"`
	Line int64 `path:"line"`
	Body struct {
		Reference string `json:"reference" doc:"text of the reference: 身份证1"`
		Reason    string `json:"reason" doc:"2 to 200 characters; goes into the audit"`
	}
}

type revealOut struct {
	Value string `json:"value"`
}

// reveal shows one hidden value; the conversation of the path is what the permission was checked for.
func (c console) reveal(ctx context.Context, in *revealIn) (*revealOut, error) {
	value, err := c.Conversations.Reveal(ctx, in.ID, conversation.Ask{
		Line: in.Line, Reference: in.Body.Reference, Reason: in.Body.Reason,
	})
	if err != nil {
		return nil, err
	}
	return &revealOut{value}, nil
}
