package flow

import (
	"strconv"
	"strings"
)

// Who is somebody: "staff:7", "citizen:12", or System. It is comparable and reads well in events.
type Who string

// System is the house itself: sweeps. It never decides.
const System Who = "system"

const (
	staffPrefix   = "staff:"
	citizenPrefix = "citizen:"
)

// Staff is the member of staff with that id.
func Staff(id int64) Who { return Who(staffPrefix + strconv.FormatInt(id, 10)) }

// Citizen is the citizen with that id.
func Citizen(id int64) Who { return Who(citizenPrefix + strconv.FormatInt(id, 10)) }

// StaffID returns the id when w is staff, else 0.
func (w Who) StaffID() int64 { return w.id(staffPrefix) }

// CitizenID returns the id when w is a citizen, else 0.
func (w Who) CitizenID() int64 { return w.id(citizenPrefix) }

func (w Who) id(prefix string) int64 {
	digits, ok := strings.CutPrefix(string(w), prefix)
	if !ok {
		return 0
	}
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

// Valid reports whether w names somebody.
func (w Who) Valid() bool { return w == System || w.StaffID() > 0 || w.CitizenID() > 0 }

// Person is somebody as one matter sees them. Its caller fills in what it knows: see Run.Units for the units in whose
// respect roles must be looked up.
type Person struct {
	Who   Who      `json:"who"`
	Unit  int64    `json:"unit,omitempty"`  // where they work
	Roles []RoleIn `json:"roles,omitempty"` // the definition's roles that they hold, and for which unit
	Leads []int64  `json:"leads,omitempty"` // units that they lead
}

// RoleIn is a role held for a unit.
type RoleIn struct {
	Role string `json:"role"`
	Unit int64  `json:"unit"`
}
