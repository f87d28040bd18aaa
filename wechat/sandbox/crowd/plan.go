package crowd

import (
	"math/rand/v2"
	"slices"
	"time"
)

// deed is one act of a plan. Its draw decides what is left open until the act: which button, which page, which mark.
type deed struct {
	at      time.Duration // after the crowd's start
	citizen int
	step    Step
	draw    uint64
	whole   []Step // of a script: all steps, done one after the other
}

// planner makes the deeds one by one: a function of the order alone.
type planner struct {
	order  Order
	rng    *rand.Rand
	at     time.Duration
	next   int // deeds made
	kinds  []string
	weight int
}

func newPlanner(o Order) *planner {
	p := &planner{order: o, rng: rand.New(rand.NewPCG(uint64(o.Seed), 0x637264))} //nolint:gosec // reproducible on purpose, protects nothing
	for _, kind := range Kinds {
		p.weight += o.Mix[kind]
		if o.Mix[kind] > 0 {
			p.kinds = append(p.kinds, kind)
		}
	}
	return p
}

// deed returns the next deed; ok is false at the end.
func (p *planner) deed() (d deed, ok bool) {
	if len(p.order.Script) > 0 {
		return p.scripted()
	}
	p.at += time.Duration(p.rng.ExpFloat64() / p.order.Rate * float64(time.Second)) // arrivals of people who do not know each other
	if p.at > time.Duration(p.order.Seconds)*time.Second || p.next >= maxActs {
		return deed{}, false
	}
	p.next++
	d = deed{at: p.at, citizen: p.rng.IntN(p.order.Citizens), draw: p.rng.Uint64()}
	d.step = Step{Act: p.kind(), Words: p.order.Words[p.rng.IntN(len(p.order.Words))]}
	return d, true
}

// kind draws by the weights.
func (p *planner) kind() string {
	n := p.rng.IntN(p.weight)
	for _, kind := range p.kinds {
		if n -= p.order.Mix[kind]; n < 0 {
			return kind
		}
	}
	return p.kinds[0]
}

// scripted lets one citizen after the other begin, evenly.
func (p *planner) scripted() (deed, bool) {
	if p.next >= p.order.Citizens {
		return deed{}, false
	}
	d := deed{citizen: p.next, draw: p.rng.Uint64(), whole: slices.Clone(p.order.Script)}
	d.at = time.Duration(p.order.Seconds) * time.Second * time.Duration(p.next) / time.Duration(p.order.Citizens)
	for i := range d.whole {
		if d.whole[i].Words == "" {
			d.whole[i].Words = p.order.Words[p.rng.IntN(len(p.order.Words))]
		}
	}
	p.next++
	return d, true
}

// nameOf is what a citizen of a crowd is called.
func nameOf(seed int64, i int) string {
	rng := rand.New(rand.NewPCG(uint64(seed), uint64(i))) //nolint:gosec // as above
	return string(surnames[rng.IntN(len(surnames))]) + givenNames[rng.IntN(len(givenNames))]
}
