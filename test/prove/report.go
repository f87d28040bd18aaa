package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// report is prove.json.
type report struct {
	Digest   string    `json:"digest"` // of the test binary: the code that this is evidence of
	Commit   string    `json:"commit,omitempty"`
	Began    time.Time `json:"began"`
	Updated  time.Time `json:"updated"`
	Complete bool      `json:"complete"` // every step reached its goal, none failed
	Steps    []*result `json:"steps"`

	file string
}

// result is what came of a step so far.
type result struct {
	Name     string         `json:"name"`
	Unit     string         `json:"unit"`
	Goal     int            `json:"goal"`
	Done     int            `json:"done"`
	Runs     int            `json:"runs"`
	Failed   int            `json:"failed"`
	Seconds  int            `json:"seconds"`
	Facts    map[string]int `json:"facts,omitempty"` // sums; of what ends in _ms the longest
	Failures []string       `json:"failures,omitempty"`
}

// resume reads the file of an earlier run of the same code, or begins a new one.
func resume(file, digest string) (*report, error) {
	fresh := &report{Digest: digest, Commit: commit(), Began: time.Now().UTC(), file: file}
	content, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return fresh, nil
	}
	if err != nil {
		return nil, err
	}
	old := &report{file: file}
	if err := json.Unmarshal(content, old); err != nil {
		return nil, fmt.Errorf("%s cannot be read; remove it to begin anew: %w", file, err)
	}
	if old.Digest != digest {
		fmt.Println("the code has changed since the last run: beginning anew")
		return fresh, nil
	}
	fmt.Println("going on with", file)
	return old, nil
}

// commit names the code for people; "" outside of git.
func commit() string {
	out, err := exec.Command("git", "rev-parse", "HEAD").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

func (p *report) of(s step) *result {
	for _, r := range p.Steps {
		if r.Name == s.name {
			r.Goal = s.goal
			if r.Facts == nil {
				r.Facts = map[string]int{} // none were written
			}
			return r
		}
	}
	r := &result{Name: s.name, Unit: s.unit, Goal: s.goal, Facts: map[string]int{}}
	p.Steps = append(p.Steps, r)
	return r
}

// work runs a step until its goal is reached, or until it failed.
func (p *report) work(ctx context.Context, s step) error {
	r := p.of(s)
	for r.Done < r.Goal && r.Failed == 0 {
		evidence := p.file + ".evidence"
		size := r.Goal - r.Done
		if s.size > 0 {
			size = min(size, s.size)
		}
		began := time.Now()
		out, err := s.run(ctx, size, evidence)
		if ctx.Err() != nil {
			return errors.Join(ctx.Err(), remove(evidence)) // half a run is no evidence
		}
		took := int(time.Since(began).Seconds())
		r.Runs++
		r.Seconds += took
		if err != nil {
			r.Failed++
			if err := p.keep(r, out); err != nil {
				return err
			}
		} else if s.size > 0 {
			r.Done += size
		} else {
			r.Done += max(took, 1)
		}
		if err := errors.Join(count(evidence, r.Facts), p.save()); err != nil {
			return err
		}
		fmt.Printf("%-40s %d of %d %s, %d failed, %v\n", r.Name, r.Done, r.Goal, r.Unit, r.Failed, r.Facts)
	}
	return nil
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// keep writes the output of a failed run beside the report.
func (p *report) keep(r *result, out []byte) error {
	name := strings.NewReplacer("/", "-", " ", "-").Replace(r.Name)
	path := fmt.Sprintf("%s.%s-%d.txt", strings.TrimSuffix(p.file, ".json"), name, r.Runs)
	r.Failures = append(r.Failures, filepath.Base(path))
	fmt.Printf("FAIL %s: see %s\n", r.Name, path)
	return os.WriteFile(path, out, 0o600)
}

// save writes the report by rename, so that a stop in the middle loses nothing.
func (p *report) save() error {
	p.Updated = time.Now().UTC()
	content, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(p.file+".new", append(content, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(p.file+".new", p.file)
}

// finish says whether everything that was planned has been shown.
func (p *report) finish(steps []step) (bool, error) {
	p.Complete = true
	for _, s := range steps {
		r := p.of(s)
		p.Complete = p.Complete && r.Done >= r.Goal && r.Failed == 0
	}
	if p.Complete {
		fmt.Println("proved; the counts are in", p.file)
	} else {
		fmt.Println("not proved; the failures are named in", p.file)
	}
	return p.Complete, p.save()
}
