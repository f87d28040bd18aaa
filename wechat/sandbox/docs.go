package sandbox

import (
	_ "embed"
	"html"
	"net/http"
	"regexp"
	"strings"
)

//go:embed GUIDE.md
var guideText string

//go:embed API.md
var apiText string

//go:embed PHONE.md
var phoneText string

// docPages are the pages of documentation by their paths; whoever has the program has them.
var docPages = map[string]string{"/docs": guideText, "/docs/api": apiText, "/docs/phone": phoneText}

// docLinks are where the pages' links to files lead here.
var docLinks = map[string]string{"API.md": "/docs/api", "PHONE.md": "/docs/phone", "GUIDE.md": "/docs"}

const docFrame = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Sandbox</title><style>body{font:16px/1.6 system-ui,sans-serif;margin:2rem auto;max-width:56rem;padding:0 1rem;color:#1f2329;background:#fff}
pre{background:#f5f6f7;padding:.8rem 1rem;overflow-x:auto;border-radius:6px}code{font-size:14px;background:#f5f6f7}pre code{background:none}
table{border-collapse:collapse;display:block;overflow-x:auto}td,th{text-align:left;vertical-align:top;padding:.3rem .7rem;border-bottom:1px solid #e5e6eb}
a{color:#0b5fb0}nav a{margin-right:1rem}</style></head><body>
<nav><a href="/">Phones</a><a href="/docs">Guide</a><a href="/docs/api">API</a><a href="/docs/phone">Pages on phones</a><a href="/coverage">Coverage</a></nav>
`

// serveDocs shows a page of documentation.
func serveDocs(w http.ResponseWriter, r *http.Request) {
	text, ok := docPages[strings.TrimSuffix(r.URL.Path, "/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write([]byte(docFrame + markdown(text) + "</body></html>\n")) // a reader that has gone does not matter
}

var (
	inlineCode = regexp.MustCompile("`([^`]+)`")
	inlineBold = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	inlineLink = regexp.MustCompile(`\[([^\]]+)\]\(([^)\s]+)\)`)
	wordless   = regexp.MustCompile(`[^a-z0-9]+`)
)

// markdown renders what these pages use of Markdown, and no more: headings, paragraphs, lists, tables, blocks of code.
func markdown(text string) string {
	var out strings.Builder
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); {
		line, n := lines[i], 1
		switch {
		case strings.TrimSpace(line) == "":
		case strings.HasPrefix(line, "```"):
			n = span(lines[i+1:], func(l string) bool { return !strings.HasPrefix(l, "```") }) + 2
			block(&out, "pre", lines[i+1:min(i+n-1, len(lines))])
		case strings.HasPrefix(line, "    "):
			n = span(lines[i:], func(l string) bool { return strings.HasPrefix(l, "    ") })
			block(&out, "pre", lines[i:i+n])
		case strings.HasPrefix(line, "#"):
			heading(&out, line)
		case strings.HasPrefix(line, "|"):
			n = span(lines[i:], func(l string) bool { return strings.HasPrefix(l, "|") })
			table(&out, lines[i:i+n])
		case strings.HasPrefix(line, "- "):
			n = span(lines[i:], func(l string) bool { return strings.HasPrefix(l, "- ") || strings.HasPrefix(l, "  ") })
			list(&out, lines[i:i+n])
		default:
			n = span(lines[i:], func(l string) bool { return l != "" && !strings.HasPrefix(l, "|") && !strings.HasPrefix(l, "- ") })
			out.WriteString("<p>" + inline(strings.Join(lines[i:i+n], "\n")) + "</p>\n")
		}
		i += max(n, 1)
	}
	return out.String()
}

// span counts the lines at the beginning that belong together.
func span(lines []string, belongs func(string) bool) int {
	for i, l := range lines {
		if !belongs(l) {
			return i
		}
	}
	return len(lines)
}

func block(out *strings.Builder, tag string, lines []string) {
	out.WriteString("<" + tag + "><code>" + html.EscapeString(strings.Join(lines, "\n")) + "</code></" + tag + ">\n")
}

func heading(out *strings.Builder, line string) {
	title := strings.TrimLeft(line, "#")
	level := string(rune('0' + min(len(line)-len(title), 6)))
	id := strings.Trim(wordless.ReplaceAllString(strings.ToLower(title), "-"), "-")
	out.WriteString("<h" + level + ` id="` + id + `">` + inline(strings.TrimSpace(title)) + "</h" + level + ">\n")
}

func list(out *strings.Builder, lines []string) {
	out.WriteString("<ul>")
	for _, item := range strings.Split("\n"+strings.Join(lines, "\n"), "\n- ")[1:] {
		out.WriteString("<li>" + inline(item) + "</li>\n")
	}
	out.WriteString("</ul>\n")
}

func table(out *strings.Builder, lines []string) {
	out.WriteString("<table>")
	for i, line := range lines {
		if i == 1 && strings.Trim(line, "|-: ") == "" {
			continue
		}
		cell := "td"
		if i == 0 {
			cell = "th"
		}
		out.WriteString("<tr>")
		for c := range strings.SplitSeq(strings.Trim(line, "| "), " | ") {
			out.WriteString("<" + cell + ">" + inline(strings.TrimSpace(c)) + "</" + cell + ">")
		}
		out.WriteString("</tr>\n")
	}
	out.WriteString("</table>\n")
}

// inline renders code, bold words and links; what stands in code is left alone.
func inline(text string) string {
	var out strings.Builder
	at := 0
	for _, m := range inlineCode.FindAllStringSubmatchIndex(text, -1) {
		out.WriteString(words(text[at:m[0]]) + "<code>" + html.EscapeString(text[m[2]:m[3]]) + "</code>")
		at = m[1]
	}
	return out.String() + words(text[at:])
}

// words renders links that lead somewhere from here; of others the text alone stays.
func words(text string) string {
	text = inlineBold.ReplaceAllString(html.EscapeString(text), "<strong>$1</strong>")
	return inlineLink.ReplaceAllStringFunc(text, func(link string) string {
		m := inlineLink.FindStringSubmatch(link)
		if target := docLinks[m[2]]; target != "" {
			return `<a href="` + target + `">` + m[1] + "</a>"
		}
		return m[1]
	})
}
