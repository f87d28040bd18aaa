package replyweb

import (
	"context"
	"fmt"
	"strings"

	"weizheng/module/reply"
	"weizheng/part"
	"weizheng/wechat"
)

// shownWords bounds what of an answer a card shows, in characters: a whole text message is 2048 bytes.
const shownWords = 700

// card says what of a rule is to go live, or is live, beside the matter of its review.
func (f face) card(ctx context.Context, subject part.Ref) ([]part.Line, error) {
	versions, err := f.Replies.Versions(ctx, subject.ID)
	if err != nil || len(versions) == 0 {
		return nil, err
	}
	v := versions[0]
	lines := []part.Line{{Title: "什么时候答", Note: occasion(v.Content)}}
	for i, a := range v.Content.Answers {
		title := "答什么"
		if i > 0 {
			title = fmt.Sprintf("再答 %d", i+1)
		}
		lines = append(lines, part.Line{Title: title, Note: words(a)})
	}
	if len(versions) > 1 && versions[1].State == reply.Live {
		lines = append(lines, part.Line{Title: "现在答的", Note: firstWords(versions[1].Content)})
	}
	return lines, nil
}

// occasions are the triggers that are not words.
var occasions = map[reply.Trigger]string{
	reply.TriggerSubscribe: "有人关注时", reply.TriggerImage: "收到图片时", reply.TriggerVoice: "收到语音时", reply.TriggerVideo: "收到视频时",
	reply.TriggerLink: "收到链接时", reply.TriggerLocation: "收到位置时", reply.TriggerDefault: "别的都答不上时",
}

func occasion(r reply.Rule) string {
	if said, known := occasions[r.Trigger]; known {
		return said
	}
	said := strings.Join(r.Words, "、")
	switch r.Trigger {
	case reply.TriggerScan:
		return "扫了码 " + said
	case reply.TriggerClick:
		return "点了菜单 " + said
	}
	return "有人说：" + said
}

func words(r wechat.Reply) string {
	text, ok := r.(wechat.Text)
	if !ok {
		return r.Type()
	}
	if runes := []rune(text.Content); len(runes) > shownWords {
		return string(runes[:shownWords]) + "…"
	}
	return text.Content
}
