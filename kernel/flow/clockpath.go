package flow

import "slices"

// clockPaths walks each clock through every way that a matter can go: it must be started somewhere, must have been stopped
// by the definition's own words at every end, and is not started again by accident.
func (v *validator) clockPaths() {
	ways, byHouse := map[wayOut][]edge{}, map[string][]edge{}
	for _, e := range v.edges() {
		if e.house {
			byHouse[e.from] = append(byHouse[e.from], e)
		} else {
			ways[wayOut{e.from, e.by.Name}] = append(ways[wayOut{e.from, e.by.Name}], e)
		}
	}
	for _, c := range v.d.Clocks {
		if c.Per != PerBranch {
			w := &clockWalk{v: v, c: c, ways: ways, byHouse: byHouse, seen: map[clockAt]bool{}, said: map[string]bool{}}
			w.walk()
		}
	}
}

// clockAt is where a matter and one clock are: pauses holds a bit for each pause that is open.
type clockAt struct {
	state   string
	started bool
	live    bool
	pauses  uint32
	held    bool
}

// wayOut is an action in a state.
type wayOut struct{ state, action string }

type clockWalk struct {
	v       *validator
	c       ClockDef
	ways    map[wayOut][]edge
	byHouse map[string][]edge // legal fictions by state
	seen    map[clockAt]bool
	said    map[string]bool
	todo    []clockAt
	ran     bool
}

func (w *clockWalk) walk() {
	first := w.v.d.States[0].Name
	w.visit(w.fire(w.fire(clockAt{state: first}, OnOpen, false), OnEnter(first), false))
	for len(w.todo) > 0 {
		at := w.todo[0]
		w.todo = w.todo[1:]
		w.step(at)
	}
	if !w.ran {
		w.say("starts", "flow.check.clock_never", nil)
	}
}

// step visits what can follow: every action that stays, every way that leads on.
func (w *clockWalk) step(at clockAt) {
	for _, a := range w.v.d.Actions {
		if !w.v.d.from(a, at.state) || at.held != (a.verb() == Resume) && a.verb() != Cancel {
			continue
		}
		done := w.fire(at, OnDo(a.Name), false)
		done.held = a.verb() == Suspend || at.held && a.verb() != Resume
		ways := w.ways[wayOut{at.state, a.Name}]
		for _, e := range ways {
			w.visit(w.move(done, e))
		}
		if len(ways) == 0 || a.verb() == Agree || a.verb() == Refuses || a.verb() == RemoveSigner {
			w.visit(done)
		}
	}
	if !at.held {
		for _, e := range w.byHouse[at.state] {
			w.visit(w.move(at, e))
		}
	}
}

func (w *clockWalk) move(at clockAt, e edge) clockAt {
	again := e.back || e.by.verb() == Mended || e.by.verb() == Reopen
	next := w.fire(at, OnLeave(e.from), again)
	next.state, next.held = e.to, false
	return w.fire(next, OnEnter(e.to), again)
}

// visit notes a place once, and looks at ends.
func (w *clockWalk) visit(at clockAt) {
	w.ran = w.ran || at.started
	if w.seen[at] {
		return
	}
	w.seen[at] = true
	if s, _ := w.v.d.State(at.state); s.End && at.live {
		w.say("stops", "flow.check.clock_runs_on", map[string]any{"name": s.Title})
		at.live, at.pauses = false, 0
	}
	w.todo = append(w.todo, at)
}

// fire follows a trigger as course.turn does.
func (w *clockWalk) fire(at clockAt, t Trigger, again bool) clockAt {
	if at.live && slices.Contains(w.c.Stops, t) {
		at.live, at.pauses = false, 0
	}
	if at.live {
		for i, p := range w.c.Pauses {
			bit := uint32(1) << min(i, 31)
			switch open := at.pauses&bit != 0; {
			case open && slices.Contains(p.Resumes, t):
				at.pauses &^= bit
			case !open && slices.Contains(p.On, t):
				at.pauses |= bit
			}
		}
		if slices.Contains(w.c.Resets, t) {
			at.pauses = 0
			return at
		}
	}
	if slices.Contains(w.c.Starts, t) && !at.live {
		if at.started && !w.c.Again && !again {
			w.warn("starts", "flow.check.clock_twice", map[string]any{"name": string(t)})
		}
		if !at.started || w.c.Again {
			at.started, at.live = true, true
		}
	}
	return at
}

func (w *clockWalk) say(field, key string, params map[string]any) {
	path := "clocks." + w.c.Name + "." + field
	if name, _ := params["name"].(string); !w.said[key+name] {
		w.said[key+name] = true
		w.v.fault(path, key, params)
	}
}

func (w *clockWalk) warn(field, key string, params map[string]any) {
	if name, _ := params["name"].(string); !w.said[key+name] {
		w.said[key+name] = true
		w.v.warn("clocks."+w.c.Name+"."+field, key, params)
	}
}
