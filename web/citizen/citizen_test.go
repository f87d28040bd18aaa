package citizen

import (
	"strings"
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 1, 30, 0, 0, time.UTC)
	now := time.Date(2026, 12, 31, 15, 59, 0, 0, time.UTC)
	for _, row := range []struct{ label, got, want string }{
		{"same year", Moment(at, now), "11月20日 周五 09:30"},
		{"other year, by the clock of Shanghai", Moment(at, now.Add(time.Minute)), "2026年11月20日 周五 09:30"},
		{"day", Day(at, now), "11月20日 周五"},
		{"the day begins in Shanghai", Day(time.Date(2026, 11, 20, 16, 0, 0, 0, time.UTC), now), "11月21日 周六"},
		{"money", Money(1250), "12.50 元"}, {"little", Money(5), "0.05 元"}, {"back", Money(-1250), "-12.50 元"},
		{"dial", string(tel("010-8888 6666 转 8")), "tel:010888866668"},
		{"nothing but digits", string(tel("javascript:alert(1)")), "tel:1"},
	} {
		if row.got != row.want {
			t.Errorf("%s: %q, want %q", row.label, row.got, row.want)
		}
	}
}

func TestContrast(t *testing.T) {
	t.Parallel()
	for colour, want := range map[string]float64{"#000000": 21, "#ffffff": 1, "#767676": 4.54, "red": 0, "#12345": 0, "#07c160": 2.38} {
		if got := Contrast(colour); got < want-0.02 || got > want+0.02 {
			t.Errorf("%s: %.2f, want %.2f", colour, got, want)
		}
	}
}

// TestTokensAreReadable holds the style sheet's own colours to 4.5:1 on white, and the weak grounds to their text.
func TestTokensAreReadable(t *testing.T) {
	t.Parallel()
	for _, colour := range []string{"#07727c", "#1a2226", "#55606a", "#1a7340", "#8a5300", "#b3261e"} {
		if got := Contrast(colour); got < 4.5 {
			t.Errorf("%s has %.2f on white", colour, got)
		}
		for _, ground := range []string{"#f3f6f7", "#e6f2f3", "#e7f4ec", "#fdf3e1", "#fcebea"} {
			if got := Contrast(colour) / Contrast(ground); got < 4.5 {
				t.Errorf("%s has %.2f on %s", colour, got, ground)
			}
		}
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	f := Form{Fields: []Field{
		{Name: "a", Value: "own"}, {Name: "many", Kind: KindChecks, Values: []string{"x"}}, {Name: "tel", Kind: KindPhone}, {Name: "long", Kind: KindArea},
	}}
	fresh := f.Fill("t", nil, nil, nil)
	if fresh.Fields[0].Value != "own" || !fresh.Fields[1].Has("x") || fresh.Failed() || !fresh.Fields[2].Private || fresh.Fields[3].Rows != 4 {
		t.Errorf("fresh: %+v", fresh)
	}
	back := f.Fill("t", map[string][]string{"many": {"y", "z"}}, map[string]string{"a": "必填", "other": "别处"}, []string{"太早"})
	if back.Fields[0].Value != "" || back.Fields[1].Has("x") || !back.Fields[1].Has("z") || back.Count() != 3 || strings.Join(back.Top, ",") != "太早,别处" {
		t.Errorf("back: %+v", back)
	}
	if f.Fields[0].Error != "" || f.Token != "" {
		t.Error("the form itself was changed")
	}
}

func TestBuilt(t *testing.T) {
	t.Parallel()
	m, err := Built()
	if err != nil || !strings.HasPrefix(m.Style, Prefix) || !strings.HasPrefix(m.Script, Prefix) {
		t.Errorf("%+v %v", m, err)
	}
}
