package matter

import (
	"context"
	"strconv"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

// rehangArgs hangs the matters of a unit that moved under its new place in the tree.
type rehangArgs struct {
	Unit  int64 `json:"unit"`
	After int64 `json:"after"` // a matter's id
}

// Kind names the job.
func (rehangArgs) Kind() string { return "matter.rehang" }

// UnitMoved is told of a unit's move in its transaction, with its paths before and after. The matters follow when nobody
// remembers the old place any more.
func (s *Service) UnitMoved(ctx context.Context, tx *db.Tx, _, to string) error {
	ids := access.Units(to)
	if len(ids) == 0 {
		return nil
	}
	return s.enqueueRehang(ctx, tx, rehangArgs{Unit: ids[len(ids)-1]}, 4*unitLife)
}

func (s *Service) enqueueRehang(ctx context.Context, tx *db.Tx, args rehangArgs, wait time.Duration) error {
	return s.Jobs.Enqueue(ctx, tx, args, job.At(s.Wall.Now().Add(wait)),
		job.Unique(strconv.FormatInt(args.Unit, 10)+":"+strconv.FormatInt(args.After, 10)))
}

// rehangSpan is how many ids one run of the job walks over.
const rehangSpan = 2000

// rehangStep rehangs the matters of a span of ids that hang under the unit.
func (s *Service) rehangStep(ctx context.Context, args rehangArgs, _ job.Attempt) error {
	last, err := db.One(ctx, s.DB, db.Value[int64], `select coalesce(max(id), 0) from matter`)
	if err != nil || args.After >= last {
		return errs.Wrap(err, "find the last matter")
	}
	ids, err := db.All(ctx, s.DB, db.Value[int64], `select m.id from matter m where m.id > $1 and m.id <= $2
		and exists (select 1 from matter_unit u where u.matter_id = m.id and u.unit_id = $3) order by m.id`, args.After, args.After+rehangSpan, args.Unit)
	if err != nil {
		return errs.Wrap(err, "list the matters of unit %d", args.Unit)
	}
	for _, id := range ids {
		err := s.DB.Write(ctx, func(tx *db.Tx) error {
			c, err := s.begin(ctx, tx, id)
			if err != nil {
				return err
			}
			return s.rehang(ctx, tx, c.m, &c.before)
		})
		if err != nil {
			return errs.Wrap(err, "rehang matter %d", id)
		}
	}
	args.After += rehangSpan
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.enqueueRehang(ctx, tx, args, 0) })
}
