package crowd

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// TestAFormIsReadAsItIsSent reads what people see of a form, and what a browser would send of it.
func TestAFormIsReadAsItIsSent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ label, page, want, button string }{
		{"what is filled in already", `<form method=POST action=/a><input name=a value="1&amp;2"><textarea name=b>
x &lt; y</textarea><select name=c><option>一<option value=2 selected>二</select></form>`, "a=1&2 b=x < y c=2", ""},
		{"a select begins with its first option", `<form method=post><select name=c><option value="">请选择</option><option value="1">一</option></select></form>`, "c=", ""},
		{"choices", `<form method=post><input type=radio name=r value=1><input type=radio name=r value=2 checked><input type=checkbox name=k checked>
			<input type=checkbox name=l value=x></form>`, "k=on r=2", ""},
		{"what is hidden is sent all the same", `<form method=post><input type=hidden name=t value=x><div hidden><input name=h value=y></div></form>`, "h=y t=x", ""},
		{"what is off, nameless or in a comment is not", `<form method=post><input disabled name=a value=1><input value=2><!-- <input name=c value=3> --></form>`, "", ""},
		{"script is no markup", `<script>"<input name=z value=1>"</script><form method=post><script>'<input name=y value=1>'</script><input name=a value=1></form>`, "a=1", ""},
		{"the button without a name sends it", `<form method=post><button name=_do value=keep tabindex=-1 aria-hidden=true></button>
			<button name=_do value=more>添加</button><button>提交</button><button name=_do value=later>以后</button></form>`, "", "提交"},
		{"else the last that people see", `<form method=post><input type=submit name=a value=一><input type=submit name=b value=二><noscript><button name=c value=3>三</button></noscript></form>`,
			"b=二", "二"},
		{"a form that is sent comes before one that searches", `<form action=/s><input name=q></form><form method=post action=/p><input name=a value=1></form>`, "a=1", ""},
	} {
		s := sheet{body: c.page}
		readSheet(&s)
		f := best(s.forms)
		button := f.final()
		if got := said(f.values(button)); got != c.want {
			t.Errorf("%s: sends %q, want %q", c.label, got, c.want)
		}
		if button != nil && c.button != "" && button.label != c.button && button.value != c.button {
			t.Errorf("%s: pressed %+v", c.label, button)
		}
	}
}

// said lists what is sent, by name.
func said(v url.Values) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(v)) {
		parts = append(parts, name+"="+strings.Join(v[name], ","))
	}
	return strings.Join(parts, " ")
}

func TestWhatIsSaidAboutAnInput(t *testing.T) {
	t.Parallel()
	s := sheet{body: `<html><title> 申请
		 &amp; 登记 </title><form method=post><fieldset aria-required=true><legend>住在<b>哪里</b></legend><select name=home><option value=1>一</select>
		<noscript><button name=_do value=keep:home>下一级</button></noscript></fieldset>
		<label for=i>身份证号</label><input id=i name=id aria-describedby="h e" aria-invalid=true required><p id=h>例：11010519491231002X</p><p id=e>不对</p></form>`}
	readSheet(&s)
	c := s.forms[0].controls
	if s.title != "申请 & 登记" || len(c) != 3 {
		t.Fatalf("%q, %d controls", s.title, len(c))
	}
	got := fmt.Sprintf("%s, required %t, beside the button %t, for no script %t", c[0].label, c[0].required, s.forms[0].further(c[0].block) == c[1], c[1].noscript)
	if got != "住在 哪里, required true, beside the button true, for no script true" {
		t.Errorf("the select: %s", got)
	}
	if c[2].label != "身份证号" || c[2].hint != "例：11010519491231002X不对" || !c[2].wrong || !c[2].required {
		t.Errorf("the input: %+v", c[2])
	}
}

// FuzzReadSheet: no page brings the reader down.
func FuzzReadSheet(f *testing.F) {
	f.Add("<form><input name=a><select><option></form></select></fieldset><textarea>")
	f.Add("<form method=post><fieldset><noscript><button hidden")
	f.Fuzz(func(_ *testing.T, page string) {
		s := sheet{body: page}
		readSheet(&s)
		for _, form := range s.forms {
			form.values(form.final())
		}
	})
}
