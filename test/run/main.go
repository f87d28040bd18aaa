// Command run is `make test`: it runs the Go tests, the front ends' unit tests and the browser tests, prints what failed
// in full and ends with one line of counts that names what was skipped.
//
// With CI=true a part of it that was skipped for want of PostgreSQL, Chromium or an installed front end is a failure:
// there they have been installed before. Other skips are child processes of tests and a gallery to look at; the line
// names them too.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	only := flag.String("only", "", "run one kind: go, web or browser")
	flag.Parse()
	t := &tally{broken: map[string]bool{}}
	start := time.Now()
	for _, k := range []struct {
		name string
		run  func(*tally)
	}{{"go", goTests}, {"web", webTests}, {"browser", browserTests}} {
		if *only == "" || *only == k.name {
			k.run(t)
		}
	}
	fmt.Printf("\nin %s\n", time.Since(start).Round(time.Second))
	fmt.Println(t.line())
	if t.failed > 0 || (os.Getenv("CI") == "true" && slices.ContainsFunc(t.skipped, wanting)) {
		os.Exit(1)
	}
}

// wanting reports whether something was skipped because the machine lacks it.
func wanting(reason string) bool {
	reason = strings.ToLower(reason)
	return slices.ContainsFunc([]string{"postgres", "chromium", "installed", "browser"}, func(word string) bool {
		return strings.Contains(reason, word)
	})
}

type tally struct {
	passed, failed int
	skipped        []string
	broken         map[string]bool // packages of which a test failed
}

func (t *tally) line() string {
	s := fmt.Sprintf("%d passed, %d failed, %d skipped", t.passed, t.failed, len(t.skipped))
	if len(t.skipped) > 0 {
		slices.Sort(t.skipped)
		s += ": " + strings.Join(slices.Compact(t.skipped), "; ")
	}
	return s
}

func (t *tally) fail(what string, output []byte) {
	t.failed++
	fmt.Printf("--- FAIL %s\n%s\n", what, output)
}

// goTests runs every Go package's tests. Only failing tests' output is shown.
func goTests(t *tally) {
	cmd := exec.Command("go", "test", "-json", "-count=1", "-timeout=8m", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.fail("go test", []byte(err.Error()))
		return
	}
	before := t.failed
	readEvents(out, t)
	if err := cmd.Wait(); err != nil && t.failed == before {
		t.fail("go test", []byte(err.Error()+": a package does not build (see above)"))
	}
}

type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

func readEvents(r io.Reader, t *tally) {
	output := map[string][]string{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text())
			continue
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			output[key] = append(output[key], e.Output)
		case "pass", "fail", "skip":
			settle(t, e, strings.Join(output[key], ""))
			delete(output, key)
		}
	}
}

func settle(t *tally, e event, output string) {
	pkg := strings.TrimPrefix(e.Package, "weizheng/")
	switch {
	case e.Test == "" && e.Action == "fail":
		fmt.Printf("FAIL %s\n%s", pkg, output)
		if !t.broken[pkg] {
			t.failed++ // a build failure or a crash: no test of it was counted
		}
	case e.Test == "":
		if e.Action == "pass" {
			fmt.Printf("ok   %-32s %5.1fs\n", pkg, e.Elapsed)
		}
	case e.Action == "pass":
		t.passed++
	case e.Action == "skip":
		t.skipped = append(t.skipped, reason(pkg, output))
	case e.Action == "fail":
		t.broken[pkg] = true
		t.fail(pkg+" "+e.Test, []byte(output))
	}
}

// reason takes a skipped test's own words: the last indented line of its output.
func reason(pkg, output string) string {
	said := pkg
	for line := range strings.Lines(output) {
		if _, words, ok := strings.Cut(line, ".go:"); ok {
			if _, words, ok = strings.Cut(words, ": "); ok {
				said = strings.TrimSpace(words)
			}
		}
	}
	return said
}

// webTests runs each front end's unit tests.
func webTests(t *tally) {
	for _, dir := range []string{"web/console", "web/phone"} {
		if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
			t.skipped = append(t.skipped, dir+": not installed (make setup)")
			continue
		}
		cmd := exec.Command("npx", "vitest", "run", "--reporter=json")
		cmd.Dir = dir
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		var report struct{ NumPassedTests, NumFailedTests int }
		if jsonErr := json.Unmarshal(lastObject(out), &report); jsonErr != nil {
			t.fail(dir, append(out, stderr.String()...))
			continue
		}
		t.passed += report.NumPassedTests
		if report.NumFailedTests > 0 || err != nil {
			t.failed += report.NumFailedTests
			t.fail(dir, append(out, stderr.String()...))
			continue
		}
		fmt.Printf("ok   %-32s %d tests\n", dir, report.NumPassedTests)
	}
}

func lastObject(out []byte) []byte {
	if i := strings.Index(string(out), `{"num`); i >= 0 {
		return out[i:]
	}
	return out
}

// browserTests drives the built binary's demo in Chromium.
func browserTests(t *tally) {
	if _, err := os.Stat("test/e2e/node_modules"); err != nil {
		t.skipped = append(t.skipped, "browser: test/e2e is not installed (make setup)")
		return
	}
	if chromium() == "" {
		t.skipped = append(t.skipped, "browser: no Chromium found (set CHROMIUM)")
		return
	}
	cmd := exec.Command("node", "--test", "--test-reporter=tap", "--test-concurrency=2", "test/e2e/")
	cmd.Env = append(os.Environ(), "CHROMIUM="+chromium())
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	passed, failed := tap(string(out))
	t.passed += passed
	t.failed += failed
	if err != nil || failed > 0 {
		if failed == 0 {
			t.failed++
		}
		fmt.Printf("--- FAIL test/e2e\n%s\n", out)
		return
	}
	if passed == 0 {
		t.fail("test/e2e", []byte("no browser test ran\n"+string(out)))
		return
	}
	fmt.Printf("ok   %-32s %d tests\n", "test/e2e", passed)
}

func tap(out string) (passed, failed int) {
	for line := range strings.Lines(out) {
		_, _ = fmt.Sscanf(line, "# pass %d", &passed)
		_, _ = fmt.Sscanf(line, "# fail %d", &failed)
	}
	return passed, failed
}

func chromium() string {
	if p := os.Getenv("CHROMIUM"); p != "" {
		return p
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	return ""
}
