package flow_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weizheng/kernel/flow"
	"weizheng/kernel/worktime"
	"weizheng/platform/clock"
)

func calendar(t *testing.T) *worktime.Calendar {
	t.Helper()
	cal, err := worktime.NewCalendar(worktime.Data{Years: worktime.Builtin()})
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func at(t *testing.T, text string) int64 {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", text, clock.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return clock.Millis(when)
}

func TestATrialShowsWhatWouldHappen(t *testing.T) {
	t.Parallel()
	frames, err := flow.Try(shipped(t, "ticket-basic"), flow.Trial{
		People: []flow.Person{citizen, registrar, dispatcher, handler, lead},
		By:     citizen.Who, Unit: 1, At: at(t, "2026-09-18 10:00"),
		Moves: []flow.TrialMove{
			{Action: "accept", By: registrar.Who, At: at(t, "2026-09-18 10:05"), Filled: []string{"subject", "content"}},
			{Action: "dispatch", By: dispatcher.Who, At: at(t, "2026-09-18 10:10"), Unit: 20, Filled: []string{"class"}},
			{Action: "sign_in", By: registrar.Who, At: at(t, "2026-09-18 10:20")},
			{Action: "sign_in", By: handler.Who, At: at(t, "2026-09-18 10:30")},
		},
		Until: at(t, "2026-10-01 00:00"),
	}, calendar(t))
	if err != nil {
		t.Fatal(err)
	}
	type short struct {
		At, State, Light, Told string
		Refused                bool
	}
	var got []short
	for _, f := range frames {
		s := short{At: clock.FromMillis(f.At).In(clock.Zone).Format("01-02 15:04"), State: f.Run.State, Refused: f.Refused != nil}
		for _, c := range f.Clocks {
			if c.ID == "handle#1" {
				s.Light = c.Light
			}
		}
		if len(f.Told) > 0 {
			s.Told = f.Told[0].Notice
		}
		got = append(got, s)
	}
	want := []short{
		{"09-18 10:00", "registered", "", "", false},
		{"09-18 10:05", "accepted", "green", "accepted", false},
		{"09-18 10:10", "dispatched", "green", "dispatched", false},
		{"09-18 10:20", "dispatched", "green", "", true},
		{"09-18 10:30", "handling", "green", "", false},
		{"09-24 00:00", "handling", "yellow", "near", false}, // the last day begins; 2026-09-20 is a working Sunday
		{"09-25 00:00", "handling", "red", "late", false},
		{"10-01 00:00", "handling", "red", "very_late", false}, // three working days later: 09-25 to 27 is Mid-Autumn
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	last := frames[len(frames)-1]
	if !slices.ContainsFunc(last.Options, func(o flow.TrialOption) bool { return o.Who == handler.Who }) || last.Clocks[1].Date != "2026-09-24" {
		t.Fatalf("options %+v, clocks %+v", last.Options, last.Clocks)
	}
}

func TestATrialSleepsThroughASuspension(t *testing.T) {
	t.Parallel()
	start := at(t, "2026-11-02 09:00")
	frames, err := flow.Try(shipped(t, "ticket-basic"), flow.Trial{
		People: []flow.Person{citizen, registrar, dispatcher, handler},
		By:     citizen.Who, Unit: 1, At: start,
		Moves: []flow.TrialMove{
			{Action: "accept", By: registrar.Who, At: start, Filled: []string{"subject", "content"}},
			{Action: "dispatch", By: dispatcher.Who, At: start, Unit: 20, Filled: []string{"class"}},
			{Action: "sign_in", By: handler.Who, At: start},
			{Action: "suspend", By: handler.Who, At: start, Reason: "不可抗力", Evidence: []string{"f"}, Until: start + 20*day},
		},
		Until: start + 21*day,
	}, calendar(t))
	if err != nil {
		t.Fatal(err)
	}
	last := frames[len(frames)-1]
	if len(frames) != 6 || last.Move != -1 || last.At != start+20*day || last.Run.Hold != nil {
		t.Fatalf("%d frames, the last %+v", len(frames), last)
	}
	for _, c := range last.Clocks {
		if c.ID == "handle#1" && (c.Status != flow.ClockRunning || c.Light != "green") {
			t.Fatalf("clock %+v", c)
		}
	}
}
