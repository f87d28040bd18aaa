package state

import (
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

//go:embed schema/*.sql
var schema embed.FS

// Config says where the state lives and what time it is.
type Config struct {
	Dir   string // holds sandbox.db and the folder media; made when missing
	Log   *slog.Logger
	Wall  clock.Clock
	Civil clock.Clock // nil: a clock of its own, see MoveOwn
	Seed  string
}

// Store is the state. It is safe for concurrent use.
type Store struct {
	db    *db.DB
	dir   string
	log   *slog.Logger
	wall  clock.Clock
	civil clock.Clock
	own   *clock.Civil // nil when civil time is somebody else's
	seed  [32]byte

	accounts accounts
	hosts    atomic.Pointer[hosts]
	tokens   tokens
	used     usage
	hints    hub
	arrivals arrivals
	lastMsg  atomic.Int64
	lastSeq  atomic.Int64
	menuKept atomic.Int64
	fans     sync.Map // account number → *atomic.Int64
}

// Open opens or creates the state and loads what is kept in memory: accounts, live tokens, counters.
func Open(ctx context.Context, c Config) (*Store, error) {
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return nil, errs.Wrap(err, "find the sandbox's folder")
	}
	if err := os.MkdirAll(filepath.Join(dir, "media"), 0o700); err != nil {
		return nil, errs.Wrap(err, "make the sandbox's folder")
	}
	// A power cut may cost the last second of a local WeChat, but no call should wait for the disk.
	d, err := db.Open(ctx, db.Config{URL: "sqlite:" + filepath.Join(dir, "sandbox.db") + "?sync=normal", Log: c.Log})
	if err != nil {
		return nil, errs.Wrap(err, "open the sandbox's state")
	}
	s := &Store{
		db: d, dir: dir, log: c.Log, wall: c.Wall, civil: c.Civil,
		seed: sha256.Sum256([]byte("weizheng sandbox " + c.Seed)),
	}
	s.hints.init()
	if s.civil == nil {
		s.own = clock.NewCivil(c.Wall, 0)
		s.civil = s.own
	}
	if err := s.load(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return s, nil
}

func (s *Store) load(ctx context.Context) error {
	if err := s.db.Migrate(ctx, []db.Schema{db.Embedded("sandbox", schema)}); err != nil {
		return errs.Wrap(err, "migrate the sandbox's state")
	}
	for _, step := range []func(context.Context) error{s.loadClock, s.loadAccounts, s.loadHosts, s.loadTokens, s.loadUsage, s.loadSerials, s.loadOptions} {
		if err := step(ctx); err != nil {
			return errs.Wrap(err, "load the sandbox's state")
		}
	}
	return nil
}

func (s *Store) loadSerials(ctx context.Context) error {
	msg, err := db.One(ctx, s.db, db.Value[int64], "select coalesce(max(msg_id), 0) from item")
	if err != nil {
		return err
	}
	seq, err := db.One(ctx, s.db, db.Value[int64], "select coalesce(max(seq), 0) from contact")
	if err != nil {
		return err
	}
	s.lastMsg.Store(msg)
	s.lastSeq.Store(seq)
	return nil
}

// Close writes what is still in memory and closes the files.
func (s *Store) Close(ctx context.Context) error {
	return errors.Join(s.Flush(ctx), s.db.Close())
}

// Write runs fn in one transaction, see db.Write.
func (s *Store) Write(ctx context.Context, fn func(tx *db.Tx) error) error {
	return s.db.Write(ctx, fn)
}

// Wall returns the real instant in milliseconds.
func (s *Store) Wall() int64 { return clock.Millis(s.wall.Now()) }

// Civil returns the civil instant in milliseconds.
func (s *Store) Civil() int64 { return clock.Millis(s.civil.Now()) }

// Today returns the civil day.
func (s *Store) Today() string { return clock.Day(s.civil.Now()) }

// Reader reads outside a transaction.
func (s *Store) Reader() db.Queryer { return s.db }
