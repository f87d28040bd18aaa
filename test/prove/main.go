// Command prove is `make prove`: the tests of test/fault for as long as it takes to believe them. It kills houses until each
// engine was killed PROVE_N times while citizens write and again while staff lead matters, and a fifth of that in the middle of
// what falls due; it repeats the other faults for PROVE_SECONDS, waiting also for what takes minutes, and
// fuzzes what reads foreign bytes for PROVE_SECONDS in all. It compares legal terms with the slow oracle PROVE_CASES times,
// lets several people do whatever they may to the same matters PROVE_MOVES times, sends PROVE_N people through a house of each
// engine, and lets strangers' SDKs work with the sandbox (test/sdk).
//
//	PROVE_N=100 PROVE_SECONDS=600 go run ./test/prove
//
// Environment: PROVE_N kills, and people, of each engine (100), PROVE_SECONDS (600), PROVE_CASES (100000), PROVE_MOVES (10000),
// PROVE_FILE (prove.json).
//
// What was done is written to prove.json after every run: counts of what was acknowledged, delivered again, answered and
// called uncertain, and of the failures. Run again, it goes on where it stopped, as long as the code is the same; other code
// begins anew. A failed run stays in the file, and its output beside it, until the code changes or the file is removed. The
// exit code is 0 only when every step reached its goal without a failure.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	complete, err := prove(ctx)
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "prove: stopped; run it again to go on")
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "prove:", err)
		os.Exit(1)
	case !complete:
		os.Exit(1)
	}
}

func prove(ctx context.Context) (complete bool, err error) {
	kills, err := number("PROVE_N", 100)
	if err != nil {
		return false, err
	}
	seconds, err := number("PROVE_SECONDS", 600)
	if err != nil {
		return false, err
	}
	cases, err := number("PROVE_CASES", 100_000)
	if err != nil {
		return false, err
	}
	moves, err := number("PROVE_MOVES", 10_000)
	if err != nil {
		return false, err
	}
	file := os.Getenv("PROVE_FILE")
	if file == "" {
		file = "prove.json"
	}
	if file, err = filepath.Abs(file); err != nil {
		return false, err
	}
	work, err := os.MkdirTemp("", "weizheng-prove-")
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	b, err := build(ctx, work)
	if err != nil {
		return false, err
	}
	steps, err := plan(b, kills, seconds, cases, moves)
	if err != nil {
		return false, err
	}
	p, err := resume(file, b.digest)
	if err != nil {
		return false, err
	}
	for _, s := range steps {
		if err := p.work(ctx, s); err != nil {
			return false, err
		}
	}
	return p.finish(steps)
}

func number(name string, otherwise int) (int, error) {
	text := os.Getenv(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s=%q is no number from 1", name, text)
	}
	return n, nil
}
