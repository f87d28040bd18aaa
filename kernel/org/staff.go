package org

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"weizheng/platform/crypt"
	"weizheng/platform/errs"
)

// Staff is a person who works with the system.
type Staff struct {
	ID           int64
	Login        string
	Name         string
	Title        string
	UnitID       int64
	Unit         string // path
	UnitName     string
	Phone        string // masked; "" when none is known
	Outsourced   bool
	UntilAt      int64 // ms, from when the account is worth nothing; 0 for no end
	Disabled     bool
	Activated    bool // has set a password
	SecondFactor bool
	MustChange   bool
	PasswordAt   int64 // ms
	LastLoginAt  int64 // ms, 0 for never
	CreatedAt    int64
	UpdatedAt    int64
	Version      int64

	phoneSealed, phoneIndex        string
	password, totpSealed, totpNext string
	totpStep                       int64
	totpDue                        bool // totpNext was given with the activation and is to be proven at the login
}

// State is what a staff list filters by.
type State string

// The states.
const (
	Active   State = "active"
	Disabled State = "disabled"
	Expired  State = "expired"
	Invited  State = "invited" // has not set a password yet
)

// State tells the state at an instant in ms.
func (p Staff) State(now int64) State {
	switch {
	case p.Disabled:
		return Disabled
	case p.UntilAt != 0 && p.UntilAt <= now:
		return Expired
	case !p.Activated:
		return Invited
	}
	return Active
}

// StaffIn is what people say about a person. Login cannot be changed later. Phone "" leaves the known one when changing,
// "-" removes it: lists show it masked, so an editor cannot send it back.
type StaffIn struct {
	Login      string
	Name       string
	Title      string
	Phone      string
	UnitID     int64
	Outsourced bool
	UntilAt    int64
	Version    int64
}

// noPhone removes a known phone.
const noPhone = "-"

// plainPhone takes out what people write between the digits.
func plainPhone(s string) string { return strings.NewReplacer(" ", "", "-", "").Replace(s) }

var loginShape = regexp.MustCompile(`^[a-z][a-z0-9._-]{2,31}$`)

// Validate returns every fault of the fields themselves; now is in ms. fresh says that the person is new.
func (in *StaffIn) Validate(now int64, fresh bool) error {
	in.Login = strings.ToLower(strings.TrimSpace(in.Login))
	in.Name, in.Title = strings.TrimSpace(in.Name), strings.TrimSpace(in.Title)
	if in.Phone != noPhone {
		in.Phone = plainPhone(in.Phone)
	}
	var f faults
	if fresh && !loginShape.MatchString(in.Login) {
		f.add("login", "org.login_shape")
	}
	f.text("name", in.Name, 1, 30)
	f.text("title", in.Title, 0, 40)
	if in.Phone != "" && in.Phone != noPhone && !crypt.IsMobile(in.Phone) && !crypt.IsLandline(in.Phone) {
		f.add("phone", "org.phone")
	}
	if in.Outsourced && in.UntilAt == 0 {
		f.add("until_at", "org.outsourced_until") // §8.1: outsourcers are controlled
	}
	if in.UntilAt != 0 && in.UntilAt <= now {
		f.add("until_at", "org.until_past")
	}
	return errs.InvalidFields(f)
}

// phoneAAD binds a sealed phone to its row.
func phoneAAD(id int64) string { return "staff.phone:" + itoa(id) }

// seal fills the sealed phone and its index; the person has an id already.
func (s *Service) seal(p *Staff, phone string) error {
	if phone == "" {
		return nil
	}
	p.phoneSealed, p.phoneIndex = "", ""
	if phone == noPhone {
		return nil
	}
	sealed, err := s.Ring.SealText(phone, phoneAAD(p.ID))
	if err != nil {
		return errs.Wrap(err, "seal the phone of staff %d", p.ID)
	}
	p.phoneSealed, p.phoneIndex = sealed, s.Ring.Index("staff.phone", phone)
	return nil
}

// openPhone returns the phone in clear, "" when none is known.
func (s *Service) openPhone(p Staff) (string, error) {
	if p.phoneSealed == "" {
		return "", nil
	}
	phone, err := s.Ring.OpenText(p.phoneSealed, phoneAAD(p.ID))
	return phone, errs.Wrap(err, "open the phone of staff %d", p.ID)
}

// escapeLike makes what a person typed into a search box literal for LIKE … ESCAPE '\'.
func escapeLike(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`, "\x00", "").Replace(strings.ToLower(s))
}

// StateOf tells a person's state now.
func (s *Service) StateOf(p Staff) State { return p.State(s.now()) }
