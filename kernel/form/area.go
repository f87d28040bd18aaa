package form

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"weizheng/kernel/audit"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

var areaForm = regexp.MustCompile(`^(\d\d|\d{4}|\d{6}|\d{9}|\d{12})$`)

// levelEnds are the digits of a code that count at each level (GB/T 2260, and its extension to streets and communities).
var levelEnds = [...]int{2, 4, 6, 9, 12}

func scanArea(scan db.Scan) (a Area, err error) {
	err = scan(&a.Code, &a.Parent, &a.Name, &a.Level)
	return a, err
}

func area(ctx context.Context, q db.Queryer, code string) (Area, error) {
	a, err := db.One(ctx, q, scanArea, `select code, parent, name, level from area where code = $1`, code)
	return a, known(err)
}

// Area returns one place; NotFound "form.none".
func (s *Service) Area(ctx context.Context, code string) (Area, error) { return area(ctx, s.DB, code) }

// Areas lists the places directly below one, by code; "" lists where the tree begins.
func (s *Service) Areas(ctx context.Context, parent string) ([]Area, error) {
	list, err := db.All(ctx, s.DB, scanArea, `select code, parent, name, level from area where parent = $1 order by code`, parent)
	return list, errs.Wrap(err, "list places")
}

// Way lists a place and those above it, the highest first; an unknown one has none.
func (s *Service) Way(ctx context.Context, code string) ([]Area, error) {
	var way []Area
	for range len(levelEnds) {
		a, err := s.Area(ctx, code)
		if errs.Is(err, errs.NotFound) {
			break
		}
		if err != nil {
			return nil, err
		}
		way = append([]Area{a}, way...)
		code = a.Parent
	}
	return way, nil
}

// AreaIn is one line of an imported table.
type AreaIn struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// ImportAreas brings places into the table: new ones are added, known ones renamed, none removed, since old answers refer
// to them. Codes may have 2, 4, 6, 9 or 12 digits. A parent that is missing at its level (counties directly below a
// province) is the next one above. It returns how many lines there were. All faults come at once, "lines.3".
func (s *Service) ImportAreas(ctx context.Context, lines []AreaIn) (int, error) {
	areas, faults := readAreas(lines)
	if err := errs.InvalidFields(faults); err != nil {
		return 0, err
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		known := map[string]bool{}
		for _, a := range areas {
			known[a.Code] = true
		}
		for _, a := range areas {
			parent, err := parentOf(ctx, tx, a, known)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `insert into area (code, parent, name, level) values ($1,$2,$3,$4)
				on conflict (code) do update set parent = excluded.parent, name = excluded.name, level = excluded.level`, a.Code, parent, a.Name, a.Level); err != nil {
				return err
			}
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "import", Object: "area", Detail: map[string]any{"lines": len(areas)}})
	})
	return len(areas), errs.Wrap(err, "import places")
}

func readAreas(lines []AreaIn) (areas []Area, faults []errs.Field) {
	if len(lines) == 0 {
		return nil, []errs.Field{{Field: "lines", Key: "shape.required"}}
	}
	for i, l := range lines {
		code, name := strings.TrimSpace(l.Code), strings.TrimSpace(l.Name)
		a := Area{Code: code, Name: name}
		if areaForm.MatchString(code) {
			a.Code += strings.Repeat("0", 12-len(code))
			a.Level = levelOf(a.Code)
		}
		if a.Level == 0 || name == "" || len([]rune(name)) > 40 {
			faults = append(faults, errs.Field{Field: "lines." + strconv.Itoa(i), Key: "form.area_line", Params: map[string]any{"line": i + 1}})
			continue
		}
		areas = append(areas, a)
	}
	return areas, faults
}

// levelOf is the deepest level at which a code has digits; 0 for none.
func levelOf(code string) int {
	digits := len(strings.TrimRight(code, "0"))
	for i, end := range levelEnds {
		if digits > 0 && digits <= end {
			return i + 1
		}
	}
	return 0
}

func parentOf(ctx context.Context, tx *db.Tx, a Area, here map[string]bool) (string, error) {
	for level := a.Level - 1; level > 0; level-- {
		end := levelEnds[level-1]
		parent := a.Code[:end] + strings.Repeat("0", 12-end)
		if here[parent] && parent != a.Code {
			return parent, nil
		}
		n, err := db.One(ctx, tx, db.Value[int], `select count(*) from area where code = $1`, parent)
		if err != nil || n > 0 && parent != a.Code {
			return parent, err
		}
	}
	return "", nil
}

// Within reports whether one code lies below another, by their digits.
func Within(code, above string) bool {
	level := levelOf(above)
	return level > 0 && len(code) == 12 && len(above) == 12 && code != above && code[:levelEnds[level-1]] == above[:levelEnds[level-1]]
}
