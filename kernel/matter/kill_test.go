package matter

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
)

const childURL = "WEIZHENG_MATTER_TEST_CHILD"

// TestChild is not a test of its own: TestKilled runs it in a process that it kills. It prints the event of every verb that
// returned.
func TestChild(t *testing.T) {
	if os.Getenv(childURL) == "" {
		t.Skip("runs inside TestKilled")
	}
	d, err := db.Open(t.Context(), db.Config{URL: os.Getenv(childURL)})
	if err != nil {
		t.Fatal(err)
	}
	h := setup(t, d)
	for worker := range 4 {
		go func() {
			for n := 0; ; n++ {
				h.errandOf(fmt.Sprint(worker, "-", n))
			}
		}()
	}
	for {
		h.civil.forward(5 * time.Hour)
		if _, err := h.Sweep(context.WithoutCancel(t.Context()), h.civil.Now()); err != nil {
			fmt.Println("error", err)
		}
	}
}

// errandOf leads one errand through its life.
func (h *house) errandOf(title string) {
	o, err := h.Open(h.as(deskA), OpenIn{Flow: "errand", Unit: 1, Title: title, Citizen: wang, Contact: Contact{Phone: "13812345678"}})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	fmt.Println("ack", o.Event)
	h.ready.Store(o.Matter, true)
	for _, step := range []struct {
		staff  int64
		action string
		in     In
	}{
		{deskA, "take", In{}}, {deskB, "assign", In{Staff: handA}}, {handA, "suspend", In{Reason: "等检测", Evidence: []string{"f"}}},
		{handA, "resume", In{}}, {handA, "finish", In{}}, {deskB, "approve", In{Reason: "电话13812345678已回访"}},
	} {
		done, err := h.Act(h.as(step.staff), o.Matter, step.action, step.in)
		if err != nil {
			return // the sweep may have taken it for accepted before
		}
		fmt.Println("ack", done.Event)
	}
}

// Killed at any moment: what was acknowledged is there, and of each matter all or nothing.
func TestKilled(t *testing.T) {
	t.Parallel()
	urls := map[string]func(testing.TB, []db.Schema) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL}
	for engine, makeURL := range urls {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			where := strings.TrimSuffix(makeURL(t, schemas), "?sync=off")
			acked := killed(t, where, 120)
			h := build(t, dbtest.Open(t, where))
			ids, err := db.All(t.Context(), h.DB, db.Value[int64], `select id from matter_event`)
			if err != nil {
				t.Fatal(err)
			}
			have := map[int64]bool{}
			for _, id := range ids {
				have[id] = true
			}
			for _, id := range acked {
				if !have[id] {
					t.Errorf("event %d was acknowledged and is lost", id)
				}
			}
			h.civil.set(monday.AddDate(2, 0, 0))
			h.sound()
			h.settle()
			h.sound()
		})
	}
}

// killed runs the child until it has acknowledged so much, kills it, and returns what it had said.
func killed(t *testing.T, url string, enough int) []int64 {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
	child.Env = append(os.Environ(), childURL+"="+url)
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var acked []int64
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		word, found := strings.CutPrefix(lines.Text(), "ack ")
		if !found {
			t.Error(lines.Text())
			continue
		}
		id, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			continue // cut off by the kill
		}
		if acked = append(acked, id); len(acked) == enough {
			_ = child.Process.Kill() // and go on reading what it had said by then
		}
	}
	_ = child.Wait() // killed
	if len(acked) < enough {
		t.Errorf("only %d acknowledged", len(acked))
	}
	return acked
}
