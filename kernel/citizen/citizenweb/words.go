package citizenweb

import (
	"weizheng/platform/web"
)

// words are the texts of this part, for what it shows in answers that are no errors.
type words struct{ texts *web.Texts }

// ownWords reads the embedded file, which the build made sure of.
func ownWords() words {
	t, err := web.NewTexts(texts)
	if err != nil {
		panic("citizenweb: text.zh.json: " + err.Error())
	}
	return words{t}
}

// scene says in words how somebody came; WeChat's unknown scenes are shown as other ways.
func (w words) scene(scene, key string) string {
	if scene == "" {
		return ""
	}
	name := "citizen.scene." + scene
	if !w.texts.Has(name) {
		name = "citizen.scene.ADD_SCENE_OTHERS"
	}
	text := w.texts.Say(name, nil)
	if key != "" {
		text += "（" + key + "）"
	}
	return text
}

// problem says a message key in words; one of another part is told in general.
func (w words) problem(key string) string {
	if key == "" {
		return ""
	}
	if w.texts.Has(key) {
		return w.texts.Say(key, nil)
	}
	return w.texts.Say("citizen.sync_stopped", nil)
}
