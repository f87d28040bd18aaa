// Package arch holds the rules of the house as tests: who may import whom (the table of docs/ARCHITECTURE.md), that
// every package says what it is for, and what may not be written where.
package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root, module = "../..", "weizheng"

// rule is one row of the table.
type rule struct {
	folder string
	may    []string
}

type table struct {
	rules  []rule
	orders map[string][]string
}

func TestImportsFollowTheTable(t *testing.T) {
	t.Parallel()
	tab := readTable(t)
	for dir, files := range sources(t) {
		r := tab.ruleOf(dir)
		if r == nil {
			t.Errorf("%s: no row of docs/ARCHITECTURE.md names this folder", dir)
			continue
		}
		for _, f := range files {
			if f.test {
				continue
			}
			for _, imp := range f.ast.Imports {
				target, _ := strconv.Unquote(imp.Path.Value)
				target, ours := strings.CutPrefix(target, module+"/")
				if ours && target != dir && !tab.allowed(r, dir, target) {
					t.Errorf("%s imports %s: not in the table of docs/ARCHITECTURE.md", f.name, target)
				}
			}
		}
	}
}

func TestTheTableItselfIsRead(t *testing.T) {
	t.Parallel()
	tab := readTable(t)
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"platform/db", "platform/errs", true},
		{"platform/errs", "platform/db", false},
		{"platform/db", "kernel/org", false},
		{"kernel/account", "kernel/org", true},
		{"kernel/org", "kernel/account", false},
		{"kernel/org", "part", false},
		{"kernel/org/orgweb", "part", true},
		{"module/reply", "module/menu", true},
		{"module/menu", "module/reply", false},
		{"module/menu/menuweb", "module/menu", true},
		{"module/menu/menuweb", "module/reply", false},
		{"module/reply", "module/menu/menuweb", false},
		{"wechat/sandbox", "wechat/client", false},
		{"wechat/client", "platform/clock", true},
		{"app", "cmd/weizheng", false},
		{"part", "kernel/org", false},
	} {
		r := tab.ruleOf(c.from)
		if r == nil {
			t.Fatalf("no row for %s", c.from)
		}
		if got := tab.allowed(r, c.from, c.to); got != c.want {
			t.Errorf("%s may import %s: got %v, want %v", c.from, c.to, got, c.want)
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	for dir, files := range sources(t) {
		documented := slices.ContainsFunc(files, func(f source) bool {
			return f.ast.Doc != nil && len(f.ast.Doc.Text()) > 40
		})
		if !documented {
			t.Errorf("%s: no package comment", dir)
		}
	}
}

// banned are things that may not be written outside the folders named, each with its reason.
var banned = []struct {
	pattern *regexp.Regexp
	except  []string
	reason  string
}{
	{regexp.MustCompile(`\btime\.Now\(`), []string{"platform/clock"}, "take a clock.Clock: there are two times"},
	{regexp.MustCompile(`\bcontext\.(Background|TODO)\(`), []string{"cmd/weizheng"}, "a context comes from the caller"},
	{regexp.MustCompile(`\bslog\.(Default|Info|Warn|Error|Debug)\(`), []string{"cmd/weizheng"}, "the logger is injected"},
	{regexp.MustCompile(`(?m)^func init\(\)`), nil, "app/parts.go is the only list"},
	{regexp.MustCompile(`\b(TODO|FIXME|XXX)\b`), nil, "an issue, not a mark"},
}

func TestNothingBannedIsWritten(t *testing.T) {
	t.Parallel()
	for dir, files := range sources(t) {
		for _, f := range files {
			if f.test || strings.HasPrefix(dir, "test/") {
				continue
			}
			for _, b := range banned {
				if !slices.Contains(b.except, dir) && b.pattern.Match(f.code) {
					t.Errorf("%s: %s: %s", f.name, b.pattern, b.reason)
				}
			}
		}
	}
}

var vagueNames = []string{"util", "utils", "common", "helper", "helpers", "models", "manager", "types", "misc"}

func TestFoldersAreNamedByTheirNoun(t *testing.T) {
	t.Parallel()
	for dir := range sources(t) {
		if slices.Contains(vagueNames, path.Base(dir)) {
			t.Errorf("%s: a folder is named by what it holds", dir)
		}
	}
}

type source struct {
	name string
	test bool
	ast  *ast.File
	code []byte // without comments and strings: what the bans look at
}

func sources(t *testing.T) map[string][]source {
	t.Helper()
	found := map[string][]source{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(p, root), "/"))
		if d.IsDir() {
			if name := d.Name(); name == "node_modules" || name == "testdata" || name == "dist" || (strings.HasPrefix(name, ".") && rel != "") {
				return filepath.SkipDir
			}
			if _, err := os.Stat(filepath.Join(p, "go.mod")); err == nil && rel != "" {
				return filepath.SkipDir // a module of its own
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		raw, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, p, raw, parser.ParseComments)
		if err != nil {
			return err
		}
		dir := path.Dir(rel)
		found[dir] = append(found[dir], source{rel, strings.HasSuffix(p, "_test.go"), f, bare(fset, f, raw)})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 5 {
		t.Fatalf("only %d packages found: the walk is broken", len(found))
	}
	return found
}

// bare blanks string literals; comments stay, because marks like an unfinished-work note live there.
func bare(fset *token.FileSet, f *ast.File, raw []byte) []byte {
	out := slices.Clone(raw)
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			from, to := fset.Position(lit.Pos()).Offset, fset.Position(lit.End()).Offset
			for i := from; i < to && i < len(out); i++ {
				out[i] = ' '
			}
		}
		return true
	})
	return out
}

func readTable(t *testing.T) table {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join(root, "docs", "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	tab := table{orders: map[string][]string{}}
	quoted := regexp.MustCompile("`([^`]+)`")
	order := regexp.MustCompile(`^- \*\*(\w+)\*\*: (.+)$`)
	for line := range strings.Lines(string(doc)) {
		line = strings.TrimSpace(line)
		if m := order.FindStringSubmatch(line); m != nil {
			tab.orders[m[1]] = strings.Fields(m[2])
		}
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !strings.HasPrefix(strings.TrimSpace(cells[1]), "`") {
			continue
		}
		r := rule{folder: quoted.FindStringSubmatch(cells[1])[1]}
		for _, m := range quoted.FindAllStringSubmatch(cells[3], -1) {
			r.may = append(r.may, m[1])
		}
		if strings.TrimSpace(cells[3]) == "everything" {
			r.may = []string{"**"}
		}
		tab.rules = append(tab.rules, r)
	}
	if len(tab.rules) < 10 || len(tab.orders) != 3 {
		t.Fatalf("docs/ARCHITECTURE.md: %d rows, %d orders: the table changed its shape", len(tab.rules), len(tab.orders))
	}
	return tab
}

func (tab table) ruleOf(dir string) *rule {
	for i, r := range tab.rules {
		if match(r.folder, dir) {
			return &tab.rules[i]
		}
	}
	return nil
}

func (tab table) allowed(r *rule, from, to string) bool {
	return slices.ContainsFunc(r.may, func(p string) bool {
		switch floor, relation := path.Split(p); relation {
		case "<":
			return match(floor+"*", to) && tab.earlier(from, to)
		case "=":
			return match(floor+"*", to) && noun(from) == noun(to)
		default:
			return match(p, to)
		}
	})
}

// earlier reports whether to stands before from in their floor's order.
func (tab table) earlier(from, to string) bool {
	order := tab.orders[strings.SplitN(from, "/", 2)[0]]
	i, j := slices.Index(order, noun(from)), slices.Index(order, noun(to))
	return i >= 0 && j >= 0 && j < i
}

func noun(dir string) string {
	parts := strings.Split(dir, "/")
	if len(parts) < 2 {
		return dir
	}
	return parts[1]
}

func match(pattern, dir string) bool {
	if pattern == "**" {
		return true
	}
	ok, _ := path.Match(pattern, dir)
	return ok
}
