package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// The promises of the local WeChat on one core with a million followers; ours.
const (
	rushRate   = 1000 // calls a second
	rushP99    = 50   // ms
	rushMemory = 256  // MB
	rushSlope  = 15   // MB a minute
	boxStarts  = 3    // s
)

// benchSandbox measures `weizheng sandbox` bound to one core, with BENCH_FOLLOWERS (1000000) followers of one account who have all
// read one article: a thousand calls a second of a city's mix, a message to everybody in the middle, and a start after a kill.
func benchSandbox(ctx context.Context, p *plan, r *report) (err error) {
	n, err := number("BENCH_FOLLOWERS", 1_000_000)
	if err != nil {
		return err
	}
	if !pinned() {
		r.leave("binding the sandbox to its core: no taskset; it has GOMAXPROCS=1")
	}
	back, err := otherCores()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, back()) }()
	b, err := newBox(ctx, p, filepath.Join(p.dir, "sandbox"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.stop()); b.server.Close() }()
	if err := b.found(ctx); err != nil {
		return err
	}
	if err := b.crowd(ctx, r); err != nil {
		return err
	}
	label := fmt.Sprintf("sandbox, one core, %d followers: ", int(n))
	yesterday, err := b.fill(ctx, r, label, int(n))
	if err != nil {
		return err
	}
	if err := b.rushed(ctx, r, label, yesterday); err != nil {
		return err
	}
	return b.again(ctx, r, label, yesterday)
}

// otherCores keeps this process off the sandbox's core, until the returned function is called.
func otherCores() (back func() error, err error) {
	if !pinned() {
		return func() error { return nil }, nil
	}
	self := strconv.Itoa(os.Getpid())
	all, err := exec.Command("nproc").Output() // as many as this process may use
	if err != nil {
		return nil, err
	}
	var cores int
	if _, err := fmt.Sscan(string(all), &cores); err != nil || cores < 2 {
		return func() error { return nil }, err
	}
	return func() error { return exec.Command("taskset", "-apc", fmt.Sprintf("0-%d", cores-1), self).Run() },
		exec.Command("taskset", "-apc", fmt.Sprintf("1-%d", cores-1), self).Run()
}

// fill makes the account's followers and an article that all of them read. It returns the day of that, which is over.
func (b *box) fill(ctx context.Context, r *report, label string, n int) (day string, err error) {
	begun := time.Now()
	b.people = n
	if err := b.settle(ctx, n); err != nil {
		return "", err
	}
	r.number(label+"making them", time.Since(begun).Seconds(), "s")
	begun = time.Now()
	if err := b.list(ctx); err != nil {
		return "", err
	}
	if len(b.openids) < n {
		return "", fmt.Errorf("user/get lists %d of %d followers", len(b.openids), n)
	}
	r.number(label+"the whole list by user/get", time.Since(begun).Seconds(), "s")
	begun = time.Now()
	if err := b.publish(ctx); err != nil {
		return "", err
	}
	r.number(label+"an article published and read by all", time.Since(begun).Seconds(), "s")
	return b.tomorrow(ctx)
}

// rushed measures the busy time.
func (b *box) rushed(ctx context.Context, r *report, label, yesterday string) error {
	t := &talk{open: make(chan string, 1<<16)}
	for range rushRate {
		if err := b.say(ctx, t); err != nil {
			return err
		}
	}
	speaking, quiet := context.WithCancel(ctx)
	defer quiet()
	spoken := make(chan error, 1)
	go func() { spoken <- b.speak(speaking, t, 35) }()
	mix := b.mix(t, yesterday)
	if err := newRush(mix).run(ctx, rushRate, 4*b.plan.each); err != nil { // caches and the collector find their size
		return err
	}
	c := newRush(mix)
	before, err := b.busy()
	if err != nil {
		return err
	}
	watch, start, heard := b.watch(250*time.Millisecond), time.Now(), b.server.heard.Load()
	mass := make(chan error, 1)
	var massTook time.Duration
	go func() {
		pause(2 * b.plan.each)
		at := time.Now()
		mass <- b.api(ctx, "/cgi-bin/message/mass/sendall", map[string]any{"filter": map[string]any{"tag_id": b.tag}, "msgtype": "text",
			"text": map[string]string{"content": "停水通知"}}, nil)
		massTook = time.Since(at)
	}()
	err = c.run(ctx, rushRate, 12*b.plan.each)
	took := time.Since(start)
	memory := watch()
	after, busyErr := b.busy()
	quiet()
	if err := errors.Join(err, busyErr, <-mass, <-spoken); err != nil {
		return err
	}
	return b.tell(ctx, r, label, c, verdict{took: took, busy: after - before, memory: memory, mass: massTook, callbacks: b.server.heard.Load() - heard})
}

// verdict is what was measured beside the calls.
type verdict struct {
	took      time.Duration
	busy      float64 // s of the core
	memory    []float64
	mass      time.Duration
	callbacks int64
}

func (b *box) tell(_ context.Context, r *report, label string, c *rush, v verdict) error {
	all := c.waits()
	for what, n := range c.failed {
		r.leave(fmt.Sprintf("%s%d × %s", label, n, what))
	}
	slowest, slow := c.slowest()
	note := fmt.Sprintf("p50 %.1f ms; slowest kind %s, p99 %.0f ms; %.0f callbacks a second besides", quantile(all, 0.5), slowest, slow,
		float64(v.callbacks)/v.took.Seconds())
	r.atLeast(label+"calls a second", float64(c.sent)/v.took.Seconds(), rushRate*0.99, "/s", fmt.Sprintf("%d calls of %d kinds", c.sent, len(c.mix)))
	r.atLeast(label+"calls answered without an error", float64(len(all))/float64(max(c.sent, 1)), 1, "", "")
	r.atMost(label+"p99", quantile(all, 0.99), rushP99, "ms", note)
	r.atMost(label+"its core", 100*v.busy/v.took.Seconds(), 100, "%", fmt.Sprintf("%.2f ms of the core a call", 1000*v.busy/float64(c.sent)))
	most := 0.0
	for _, mb := range v.memory {
		most = max(most, mb)
	}
	r.atMost(label+"memory", most, rushMemory, "MB", "")
	r.atMost(label+"memory, slope", slope(v.memory)*240, rushSlope, "MB/min", "")
	r.number(label+"a message to a tag of all, while that goes on", v.mass.Seconds(), "s")
	return nil
}

// slope is the rise of a straight line through what was seen, for each glance.
func slope(list []float64) float64 {
	n := float64(len(list))
	if n < 2 {
		return 0
	}
	var sx, sy, sxx, sxy float64
	for i, y := range list {
		x := float64(i)
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// again kills the sandbox and looks whether everything is there after the next start.
func (b *box) again(ctx context.Context, r *report, label, yesterday string) error {
	if err := b.rest(ctx); err != nil {
		return err
	}
	before, err := b.facts(ctx, yesterday)
	if err != nil {
		return err
	}
	if err := b.process.Signal(syscall.SIGKILL); err != nil {
		return err
	}
	if err := <-b.ended; err == nil {
		return errors.New("the sandbox ended by itself")
	}
	if err := b.start(ctx); err != nil {
		return err
	}
	r.atMost(label+"start after a kill", b.took.Seconds(), boxStarts, "s", "")
	after, err := b.facts(ctx, yesterday)
	if err != nil {
		return err
	}
	same := 0
	for what, value := range before {
		if after[what] == value {
			same++
			continue
		}
		r.leave(fmt.Sprintf("%safter a kill %s is %s, was %s", label, what, after[what], value))
	}
	r.atLeast(label+"what is there after a kill", float64(same)/float64(len(before)), 1, "", fmt.Sprint(before))
	return nil
}
