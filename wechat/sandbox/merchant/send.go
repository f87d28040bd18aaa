package merchant

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/fault"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

const (
	patience  = 5 * time.Second // for the merchant's answer
	atOnce    = 8               // notices on their way
	maxAnswer = 64 << 10
	retryRead = time.Second
	idleCheck = 5 * time.Millisecond
)

// schedule is how long after each failed try the next one comes, in civil time. WeChat docs: 回调通知注意事项.
var schedule = []time.Duration{
	15 * time.Second, 15 * time.Second, 30 * time.Second, 3 * time.Minute, 10 * time.Minute, 20 * time.Minute, 30 * time.Minute,
	30 * time.Minute, 30 * time.Minute, time.Hour, 3 * time.Hour, 3 * time.Hour, 3 * time.Hour, 6 * time.Hour, 6 * time.Hour,
}

// sender brings due notices to the merchants.
type sender struct {
	client *http.Client
	bell   chan struct{}
	places chan struct{}
	stop   context.CancelFunc
	done   sync.WaitGroup

	mu    sync.Mutex
	going map[int64]bool
}

func (d *sender) init(c Config) {
	if c.Transport == nil {
		// No proxy of the environment: notices go to addresses near by, and straight.
		c.Transport = &http.Transport{MaxIdleConnsPerHost: atOnce, IdleConnTimeout: 30 * time.Second}
	}
	d.client = &http.Client{Transport: c.Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // a redirect is an error
	}}
	d.bell, d.places, d.going = make(chan struct{}, 1), make(chan struct{}, atOnce), map[int64]bool{}
}

// wake has the due notices looked for.
func (d *sender) wake() {
	select {
	case d.bell <- struct{}{}:
	default: // somebody has rung already
	}
}

// Start begins to send notices, first those that an earlier run left.
func (s *Server) Start(ctx context.Context) {
	ctx, s.sender.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.sender.wake()
	s.sender.done.Go(func() {
		for {
			select {
			case <-s.sender.bell:
			case <-ctx.Done():
				return
			}
			if err := s.sendDue(ctx); err != nil && ctx.Err() == nil {
				s.Log.WarnContext(ctx, "payment notices that are due could not be read", "error", err)
				pause(ctx, retryRead.Milliseconds())
				s.sender.wake()
			}
		}
	})
}

// Stop cuts what is under way, which stays due, and waits for it.
func (s *Server) Stop() {
	if s.sender.stop != nil {
		s.sender.stop()
	}
	s.sender.done.Wait()
	s.sender.client.CloseIdleConnections()
}

// Idle waits until no notice is due or under way.
func (s *Server) Idle(ctx context.Context) error {
	for {
		list, err := s.Store.DuePayNotices(ctx, 1)
		if err != nil || len(list) == 0 {
			return err
		}
		select {
		case <-time.After(idleCheck):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// sendDue starts a try of every due notice that is not under way.
func (s *Server) sendDue(ctx context.Context) error {
	list, err := s.Store.DuePayNotices(ctx, 4*atOnce)
	if err != nil {
		return err
	}
	for _, n := range list {
		s.sender.mu.Lock()
		busy := s.sender.going[n.N]
		s.sender.going[n.N] = true
		s.sender.mu.Unlock()
		if busy {
			continue
		}
		select {
		case s.sender.places <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		s.sender.done.Go(func() {
			s.deliver(ctx, n)
			s.sender.mu.Lock()
			delete(s.sender.going, n.N)
			s.sender.mu.Unlock()
			<-s.sender.places
			s.sender.wake() // there may be more
		})
	}
	return nil
}

// deliver makes one try and keeps what came of it.
func (s *Server) deliver(ctx context.Context, n state.PayNotice) {
	a := s.Store.AccountN(n.Account)
	faults := s.Faults.Take(fault.Notice, accountID(a))
	if f, ok := fault.Find(faults, fault.Late); ok {
		pause(ctx, f.DelayMS)
	}
	err := s.attempt(ctx, a, n, faults)
	if _, again := fault.Find(faults, fault.Duplicate); again && err == nil {
		err = s.attempt(ctx, a, n, nil)
	}
	if ctx.Err() != nil {
		return // stopped: it is still due
	}
	n.Tries++
	if err == nil || n.Tries > len(schedule) {
		err = s.Store.EndPayNotice(ctx, n.N)
	} else {
		err = s.Store.RestPayNotice(ctx, n, s.Store.Civil()+schedule[n.Tries-1].Milliseconds())
	}
	if err != nil && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "what came of a payment notice was not kept", "error", err)
		pause(ctx, retryRead.Milliseconds())
	}
}

// attempt sends a notice once, signed and encrypted anew, and keeps it in the wire log.
func (s *Server) attempt(ctx context.Context, a *state.Account, n state.PayNotice, faults []fault.Fault) error {
	start := s.Wall.Now()
	entry := wire.Entry{At: start.UnixMilli(), Dir: "notice", Account: accountID(a), Method: http.MethodPost, Path: n.URL, Attempt: n.Tries + 1,
		RequestPlain: string(n.Resource)}
	err := s.exchange(ctx, n, faults, &entry)
	entry.TookMS = s.Wall.Now().Sub(start).Milliseconds()
	if err != nil {
		entry.Error = err.Error()
	}
	s.Wire.Add(entry)
	s.Store.Hint(state.Hint{Topic: "wire", Account: entry.Account})
	return err
}

func (s *Server) exchange(ctx context.Context, n state.PayNotice, faults []fault.Fault, entry *wire.Entry) error {
	k, err := s.keysOfAccount(ctx, n.Account)
	if err != nil {
		return err
	}
	resource := k.seal(n.Resource, n.Original)
	resource.OriginalType = n.Original
	body, err := json.Marshal(map[string]any{"id": n.ID, "create_time": dated(n.MadeAt), "resource_type": "encrypt-resource",
		"event_type": n.Event, "summary": n.Summary, "resource": resource})
	if err != nil {
		return err
	}
	entry.Request = string(body)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if f, ok := fault.Find(faults, fault.Delay); ok {
		pause(ctx, f.DelayMS)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, n.URL, bytes.NewReader(body))
	if err != nil {
		return errs.Wrap(err, "build a notice")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Mozilla/4.0")
	req.Header.Set("Pragma", "no-cache")
	serial, key := k.voice("")
	if err := s.sign(req.Header, serial, key, body); err != nil {
		return err
	}
	res, err := s.sender.client.Do(req)
	if err != nil {
		return readable(err)
	}
	defer res.Body.Close() //nolint:errcheck // it was read; nothing depends on it
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	entry.Status, entry.Response = res.StatusCode, string(answer)
	if _, cut := fault.Find(faults, fault.Drop); cut && err == nil {
		err = errors.New("故障演练：连接在读到应答之前被切断")
	}
	if err != nil {
		return readable(err)
	}
	return taken(res.StatusCode, answer)
}

// taken reads the merchant's answer: 200 or 204, and no code that says otherwise.
func taken(status int, answer []byte) error {
	if status != http.StatusOK && status != http.StatusNoContent {
		return fmt.Errorf("HTTP 状态 %d", status)
	}
	var said struct {
		Code string `json:"code"`
	}
	if json.Unmarshal(answer, &said) == nil && said.Code != "" && said.Code != "SUCCESS" {
		return errors.New("商户应答的 code 不是 SUCCESS")
	}
	return nil
}

// readable shortens a network error and leaves out the address, which the entry has.
func readable(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("5 秒内没有收到应答")
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
