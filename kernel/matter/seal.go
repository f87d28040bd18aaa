package matter

import (
	"context"
	"encoding/json"

	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// A sealed matter's title, run and payloads are encrypted with a key of its own, bound to its number and their use.
const (
	titleSeal   = "matter.title:"
	runSeal     = "matter.run:"
	payloadSeal = "matter.payload:"
	contactSeal = "matter.contact:"
	hiddenSeal  = "matter.hidden:"
)

// box closes and opens the texts of one matter; of an ordinary one it leaves them as they are.
type box struct {
	number string
	sealed bool
	key    crypt.DataKey
}

// newBox draws the key of a matter that is being opened; wrapped is nil for an ordinary one.
func (s *Service) newBox(number string, sealed bool) (b box, wrapped []byte, err error) {
	b = box{number: number, sealed: sealed}
	if sealed {
		wrapped, b.key, err = s.Ring.NewDataKey()
	}
	return b, wrapped, err
}

// box returns the box of a matter that was read.
func (s *Service) box(m *Matter) (box, error) {
	b := box{number: m.Number, sealed: m.Sealed}
	if !m.Sealed {
		return b, nil
	}
	var err error
	b.key, err = s.Ring.UnwrapDataKey(m.seal)
	return b, errs.Wrap(err, "the key of matter %d", m.ID)
}

func (b box) close(use, plain string) (string, error) {
	if !b.sealed {
		return plain, nil
	}
	return b.key.SealText(plain, use+b.number)
}

func (b box) open(use, stored string) (string, error) {
	if !b.sealed {
		return stored, nil
	}
	return b.key.OpenText(stored, use+b.number)
}

// openTitles makes the titles of sealed matters in somebody's own list readable.
func (s *Service) openTitles(list []Matter) error {
	for i := range list {
		if !list[i].Sealed {
			continue
		}
		b, err := s.box(&list[i])
		if err != nil {
			return err
		}
		if list[i].Title, err = b.open(titleSeal, list[i].Title); err != nil {
			return errs.Wrap(err, "open the title of matter %d", list[i].ID)
		}
	}
	return nil
}

// Contact is what the outside party gave to be reached by in this matter. It is kept until the matter's retention ends or
// the person asks to be erased.
type Contact struct {
	Name    string `json:"name,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Address string `json:"address,omitempty"`
}

// personal is the key of what a matter holds of people: contact and hidden numbers. It is made when first needed and gone
// once the person was erased.
func (s *Service) personal(ctx context.Context, tx *db.Tx, matter int64) (crypt.DataKey, error) {
	wrapped, err := db.One(ctx, tx, db.Value[[]byte], `select wrapped from matter_contact where matter_id = $1`, matter)
	if err == nil {
		return s.Ring.UnwrapDataKey(wrapped)
	}
	if !errs.Is(err, errs.NotFound) {
		return crypt.DataKey{}, err
	}
	wrapped, key, err := s.Ring.NewDataKey()
	if err != nil {
		return crypt.DataKey{}, err
	}
	_, err = tx.Exec(ctx, `insert into matter_contact (matter_id, wrapped, sealed) values ($1, $2, '')`, matter, wrapped)
	return key, errs.Wrap(err, "keep the personal key of matter %d", matter)
}

// putContact keeps the contact of a matter.
func (s *Service) putContact(ctx context.Context, tx *db.Tx, m *Matter, c Contact) error {
	if c == (Contact{}) {
		return nil
	}
	key, err := s.personal(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	sealed, err := key.SealText(string(text), contactSeal+m.Number)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update matter_contact set sealed = $2 where matter_id = $1`, m.ID, sealed)
	return errs.Wrap(err, "keep the contact of matter %d", m.ID)
}

// Contact opens what the outside party gave; the zero value when nothing was given or it was erased. The caller has
// checked that the person may see it, and audits that they did.
func (s *Service) Contact(ctx context.Context, m Matter) (c Contact, err error) {
	type row struct {
		wrapped []byte
		sealed  string
	}
	r, err := db.One(ctx, s.DB, func(scan db.Scan) (r row, err error) { return r, scan(&r.wrapped, &r.sealed) },
		`select wrapped, sealed from matter_contact where matter_id = $1`, m.ID)
	if errs.Is(err, errs.NotFound) || err == nil && r.sealed == "" {
		return Contact{}, nil
	}
	if err != nil {
		return Contact{}, err
	}
	key, err := s.Ring.UnwrapDataKey(r.wrapped)
	if err != nil {
		return Contact{}, err
	}
	text, err := key.OpenText(r.sealed, contactSeal+m.Number)
	if err != nil {
		return Contact{}, errs.Wrap(err, "open the contact of matter %d", m.ID)
	}
	return c, json.Unmarshal([]byte(text), &c)
}
