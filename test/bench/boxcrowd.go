package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// The large crowd: people, and their acts a second. Its seed is none of the followers'.
const (
	manyPeople = 10_000
	manyActs   = 500
)

// crowd measures a large crowd: everybody's callbacks and pages go over HTTP to the developer's server.
func (b *box) crowd(ctx context.Context, r *report) error {
	var v struct {
		Crowd struct {
			ID        int64  `json:"id"`
			State     string `json:"state"`
			StartedAt int64  `json:"started_at"`
			EndedAt   int64  `json:"ended_at"`
			Behind    int64  `json:"behind_ms"`
			Report    struct {
				Count int `json:"count"`
				Acts  []struct {
					Act      string         `json:"act"`
					Outcomes map[string]int `json:"outcomes"`
					P99      float64        `json:"p99_ms"`
				} `json:"acts"`
			} `json:"report"`
		} `json:"crowd"`
	}
	if err := b.play(ctx, http.MethodPost, "/crowds", map[string]any{"account": boxAccount, "citizens": manyPeople, "seed": 1, "rate": manyActs,
		"seconds": int(12 * b.plan.each.Seconds()), "mix": map[string]int{"ask": 5, "tap": 2, "open": 1, "fill": 1, "rate": 1},
		"pages": []string{b.server.URL + "/form"}}, &v); err != nil {
		return err
	}
	watch := b.watch(250 * time.Millisecond)
	before, err := b.busy()
	for err == nil && v.Crowd.State == "running" {
		pause(time.Second)
		err = b.play(ctx, http.MethodGet, fmt.Sprint("/crowds/", v.Crowd.ID), nil, &v)
	}
	memory := watch()
	if err != nil {
		return err
	}
	after, err := b.busy()
	if err != nil {
		return err
	}
	took := float64(v.Crowd.EndedAt-v.Crowd.StartedAt) / 1000
	met, p99 := 0, 0.0
	for _, l := range v.Crowd.Report.Acts {
		met += l.Outcomes["answered"] + l.Outcomes["nothing"] + l.Outcomes["returned"] + l.Outcomes["skipped"]
		p99 = max(p99, l.P99)
	}
	label := fmt.Sprintf("sandbox, one core, a crowd of %d: ", manyPeople)
	r.atLeast(label+"acts a second", float64(v.Crowd.Report.Count)/took, manyActs*0.95, "/s", fmt.Sprintf("at most %d ms behind its plan; %.0f %% of its core",
		v.Crowd.Behind, 100*(after-before)/took))
	r.atLeast(label+"acts that came to what they should", float64(met)/float64(max(v.Crowd.Report.Count, 1)), 1, "", fmt.Sprintf("%d acts", v.Crowd.Report.Count))
	r.atMost(label+"the longest p99 of an act", p99, 200, "ms", "")
	early, late := peaks(memory)
	r.atMost(label+"memory, last third/first third", late/early, 1.2, "", fmt.Sprintf("%.0f MB and %.0f MB", early, late))
	return nil
}
