package client

import (
	"strings"
	"testing"
)

func TestFitValue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ label, key, value, want string }{
		{"short", "thing1", "居住证办理", "居住证办理"},
		{"just fits", "thing1", strings.Repeat("长", 20), strings.Repeat("长", 20)},
		{"a sentence too long", "thing12", strings.Repeat("长", 21), strings.Repeat("长", 19) + "…"},
		{"line breaks", "thing2", " 一\n二\t三 ", "一 二 三"},
		{"a number", "character_string3", strings.Repeat("A", 33), strings.Repeat("A", 32)},
		{"a name in 汉字", "name4", strings.Repeat("张", 11), strings.Repeat("张", 10)},
		{"a name in letters", "name4", strings.Repeat("z", 21), strings.Repeat("z", 20)},
		{"a phrase", "phrase5", "准予办理事项", "准予办理事"},
		{"an instant is not cut", "time6", "2026年11月20日 09:30~2026年11月21日 09:30", "2026年11月20日 09:30~2026年11月21日 09:30"},
		{"an unknown rule is not cut", "keyword1", strings.Repeat("长", 40), strings.Repeat("长", 40)},
	} {
		if got := FitValue(c.key, c.value); got != c.want {
			t.Errorf("%s: %q, want %q", c.label, got, c.want)
		}
	}
}
