package web

import (
	"container/list"
	"net"
	"net/http"
	"sync"
	"time"

	"weizheng/platform/clock"
)

// maxConnections are served at once by one listener, about 40 kB each. More wait in the kernel's queue: a machine that turns
// to every one of them gets nothing done for any.
const maxConnections = 4096

const (
	idleGrace = time.Second            // an idle connection is left so long, however many wait
	lookEvery = 100 * time.Millisecond // for idle ones while somebody waits
)

// crowd is a listener that lets in no more connections than places. While others wait, connections that have been idle
// longest are closed for them.
type crowd struct {
	net.Listener
	wall   clock.Clock
	places chan struct{}

	mu    sync.Mutex
	idle  *list.List // of resting, oldest first
	where map[net.Conn]*list.Element

	closing sync.Once
	closed  chan struct{}
}

// resting is a connection between two requests.
type resting struct {
	conn  net.Conn
	since time.Time
}

func newCrowd(l net.Listener, places int, wall clock.Clock) *crowd {
	return &crowd{Listener: l, wall: wall, places: make(chan struct{}, places),
		idle: list.New(), where: map[net.Conn]*list.Element{}, closed: make(chan struct{})}
}

// Accept waits for a place, then for a connection.
func (c *crowd) Accept() (net.Conn, error) {
	if !c.enter() {
		return nil, net.ErrClosed
	}
	conn, err := c.Listener.Accept()
	if err != nil {
		<-c.places
		return nil, err
	}
	return &guest{Conn: conn, leave: sync.OnceFunc(func() { <-c.places })}, nil
}

func (c *crowd) enter() bool {
	select {
	case c.places <- struct{}{}:
		return true
	default:
	}
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		c.makeRoom()
		select {
		case c.places <- struct{}{}:
			return true
		case <-look.C:
		case <-c.closed:
			return false
		}
	}
}

// makeRoom closes the connection that has been idle longest, if that is longer than idleGrace.
func (c *crowd) makeRoom() {
	c.mu.Lock()
	oldest := c.idle.Front()
	if oldest == nil || c.wall.Now().Sub(oldest.Value.(resting).since) < idleGrace {
		c.mu.Unlock()
		return
	}
	r := c.idle.Remove(oldest).(resting)
	delete(c.where, r.conn)
	c.mu.Unlock()
	_ = r.conn.Close() // whoever comes back over it opens another
}

// watch is http.Server's ConnState.
func (c *crowd) watch(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.where[conn]; ok {
		c.idle.Remove(e)
		delete(c.where, conn)
	}
	if state == http.StateIdle {
		c.where[conn] = c.idle.PushBack(resting{conn, c.wall.Now()})
	}
}

// Close ends Accept, also one that waits for a place.
func (c *crowd) Close() error {
	c.closing.Do(func() { close(c.closed) })
	return c.Listener.Close()
}

// guest is a connection that gives its place back when it is closed.
type guest struct {
	net.Conn
	leave func()
}

func (g *guest) Close() error {
	defer g.leave()
	return g.Conn.Close()
}
