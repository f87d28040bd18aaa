package crypt

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label, text, clean string
		values             []string
	}{
		{"identity number", "身份证11010519491231002X请查", "身份证⟦身份证1⟧请查", []string{"11010519491231002X"}},
		{"small x", "11010519491231002x", "⟦身份证1⟧", []string{"11010519491231002X"}},
		{"full width", "１１０１０５１９４９１２３１００２Ｘ", "⟦身份证1⟧", []string{"11010519491231002X"}},
		{"in groups", "110105 19491231 002X 谢谢", "⟦身份证1⟧ 谢谢", []string{"11010519491231002X"}},
		{"wrong check digit", "110105194912310021", "110105194912310021", nil},
		{"impossible birthday", "110105194913310028", "110105194913310028", nil},
		{"mobile", "打13812345678找我", "打⟦电话1⟧找我", []string{"13812345678"}},
		{"mobile in groups", "138 1234 5678或138-1234-5679", "⟦电话1⟧或⟦电话2⟧", []string{"13812345678", "13812345679"}},
		{"same again", "13812345678,再说一遍13812345678", "⟦电话1⟧,再说一遍⟦电话1⟧", []string{"13812345678"}},
		{"two beside each other", "13812345678 13987654321", "⟦电话1⟧ ⟦电话2⟧", []string{"13812345678", "13987654321"}},
		{"country code", "+86 13812345678", "+⟦电话1⟧", []string{"13812345678"}},
		{"after letters", "TEL13812345678", "TEL⟦电话1⟧", []string{"13812345678"}},
		{"part of a longer number", "订单1381234567890", "订单1381234567890", nil},
		{"landline", "0571-88886666", "⟦电话1⟧", []string{"057188886666"}},
		{"landline, extension", "010-65251234-808转", "⟦电话1⟧转", []string{"01065251234-808"}},
		{"hotline stays", "请拨12345或400-820-8820", "请拨12345或400-820-8820", nil},
		{"card", "卡号6222021234567890123", "卡号6222021234567890123", nil},
		{"card with Luhn", "卡号6222 0212 3456 7890 128。", "卡号⟦银行卡1⟧。", []string{"6222021234567890128"}},
		{"sixteen digits", "4111111111111111", "⟦银行卡1⟧", []string{"4111111111111111"}},
		{"zeros", "0000000000000000", "0000000000000000", nil},
		{"plate", "车牌浙A12345违章", "车牌⟦车牌1⟧违章", []string{"浙A12345"}},
		{"plate with dot, small letters", "浙a·1b345", "⟦车牌1⟧", []string{"浙A1B345"}},
		{"new energy", "粤BD12345和粤B12345F", "⟦车牌1⟧和⟦车牌2⟧", []string{"粤BD12345", "粤B12345F"}},
		{"trainer", "京A1234学", "⟦车牌1⟧", []string{"京A1234学"}},
		{"a word after a province", "云SERVER很慢", "云SERVER很慢", nil},
		{"credit code", "代码91330100799655058B", "代码⟦信用代码1⟧", []string{"91330100799655058B"}},
		{"credit code with letters inside", "9144030071526726XG", "⟦信用代码1⟧", []string{"9144030071526726XG"}},
		{"wrong credit code", "91330100799655058C", "91330100799655058C", nil},
		{"date and count", "2026-11-20 共138人", "2026-11-20 共138人", nil},
		{"a typed reference", "⟦身份证1⟧ 13812345678", "[身份证1] ⟦电话1⟧", []string{"13812345678"}},
		{"mixed", "张三,浙A12345,13812345678", "张三,⟦车牌1⟧,⟦电话1⟧", []string{"浙A12345", "13812345678"}},
		{"nothing", "办理护照要带什么?", "办理护照要带什么?", nil},
		{"empty", "", "", nil},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			clean, found := Redact(c.text)
			if clean != c.clean {
				t.Errorf("clean = %s, want %s", clean, c.clean)
			}
			var values []string
			for _, f := range found {
				values = append(values, f.Value)
			}
			if d := cmp.Diff(c.values, values); d != "" {
				t.Error(d)
			}
			if again, more := Redact(clean); len(more) != 0 && again != clean {
				t.Errorf("the clean text holds numbers: %s", again)
			}
		})
	}
	clean, found := Redact("打13812345678,车浙A·12345")
	if got := Restore(clean, found); got != "打13812345678,车浙A12345" {
		t.Errorf("Restore = %s", got)
	}
}

func TestNumberChecks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label string
		check func(string) bool
		yes   []string
		no    []string
	}{
		{"id", IsIDNumber, []string{"11010519491231002X", "11010519491231002x"},
			[]string{"", "110105194912310020", "11010519491231002", "11010519490231002X", "1101051949123100２X", "a1010519491231002X"}},
		{"mobile", IsMobile, []string{"13812345678", "19912345678"}, []string{"12812345678", "1381234567", "138123456789"}},
		{"landline", IsLandline, []string{"01065251234", "057188886666", "05511234567"}, []string{"11065251234", "0571888866661", "0651", "00065251234"}},
		{"card", IsBankCard, []string{"4111111111111111"}, []string{"4111111111111112", "411111111111111", "0000000000000000"}},
		{"plate", IsPlate, []string{"浙A12345", "京A1234警", "粤BD12345", "粤B12345D"}, []string{"浙I12345", "A12345", "浙A1234O", "浙ABCDEF"}},
		{"credit", IsCreditCode, []string{"91330100799655058B", "9144030071526726XG"}, []string{"91330100799655058A", "9133010079965505IB", "01330100799655058B"}},
	} {
		for _, s := range c.yes {
			if !c.check(s) {
				t.Errorf("%s: %s refused", c.label, s)
			}
		}
		for _, s := range c.no {
			if c.check(s) {
				t.Errorf("%s: %s taken", c.label, s)
			}
		}
	}
}

func TestMasks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ label, got, want string }{
		{"two characters", MaskName("张三"), "张*"},
		{"three", MaskName("张小三"), "张*三"},
		{"four", MaskName("欧阳娜娜"), "欧**娜"},
		{"one", MaskName("张"), "张*"},
		{"nobody", MaskName(" "), ""},
		{"phone", MaskPhone("13812345678"), "138****5678"},
		{"short phone", MaskPhone("12345"), "*****"},
		{"id", MaskID("11010519491231002X"), "1101**********002X"},
		{"public id", MaskIDPublic("11010519491231002X"), "1****************X"},
		{"card", MaskCard("6222021234567890"), "************7890"},
		{"plate", MaskPlate("浙A12345"), "浙A***45"},
		{"address", MaskAddress("青云市东湖区柳营街道幸福小区3幢201室"), "青云市东湖区柳营街道****"},
		{"address without street", MaskAddress("幸福小区3幢201室"), "幸福小区3****"},
		{"no address", MaskAddress(""), ""},
		{"by kind", Mask(KindCredit, "91330100799655058B"), "9133**********058B"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.label, c.got, c.want)
		}
	}
}

// FuzzRedact: nothing a check recognises may stay readable on its own, and no input may upset the scan.
func FuzzRedact(f *testing.F) {
	f.Add("打13812345678找我 11010519491231002X 浙A·12345")
	f.Fuzz(func(t *testing.T, s string) {
		clean, found := Redact(s)
		if len(found) == 0 && len([]rune(clean)) != len([]rune(s)) {
			t.Errorf("%q became %q with nothing found", s, clean)
		}
		for _, x := range found {
			if x.Ref == "" || x.Value == "" {
				t.Errorf("empty find in %q", s)
			}
		}
	})
}
