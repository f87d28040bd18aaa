package form

import "slices"

// Form is a list of questions. Key names it for good, Version is the number of its publication (0: a draft).
type Form struct {
	Key     string  `json:"key,omitempty"`
	Version int64   `json:"version,omitempty"`
	Title   string  `json:"title"`
	Lead    string  `json:"lead,omitempty"`    // one sentence: what it is for
	Submit  string  `json:"submit,omitempty"`  // what the button does: 提交申请
	Promise string  `json:"promise,omitempty"` // what happens then: 5 个工作日内答复
	Fields  []Field `json:"fields"`
}

// Kind is what a field asks for.
type Kind string

// The kinds. Their values in JSON stand beside them; what cannot be read as one is kept as it was typed until judged.
const (
	Text      Kind = "text"      // string
	Number    Kind = "number"    // number
	Money     Kind = "money"     // integer, fen; a string is what was typed, in yuan
	Date      Kind = "date"      // "2026-11-20"; with Period {"from","to"}
	Choice    Kind = "choice"    // an option's value, with Multiple a list; "=…" are one's own words
	Place     Kind = "place"     // an area code of 12 digits
	Identity  Kind = "identity"  // string, GB 11643
	Credit    Kind = "credit"    // string, GB 32100
	Phone     Kind = "phone"     // string
	Plate     Kind = "plate"     // string
	File      Kind = "file"      // list of codes of kept files
	Signature Kind = "signature" // code of a kept picture; the file's row has the time
	Group     Kind = "group"     // list of objects, one a row
	Heading   Kind = "heading"   // no value
	Note      Kind = "note"      // no value
)

// Kinds lists all kinds in the order in which the designer offers them.
var Kinds = []Kind{Text, Number, Money, Date, Choice, Place, Identity, Credit, Phone, Plate, File, Signature, Group, Heading, Note}

// Class is how carefully a value is kept (rules.md 8.3).
type Class string

// The classes from open to closed: 公开, 内部, 个人, 敏感. Values of the last two are sealed at rest and masked on screen.
const (
	Public    Class = "public"
	Internal  Class = "internal"
	Personal  Class = "personal"
	Sensitive Class = "sensitive"
)

// Classes lists the classes from open to closed.
var Classes = []Class{Public, Internal, Personal, Sensitive}

// Option is one choice.
type Option struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Help  string `json:"help,omitempty"`
}

// Field is one question, or a heading or note between questions. Which members count depends on the kind.
type Field struct {
	Name     string     `json:"name"` // unique in the whole form
	Kind     Kind       `json:"kind"`
	Label    string     `json:"label"`
	Help     string     `json:"help,omitempty"`
	Example  string     `json:"example,omitempty"`
	Class    Class      `json:"class,omitempty"` // "" is Internal
	Required bool       `json:"required,omitempty"`
	Prefill  string     `json:"prefill,omitempty"` // name of a source
	Shared   bool       `json:"obtainable_by_share,omitempty"`
	Show     *Condition `json:"show,omitempty"` // nil: always
	Need     *Condition `json:"need,omitempty"` // required when it holds, besides Required

	Min      *float64 `json:"min,omitempty"` // text: characters; number; money: fen; several choices, files, rows: how many
	Max      *float64 `json:"max,omitempty"`
	Rule     string   `json:"rule,omitempty"`  // text: a named rule, see Rules
	Lines    bool     `json:"lines,omitempty"` // text: several lines
	Unit     string   `json:"unit,omitempty"`  // number: 平方米
	Decimals int      `json:"decimals,omitempty"`
	Period   bool     `json:"period,omitempty"`     // date: from … to
	After    string   `json:"not_before,omitempty"` // date: "today", "today-18y", "today+30d", "2026-01-01"
	Before   string   `json:"not_after,omitempty"`
	Multiple bool     `json:"multiple,omitempty"` // choice: several
	Options  []Option `json:"options,omitempty"`
	Other    bool     `json:"other,omitempty"`  // choice: one's own words may be given
	Root     string   `json:"root,omitempty"`   // place: below this code only
	Depth    int      `json:"depth,omitempty"`  // place: the level to reach, 1 province … 5 community
	Mobile   bool     `json:"mobile,omitempty"` // phone: mobile numbers only
	Purpose  string   `json:"purpose,omitempty"`
	Trust    string   `json:"trust,omitempty"` // file: A–D, see Trusts
	Accept   []string `json:"accept,omitempty"`
	Size     int64    `json:"size,omitempty"`   // file: most bytes of one; 0 is MaxFile
	Fields   []Field  `json:"fields,omitempty"` // group
}

// Trusts are the trust levels of a material (国办函108号): A issued by an authority, B checked at a window and reusable,
// C uploaded, the original is to be seen, D made by oneself with a promise.
var Trusts = []string{"A", "B", "C", "D"}

// Accepts are the kinds of files that a field may ask for, with the media types behind each.
var Accepts = map[string][]string{
	"image": {"image/jpeg", "image/png"},
	"pdf":   {"application/pdf"},
}

// Asks reports whether the field has a value at all.
func (f Field) Asks() bool {
	return f.Kind != Heading && f.Kind != Note && !(f.Kind == File && f.Shared)
}

// Sealed reports whether the field's value is kept encrypted; a group is when one of its fields is.
func (f Field) Sealed() bool {
	return f.Class == Personal || f.Class == Sensitive || slices.ContainsFunc(f.Fields, Field.Sealed)
}

// accepts lists the media types that a file field takes; all when it names none.
func (f Field) accepts() []string {
	var types []string
	for _, kind := range []string{"image", "pdf"} {
		if len(f.Accept) == 0 || slices.Contains(f.Accept, kind) {
			types = append(types, Accepts[kind]...)
		}
	}
	return types
}

// Takes reports whether a file field takes a media type.
func (f Field) Takes(mediaType string) bool {
	if f.Kind == Signature {
		return slices.Contains(Accepts["image"], mediaType)
	}
	return slices.Contains(f.accepts(), mediaType)
}

// MaxFile is the most bytes of one uploaded file: a photo of a phone, with room.
const MaxFile = 10 << 20

// MaxBytes is the most bytes of one file of this field.
func (f Field) MaxBytes() int64 {
	if f.Size <= 0 || f.Size > MaxFile {
		return MaxFile
	}
	return f.Size
}

// Counts returns the least and most entries of a field with several: files, rows, choices.
func (f Field) Counts() (least, most int) {
	most = map[Kind]int{File: 5, Group: 10, Choice: len(f.Options) + 1}[f.Kind]
	if f.Min != nil {
		least = int(*f.Min)
	}
	if f.Max != nil {
		most = int(*f.Max)
	}
	return least, most
}

// Walk calls visit for every field in order, a group's fields after it; in is the group's name or "".
func (f Form) Walk(visit func(in string, field Field)) {
	for _, field := range f.Fields {
		visit("", field)
		for _, child := range field.Fields {
			visit(field.Name, child)
		}
	}
}

// Field finds a field by its name, in a group or out of one.
func (f Form) Field(name string) (Field, bool) {
	var found Field
	ok := false
	f.Walk(func(_ string, field Field) {
		if field.Name == name && !ok {
			found, ok = field, true
		}
	})
	return found, ok
}
