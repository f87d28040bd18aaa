package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// account is one of demo.json.
type account struct {
	ID         string `json:"id"`
	OriginalID string `json:"original_id"`
	AppID      string `json:"appid"`
	Token      string `json:"token"`
	Key        string `json:"encoding_aes_key"`
	Mode       string `json:"mode"`
	Callback   string `json:"callback"`
}

// house is a running weizheng.
type house struct {
	process  *os.Process
	ended    chan error
	address  string // http://127.0.0.1:port
	took     time.Duration
	accounts map[string]account // the first of each mode
}

// demo starts the demo in dir and waits until it serves; database "" is SQLite.
func demo(ctx context.Context, p *plan, dir, database string) (*house, error) {
	listen, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	box, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	args := []string{"demo", "--listen", listen, "--sandbox-listen", box, "--data", dir, "--log-level", "error"}
	if database != "" {
		args = append(args, "--database-url", database)
	}
	h, err := start(ctx, launch{program: []string{p.binary}, args: args, listen: listen, door: "/readyz"})
	if err != nil {
		return nil, err
	}
	return h, errors.Join(h.read(filepath.Join(dir, "demo.json")))
}

// replica starts `weizheng serve` on the database of a demo that has ended.
func replica(ctx context.Context, p *plan, dir, keys, database string) (*house, error) {
	listen, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	return start(ctx, launch{program: []string{p.binary}, listen: listen, door: "/readyz", args: []string{"serve", "--listen", listen,
		"--public-url", "http://" + listen, "--data", dir, "--keys", keys, "--database-url", database, "--log-level", "error"}})
}

// launch is how to start a process, and how to see that it serves.
type launch struct {
	program []string // the binary, with what stands before it
	args    []string
	env     []string // besides our own
	listen  string
	door    string // the path that answers 200 then
}

// patience is how long a process may take to serve.
const patience = time.Minute

func start(ctx context.Context, l launch) (*house, error) {
	cmd := exec.CommandContext(ctx, l.program[0], slices.Concat(l.program[1:], l.args)...)
	cmd.Env = append(os.Environ(), l.env...)
	var said strings.Builder
	cmd.Stderr = &said
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	h := &house{process: cmd.Process, ended: make(chan error, 1), address: "http://" + l.listen, accounts: map[string]account{}}
	go func() { h.ended <- cmd.Wait() }()
	client := &http.Client{Timeout: time.Second}
	for tick := time.NewTicker(2 * time.Millisecond); ; {
		select {
		case err := <-h.ended:
			tick.Stop()
			return nil, fmt.Errorf("weizheng %s ended: %w\n%s", l.args[0], err, said.String())
		case <-tick.C:
		}
		if h.ready(ctx, client, l.door) {
			tick.Stop()
			h.took = time.Since(begun)
			return h, nil
		}
		if time.Since(begun) > patience {
			tick.Stop()
			return nil, errors.Join(fmt.Errorf("weizheng %s is not ready after %v\n%s", l.args[0], patience, said.String()), h.stop())
		}
	}
}

func (h *house) ready(ctx context.Context, client *http.Client, door string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.address+door, nil)
	if err != nil {
		return false
	}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
}

// read takes the accounts from demo.json, which the demo writes right after it began to serve.
func (h *house) read(file string) error {
	var content struct {
		Accounts []account `json:"accounts"`
	}
	deadline := time.Now().Add(10 * time.Second)
	for {
		b, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(b, &content)
		}
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("demo.json: %w", err)
		}
		pause(10 * time.Millisecond)
	}
	for _, a := range content.Accounts {
		if _, ok := h.accounts[a.Mode]; !ok {
			h.accounts[a.Mode] = a
		}
	}
	return nil
}

func (h *house) stop() error {
	if err := h.process.Signal(syscall.SIGTERM); err != nil {
		return nil //nolint:nilerr // it has ended
	}
	select {
	case err := <-h.ended:
		if _, exit := errors.AsType[*exec.ExitError](err); exit {
			return nil // it was told to end, however it says so
		}
		return err
	case <-time.After(40 * time.Second):
		return errors.Join(errors.New("weizheng did not stop"), h.process.Kill())
	}
}

// resident is the memory that the process occupies, in megabytes.
func (h *house) resident() (float64, error) {
	kb, err := field(fmt.Sprintf("/proc/%d/status", h.process.Pid), "VmRSS:")
	return kb / 1024, err
}

// busy is the processor time that the process has used, in seconds.
func (h *house) busy() (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", h.process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0, errors.New("/proc/pid/stat is short")
	}
	user, err1 := strconv.ParseFloat(f[11], 64)
	system, err2 := strconv.ParseFloat(f[12], 64)
	const ticks = 100 // USER_HZ
	return (user + system) / ticks, errors.Join(err1, err2)
}

// rest waits until the house has nothing left to do: its reader hands the last callbacks to the inbox after they were
// answered, and nobody else is to be measured meanwhile.
func (h *house) rest(ctx context.Context) error {
	const glance, quiet = 250 * time.Millisecond, 0.02 // seconds of work in a glance
	for calm := 0; calm < 3; {
		before, err := h.busy()
		if err != nil {
			return err
		}
		pause(glance)
		after, err := h.busy()
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if calm++; after-before > quiet {
			calm = 0
		}
	}
	return nil
}

func field(file, name string) (float64, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == name {
			return strconv.ParseFloat(f[1], 64)
		}
	}
	return 0, fmt.Errorf("%s has no %s", file, name)
}

func freePort(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func pause(d time.Duration) { <-time.After(d) }
