package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// shots is what test/load says of a volley.
type shots struct {
	Sent       int64   `json:"sent"`
	OK         int64   `json:"ok"`
	Refused    int64   `json:"refused"`
	Other      int64   `json:"other"`
	Seconds    float64 `json:"seconds"`
	PerSecond  float64 `json:"ok_per_second"`
	P50        float64 `json:"ok_p50_ms"`
	P99        float64 `json:"ok_p99_ms"`
	RefusedP99 float64 `json:"refused_p99_ms"`
	Late       int64   `json:"late"`
}

func secrets(a account) []string {
	return []string{"-appid", a.AppID, "-token", a.Token, "-key", a.Key, "-original", a.OriginalID}
}

// fire sends n callbacks in an account's name.
func fire(ctx context.Context, p *plan, a account, url string, n int, more ...string) (s shots, err error) {
	args := slices.Concat([]string{"fire", "-url", url, "-mode", a.Mode, "-n", strconv.Itoa(n)}, secrets(a), more)
	cmd := exec.CommandContext(ctx, p.load, args...)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return s, fmt.Errorf("load fire: %w\n%s", err, said.String())
	}
	return s, json.Unmarshal(out, &s)
}

// sdk is the yardstick, serving one account.
type sdk struct {
	cmd *exec.Cmd
	url string
}

func startSDK(ctx context.Context, p *plan, a account) (*sdk, error) {
	cmd := exec.CommandContext(ctx, p.load, append([]string{"sdk"}, secrets(a)...)...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("load sdk: %w", err), cmd.Process.Kill())
	}
	return &sdk{cmd, strings.TrimSpace(line)}, nil
}

func (s *sdk) stop() error {
	err := s.cmd.Process.Kill()
	_ = s.cmd.Wait() // it was killed, and says so
	return err
}

// side is one of the two that are compared.
type side struct {
	name  string
	url   string
	count int // callbacks a volley
	shots []shots
}

// duel measures both sides in turns, each beginning every other round.
func duel(ctx context.Context, p *plan, a account, h *house) (theirs, ours []shots, err error) {
	yardstick, err := startSDK(ctx, p, a)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, yardstick.stop()) }()
	sides := []*side{{name: "sdk", url: yardstick.url}, {name: "house", url: a.Callback}}
	for round := range p.rounds + 1 {
		for _, s := range sides {
			if err := h.rest(ctx); err != nil {
				return nil, nil, err
			}
			if err := s.volley(ctx, p, a, round); err != nil {
				return nil, nil, err
			}
		}
		slices.Reverse(sides)
	}
	if sides[0].name != "sdk" {
		slices.Reverse(sides)
	}
	return sides[0].shots, sides[1].shots, h.rest(ctx)
}

// volley fires as much as keeps the side busy for a measurement; the first one only finds out how much that is.
func (s *side) volley(ctx context.Context, p *plan, a account, round int) error {
	const trial = 5000
	n := s.count
	if round == 0 {
		n = trial
	}
	got, err := fire(ctx, p, a, s.url, n, "-conns", "64")
	if err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	if got.OK != int64(n) {
		return fmt.Errorf("%s answered %d of %d callbacks (%d refused, %d otherwise)", s.name, got.OK, n, got.Refused, got.Other)
	}
	s.count = max(trial, int(got.PerSecond*p.each.Seconds()))
	if round > 0 {
		s.shots = append(s.shots, got)
	}
	return nil
}

func median(list []shots, of func(shots) float64) float64 {
	var values []float64
	for _, s := range list {
		values = append(values, of(s))
	}
	return middle(values)
}

func middle(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	if n := len(values); n%2 == 0 {
		return (values[n/2-1] + values[n/2]) / 2
	}
	return values[len(values)/2]
}

func perSecond(s shots) float64 { return s.PerSecond }
func p99(s shots) float64       { return s.P99 }

// offered fires so many a second for so long, whatever comes back.
func offered(ctx context.Context, p *plan, a account, url string, rate float64, long time.Duration, more ...string) (shots, error) {
	return fire(ctx, p, a, url, int(rate*long.Seconds()), append([]string{"-rate", fmt.Sprint(rate)}, more...)...)
}
