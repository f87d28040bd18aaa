package org

import (
	"strings"
	"unicode/utf8"

	"weizheng/platform/crypt"
	"weizheng/platform/errs"
)

// Level is a unit's place among the four levels of local government.
type Level string

// The levels from the top. A department has the level of the government it belongs to.
const (
	City      Level = "city"
	District  Level = "district"
	Street    Level = "street"
	Community Level = "community"
)

var levelRank = map[Level]int{City: 1, District: 2, Street: 3, Community: 4}

// Unit is one unit of the tree.
type Unit struct {
	ID        int64
	ParentID  int64 // 0 for the root
	GuideID   int64 // the unit that guides it in its trade; 0 for none
	Level     Level
	Name      string // the standard name
	Short     string // as people call it
	Code      string // unified social credit code, or ""
	Path      string
	Position  int64 // order among its siblings
	Closed    bool  // dissolved; kept for what it did
	CreatedAt int64
	UpdatedAt int64
	Version   int64
}

// Root reports whether the unit is the whole installation.
func (u Unit) Root() bool { return u.ParentID == 0 }

// UnitIn is what people say about a unit. ParentID and Version count only where the verb says so.
type UnitIn struct {
	ParentID int64
	GuideID  int64
	Level    Level
	Name     string
	Short    string
	Code     string
	Position int64
	Closed   bool
	Version  int64
}

// Validate returns every fault of the fields themselves.
func (in *UnitIn) Validate() error {
	in.Name, in.Short, in.Code = strings.TrimSpace(in.Name), strings.TrimSpace(in.Short), strings.TrimSpace(in.Code)
	var f faults
	f.text("name", in.Name, 1, 60)
	f.text("short", in.Short, 0, 20)
	if levelRank[in.Level] == 0 {
		f.add("level", "org.level")
	}
	if in.Code != "" && !crypt.IsCreditCode(in.Code) {
		f.add("code", "org.credit_code")
	}
	return errs.InvalidFields(f)
}

// fits reports whether a unit of level l may stand below one of level parent: never above it.
func (l Level) fits(parent Level) bool { return levelRank[l] >= levelRank[parent] }

// faults collects what is wrong with an input.
type faults []errs.Field

func (f *faults) add(field, key string) { *f = append(*f, errs.Field{Field: field, Key: key}) }

// text checks a length in characters and that nothing in it is a control character.
func (f *faults) text(field, value string, least, most int) {
	n := utf8.RuneCountInString(value)
	params := map[string]any{"min": least, "max": most}
	switch {
	case n < least:
		*f = append(*f, errs.Field{Field: field, Key: "org.required", Params: params})
	case n > most:
		*f = append(*f, errs.Field{Field: field, Key: "org.too_long", Params: params})
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }):
		*f = append(*f, errs.Field{Field: field, Key: "org.control_characters"})
	}
}
