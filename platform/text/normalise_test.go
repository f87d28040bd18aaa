package text

import "testing"

func TestNormalise(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ label, in, want string }{
		{"already plain", "社保卡怎么办", "社保卡怎么办"},
		{"punctuation and spaces", "「社保卡， 怎么办？」", "社保卡怎么办"},
		{"full width", "１００", "100"},
		{"full width letters", "Ａ", "a"},
		{"capitals", "ETC怎么办", "etc怎么办"},
		{"emoji say nothing", "😀😀", ""},
		{"only punctuation", "？！。", ""},
		{"zero width inside", "社\u200b保卡", "社保卡"},
		{"combining letters", "é", "é"},
		{"empty", "", ""},
		{"line breaks", "社保\n卡", "社保卡"},
		{"circled number folds", "①", "1"},
		{"after a broken byte", "\xf0①", "1"},
		{"parts of one letter", "\u1112!\u1161", "하"},
	} {
		if got := Normalise(c.in); got != c.want {
			t.Errorf("%s: Normalise(%q) = %q, want %q", c.label, c.in, got, c.want)
		}
	}
}

func FuzzNormalise(f *testing.F) {
	f.Add("社保卡，怎么办？")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, s string) {
		once := Normalise(s)
		if twice := Normalise(once); twice != once {
			t.Errorf("not stable: %q → %q → %q", s, once, twice)
		}
	})
}
