package audit

import (
	"context"
	"embed"
	"encoding/hex"
	"log/slog"
	"sync"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema returns the tables of this package.
func Schema() db.Schema {
	return db.Embedded("audit", schemaFiles)
}

// Deps is what the service needs.
type Deps struct {
	DB   *db.DB
	Wall clock.Clock
	Log  *slog.Logger
	Ring *crypt.Ring
}

// Service records, seals, lists and verifies. It is safe for concurrent use.
type Service struct {
	db    *db.DB
	wall  clock.Clock
	log   *slog.Logger
	ring  *crypt.Ring
	owner string // of the sealing lease

	mu     sync.Mutex
	cancel context.CancelFunc
	ended  chan struct{}
}

// New makes the service; sealing begins with Start.
func New(d Deps) *Service {
	return &Service{db: d.DB, wall: d.Wall, log: d.Log, ring: d.Ring, owner: crypt.RandomToken()}
}

// The sealer's rhythm: a row waits two seconds and a little. The lease outlives three missed rounds; with a dead holder
// the next replica takes over after it, and Verify shows the unsealed tail meanwhile.
const (
	sealEvery = 2 * time.Second
	leaseTime = 8 * time.Second
	leaseName = "audit.seal"
)

// Start begins sealing in the background until Stop, or until ctx ends, on whichever replica holds the lease.
func (s *Service) Start(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cancel, s.ended = cancel, make(chan struct{})
	go s.run(ctx, s.ended)
	return nil
}

// Stop ends the sealing after a last round, so that a quiet house leaves no tail.
func (s *Service) Stop(ctx context.Context) error {
	s.mu.Lock()
	cancel, ended := s.cancel, s.ended
	s.cancel = nil
	s.mu.Unlock()
	if cancel == nil {
		return nil
	}
	cancel()
	select {
	case <-ended:
	case <-ctx.Done():
		return ctx.Err()
	}
	s.round(ctx)
	return s.db.Release(ctx, leaseName, s.owner)
}

func (s *Service) run(ctx context.Context, ended chan struct{}) {
	defer close(ended)
	tick := time.NewTicker(sealEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.round(ctx)
		}
	}
}

// round seals everything if this replica holds the lease.
func (s *Service) round(ctx context.Context) {
	held, err := s.db.Lease(ctx, leaseName, s.owner, leaseTime)
	for held && err == nil {
		var n int
		if n, err = s.Seal(ctx); n < batchSize {
			break
		}
	}
	if err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "audit rows not sealed, they will be in the next round", "error", err)
	}
}

// The purposes keep a row's MAC from passing as a batch's.
const (
	entryPurpose = "audit entry"
	batchPurpose = "audit batch"
)

func (s *Service) sign(purpose string, message []byte) (keyID, mac string) {
	id, m := s.ring.MAC(purpose, message)
	return id, hex.EncodeToString(m)
}

func (s *Service) signed(keyID, purpose string, message []byte, mac string) bool {
	m, err := hex.DecodeString(mac)
	return err == nil && s.ring.CheckMAC(keyID, purpose, message, m)
}
