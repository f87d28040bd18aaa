package matter

import "time"

// Light is how a matter stands towards its clocks (电子监察): the running ones while it is open, the worst that any of them
// reached when it is over.
type Light int64

// The lights.
const (
	Green  Light = iota
	Yellow       // little time is left: when, its definition says
	Red          // overdue
)

var lightNames = [...]string{"green", "yellow", "red"}

// String returns the light's name.
func (l Light) String() string {
	if l >= 0 && int(l) < len(lightNames) {
		return lightNames[l]
	}
	return lightNames[Green]
}

// LightOf is the reverse of String.
func LightOf(name string) (Light, bool) {
	for i, n := range lightNames {
		if n == name {
			return Light(i), true
		}
	}
	return Green, false
}

// Never is an instant that does not come: what a clock that stands still would fall due at.
const Never = int64(1) << 62

const never = Never

// lightAt is the light of a clock that turns yellow and red at two instants. A term that ends at 24:00 is late from then
// on.
func lightAt(now, yellow, due int64) Light {
	switch {
	case now >= due:
		return Red
	case now >= yellow:
		return Yellow
	}
	return Green
}

// instant is a civil or wall instant out of the database; 0 and never are the zero time.
func instant(ms int64) time.Time {
	if ms <= 0 || ms >= never {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
