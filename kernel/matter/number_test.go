package matter

import (
	"strings"
	"testing"

	"weizheng/platform/errs"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		a, b := h.errand(), h.errand()
		if !strings.HasPrefix(a.Number, "202603020100010"[:14]) || !strings.HasPrefix(b.Number, "20260302010002") {
			t.Errorf("numbers %s, %s", a.Number, b.Number)
		}
		other, err := h.Open(h.as(handA), OpenIn{Flow: "reply-review", Unit: 2, Title: "社保卡怎么办"})
		if err != nil || !strings.HasPrefix(other.Number, "20260302020001") {
			t.Errorf("another kind: %s, %v", other.Number, err)
		}
		for _, c := range []struct {
			label, number, code string
			want                error
		}{
			{"as printed", a.Number, a.Code, nil},
			{"as typed", " " + a.Number[:8] + "-" + a.Number[8:] + "　", strings.ToLower(a.Code[:4]) + " " + a.Code[4:], nil},
			{"another one's code", a.Number, b.Code, errNone},
			{"no code", a.Number, "", errNone},
			{"a slip of the finger", a.Number[:14] + string('0'+(a.Number[14]-'0'+1)%10), a.Code, errSlip},
			{"no number at all", "你好", a.Code, errSlip},
		} {
			m, err := h.Lookup(t.Context(), c.number, c.code)
			if c.want == nil && (err != nil || m.ID != a.Matter) || c.want != nil && !errs.Is(err, errs.KindOf(c.want)) {
				t.Errorf("%s: %+v, %v", c.label, m.ID, err)
			}
		}
	})
}

// The check digit finds every wrong digit and, but for one pair, every swap of neighbours; the numbers of the standard come out right.
func TestCheckDigit(t *testing.T) {
	t.Parallel()
	if got := checkDigit("0794"); got != '5' { // ISO 7064, MOD 11,10
		t.Errorf("0794: %c", got)
	}
	const number = "20260302010001"
	whole := number + string(checkDigit(number))
	for i := range whole {
		for d := byte('0'); d <= '9'; d++ {
			wrong := whole[:i] + string(d) + whole[i+1:]
			if _, ok := CleanNumber(wrong); ok != (wrong == whole) {
				t.Errorf("%s: %v", wrong, ok)
			}
		}
	}
}
