package state

import (
	"context"

	"weizheng/platform/db"
)

// FirstTag is the id of the first tag that an account makes; WeChat keeps the ids below for itself.
const FirstTag = 100

// Tag is an account's label for followers.
type Tag struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Fans int64  `json:"count"`
}

func scanTag(scan db.Scan) (Tag, error) {
	var t Tag
	err := scan(&t.ID, &t.Name, &t.Fans)
	return t, err
}

// Tags lists an account's tags by id.
func (s *Store) Tags(ctx context.Context, q db.Queryer, account int64) ([]Tag, error) {
	return db.All(ctx, q, scanTag, "select id, name, fans from tag where account=$1 order by id", account)
}

// FindTag finds one tag; ok is false when there is none.
func (s *Store) FindTag(ctx context.Context, q db.Queryer, account, id int64) (t Tag, ok bool, err error) {
	list, err := db.All(ctx, q, scanTag, "select id, name, fans from tag where account=$1 and id=$2", account, id)
	if err != nil || len(list) == 0 {
		return Tag{}, false, err
	}
	return list[0], true, nil
}

// InsertTag makes a tag; the id is never used again.
func (s *Store) InsertTag(ctx context.Context, tx *db.Tx, account int64, name string) (Tag, error) {
	n, err := nextSerial(ctx, tx, "tag/"+itoa(account))
	if err != nil {
		return Tag{}, err
	}
	t := Tag{ID: FirstTag - 1 + n, Name: name}
	_, err = tx.Exec(ctx, "insert into tag (account, id, name, fans) values ($1, $2, $3, 0)", account, t.ID, name)
	return t, err
}

// RenameTag changes a tag's name.
func (s *Store) RenameTag(ctx context.Context, tx *db.Tx, account, id int64, name string) error {
	return db.ExpectOne(tx.Exec(ctx, "update tag set name=$1 where account=$2 and id=$3", name, account, id))
}

// DeleteTag removes a tag, also from all who have it.
func (s *Store) DeleteTag(ctx context.Context, tx *db.Tx, account, id int64) error {
	if _, err := tx.Exec(ctx, "delete from tagging where account=$1 and tag=$2", account, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "delete from tag where account=$1 and id=$2", account, id)
	return err
}

// AddTagging gives contacts a tag; who has it keeps it.
func (s *Store) AddTagging(ctx context.Context, tx *db.Tx, account, tag int64, contacts []int64) error {
	for _, c := range contacts {
		place, err := nextSerial(ctx, tx, "tagging")
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `insert into tagging (account, tag, contact, place) values ($1, $2, $3, $4)
			on conflict do nothing`, account, tag, c, place)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "update tag set fans=fans+$1 where account=$2 and id=$3", n, account, tag); err != nil {
			return err
		}
	}
	return nil
}

// RemoveTagging takes a tag from contacts.
func (s *Store) RemoveTagging(ctx context.Context, tx *db.Tx, account, tag int64, contacts []int64) error {
	for _, c := range contacts {
		n, err := tx.Exec(ctx, "delete from tagging where account=$1 and tag=$2 and contact=$3", account, tag, c)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "update tag set fans=fans-$1 where account=$2 and id=$3", n, account, tag); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) untagAll(ctx context.Context, tx *db.Tx, contact, account int64) error {
	tags, err := s.TagsOf(ctx, tx, contact)
	for _, tag := range tags {
		if err == nil {
			err = s.RemoveTagging(ctx, tx, account, tag, []int64{contact})
		}
	}
	return err
}

// TagsOf lists the ids of a contact's tags in the order in which they were given.
func (s *Store) TagsOf(ctx context.Context, q db.Queryer, contact int64) ([]int64, error) {
	return db.All(ctx, q, db.Value[int64], "select tag from tagging where contact=$1 order by place", contact)
}

// TagsOfMany is TagsOf for many contacts at once.
func (s *Store) TagsOfMany(ctx context.Context, q db.Queryer, contacts []int64) (map[int64][]int64, error) {
	in, args := placeholders(contacts, 1)
	found := map[int64][]int64{}
	_, err := db.All(ctx, q, func(scan db.Scan) (struct{}, error) {
		var contact, tag int64
		err := scan(&contact, &tag)
		found[contact] = append(found[contact], tag)
		return struct{}{}, err
	}, "select contact, tag from tagging where contact in ("+in+") order by place", args...)
	return found, err
}

// FansOf returns up to limit openids with a tag that come after the openid "after", in the order of their contacts.
func (s *Store) FansOf(ctx context.Context, account, tag int64, after string, limit int) ([]string, error) {
	var from int64
	if after != "" {
		c, err := s.ContactByOpenID(ctx, s.db, after)
		if err != nil || c.Account != account {
			return nil, ErrNoCitizen
		}
		from = c.N
	}
	return db.All(ctx, s.db, db.Value[string], `select c.openid from tagging g join contact c on c.n=g.contact
		where g.account=$1 and g.tag=$2 and g.contact>$3 order by g.contact limit $4`, account, tag, from, limit)
}
