package setting

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"weizheng/platform/errs"
)

// Text returns the value of a text setting at a place.
func (s *Service) Text(ctx context.Context, name string, at At) string {
	return s.value(ctx, s.declaration(name, Text), at)
}

// Int returns the value of a number.
func (s *Service) Int(ctx context.Context, name string, at At) int64 {
	n, err := strconv.ParseInt(s.value(ctx, s.declaration(name, Int), at), 10, 64)
	checked(name, err)
	return n
}

// Bool returns the value of a switch.
func (s *Service) Bool(ctx context.Context, name string, at At) bool {
	return s.value(ctx, s.declaration(name, Bool), at) == "true"
}

// Duration returns the value of a length of time.
func (s *Service) Duration(ctx context.Context, name string, at At) time.Duration {
	d, err := time.ParseDuration(s.value(ctx, s.declaration(name, Duration), at))
	checked(name, err)
	return d
}

// JSON decodes the value of a structured setting into v. The declaration checks only that it is JSON; what it holds is
// the caller's to check, so this one has an error.
func (s *Service) JSON(ctx context.Context, name string, at At, v any) error {
	err := json.Unmarshal([]byte(s.value(ctx, s.declaration(name, JSON), at)), v)
	return errs.Wrap(err, "read setting %s", name)
}

// checked panics where a value that passed Check cannot be read: Check and the getter disagree, a defect of this package.
func checked(name string, err error) {
	if err != nil {
		panic("setting: " + name + ": " + err.Error())
	}
}

// value returns the text that holds at a place.
func (s *Service) value(ctx context.Context, d Declaration, at At) string {
	v, _ := s.resolve(ctx, d, at)
	return v
}

// resolve returns the text that holds at a place and the row it comes from; nil is the default.
func (s *Service) resolve(ctx context.Context, d Declaration, at At) (string, *row) {
	rows := s.current(ctx)[d.Name]
	for _, k := range at.keys() {
		r, ok := rows[k]
		if !ok {
			continue
		}
		if fault := d.Check(r.value); fault != nil {
			s.Log.WarnContext(ctx, "a stored setting is ignored", "setting", d.Name, "fault", fault.Key)
			continue
		}
		return r.value, &r
	}
	return d.Default, nil
}
