package worktime

import "iter"

const hourMillis = 60 * 60 * 1000

// stretch is time that counts, [from, to) in milliseconds.
type stretch struct{ from, to int64 }

// stretches yields the time that counts from an instant on, in order, without the gaps: all of it, or the hours in business. It ends
// with the calendar's range, or where an open pause begins.
func (t *term) stretches(from int64) iter.Seq[stretch] {
	if t.rule.Kind == RunningHours {
		return func(yield func(stretch) bool) { t.cut(stretch{from, (lastDay + 1).millis()}, yield) }
	}
	held := t.held()
	return func(yield func(stretch) bool) {
		for d := dayOfMillis(from); d <= lastDay; d++ {
			if d.millis() >= held {
				return
			}
			for _, s := range t.cal.spans(d) {
				one := stretch{max(d.millis()+s.from, from), d.millis() + s.to}
				if one.from < one.to && !t.cut(one, yield) {
					return
				}
			}
		}
	}
}

// held is where an open pause begins, after everything when none is open.
func (t *term) held() int64 {
	if n := len(t.gaps); n > 0 && t.gaps[n-1].to == open {
		return t.gaps[n-1].from
	}
	return open
}

// cut yields what the gaps leave of a stretch; false when the reader has enough.
func (t *term) cut(s stretch, yield func(stretch) bool) bool {
	for _, g := range t.gaps {
		if g.to <= s.from {
			continue
		}
		if g.from >= s.to {
			break
		}
		if g.from > s.from && !yield(stretch{s.from, g.from}) {
			return false
		}
		if s.from = g.to; s.from >= s.to {
			return true
		}
	}
	return yield(s)
}

// hours finds the instant at which a term of hours ends: the first by which its amount has passed.
func (t *term) hours() error {
	left := t.rule.total() * hourMillis
	for s := range t.stretches(t.start) {
		if s.to-s.from >= left {
			t.at = s.from + left
			return nil
		}
		left -= s.to - s.from
	}
	if t.held() != open {
		t.stopped = true
		return nil
	}
	return errRange
}

// passedMillis is the counted time from the start to an instant.
func (t *term) passedMillis(until int64) int64 {
	sum := int64(0)
	for s := range t.stretches(t.start) {
		if s.from >= until {
			break
		}
		sum += min(s.to, until) - s.from
	}
	return sum
}
