package gateway

import (
	"encoding/json"
	"reflect"
	"testing"

	"weizheng/part"
	"weizheng/wechat"
)

// encodeAnswer writes what encoding/json would read back as the same answer.
func TestEncodeAnswer(t *testing.T) {
	t.Parallel()
	news := wechat.News{Articles: []wechat.Article{{Title: "“停水”\n<通知>", URL: "https://a.cn/?b=1&c=2"}}}
	for label, a := range map[string]part.Answer{
		"one":            {Reply: wechat.Text{Content: "您好\t\"<a href='x'>\""}},
		"one and more":   {Reply: wechat.Text{Content: "1"}, More: []wechat.Reply{news, wechat.Image{MediaID: "m"}}},
		"only more":      {More: []wechat.Reply{wechat.TransferToService{}, wechat.Text{Content: ""}}},
		"nothing at all": {},
	} {
		b, err := encodeAnswer(a)
		if err != nil {
			t.Fatal(err)
		}
		var s storedAnswer
		if err := json.Unmarshal(b, &s); err != nil {
			t.Fatalf("%s: %s: %v", label, b, err)
		}
		back, err := s.answer()
		if err != nil {
			t.Fatalf("%s: %s: %v", label, b, err)
		}
		if !reflect.DeepEqual(back, a) {
			t.Errorf("%s: %s comes back as %+v", label, b, back)
		}
	}
}

func TestPadded(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "00000", 7: "00007", 99999: "99999", 100000: "100000", -3: "-0003"} {
		if got := padded(n, 5); got != want {
			t.Errorf("%d becomes %q, not %q", n, got, want)
		}
	}
}
