package arch

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestEveryMessageHasAText holds that what may reach a person by key can be said: the key of every error that is not
// internal, of every fault of an input and of every look-up stands in a part's text.zh.json.
func TestEveryMessageHasAText(t *testing.T) {
	t.Parallel()
	texts := readTexts(t)
	for dir, files := range sources(t) {
		if !speaks(dir) {
			continue
		}
		p := newSpeech(files)
		p.learn()
		if dir == "kernel/org" && !slices.Contains(slices.Collect(maps.Keys(p.keys)), "org.login_taken") {
			t.Error("kernel/org: org.login_taken was not seen: the search for keys is broken")
		}
		for key, where := range p.keys {
			if _, ok := texts[key]; !ok {
				t.Errorf("%s: %q has no text in any *.zh.json", where, key)
			}
		}
	}
}

// TestEveryTextIsUsed holds that no text is left over: its key stands in the code, whole or as a prefix that ends in a
// dot (or underscore) and words that follow it.
func TestEveryTextIsUsed(t *testing.T) {
	t.Parallel()
	words := map[string]bool{}
	for dir, files := range sources(t) {
		if strings.HasPrefix(dir, "test/") {
			continue
		}
		for _, f := range files {
			if f.test {
				continue
			}
			ast.Inspect(f.ast, func(n ast.Node) bool {
				if s, ok := literal(n); ok {
					words[s] = true
				}
				return true
			})
		}
	}
	for key, file := range readTexts(t) {
		if !said(words, key) {
			t.Errorf("%s: nothing says %q", file, key)
		}
	}
}

// said reports whether key is a literal, or one that ends in "." or "_" with what is said after it, or one of these with
// a literal that begins with "." at its end.
func said(words map[string]bool, key string) bool {
	if words[key] {
		return true
	}
	for i := 1; i < len(key); i++ {
		switch rest := key[i:]; {
		case rest[0] == '.' && words[rest] && said(words, key[:i]):
			return true
		case (key[i-1] == '.' || key[i-1] == '_') && words[key[:i]] && said(words, rest):
			return true
		}
	}
	return false
}

// speaks reports whether errors made in a folder reach people through the house's texts. The sandbox has words of its
// own, and the city and the tests speak to nobody.
func speaks(dir string) bool {
	switch strings.SplitN(dir, "/", 2)[0] {
	case "platform", "kernel", "module", "gateway", "app", "part":
		return true
	}
	return dir == "wechat" || dir == "wechat/client" || dir == "wechat/pay"
}

func readTexts(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(p, ".zh.json") {
			return nil
		}
		raw, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		var texts map[string]string
		if err := json.Unmarshal(raw, &texts); err != nil {
			t.Errorf("%s: %v", p, err)
		}
		for key, text := range texts {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: %q says nothing", p, key)
			}
			found[key] = strings.TrimPrefix(p, root+"/")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 50 {
		t.Fatalf("only %d texts found: the walk is broken", len(found))
	}
	return found
}

// speech finds the message keys of one package.
type speech struct {
	files   []source
	consts  map[string]string
	helpers map[string]map[helper]bool // functions that make a key of one of their parameters; see callees
	keys    map[string]string          // key → a file that uses it
}

// helper says which argument becomes a key, after which prefix.
type helper struct {
	arg    int
	prefix string
}

func newSpeech(files []source) *speech {
	p := &speech{consts: map[string]string{}, helpers: map[string]map[helper]bool{}, keys: map[string]string{}}
	for _, f := range files {
		if f.test {
			continue
		}
		p.files = append(p.files, f)
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Names) == len(v.Values) {
				for i, name := range v.Names {
					if s, ok := literal(v.Values[i]); ok {
						p.consts[name.Name] = s
					}
				}
			}
			return true
		})
	}
	return p
}

// learn walks the package until no function is new: one that hands its parameter to a helper is a helper too.
func (p *speech) learn() {
	for before := -1; before != p.size(); {
		before = p.size()
		for _, f := range p.files {
			w := walker{p, f.name, nil}
			w.walk(f.ast)
		}
	}
}

func (p *speech) size() int {
	n := len(p.keys)
	for _, h := range p.helpers {
		n += len(h)
	}
	return n
}

// scope is a function that has a name and the places of its parameters. Names: "f" of a function, ".f" of a method (of
// whatever type: keys are few), "f/g" of a local function g in f.
type scope struct {
	name   string
	params map[string]int
	named  map[string]bool // parameters whose type has a name, such as a function type that says what it takes
}

type walker struct {
	p      *speech
	file   string
	scopes []scope // the innermost last
}

func (w walker) walk(root ast.Node) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.FuncDecl:
			if x.Body != nil {
				name := x.Name.Name
				if x.Recv != nil {
					name = "." + name
				}
				w.inside(name, x.Type, x.Body)
			}
			return false
		case *ast.AssignStmt:
			for i, value := range x.Rhs {
				if f, ok := value.(*ast.FuncLit); ok && len(x.Lhs) == len(x.Rhs) {
					if name, ok := x.Lhs[i].(*ast.Ident); ok {
						w.inside(w.around()+"/"+name.Name, f.Type, f.Body)
						return false
					}
				}
			}
		case *ast.CallExpr:
			if name, _ := called(x.Fun); name == "Because" { // a cause is never shown
				w.walk(x.Fun)
				return false
			}
			w.call(x)
		case *ast.CompositeLit:
			w.composite(x)
		}
		return true
	})
}

func (w walker) inside(name string, f *ast.FuncType, body *ast.BlockStmt) {
	s := scope{name, map[string]int{}, map[string]bool{}}
	i := 0
	for _, field := range f.Params.List {
		for _, param := range field.Names {
			s.params[param.Name] = i
			_, s.named[param.Name] = field.Type.(*ast.Ident)
			i++
		}
		if len(field.Names) == 0 {
			i++
		}
	}
	w.scopes = append(slices.Clone(w.scopes), s)
	w.walk(body)
}

func (w walker) call(x *ast.CallExpr) {
	name, qualifier := called(x.Fun)
	switch {
	case name == "New" && qualifier == "errs" && len(x.Args) == 2:
		if kind, _ := called(x.Args[0]); kind != "Internal" {
			w.key(x.Args[1])
		}
	case name == "Say" && len(x.Args) > 0:
		w.key(x.Args[0])
	}
	for _, callee := range w.callees(x.Fun, name) {
		for h := range w.p.helpers[callee] {
			if h.arg < len(x.Args) {
				w.prefixed(h.prefix, x.Args[h.arg])
			}
		}
	}
}

func (w walker) around() string {
	if len(w.scopes) == 0 {
		return ""
	}
	return w.scopes[len(w.scopes)-1].name
}

// callees are the helpers that a call may mean. A function that came as a parameter of a named type is known by its own
// name alone.
func (w walker) callees(fun ast.Expr, name string) []string {
	if _, method := fun.(*ast.SelectorExpr); method {
		return []string{"." + name}
	}
	found := []string{name}
	for _, s := range w.scopes {
		found = append(found, s.name+"/"+name)
		if s.named[name] {
			for helper := range w.p.helpers {
				if strings.HasSuffix(helper, "/"+name) {
					found = append(found, helper)
				}
			}
		}
	}
	return found
}

// composite sees the Key of errs.Field, also inside []errs.Field, and of a Finding whose words are looked up.
func (w walker) composite(x *ast.CompositeLit) {
	kind := x.Type
	if list, ok := kind.(*ast.ArrayType); ok {
		for _, e := range x.Elts {
			if inner, ok := e.(*ast.CompositeLit); ok && inner.Type == nil {
				w.composite(&ast.CompositeLit{Type: list.Elt, Elts: inner.Elts})
			}
		}
		return
	}
	if name, _ := called(kind); name != "Field" && name != "Finding" {
		return
	}
	for _, e := range x.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if field, _ := called(kv.Key); field == "Key" {
				w.key(kv.Value)
			}
		}
	}
}

func (w walker) key(e ast.Expr) { w.prefixed("", e) }

// prefixed notes what e says: a key when it is known here, or that the function around makes one of its parameter.
func (w walker) prefixed(prefix string, e ast.Expr) {
	if s, ok := literal(e); ok {
		w.p.keys[prefix+s] = w.file
		return
	}
	switch x := e.(type) {
	case *ast.BinaryExpr:
		if head, ok := w.p.constant(x.X); ok && x.Op == token.ADD {
			w.prefixed(prefix+head, x.Y)
		}
	case *ast.Ident:
		for _, s := range slices.Backward(w.scopes) {
			if arg, ok := s.params[x.Name]; ok {
				if w.p.helpers[s.name] == nil {
					w.p.helpers[s.name] = map[helper]bool{}
				}
				w.p.helpers[s.name][helper{arg, prefix}] = true
				return
			}
		}
		if s, ok := w.p.consts[x.Name]; ok {
			w.p.keys[prefix+s] = w.file
		}
	}
}

func (p *speech) constant(e ast.Expr) (string, bool) {
	if s, ok := literal(e); ok {
		return s, true
	}
	if x, ok := e.(*ast.Ident); ok {
		s, known := p.consts[x.Name]
		return s, known
	}
	return "", false
}

// called returns the last name of a callee, type or field, and what stands before its dot.
func called(e ast.Expr) (name, qualifier string) {
	switch x := e.(type) {
	case *ast.Ident:
		return x.Name, ""
	case *ast.SelectorExpr:
		q, _ := called(x.X)
		return x.Sel.Name, q
	}
	return "", ""
}

func literal(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}
