package worktime

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"

	"weizheng/platform/errs"
)

// FileLimit is the largest calendar file that is read, in bytes: a year is two kilobytes, a spreadsheet of it twenty.
const FileLimit = 2 << 20

// Read reads a calendar file: one year's list in the holiday-cn form, an array of them, a whole Data (years, local, hours), or
// a spreadsheet (xlsx) of one year. It is Invalid "worktime.file" when it is none of these, and names every fault of what
// it holds.
func Read(content []byte) (Data, error) {
	if len(content) > FileLimit {
		return Data{}, errs.New(errs.Invalid, "worktime.file_large").With("mb", FileLimit>>20)
	}
	content = bytes.TrimSpace(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")))
	var d Data
	var err error
	switch {
	case bytes.HasPrefix(content, []byte("PK")):
		var y Year
		y, err = readSheet(content)
		d.Years = []Year{y}
	case bytes.HasPrefix(content, []byte("[")):
		err = json.Unmarshal(content, &d.Years)
	default:
		err = readObject(content, &d)
	}
	if err != nil {
		if _, ours := errors.AsType[*errs.Error](err); ours {
			return Data{}, err
		}
		return Data{}, errs.New(errs.Invalid, "worktime.file").Because(err)
	}
	if _, err := NewCalendar(d); err != nil {
		return Data{}, err
	}
	return d, nil
}

func readObject(content []byte, d *Data) error {
	var one struct {
		Year
		Data
	}
	if err := json.Unmarshal(content, &one); err != nil {
		return err
	}
	*d = one.Data
	if one.Year.Year != 0 || one.Days != nil {
		d.Years = append(d.Years, one.Year)
	}
	if len(d.Years) == 0 && len(d.Local) == 0 && d.Hours == nil {
		return errors.New("an object without years, local days or hours")
	}
	return nil
}

// Over returns d with what other says put over it: its years take the place of the same ones, its local days come after, its hours,
// if any, count.
func (d Data) Over(other Data) Data {
	d.Years = append(slices.Clip(d.Years), other.Years...)
	d.Local = append(slices.Clip(d.Local), other.Local...)
	if other.Hours != nil {
		d.Hours = other.Hours
	}
	return d
}
