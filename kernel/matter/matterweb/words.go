package matterweb

import (
	"strings"

	"weizheng/kernel/matter"
	"weizheng/platform/web"
)

// words are the texts of this part, for what it shows in answers that are no errors.
type words struct{ texts *web.Texts }

// ownWords reads the embedded file, which the build made sure of.
func ownWords() words {
	t, err := web.NewTexts(texts)
	if err != nil {
		panic("matterweb: text.zh.json: " + err.Error())
	}
	return words{t}
}

func (w words) say(key string) string { return w.texts.Say(key, nil) }

// line is one thing that happened, as a sentence. What a newer definition says and nobody has words for yet is left out.
func (w words) line(l matter.Line) string {
	key := "matter.line." + l.Kind
	if !w.texts.Has(key) {
		return ""
	}
	return tidy(w.texts.Say(key, l.Params))
}

// tidy takes away the brackets and marks around what was not said.
func tidy(text string) string {
	return strings.NewReplacer("（）", "", "“”", "", "，：。", "。", "：。", "。", "，。", "。").Replace(text)
}

// notice names what somebody was told.
func (w words) notice(kind, title string) string {
	if title != "" {
		return title
	}
	return w.say("matter.notice." + kind)
}
