package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// report is what fire prints.
type report struct {
	Sent       int64   `json:"sent"`
	OK         int64   `json:"ok"`      // 200
	Refused    int64   `json:"refused"` // 503
	Other      int64   `json:"other"`
	Seconds    float64 `json:"seconds"`
	PerSecond  float64 `json:"ok_per_second"`
	P50        float64 `json:"ok_p50_ms"`
	P99        float64 `json:"ok_p99_ms"`
	RefusedP99 float64 `json:"refused_p99_ms"` // from sending, as WeChat sees it
	Late       int64   `json:"late"`           // open loop: due, but no connection was free within a second: never sent
	AckFile    string  `json:"ack_file,omitempty"`
}

type shot struct {
	took   time.Duration // from when it was due
	sent   time.Duration // from when it was sent
	status int
	id     int64
}

func fire(args []string) error {
	f := flag.NewFlagSet("fire", flag.ExitOnError)
	addresses := f.String("url", "", "callback addresses, separated by commas; connections take turns")
	mode := f.String("mode", "safe", "plain or safe")
	conns := f.Int("conns", 64, "connections")
	n := f.Int("n", 50000, "callbacks")
	rate := f.Float64("rate", 0, "offered a second; 0: as fast as the connections carry")
	people := f.Int("people", 2000, "different senders")
	first := f.Int64("first", time.Now().UnixNano(), "first MsgId")
	acks := f.String("acks", "", "file for the MsgIds that were acknowledged")
	s := secretsFlags(f)
	if err := f.Parse(args); err != nil {
		return err
	}
	targets, err := parse(*addresses)
	if err != nil {
		return err
	}
	all, err := requests(targets[0], s, *mode, *n, *people, *first)
	if err != nil {
		return err
	}
	shots := make([][]shot, *conns)
	var next, late atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for c := range *conns {
		wg.Go(func() {
			gun := &gun{host: targets[c%len(targets)].Host}
			defer gun.close()
			for {
				i := next.Add(1) - 1
				if i >= int64(len(all)) {
					return
				}
				due := start
				if *rate > 0 {
					due = start.Add(time.Duration(float64(i) / *rate * float64(time.Second)))
					if wait := time.Until(due); wait > 0 {
						time.Sleep(wait)
					} else if -wait > time.Second {
						late.Add(1)
						continue
					}
				}
				sent := time.Now()
				if *rate <= 0 {
					due = sent
				}
				status := gun.shoot(all[i])
				// In the open loop waiting for a free connection counts: the citizen waits for it too.
				shots[c] = append(shots[c], shot{time.Since(due), time.Since(sent), status, *first + i})
			}
		})
	}
	wg.Wait()
	r := tally(slices.Concat(shots...), time.Since(start))
	r.Late = late.Load()
	if *acks != "" {
		if err := writeAcks(*acks, slices.Concat(shots...)); err != nil {
			return err
		}
		r.AckFile = *acks
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

func parse(addresses string) (targets []*url.URL, err error) {
	for address := range strings.SplitSeq(addresses, ",") {
		target, err := url.Parse(address)
		if err != nil || target.Host == "" {
			return nil, fmt.Errorf("bad -url %q", address)
		}
		targets = append(targets, target)
	}
	return targets, nil
}

func tally(shots []shot, took time.Duration) report {
	r := report{Seconds: took.Seconds()}
	var ok, refused []time.Duration
	for _, s := range shots {
		r.Sent++
		switch s.status {
		case 200:
			ok = append(ok, s.took)
		case 503:
			refused = append(refused, s.sent)
		default:
			r.Other++
		}
	}
	r.OK, r.Refused = int64(len(ok)), int64(len(refused))
	r.PerSecond = float64(r.OK) / took.Seconds()
	r.P50, r.P99, r.RefusedP99 = quantile(ok, .5), quantile(ok, .99), quantile(refused, .99)
	return r
}

func quantile(d []time.Duration, q float64) float64 {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return float64(d[min(len(d)-1, int(float64(len(d))*q))].Microseconds()) / 1000
}

func writeAcks(path string, shots []shot) error {
	var b strings.Builder
	for _, s := range shots {
		if s.status == 200 {
			b.WriteString(strconv.FormatInt(s.id, 10) + "\n")
		}
	}
	return os.WriteFile(path, []byte(b.String()), 0o600)
}

// gun is one kept-alive connection.
type gun struct {
	host string
	conn net.Conn
	in   *bufio.Reader
}

func (g *gun) close() {
	if g.conn != nil {
		_ = g.conn.Close()
		g.conn = nil
	}
}

// shoot sends one request and returns the status; 0 when the connection broke.
func (g *gun) shoot(request []byte) int {
	if g.conn == nil {
		conn, err := net.DialTimeout("tcp", g.host, 5*time.Second)
		if err != nil {
			return 0
		}
		g.conn, g.in = conn, bufio.NewReaderSize(conn, 8<<10)
	}
	_ = g.conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := g.conn.Write(request); err != nil {
		g.close()
		return 0
	}
	status, err := g.read()
	if err != nil {
		g.close()
		return 0
	}
	return status
}

func (g *gun) read() (status int, err error) {
	line, err := g.in.ReadSlice('\n')
	if err != nil || len(line) < 12 {
		return 0, fmt.Errorf("no status line: %w", err)
	}
	status, err = strconv.Atoi(string(line[9:12]))
	if err != nil {
		return 0, err
	}
	length, closing := -1, false
	for {
		line, err := g.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		header := string(line)
		if v, ok := cutHeader(header, "Content-Length:"); ok {
			if length, err = strconv.Atoi(v); err != nil {
				return 0, err
			}
		}
		if v, ok := cutHeader(header, "Connection:"); ok && v == "close" {
			closing = true
		}
	}
	if length < 0 {
		return 0, fmt.Errorf("no length")
	}
	if _, err := io.CopyN(io.Discard, g.in, int64(length)); err != nil {
		return 0, err
	}
	if closing {
		g.close()
	}
	return status, nil
}

func cutHeader(line, name string) (string, bool) {
	if len(line) < len(name) || !strings.EqualFold(line[:len(name)], name) {
		return "", false
	}
	return strings.TrimSpace(line[len(name):]), true
}
