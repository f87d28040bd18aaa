package audit

import (
	"context"
	"slices"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

// The faults that Verify finds.
const (
	FaultChanged  = "changed"  // a row is not as it was recorded
	FaultMissing  = "missing"  // a sealed row is gone
	FaultInserted = "inserted" // a row stands in a batch that never held it
	FaultBatch    = "batch"    // a batch's own line was changed
	FaultChain    = "chain"    // batches are missing or do not follow each other
	FaultKey      = "key"      // made with a key that the ring no longer holds: cannot be judged
)

// Fault is one finding of Verify. Row is 0 where it concerns a batch as a whole.
type Fault struct {
	Kind  string
	Batch int64
	Row   int64
}

// Report is what Verify found. Unsealed rows younger than a few seconds are normal; Oldest tells the age.
type Report struct {
	Batches  int64
	Rows     int64 // sealed and present
	Purged   int64 // rows whose retention ended
	Unsealed int64
	Oldest   int64  // ms, of the oldest unsealed row; 0 without one
	Head     string // digest of the last batch: compare it with the process log
	HeadNo   int64
	Faults   []Fault
	More     bool // there are more faults than faultLimit
}

// Whole reports whether nothing was tampered with.
func (r Report) Whole() bool { return len(r.Faults) == 0 }

// faultLimit bounds a report: a table edited as a whole needs no list.
const faultLimit = 1000

// verifyStep is how many batches are read at once.
const verifyStep = 100

// Verify walks the whole chain. It changes nothing and may take a while: some 100,000 rows a second.
func (s *Service) Verify(ctx context.Context) (Report, error) {
	v := verifier{s: s, known: map[string]bool{}}
	for _, id := range s.ring.KeyIDs() {
		v.known[id] = true
	}
	for {
		batches, err := batchesAfter(ctx, s.db, v.HeadNo, verifyStep)
		if err != nil {
			return Report{}, err
		}
		for _, b := range batches {
			if err := v.batch(ctx, b); err != nil {
				return Report{}, err
			}
		}
		if len(batches) < verifyStep {
			break
		}
	}
	if err := v.strays(ctx); err != nil {
		return Report{}, err
	}
	if err := v.tail(ctx); err != nil {
		return Report{}, err
	}
	return v.Report, nil
}

type verifier struct {
	Report
	s     *Service
	known map[string]bool
}

func (v *verifier) fault(kind string, batch, row int64) {
	if len(v.Faults) >= faultLimit {
		v.More = true
		return
	}
	v.Faults = append(v.Faults, Fault{kind, batch, row})
}

// batch checks one link: its own MAC, that it follows the last, and each of its rows.
func (v *verifier) batch(ctx context.Context, b batch) error {
	if b.number != v.HeadNo+1 || b.previous != v.Head {
		v.fault(FaultChain, b.number, 0)
	}
	v.HeadNo, v.Head = b.number, b.digest
	v.Batches++
	switch {
	case !v.known[b.keyID]:
		v.fault(FaultKey, b.number, 0)
	case !v.s.signed(b.keyID, batchPurpose, b.bytes(), b.mac):
		v.fault(FaultBatch, b.number, 0)
	}
	if b.purgedAt != 0 {
		v.Purged += b.entries
		// The mark itself is not sealed, but the age is: nothing young is ever purged.
		if clock.Millis(v.s.wall.Now().AddDate(0, 0, -minimumDays)) < b.sealedAt {
			v.fault(FaultMissing, b.number, 0)
		}
		return nil
	}
	rows, err := rowsOf(ctx, v.s.db, b.number)
	if err != nil {
		return err
	}
	v.Rows += int64(len(rows))
	v.compare(b, rows)
	return nil
}

// compare names the rows that are changed, missing or inserted. Should each row be right for itself while the digest is
// not, a row was replaced by another genuine one.
func (v *verifier) compare(b batch, rows []Row) {
	before := len(v.Faults)
	ids, ok := parseIDs(b.ids, batchSize)
	if !ok {
		v.fault(FaultBatch, b.number, 0)
		return
	}
	for _, r := range rows {
		i, found := slices.BinarySearch(ids, r.ID)
		if !found {
			v.fault(FaultInserted, b.number, r.ID)
			continue
		}
		ids = slices.Delete(ids, i, i+1)
		v.row(b.number, r)
	}
	for _, id := range ids {
		v.fault(FaultMissing, b.number, id)
	}
	if len(v.Faults) == before && !v.More && b.chain(rows) != b.digest {
		v.fault(FaultBatch, b.number, 0)
	}
}

func (v *verifier) row(number int64, r Row) {
	switch {
	case !v.known[r.keyID]:
		v.fault(FaultKey, number, r.ID)
	case !v.s.signed(r.keyID, entryPurpose, r.bytes(), r.mac):
		v.fault(FaultChanged, number, r.ID)
	}
}

// strays finds rows that claim a batch which is not in the chain.
func (v *verifier) strays(ctx context.Context) error {
	rows, err := db.All(ctx, v.s.db, scanEntry, "select "+entryColumns+` from audit_entry
		where batch is not null and not exists (select 1 from audit_batch b where b.number = audit_entry.batch)
		order by id limit $1`, faultLimit)
	if err != nil {
		return err
	}
	for _, r := range rows {
		// A batch sealed since the walk began is no stray.
		if r.Batch > v.HeadNo {
			if b, err := batchesAfter(ctx, v.s.db, r.Batch-1, 1); err != nil || (len(b) == 1 && b[0].number == r.Batch) {
				if err != nil {
					return err
				}
				continue
			}
		}
		v.fault(FaultInserted, r.Batch, r.ID)
	}
	return nil
}

// tail checks the rows that wait for their seal.
func (v *verifier) tail(ctx context.Context) error {
	last := int64(0)
	for {
		rows, err := unsealedAfter(ctx, v.s.db, last, batchSize)
		if err != nil {
			return err
		}
		for _, r := range rows {
			v.Unsealed++
			if v.Oldest == 0 || r.At < v.Oldest {
				v.Oldest = r.At
			}
			v.row(0, r)
			last = r.ID
		}
		if len(rows) < batchSize {
			return nil
		}
	}
}
