package gateway

import (
	"context"
	"embed"
	"log/slog"
	"slices"
	"time"

	"weizheng/part"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/job"
	"weizheng/wechat"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema returns the gateway's migrations.
func Schema() db.Schema {
	return db.Embedded("gateway", schema)
}

// Door is what the gateway needs of an account to let its callbacks in.
type Door struct {
	Account part.Account
	Codec   *wechat.Codec
}

// Doors finds an account's door by its slug; an unknown or closed one is errs.NotFound. It answers from memory.
type Doors interface {
	Door(ctx context.Context, slug string) (Door, error)
}

// Sealer encrypts what the log keeps and makes blind indexes.
type Sealer interface {
	Seal(plain []byte, aad string) ([]byte, error)
	Open(sealed []byte, aad string) ([]byte, error)
	Index(purpose, value string) string
}

// Outbox sends what could not be said in the passive reply, as customer messages, within the transaction. dedupe makes
// it once and for all.
type Outbox interface {
	Queue(ctx context.Context, tx *db.Tx, account part.Account, openid, dedupe string, reply wechat.Reply) error
}

// Watcher hears, without any content, whether an account's callbacks come through: its self-check tells from that.
type Watcher interface {
	CallbackSeen(account int64)
	CallbackRefused(account int64, reason string)
}

// Limits are the gateway's numbers. Zero fields take the defaults.
type Limits struct {
	Budget   time.Duration // for responders, of WeChat's 5 s; default 3 s leaves 2 for disk and network
	Late     time.Duration // for a responder that goes on in the background; default 25 s
	InFlight int           // callbacks worked on at once; default 512
	Patience time.Duration // how long one more waits for a place before it is refused with 503; default 250 ms
	Batch    int           // rows handed to subscribers at once; default 64
	Poll     time.Duration // how often the reader looks by itself; default 200 ms
}

func (l Limits) withDefaults() Limits {
	if l.Budget == 0 {
		l.Budget = 3 * time.Second
	}
	if l.Late == 0 {
		l.Late = 25 * time.Second
	}
	if l.InFlight == 0 {
		l.InFlight = 512
	}
	if l.Patience == 0 {
		l.Patience = 250 * time.Millisecond
	}
	if l.Batch == 0 {
		l.Batch = 64
	}
	if l.Poll == 0 {
		l.Poll = 200 * time.Millisecond
	}
	return l
}

// Config is everything that a Gateway is made of.
type Config struct {
	DB            *db.DB
	Jobs          *job.Jobs
	Log           *slog.Logger
	Wall, Civil   clock.Clock
	Doors         Doors
	Account       func(ctx context.Context, id int64) (part.Account, error)
	Sealer        Sealer
	Person        func(account int64, openid string) string // the blind index that followers are known by
	Outbox        Outbox
	Fallback      func(ctx context.Context, account part.Account) wechat.Reply // said when an answer takes too long
	Responders    []part.Responder
	Subscriptions []part.Subscription
	Seen          Watcher // may be nil
	Metrics       *Metrics
	Limits        Limits
	Replica       string // a name for the reader's lease, unique per process
}

// Gateway receives callbacks. Make it with New; it is safe for concurrent use.
type Gateway struct {
	Config
	slots  chan struct{}
	flight flight
	gaps   gaps
	poke   chan struct{}

	leading time.Time // wall: when the reader's lease was last prolonged; zero: not held
	done    chan struct{}
	stop    context.CancelFunc
}

// New makes a gateway and registers its job. Responders are put into the order of their slots; within a slot the order
// of the parts holds.
func New(c Config) *Gateway {
	c.Limits = c.Limits.withDefaults()
	c.Responders = slices.Clone(c.Responders)
	slices.SortStableFunc(c.Responders, func(a, b part.Responder) int { return int(a.Slot) - int(b.Slot) })
	g := &Gateway{
		Config: c,
		slots:  make(chan struct{}, c.Limits.InFlight),
		flight: flight{calls: map[delivery]*call{}},
		poke:   make(chan struct{}, 1),
	}
	job.Handle(c.Jobs, job.Interactive, g.finishLate)
	return g
}
