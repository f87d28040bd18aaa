package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// report is bench.json.
type report struct {
	At        time.Time          `json:"at"`
	CPUs      int                `json:"cpus"`
	GoVersion string             `json:"go_version"`
	Seconds   float64            `json:"seconds_a_measurement"`
	Rounds    int                `json:"rounds"`
	Bars      []bar              `json:"bars"`
	Numbers   []figure           `json:"numbers"`
	SDK       map[string][]shots `json:"sdk,omitempty"`
	House     map[string][]shots `json:"house,omitempty"`
	Left      []string           `json:"left_out,omitempty"`
}

// bar is a promise and what was measured of it.
type bar struct {
	Name     string  `json:"name"`
	Measured float64 `json:"measured"`
	Want     float64 `json:"want"`
	AtLeast  bool    `json:"at_least"` // else at most
	Unit     string  `json:"unit"`
	Passed   bool    `json:"passed"`
	Note     string  `json:"note,omitempty"`
}

// figure is a number without a promise.
type figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

func (r *report) atLeast(name string, measured, want float64, unit, note string) {
	r.bar(bar{Name: name, Measured: measured, Want: want, AtLeast: true, Unit: unit, Passed: measured >= want, Note: note})
}

func (r *report) atMost(name string, measured, want float64, unit, note string) {
	r.bar(bar{Name: name, Measured: measured, Want: want, Unit: unit, Passed: measured <= want, Note: note})
}

func (r *report) bar(b bar) {
	r.Bars = append(r.Bars, b)
	verdict, sign := "PASS", "≤"
	if !b.Passed {
		verdict = "FAIL"
	}
	if b.AtLeast {
		sign = "≥"
	}
	fmt.Printf("%s  %-58s %10s  (%s %s)", verdict, b.Name, amount(b.Measured, b.Unit), sign, amount(b.Want, b.Unit))
	if b.Note != "" {
		fmt.Print("  ", b.Note)
	}
	fmt.Println()
}

func (r *report) number(name string, value float64, unit string) {
	r.Numbers = append(r.Numbers, figure{name, value, unit})
	fmt.Printf("      %-58s %10s\n", name, amount(value, unit))
}

func (r *report) leave(what string) {
	r.Left = append(r.Left, what)
	fmt.Println("LEFT OUT ", what)
}

func amount(value float64, unit string) string {
	switch {
	case unit == "":
		return fmt.Sprintf("%.2f", value)
	case value >= 100 || value == float64(int64(value)):
		return fmt.Sprintf("%.0f %s", value, unit)
	}
	return fmt.Sprintf("%.2f %s", value, unit)
}

// verdict says the last line.
func (r *report) verdict() bool {
	passed := 0
	for _, b := range r.Bars {
		if b.Passed {
			passed++
		}
	}
	fmt.Printf("\n%d of %d bars reached\n", passed, len(r.Bars))
	return passed == len(r.Bars)
}

func (r *report) save(file string) error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(b, '\n'), 0o600)
}
