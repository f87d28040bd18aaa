package push

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/fault"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

// WeChat docs: 第三方平台, component_verify_ticket ("every 10 minutes", "valid for 12 hours").
const (
	ticketEvery = 10 * time.Minute // wall: a ticket is a technical credential
	ticketLife  = 12 * time.Hour   // wall
	ticketLook  = time.Second      // how often it is looked whether one is due; ours
)

var (
	errStopped = errors.New("沙箱正在停止，通知已记录，下次启动后推送")
	errNowhere = errors.New("没有设置授权事件接收地址")
	errSuccess = errors.New("没有回复 success")
	errCut     = errors.New("故障演练：连接在读到回复之前被切断")
)

// asNotice makes the envelope of a message that of a notice: it names the platform, not an account. Neither tag can be in base64.
var asNotice = strings.NewReplacer("<ToUserName>", "<AppId>", "</ToUserName>", "</AppId>")

// tickets pushes a ticket to every component that wants them, each ten minutes of wall time, until ctx ends.
func (e *Engine) tickets(ctx context.Context) {
	tick := time.NewTicker(ticketLook)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := e.SweepTickets(ctx); err != nil && ctx.Err() == nil {
			e.Log.WarnContext(ctx, "tickets of third-party platforms were not pushed", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// SweepTickets pushes the tickets that are due. After a pause, of the machine or of the process, it is one each.
func (e *Engine) SweepTickets(ctx context.Context) error {
	list, err := e.Store.Components(ctx)
	for _, c := range list {
		if !c.Pushing || e.Store.Wall()-c.TicketAt < ticketEvery.Milliseconds() {
			continue
		}
		if err := e.pushTicket(ctx, c, nil); err != nil {
			return err
		}
	}
	return err
}

// PushTicket makes a ticket, pushes it to the component's address and waits for what it says. The error is for people; the
// ticket is valid anyway.
func (e *Engine) PushTicket(ctx context.Context, c *state.Component) error {
	told := make(chan error, 1)
	if err := e.pushTicket(ctx, c, told); err != nil {
		return err
	}
	select {
	case err := <-told:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// BeginTickets pushes one and waits for nothing.
func (e *Engine) BeginTickets(ctx context.Context, c *state.Component) error {
	return e.pushTicket(ctx, c, nil)
}

func (e *Engine) pushTicket(ctx context.Context, c *state.Component, told chan<- error) error {
	now := e.Store.Wall()
	t := state.Credential{Value: "ticket@@@" + state.RandomText(80), Kind: state.VerifyTicket, Account: -c.N, MadeAt: now,
		ExpiresAt: now + ticketLife.Milliseconds()}
	return e.Store.Write(ctx, func(tx *db.Tx) error {
		if err := e.Store.AddTicket(ctx, tx, c, t); err != nil {
			return err
		}
		return e.tell(ctx, tx, c, &wechat.Message{InfoType: "component_verify_ticket", ComponentVerifyTicket: t.Value}, told)
	})
}

// Tell records a notice to a component in tx and pushes it after the commit: always encrypted, one after the other, three
// times at most until it answers success (as callbacks; of notices WeChat's documents do not say), also after a restart.
func (e *Engine) Tell(ctx context.Context, tx *db.Tx, c *state.Component, m *wechat.Message) error {
	return e.tell(ctx, tx, c, m, nil)
}

func (e *Engine) tell(ctx context.Context, tx *db.Tx, c *state.Component, m *wechat.Message, told chan<- error) error {
	m.AppID, m.CreateTime = c.AppID, e.Wall.Now().Unix()
	xml, err := wechat.EncodeMessage(m)
	if err != nil {
		return err
	}
	return e.queue(ctx, tx, task{told: told, Delivery: state.Delivery{Component: c.N, Cue: "notice:" + m.InfoType, XML: string(xml)}})
}

// tell says to who waits how a notice ended.
func (t task) tell(err error) {
	if t.told != nil {
		t.told <- err
	}
}

// notify tries until the component answers success and removes the notice. Stopped in the middle, it stays for the next start.
func (e *Engine) notify(ctx context.Context, t task) {
	d := t.Delivery
	c, err := e.Store.ComponentN(ctx, d.Component)
	for err == nil && d.Tries < maxTries {
		if d.Tries++; d.Tries > 1 {
			e.countTry(ctx, d)
		}
		if err = e.tellOnce(ctx, c, d); err == nil || errors.Is(err, errNowhere) {
			break
		}
		if ctx.Err() != nil {
			t.tell(errStopped)
			return
		}
		if d.Tries < maxTries {
			err = nil
		}
	}
	e.end(ctx, d, nil, result{outcome: unsent})
	t.tell(err)
}

func (e *Engine) tellOnce(ctx context.Context, c *state.Component, d state.Delivery) error {
	if c.TicketURL == "" {
		return errNowhere
	}
	start := e.Wall.Now()
	var random [16]byte
	rand.Read(random[:])
	q, body, err := c.Codec().Push([]byte(d.XML), c.AppID, "", start.Unix(), nonce(), random[:])
	if err != nil {
		return err
	}
	body = []byte(asNotice.Replace(string(body)))
	target, err := withQuery(c.TicketURL, q.Values())
	if err != nil {
		return err
	}
	planned := e.Faults.Take(fault.Callback, c.ID)
	entry := wire.Entry{At: start.UnixMilli(), Dir: "callback", Method: http.MethodPost, Attempt: d.Tries, Path: target, Request: string(body),
		RequestPlain: d.XML}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	status, answer, err := e.post(ctx, target, body, planned)
	entry.Status, entry.Response, entry.TookMS = status, string(answer), e.Wall.Now().Sub(start).Milliseconds()
	if _, cut := fault.Find(planned, fault.Drop); cut && err == nil {
		err = errCut
	}
	if err == nil && (status != http.StatusOK || strings.TrimSpace(string(answer)) != wechat.Success) {
		err = errSuccess
	}
	if err != nil {
		err = readable(err)
		entry.Error = err.Error()
	}
	e.Wire.Add(entry)
	e.Store.Hint(state.Hint{Topic: "wire"})
	return err
}

// wanted reports whether a message of an account still goes where it was to go.
func (e *Engine) wanted(a *state.Account, component int64) bool {
	return component == 0 && a.Pushes() || e.host(a, component) != nil
}

func (e *Engine) host(a *state.Account, component int64) *state.Component {
	hosts := e.Store.Hosts(a.N)
	i := slices.IndexFunc(hosts, func(c *state.Component) bool { return c.N == component })
	if i < 0 {
		return nil
	}
	return hosts[i]
}

// first reports whether a delivery is the one whose failure the citizen sees: the account's own, else the first platform's.
func (e *Engine) first(a *state.Account, component int64) bool {
	if a.Pushes() {
		return component == 0
	}
	hosts := e.Store.Hosts(a.N)
	return len(hosts) == 0 || hosts[0].N == component
}

// target is where a message goes, and what seals it.
func (e *Engine) target(a *state.Account, component int64) (string, *wechat.Codec) {
	if h := e.host(a, component); h != nil {
		return h.MessageTarget(a), h.Codec()
	}
	return a.Callback, a.Codec()
}
