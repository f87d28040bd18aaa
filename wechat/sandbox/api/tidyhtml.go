package api

import "strings"

// tidyHTML is what WeChat leaves of an article's text: without scripts and what runs like one, without frames, and
// without pictures from elsewhere; ours says which pictures stay. Everything else is kept byte for byte.
func tidyHTML(text string, ours func(address string) bool) string {
	var out strings.Builder
	for {
		i := strings.IndexByte(text, '<')
		if i < 0 {
			return out.String() + text
		}
		out.WriteString(text[:i])
		text = text[i:]
		if strings.HasPrefix(text, "<!") || strings.HasPrefix(text, "<?") {
			text = after(text, commentEnd(text))
			continue
		}
		t, length := readTag(text)
		if length == 0 {
			out.WriteString("&lt;")
			text = text[1:]
			continue
		}
		raw := text[:length]
		text = text[length:]
		switch {
		case t.name == "script" || t.name == "style" && !t.end:
			if !t.end {
				text = after(text, "</"+t.name)
				text = after(text, ">")
			}
		case banned[t.name]:
		case t.name == "img" && !ours(t.picture()):
		case t.harmless():
			out.WriteString(raw)
		default:
			t.write(&out)
		}
	}
}

// banned are elements of which only the content stays.
var banned = map[string]bool{
	"iframe": true, "frame": true, "frameset": true, "object": true, "embed": true, "applet": true, "form": true, "input": true,
	"button": true, "select": true, "textarea": true, "link": true, "meta": true, "base": true, "html": true, "head": true, "body": true,
	"style": true,
}

func commentEnd(text string) string {
	if strings.HasPrefix(text, "<!--") {
		return "-->"
	}
	return ">"
}

// after is what follows the first occurrence of a mark, in capitals or not; "" without one.
func after(text, mark string) string {
	for i := 0; i+len(mark) <= len(text); i++ {
		if strings.EqualFold(text[i:i+len(mark)], mark) {
			return text[i+len(mark):]
		}
	}
	return ""
}

type tag struct {
	name  string // in lower case
	end   bool
	alone bool // <br/>
	attrs []attr
}

type attr struct{ name, value string }

// readTag reads the tag that text begins with; length 0 when it begins with none.
func readTag(text string) (t tag, length int) {
	i := 1
	if i < len(text) && text[i] == '/' {
		t.end = true
		i++
	}
	begin := i
	for i < len(text) && isNameByte(text[i]) {
		i++
	}
	t.name = strings.ToLower(text[begin:i])
	if t.name == "" || t.name[0] < 'a' || t.name[0] > 'z' {
		return t, 0
	}
	for {
		for i < len(text) && strings.IndexByte(" \t\r\n\f/", text[i]) >= 0 {
			t.alone = text[i] == '/'
			i++
		}
		if i >= len(text) {
			return t, 0
		}
		if text[i] == '>' {
			return t, i + 1
		}
		var a attr
		if a, i = readAttr(text, i); i == 0 {
			return t, 0
		}
		t.attrs = append(t.attrs, a)
	}
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == ':'
}

// readAttr reads the attribute at i and returns the place after it, 0 when it does not end.
func readAttr(text string, i int) (attr, int) {
	begin := i
	for i < len(text) && strings.IndexByte(" \t\r\n\f/>=", text[i]) < 0 {
		i++
	}
	if i == begin {
		i++ // a stray "="
	}
	a := attr{name: strings.ToLower(text[begin:i])}
	at := i
	for at < len(text) && strings.IndexByte(" \t\r\n\f", text[at]) >= 0 {
		at++
	}
	if at >= len(text) || text[at] != '=' {
		return a, i
	}
	for at++; at < len(text) && strings.IndexByte(" \t\r\n\f", text[at]) >= 0; at++ {
	}
	if at >= len(text) {
		return a, 0
	}
	if quote := text[at]; quote == '"' || quote == '\'' {
		end := strings.IndexByte(text[at+1:], quote)
		if end < 0 {
			return a, 0
		}
		a.value = text[at+1 : at+1+end]
		return a, at + end + 2
	}
	begin = at
	for at < len(text) && strings.IndexByte(" \t\r\n\f>", text[at]) < 0 {
		at++
	}
	a.value = text[begin:at]
	return a, at
}

// picture is the address of an img.
func (t tag) picture() string {
	address := ""
	for _, a := range t.attrs {
		if a.name == "src" || a.name == "data-src" && address == "" {
			address = a.value
		}
	}
	return strings.ReplaceAll(address, "&amp;", "&")
}

func (t tag) harmless() bool {
	for _, a := range t.attrs {
		if !a.harmless() {
			return false
		}
	}
	return true
}

// harmless reports whether an attribute runs nothing.
func (a attr) harmless() bool {
	if strings.HasPrefix(a.name, "on") || a.name == "srcdoc" || strings.ContainsAny(a.name, `"'<`) {
		return false
	}
	value := strings.Map(func(c rune) rune {
		if c <= ' ' {
			return -1
		}
		return c
	}, strings.ToLower(a.value))
	return !strings.HasPrefix(value, "javascript:") && !strings.HasPrefix(value, "vbscript:") && !strings.Contains(value, "javascript:")
}

// write spells a tag anew, with the harmless of its attributes.
func (t tag) write(out *strings.Builder) {
	out.WriteByte('<')
	if t.end {
		out.WriteByte('/')
	}
	out.WriteString(t.name)
	for _, a := range t.attrs {
		if a.harmless() {
			out.WriteString(" " + a.name + `="` + strings.ReplaceAll(a.value, `"`, "&quot;") + `"`)
		}
	}
	if t.alone {
		out.WriteByte('/')
	}
	out.WriteByte('>')
}

// plainText is an article's text without its tags, spaces drawn together.
func plainText(html string) string {
	var out strings.Builder
	for html != "" {
		i := strings.IndexByte(html, '<')
		if i < 0 {
			out.WriteString(html)
			break
		}
		out.WriteString(html[:i])
		html = html[i:]
		if _, length := readTag(html); length > 0 {
			html = html[length:]
			continue
		}
		out.WriteByte('<')
		html = html[1:]
	}
	text := strings.NewReplacer("&nbsp;", " ", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&amp;", "&").Replace(out.String())
	return strings.Join(strings.Fields(text), " ")
}
