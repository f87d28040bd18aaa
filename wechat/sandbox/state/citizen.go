package state

import (
	"cmp"
	"context"
	"regexp"
	"strconv"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Citizen is a person with a phone.
type Citizen struct {
	N        int64
	ID       string // the first label of the phone's host
	Name     string
	Avatar   string
	Snapshot bool   // web authorisation meets the snapshot page
	Platform string // of the phone: android, ios, other
}

var label = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)

const citizenColumns = "n, id, name, avatar, snapshot, platform"

func scanCitizen(scan db.Scan) (Citizen, error) {
	var c Citizen
	err := scan(&c.N, &c.ID, &c.Name, &c.Avatar, &c.Snapshot, &c.Platform)
	return c, err
}

// CreateCitizen makes a citizen; without an id they get the next free "c<number>".
func (s *Store) CreateCitizen(ctx context.Context, c Citizen) (Citizen, error) {
	if c.Name == "" || len(c.Name) > 200 {
		return c, invalid("name", "name")
	}
	c.Platform = cmp.Or(c.Platform, "android")
	if Platforms[c.Platform] == "" {
		return c, invalid("platform", "kind")
	}
	if c.ID != "" && !label.MatchString(c.ID) {
		return c, invalid("id", "slug")
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		made, err := insertCitizen(ctx, tx, c)
		c.N, c.ID = made.N, made.ID
		return err
	})
	if errs.Is(err, errs.Conflict) {
		return c, ErrExists
	}
	if err == nil {
		s.Hint(Hint{Topic: "citizen", Citizen: c.ID})
	}
	return c, err
}

func insertCitizen(ctx context.Context, tx *db.Tx, c Citizen) (Citizen, error) {
	if c.ID == "" {
		n, err := nextSerial(ctx, tx, "citizen")
		if err != nil {
			return c, err
		}
		c.ID = "c" + strconv.FormatInt(n, 10)
	}
	row := tx.QueryRow(ctx, "insert into citizen (id, name, avatar, snapshot, platform) values ($1, $2, $3, $4, $5) returning n",
		c.ID, c.Name, c.Avatar, c.Snapshot, c.Platform)
	return c, row.Scan(&c.N)
}

// UpdateCitizen changes name, avatar, platform and the snapshot option.
func (s *Store) UpdateCitizen(ctx context.Context, c Citizen) error {
	if c.Name == "" || len(c.Name) > 200 {
		return invalid("name", "name")
	}
	if Platforms[c.Platform] == "" {
		return invalid("platform", "kind")
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		return db.ExpectOne(tx.Exec(ctx, "update citizen set name=$1, avatar=$2, snapshot=$3, platform=$4 where id=$5",
			c.Name, c.Avatar, c.Snapshot, c.Platform, c.ID))
	})
	if err == nil {
		s.Hint(Hint{Topic: "citizen", Citizen: c.ID})
	}
	return err
}

// Citizen finds a citizen by id.
func (s *Store) Citizen(ctx context.Context, id string) (Citizen, error) {
	c, err := db.One(ctx, s.db, scanCitizen, "select "+citizenColumns+" from citizen where id=$1", id)
	return c, none(err, ErrNoCitizen)
}

// CitizenN finds a citizen by number.
func (s *Store) CitizenN(ctx context.Context, n int64) (Citizen, error) {
	c, err := db.One(ctx, s.db, scanCitizen, "select "+citizenColumns+" from citizen where n=$1", n)
	return c, none(err, ErrNoCitizen)
}

// Citizens lists citizens after the given id in the order of their creation, filtered by a part of name or id. next is
// what to pass as after for the following page, "" at the end.
func (s *Store) Citizens(ctx context.Context, query, after string, limit int) (list []Citizen, next string, err error) {
	var from int64
	if after != "" {
		c, err := s.Citizen(ctx, after)
		if err != nil {
			return nil, "", err
		}
		from = c.N
	}
	list, err = db.All(ctx, s.db, scanCitizen, "select "+citizenColumns+` from citizen
		where n > $1 and ($2 = '' or name like '%' || $2 || '%' or id like '%' || $2 || '%') order by n limit $3`,
		from, query, limit+1)
	if err != nil || len(list) <= limit {
		return list, "", err
	}
	list = list[:limit]
	return list, cmp.Or(list[limit-1].ID), nil
}

// nextSerial counts a named number up, beginning with 1.
func nextSerial(ctx context.Context, tx *db.Tx, name string) (int64, error) {
	return nextSerials(ctx, tx, name, 1)
}

// nextSerials counts a named number up by n and returns the last of them.
func nextSerials(ctx context.Context, tx *db.Tx, name string, n int) (last int64, err error) {
	err = tx.QueryRow(ctx, `insert into serial (name, value) values ($1, $2)
		on conflict (name) do update set value = serial.value + excluded.value returning value`, name, n).Scan(&last)
	return last, err
}
