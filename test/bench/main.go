// Command bench is `make bench`: it measures, in one run and on one machine, how the house does against a bare handler on
// the Go SDK (test/load), and the other numbers it promises. Nothing in it is a fixed answer.
//
//	BENCH_SECONDS=10 go run ./test/bench
//
// Environment: BENCH_SECONDS a measurement (5), BENCH_ROUNDS of SDK and house in turns (5), BENCH_BINARY (bin/weizheng),
// BENCH_FILE (bench.json), BENCH_PART (house, postgres, matter or sandbox: only that), BENCH_MATTERS (1000000), BENCH_FOLLOWERS (1000000). Without PostgreSQL binaries that part is left out and said so.
//
// Every callback that is counted went through the whole pipeline: verified, decrypted, answered by a rule, written to disk
// with synchronous=FULL, replied. House, SDK and generator share the machine, as the promise says; the house is left to
// catch up with its inbox before anybody else is measured. The exit code is 0 when every bar was reached.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	passed, err := bench(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
	}
	if err != nil || !passed {
		os.Exit(1)
	}
}

// plan is what the environment asks for.
type plan struct {
	each   time.Duration // a measurement
	rounds int
	binary string // bin/weizheng
	load   string // test/load, built
	dir    string // temporary
	file   string // bench.json
}

func bench(ctx context.Context) (passed bool, err error) {
	p, err := newPlan()
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(p.dir)) }()
	build := exec.CommandContext(ctx, "go", "build", "-o", p.load, ".")
	build.Dir = filepath.Join("test", "load")
	if out, err := build.CombinedOutput(); err != nil {
		return false, fmt.Errorf("build test/load: %w\n%s", err, out)
	}
	r := &report{At: time.Now().UTC(), CPUs: runtime.NumCPU(), GoVersion: runtime.Version(), Seconds: p.each.Seconds(), Rounds: p.rounds}
	fmt.Printf("%d CPUs, %s, %v a measurement, %d rounds\n\n", r.CPUs, r.GoVersion, p.each, p.rounds)
	only := os.Getenv("BENCH_PART")
	for _, part := range []struct {
		name string
		run  func(context.Context, *plan, *report) error
	}{{"house", benchHouse}, {"postgres", benchPostgres}, {"matter", benchMatters}, {"sandbox", benchSandbox}} {
		if only != "" && only != part.name {
			continue
		}
		if err := part.run(ctx, p, r); err != nil {
			return false, err
		}
	}
	passed = r.verdict()
	return passed, r.save(p.file)
}

func newPlan() (*plan, error) {
	seconds, err := number("BENCH_SECONDS", 5)
	if err != nil {
		return nil, err
	}
	rounds, err := number("BENCH_ROUNDS", 5)
	if err != nil {
		return nil, err
	}
	p := &plan{each: time.Duration(seconds * float64(time.Second)), rounds: max(1, int(rounds)), binary: os.Getenv("BENCH_BINARY"), file: os.Getenv("BENCH_FILE")}
	if p.binary == "" {
		p.binary = filepath.Join("bin", "weizheng")
	}
	if p.file == "" {
		p.file = "bench.json"
	}
	if p.binary, err = filepath.Abs(p.binary); err != nil {
		return nil, err
	}
	if _, err := os.Stat(p.binary); err != nil {
		return nil, fmt.Errorf("no binary: run make build: %w", err)
	}
	if p.dir, err = os.MkdirTemp("", "weizheng-bench-"); err != nil {
		return nil, err
	}
	p.load = filepath.Join(p.dir, "load")
	return p, nil
}

func number(name string, fallback float64) (float64, error) {
	text := os.Getenv(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("%s=%q is not a number above 0", name, text)
	}
	return n, nil
}
