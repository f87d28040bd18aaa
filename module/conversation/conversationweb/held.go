package conversationweb

import (
	"context"
	"fmt"

	"weizheng/module/conversation"
	"weizheng/part"
	"weizheng/platform/db"
)

// mine shows a citizen their talks: when they last wrote, and whether a person still has to answer.
func (d Deps) mine(ctx context.Context, citizen int64, limit int) ([]part.Line, error) {
	list, err := d.Conversations.OfCitizen(ctx, citizen, limit)
	if err != nil {
		return nil, err
	}
	var lines []part.Line
	for _, c := range list {
		account, err := d.Accounts.Name(ctx, c.Account)
		if err != nil {
			return nil, err
		}
		l := part.Line{Title: "与“" + account + "”的对话", Note: "已答复", Mark: "good", AtMs: millis(c.LastAt)}
		switch {
		case !c.WaitingSince.IsZero():
			l.Note, l.Mark = "等待工作人员答复", "warn"
		case c.LastFrom == conversation.System:
			continue // followed, never wrote
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func (d Deps) held() part.DataHeld {
	return part.DataHeld{
		Name: "conversation", Title: "对话",
		Export: func(ctx context.Context, subject part.Ref) ([]part.Line, error) {
			if subject.Kind != "follower" {
				return nil, nil
			}
			n, err := d.Conversations.Count(ctx, subject.ID)
			if err != nil || n == 0 {
				return nil, err
			}
			lines := []part.Line{{Title: "您与公众号的对话", Note: fmt.Sprintf("%d 条", n)}}
			files, err := d.Conversations.CountMedia(ctx, subject.ID)
			if err != nil || files == 0 {
				return lines, err
			}
			return append(lines, part.Line{Title: "您发来的图片、语音和视频（加密保存）", Note: fmt.Sprintf("%d 个", files)}), nil
		},
		Erase: func(ctx context.Context, tx *db.Tx, subject part.Ref) error {
			if subject.Kind != "follower" {
				return nil
			}
			return d.Conversations.Erase(ctx, tx, subject.ID)
		},
	}
}
