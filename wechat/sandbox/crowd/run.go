package crowd

import (
	"context"
	"math/rand/v2"
	"time"
)

// run lets the deeds begin at their times, whether earlier ones have ended or not: people do not wait for one another.
func (c *Crowd) run(ctx context.Context) {
	kept := make(chan struct{})
	keeping, done := context.WithCancel(ctx)
	go func() {
		defer close(kept)
		c.keepOn(keeping)
	}()
	start := c.home.Wall.Now()
	for plan := newPlanner(c.order); ; {
		d, more := plan.deed()
		if !more || !pause(ctx, d.at-c.home.Wall.Now().Sub(start)) {
			break
		}
		c.late(c.home.Wall.Now().Sub(start) - d.at)
		c.give(ctx, d)
	}
	c.people.Wait()
	done()
	<-kept
	c.end(ctx)
}

// pause waits, unless ctx ends.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// late notes how far behind its plan the crowd is.
func (c *Crowd) late(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.view.Behind = max(c.view.Behind, by.Milliseconds())
}

// give puts a deed at the end of its citizen's queue: nobody does two things at once.
func (c *Crowd) give(ctx context.Context, d deed) {
	c.mu.Lock()
	defer c.mu.Unlock()
	queue, working := c.queues[d.citizen]
	c.queues[d.citizen] = append(queue, d)
	if !working {
		c.people.Go(func() { c.work(ctx, d.citizen) })
	}
}

// work does what one citizen has to do until nothing is left.
func (c *Crowd) work(ctx context.Context, citizen int) {
	for {
		c.mu.Lock()
		queue := c.queues[citizen]
		if len(queue) == 0 || ctx.Err() != nil {
			delete(c.queues, citizen)
			c.mu.Unlock()
			return
		}
		d := queue[0]
		c.queues[citizen] = queue[1:]
		c.mu.Unlock()
		c.act(ctx, d)
	}
}

// act does one deed. Who was not told by a script what to do follows first.
func (c *Crowd) act(ctx context.Context, d deed) {
	person, err := c.home.Store.Citizen(ctx, idOf(c.order.Seed, d.citizen))
	if err != nil {
		c.home.Log.WarnContext(ctx, "a crowd lost a citizen", "error", err)
		return
	}
	p := &scene{crowd: c, citizen: person, rng: rand.New(rand.NewPCG(d.draw, uint64(c.order.Seed)))} //nolint:gosec // reproducible on purpose
	if d.whole != nil {
		for _, s := range d.whole {
			if !pause(ctx, time.Duration(s.AfterMS)*time.Millisecond) {
				return
			}
			c.step(ctx, p, s)
		}
		return
	}
	c.mu.Lock()
	known := c.known[d.citizen]
	c.known[d.citizen] = true
	c.mu.Unlock()
	if !known && d.step.Act != Follow {
		c.step(ctx, p, Step{Act: Follow})
	}
	c.step(ctx, p, d.step)
}

// step does one act and counts what was seen.
func (c *Crowd) step(ctx context.Context, p *scene, s Step) {
	select {
	case c.home.places <- struct{}{}:
		defer func() { <-c.home.places }()
	case <-ctx.Done():
		return
	}
	start := c.home.Wall.Now()
	seen, err := p.do(ctx, s)
	took := c.home.Wall.Now().Sub(start)
	if err != nil {
		seen.Outcome, seen.Saw = Failed, err.Error()
		if ctx.Err() != nil {
			seen.Outcome = Lost
		}
	}
	seen.Act, seen.Citizen = s.Act, p.citizen.ID
	seen.Did, seen.Saw = clip(seen.Did), clip(seen.Saw)
	c.tally.add(seen, took)
}

// clip bounds what is kept of a text.
func clip(text string) string {
	const most = 200
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

// keepOn writes the report now and then, for a reader after a crash.
func (c *Crowd) keepOn(ctx context.Context) {
	for pause(ctx, keepEvery) {
		if err := c.home.keep(ctx, c.now()); err != nil && ctx.Err() == nil {
			c.home.Log.WarnContext(ctx, "a crowd's report was not written", "error", err)
		}
	}
}

// end writes the last report.
func (c *Crowd) end(ctx context.Context) {
	c.mu.Lock()
	if c.view.State == Running {
		c.view.State = Done
		if ctx.Err() != nil {
			c.view.State = Cut
		}
	}
	c.view.EndedAt = c.home.Store.Wall()
	c.mu.Unlock()
	if err := c.home.keep(context.WithoutCancel(ctx), c.now()); err != nil {
		c.home.Log.WarnContext(ctx, "a crowd's report was not written", "error", err)
	}
	c.home.mu.Lock()
	delete(c.home.running, c.view.ID)
	c.home.mu.Unlock()
	c.stop()
	close(c.gone)
}
