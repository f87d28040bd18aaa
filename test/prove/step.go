package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// step is one goal, reached by runs that each bring it nearer.
type step struct {
	name string
	goal int
	unit string
	size int // how much one run does at most; 0: it counts the seconds it took
	run  func(ctx context.Context, size int, evidence string) ([]byte, error)
}

// built is the tests as one binary, whose digest stands for the code.
type built struct {
	tests  string // path of the binary
	folder string // of the tests
	digest string
}

func build(ctx context.Context, work string) (built, error) {
	b := built{tests: filepath.Join(work, "fault.test"), folder: filepath.Join("test", "fault")}
	cmd := exec.CommandContext(ctx, "go", "test", "-trimpath", "-c", "-o", b.tests, "./"+filepath.ToSlash(b.folder))
	if out, err := cmd.CombinedOutput(); err != nil {
		return b, fmt.Errorf("build the tests: %w\n%s", err, out)
	}
	content, err := os.ReadFile(b.tests)
	if err != nil {
		return b, err
	}
	sum := sha256.Sum256(content)
	b.digest = hex.EncodeToString(sum[:])
	return b, nil
}

// killsAtOnce is how often one run kills a house: more would make a failed run harder to read.
const killsAtOnce = 10

func plan(b built, kills, seconds, cases, moves int) ([]step, error) {
	var steps []step
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, one := range []struct {
			name, test string
			goal       int
		}{{"killed/", "TestKilled", kills}, {"matters killed/", "TestMattersKilled", kills}, {"sweep killed/", "TestSweepKilled", max(kills/5, 1)}} {
			steps = append(steps, step{name: one.name + engine, goal: one.goal, unit: "kills", size: killsAtOnce,
				run: b.tested("^"+one.test+"$/^"+engine+"$", "")})
		}
	}
	steps = append(steps, step{name: "faults", goal: seconds, unit: "seconds", run: b.tested("", "^Test(|Matters|Sweep)Killed$")})
	steps = append(steps, step{name: "terms against the oracle", goal: cases, unit: "cases", size: casesAtOnce, run: oracle})
	steps = append(steps, step{name: "strangers' SDKs", goal: 1, unit: "runs", size: 1, run: strangers})
	steps = append(steps, step{name: "matters in any order", goal: moves, unit: "moves", size: movesAtOnce, run: games})
	for _, engine := range []string{"sqlite", "postgres"} {
		steps = append(steps, step{name: "a crowd in the house/" + engine, goal: kills, unit: "people", size: peopleAtOnce, run: crowd(engine)})
	}
	targets, err := fuzzTargets()
	if err != nil {
		return nil, err
	}
	for _, t := range targets {
		steps = append(steps, step{name: "fuzz " + t.folder + " " + t.name, goal: max(seconds/len(targets), 1), unit: "seconds", run: t.fuzz})
	}
	return steps, nil
}

// tested runs tests of the binary with the long waits on.
func (b built) tested(run, skip string) func(context.Context, int, string) ([]byte, error) {
	return func(ctx context.Context, size int, evidence string) ([]byte, error) {
		cmd := command(ctx, b.tests, "-test.run="+run, "-test.skip="+skip, "-test.timeout=30m", "-test.v", "-test.failfast")
		cmd.Dir = b.folder
		cmd.Env = append(os.Environ(), fmt.Sprintf("WEIZHENG_FAULT_KILLS=%d", size), "WEIZHENG_FAULT_LONG=1",
			"WEIZHENG_FAULT_EVIDENCE="+evidence)
		return cmd.CombinedOutput()
	}
}

// command is one that ends with ctx, and whose own children end with it.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// casesAtOnce is how many terms one run compares: about half a minute.
const casesAtOnce = 10_000

// oracle compares so many random terms of kernel/worktime with the count by days and minutes, from another seed each time; the
// seed stands in the output of a failed run.
func oracle(ctx context.Context, size int, _ string) ([]byte, error) {
	cmd := command(ctx, "go", "test", "-trimpath", "-count=1", "-timeout=30m", "-run=^TestTheOracleAgrees$", "./kernel/worktime")
	cmd.Env = append(os.Environ(), fmt.Sprintf("WEIZHENG_ORACLE_CASES=%d", size), fmt.Sprintf("WEIZHENG_ORACLE_SEED=%d", rand.Uint64()))
	return cmd.CombinedOutput()
}

// movesAtOnce is how many moves each of the people makes in one run, on each engine: about half a minute.
const movesAtOnce = 1000

// games lets people do whatever they may to the same matters at once, from another seed each time; the seed stands in the
// output of a failed run.
func games(ctx context.Context, size int, _ string) ([]byte, error) {
	cmd := command(ctx, "go", "test", "-trimpath", "-count=1", "-timeout=30m", "-v", "-run=^TestAnyOrder$", "./kernel/matter")
	cmd.Env = append(os.Environ(), fmt.Sprintf("WEIZHENG_MATTER_MOVES=%d", size))
	return cmd.CombinedOutput()
}

// strangers lets the SDKs of test/sdk work with the sandbox of bin/weizheng, which make builds before.
func strangers(ctx context.Context, _ int, _ string) ([]byte, error) {
	return command(ctx, filepath.Join("test", "sdk", "run.sh")).CombinedOutput()
}

// peopleAtOnce is how many people one run lets into one house.
const peopleAtOnce = 100

// crowd sends so many people through a real house: everybody is answered, and what they sent is with the staff, once.
func crowd(engine string) func(context.Context, int, string) ([]byte, error) {
	return func(ctx context.Context, size int, _ string) ([]byte, error) {
		cmd := command(ctx, "go", "test", "-trimpath", "-count=1", "-timeout=30m", "-run=^TestACrowdUsesTheHouse$/^"+engine+"$", "./test/world")
		cmd.Env = append(os.Environ(), fmt.Sprintf("WEIZHENG_CROWD=%d", size))
		return cmd.CombinedOutput()
	}
}

// fuzzTarget is a fuzz test somewhere in the repository.
type fuzzTarget struct{ folder, name string }

func fuzzTargets() ([]fuzzTarget, error) {
	var list []fuzzTarget
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != "." && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".")) {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(content)) {
			if name, ok := strings.CutPrefix(line, "func Fuzz"); ok {
				name, _, _ = strings.Cut(name, "(")
				list = append(list, fuzzTarget{filepath.Dir(path), "Fuzz" + name})
			}
		}
		return nil
	})
	return list, err
}

// fuzzAtOnce is how many seconds one run fuzzes.
const fuzzAtOnce = 60

func (t fuzzTarget) fuzz(ctx context.Context, size int, _ string) ([]byte, error) {
	return command(ctx, "go", "test", "-trimpath", "-run=^$", "-fuzz=^"+t.name+"$",
		fmt.Sprintf("-fuzztime=%ds", min(size, fuzzAtOnce)), "./"+filepath.ToSlash(t.folder)).CombinedOutput()
}

// count adds up the evidence that a run wrote down.
func count(path string, into map[string]int) error {
	content, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for line := range bytes.Lines(content) {
		var e struct{ Facts map[string]int }
		if err := json.Unmarshal(line, &e); err != nil {
			return fmt.Errorf("evidence: %w", err)
		}
		for name, n := range e.Facts {
			if strings.HasSuffix(name, "_ms") {
				into[name] = max(into[name], n)
			} else {
				into[name] += n
			}
		}
	}
	return os.Remove(path)
}
