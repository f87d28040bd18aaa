package contract

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"weizheng/wechat/client"
)

// TestReading: what citizens do with an article is counted, once where once is meant.
func TestReading(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, done := w.publish(main, "一")
	id := articleOf(done.URLs[0])
	do := func(citizen, kind string, more object) object {
		in := object{"citizen": citizen, "kind": kind}
		maps.Copy(in, more)
		a, _ := w.play("POST", "/articles/"+id+"/acts", in)["article"].(object)
		return a
	}
	do("zhang", "read", nil)
	do("zhang", "read", object{"scene": "moments"})
	do("li", "read", nil)
	do("zhang", "like", nil)
	do("zhang", "like", nil)
	do("li", "like", nil)
	do("li", "like", object{"undo": true})
	do("li", "favourite", nil)
	do("zhang", "share", object{"scene": "moments"})
	got := do("zhang", "share", nil)
	for name, want := range map[string]float64{"reads": 3, "likes": 1, "favourites": 1, "shares": 2, "comments": 0} {
		if got[name] != want {
			t.Errorf("%s: %v, want %v", name, got[name], want)
		}
	}
	if mine, _ := got["mine"].(object); mine["like"] != true || mine["favourite"] != false {
		t.Errorf("%v", mine)
	}
	for label, in := range map[string]object{
		"an unknown kind": {"citizen": "zhang", "kind": "burn"}, "an unknown scene": {"citizen": "zhang", "kind": "read", "scene": "moon"},
		"nobody": {"citizen": "nobody", "kind": "read"}, "a read taken back": {"citizen": "zhang", "kind": "read", "undo": true},
	} {
		if status := w.tryPlay("POST", "/articles/"+id+"/acts", in); status/100 != 4 {
			t.Errorf("%s: HTTP %d", label, status)
		}
	}
	w.play("POST", "/articles/"+id+"/ban", nil)
	if status := w.tryPlay("POST", "/articles/"+id+"/acts", object{"citizen": "zhang", "kind": "read"}); status != http.StatusConflict {
		t.Errorf("a banned article: HTTP %d", status)
	}
}

// TestButtonShowsArticle: a card in the chat, or the page at once.
func TestButtonShowsArticle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow(main, "zhang")
	_, done := w.publish(main, "一")
	w.wantCode("menu", w.client(main).CreateMenu(w.ctx, client.Menu{Buttons: []client.Button{
		{Type: "article_id", Name: "看卡片", ArticleID: done.ArticleID}, {Type: "article_view_limited", Name: "看文章", ArticleID: done.ArticleID}}}), 0)
	w.moveCivil(10 * time.Minute)
	w.play("POST", "/menu/tap", object{"account": main, "citizen": "zhang", "path": []int{0}})
	if card := w.list(w.last(main, "zhang")["articles"]); len(card) != 1 || card[0]["url"] != done.URLs[0] {
		t.Errorf("%v", card)
	}
	if got := w.play("POST", "/menu/tap", object{"account": main, "citizen": "zhang", "path": []int{1}}); got["kind"] != "page" || got["url"] != done.URLs[0] {
		t.Errorf("%v", got)
	}
}
