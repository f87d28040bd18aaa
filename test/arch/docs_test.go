package arch

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"weizheng/app"
	"weizheng/platform/conf"
)

// documents returns every Markdown file of ours, by its path from the root.
func documents(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && p != root && (name == "node_modules" || name == "dist" || name == "data" || strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(name, ".md") {
			found[strings.TrimPrefix(p, root+"/")] = read(t, strings.TrimPrefix(p, root+"/"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 5 {
		t.Fatalf("only %d documents found: the walk is broken", len(found))
	}
	return found
}

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

var (
	link   = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	fence  = regexp.MustCompile("(?ms)^```.*?^```")
	target = regexp.MustCompile("`make ([a-z]+)")
)

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	for name, text := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			u, err := url.Parse(m[1])
			if err != nil || u.Scheme != "" || u.Path == "" {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(name), u.Path)); err != nil {
				t.Errorf("%s: %s is not there", name, m[1])
			}
		}
	}
}

func TestDocumentsNameRealMakeTargets(t *testing.T) {
	t.Parallel()
	makefile := read(t, "Makefile")
	for name, text := range documents(t) {
		for _, m := range target.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(makefile, "\n"+m[1]+":") {
				t.Errorf("%s: there is no make %s", name, m[1])
			}
		}
	}
}

// TestReadmesListTheCommands holds the tables of commands against the binary's own help.
func TestReadmesListTheCommands(t *testing.T) {
	t.Parallel()
	var help bytes.Buffer
	if err := app.Command("test", &help, io.Discard).Run(t.Context(), []string{"--help"}); err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(help.String(), "Available Commands:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	want := map[string]string{}
	for line := range strings.Lines(list) {
		if words := strings.Fields(line); len(words) > 1 && words[0] != "help" {
			want[words[0]] = strings.Join(words[1:], " ")
		}
	}
	if len(want) < 5 {
		t.Fatalf("the help was not understood:\n%s", help.String())
	}
	row := regexp.MustCompile("(?m)^\\| `weizheng ([a-z]+)[^`]*` \\| ([^|]*) \\|")
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		have := map[string]string{}
		for _, m := range row.FindAllStringSubmatch(read(t, name), -1) {
			have[m[1]] = strings.TrimSpace(m[2])
		}
		if a, b := slices.Sorted(maps.Keys(have)), slices.Sorted(maps.Keys(want)); !slices.Equal(a, b) {
			t.Errorf("%s lists %v, the binary has %v", name, a, b)
		}
		for command, short := range want {
			if name == "README.zh-CN.md" && !strings.HasPrefix(have[command], short) {
				t.Errorf("%s: weizheng %s: %q should begin with the binary's %q", name, command, have[command], short)
			}
		}
	}
}

// TestTheExampleConfigurationIsTheBinarys holds deploy/weizheng.example.toml against `weizheng config`.
func TestTheExampleConfigurationIsTheBinarys(t *testing.T) {
	t.Parallel()
	var want bytes.Buffer
	if err := conf.Example(&want); err != nil {
		t.Fatal(err)
	}
	if read(t, "deploy/weizheng.example.toml") != want.String() {
		t.Error("deploy/weizheng.example.toml is old: go run ./cmd/weizheng config > deploy/weizheng.example.toml")
	}
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		for _, key := range conf.Keys {
			if !strings.Contains(read(t, name), "`"+key.Name+"`") {
				t.Errorf("%s does not name the key %s", name, key.Name)
			}
		}
	}
}

// TestEveryDependencyIsExplained holds docs/dependencies.md against what is really required, with the version.
func TestEveryDependencyIsExplained(t *testing.T) {
	t.Parallel()
	want, have := map[string]bool{}, map[string]bool{}
	line := regexp.MustCompile(`(?m)^(?:\t|require )(\S+) (v\S+)( // indirect)?$`)
	for _, name := range []string{"go.mod", "test/load/go.mod", "test/sdk/go.mod"} {
		for _, m := range line.FindAllStringSubmatch(read(t, name), -1) {
			if m[3] == "" {
				want[m[1]+" "+m[2]] = true
			}
		}
	}
	want[regexp.MustCompile(`\S+/golangci-lint/v2 v\S+`).FindString(read(t, "tools/lint/go.mod"))] = true
	for _, pattern := range []string{"web/*/package.json", "test/*/package.json", "test/*/*/package.json"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range files {
			var file struct{ Dependencies, DevDependencies map[string]string }
			if strings.Contains(p, "node_modules") {
				continue
			}
			if err := json.Unmarshal([]byte(read(t, strings.TrimPrefix(p, root+"/"))), &file); err != nil {
				t.Errorf("%s: %v", p, err)
			}
			for name, version := range file.Dependencies {
				want[name+" "+version] = true
			}
			for name, version := range file.DevDependencies {
				want[name+" "+version] = true
			}
		}
	}
	row := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (\\S+) \\|")
	for _, m := range row.FindAllStringSubmatch(read(t, "docs/dependencies.md"), -1) {
		have[m[1]+" "+m[2]] = true
	}
	for d := range want {
		if !have[d] {
			t.Errorf("docs/dependencies.md: %s is missing", d)
		}
	}
	for d := range have {
		if !want[d] {
			t.Errorf("docs/dependencies.md: %s is not required any more", d)
		}
	}
	if len(want) < 30 {
		t.Errorf("only %d dependencies found: the search is broken", len(want))
	}
}

// TestTheGlossaryIsTrue holds that every name in its third column is a word of the code.
func TestTheGlossaryIsTrue(t *testing.T) {
	t.Parallel()
	var code bytes.Buffer
	packages := map[string]bool{}
	for dir, files := range sources(t) {
		if strings.HasPrefix(dir, "test/") {
			continue
		}
		packages[filepath.Base(dir)] = true
		for _, f := range files {
			code.WriteString(read(t, f.name))
		}
	}
	quoted := regexp.MustCompile("`([^`]+)`")
	rows := 0
	for line := range strings.Lines(read(t, "docs/glossary.md")) {
		cells := strings.Split(line, "|")
		if len(cells) != 6 {
			continue
		}
		rows++
		for _, m := range quoted.FindAllStringSubmatch(cells[3], -1) {
			words := strings.Split(m[1], ".")
			name := words[len(words)-1]
			if packages[filepath.Base(name)] || regexp.MustCompile(`\b`+regexp.QuoteMeta(name)+`\b`).Match(code.Bytes()) {
				continue
			}
			t.Errorf("docs/glossary.md: the code has no %s", m[1])
		}
	}
	if rows < 40 {
		t.Errorf("only %d rows: the glossary was not understood", rows)
	}
}
