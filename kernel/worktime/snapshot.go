package worktime

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"weizheng/platform/access"
)

// snapshot is everything that counts at one moment; but for the calendars that it has built it never changes.
type snapshot struct {
	versions []Version // the newest of each
	years    map[int]Year
	local    map[int64][]Local
	hours    map[int64]*Week
	national *Calendar

	mu    sync.Mutex
	built map[string]*Calendar // by the path of the lowest unit that says something
}

func newSnapshot(versions []Version) (*snapshot, error) {
	snap := &snapshot{versions: versions, years: map[int]Year{}, local: map[int64][]Local{}, hours: map[int64]*Week{}, built: map[string]*Calendar{}}
	for _, y := range Builtin() {
		snap.years[y.Year] = y
	}
	for _, v := range slices.Backward(versions) { // the first of a kind is the newest
		switch v.Kind {
		case OfYear:
			snap.years[v.Year.Year] = *v.Year
		case OfLocal:
			snap.local[v.Unit] = plain(v.Local)
		case OfHours:
			snap.hours[v.Unit] = v.Hours
		}
	}
	data := Data{}
	for _, y := range snap.years {
		data.Years = append(data.Years, y)
	}
	var err error
	snap.national, err = NewCalendar(data)
	return snap, err
}

// calendar returns a unit's calendar. Units that say nothing of their own share that of the unit above.
func (s *snapshot) calendar(path string) (*Calendar, error) {
	units := access.Units(path)
	for len(units) > 0 && !s.says(units[len(units)-1]) {
		units = units[:len(units)-1]
	}
	if len(units) == 0 {
		return s.national, nil
	}
	var key strings.Builder
	for _, u := range units {
		key.WriteString("/" + strconv.FormatInt(u, 10))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.built[key.String()]; ok {
		return c, nil
	}
	var days []Local
	var hours *Week
	for _, u := range units {
		days = append(days, s.local[u]...)
		if h := s.hours[u]; h != nil {
			hours = h
		}
	}
	c, err := s.national.With(days, hours)
	if err != nil {
		return nil, err
	}
	s.built[key.String()] = c
	return c, nil
}

func (s *snapshot) says(unit int64) bool { return len(s.local[unit]) > 0 || s.hours[unit] != nil }

// plain leaves out where local days come from.
func plain(list []LocalDay) []Local {
	out := make([]Local, 0, len(list))
	for _, l := range list {
		out = append(out, l.Local)
	}
	return out
}
