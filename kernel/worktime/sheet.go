package worktime

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"weizheng/platform/errs"
)

// unzipped is how large a spreadsheet may become when opened: a year's list is far below, a bomb far above.
const unzipped = 16 << 20

// sheetRows is how many rows are looked at.
const sheetRows = 1000

// readSheet reads a year's list from the first sheet of a workbook: a row a day with its date, its name and 放假 or 上班 (or 是/否 for
// "off"), in any order of columns; rows without a date, such as the heading, are passed over. The year is the one that most
// days are of.
func readSheet(content []byte) (Year, error) {
	book, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{UnzipSizeLimit: unzipped, UnzipXMLSizeLimit: unzipped})
	if err != nil {
		return Year{}, err
	}
	defer func() { _ = book.Close() }() // read only: nothing can be lost
	rows, err := book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true})
	if err != nil {
		return Year{}, err
	}
	if len(rows) > sheetRows {
		return Year{}, errs.New(errs.Invalid, "worktime.sheet_rows").With("max", sheetRows)
	}
	var y Year
	years := map[int]int{}
	for i, row := range rows {
		h, isDay, ok := sheetRow(row)
		if !isDay {
			continue
		}
		if !ok {
			return Year{}, errs.New(errs.Invalid, "worktime.sheet_row").With("row", i+1)
		}
		year, _ := strconv.Atoi(h.Date[:4])
		if years[year]++; years[year] > years[y.Year] {
			y.Year = year
		}
		y.Days = append(y.Days, h)
	}
	if len(y.Days) == 0 {
		return Year{}, errs.New(errs.Invalid, "worktime.sheet_empty")
	}
	return y.sorted(), nil
}

// offWords say whether a day is off.
var offWords = map[string]bool{
	"放假": true, "休": true, "休息": true, "是": true, "true": true, "1": true,
	"上班": false, "班": false, "调休上班": false, "补班": false, "否": false, "false": false, "0": false,
}

func sheetRow(cells []string) (h Holiday, isDay, ok bool) {
	for _, cell := range cells {
		cell = strings.TrimSpace(cell)
		if cell == "" {
			continue
		}
		if h.Date == "" {
			if date, read := sheetDate(cell); read {
				h.Date = date
				continue
			}
		}
		if off, known := offWords[strings.ToLower(cell)]; known && !ok {
			h.IsOffDay, ok = off, true
		} else if h.Name == "" {
			h.Name = cell
		}
	}
	return h, h.Date != "", ok
}

// sheetDate reads a date as people type it and as spreadsheets keep it: a number of days.
func sheetDate(cell string) (string, bool) {
	for _, layout := range []string{time.DateOnly, "2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"} {
		if t, err := time.Parse(layout, cell); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	serial, err := strconv.ParseFloat(cell, 64)
	if err != nil || serial < 30_000 || serial > 100_000 { // 1982 to 2173
		return "", false
	}
	t, err := excelize.ExcelDateToTime(serial, false)
	return t.Format(time.DateOnly), err == nil
}
