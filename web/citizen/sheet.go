package citizen

// The kinds of a Question beyond those of a Field.
const (
	KindHeading   = "heading"
	KindNote      = "note"
	KindPeriod    = "period"
	KindPlace     = "place"
	KindFiles     = "files"
	KindShared    = "shared" // nothing to give: the state gets it by itself
	KindSignature = "signature"
	KindGroup     = "group"
)

// Sheet is a form that is kept while it is filled in: {{template "sheet" .}}. Every button posts the whole of it, so that it
// works without script: rows are added, files uploaded and places chosen level by level on the way.
type Sheet struct {
	Action    string
	Token     string
	Upload    bool   // it has files
	Save      string // address that keeps what is typed, for the script
	Areas     string // address that lists the places below one, for the script
	Questions []Question
	Faults    []Fault  // in the order of the questions
	Top       []string // faults of no question
	Submit    string
	Promise   string
	Saved     string // "已保存 11:30"
}

// Fault leads to a question that needs mending.
type Fault struct{ Name, Label, Text string }

// Count is how many things are wrong.
func (s Sheet) Count() int { return len(s.Faults) + len(s.Top) }

// Question is one question of a Sheet. Name is its path: "kin.0.phone".
type Question struct {
	Field
	Hidden bool // shown once an earlier answer asks for it
	Own    bool // one's own words may be given instead of an option
	OwnSay string

	From, To string   // KindPeriod
	Levels   []Level  // KindPlace: those chosen, and the next
	Files    []Upload // KindFiles, KindSignature
	Room     bool     // more files may be added
	Purpose  string   // what a file is used for
	Rows     []Row    // KindGroup
	Grows    bool     // a row may be added
}

// Level is one step of a place: the options below the one before.
type Level struct {
	Name, Label, Value string
	Options            []Option
}

// Upload is a file that was given already.
type Upload struct {
	Code, Name, Note, URL string
	Picture               bool
}

// Row is one of a group's.
type Row struct {
	Name, Title string // "kin.0", "第 1 位"
	Error       string
	Questions   []Question
}
