package account

import (
	"context"
	"regexp"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Proof is a file with which WeChat checks that a domain is ours; it is served at /MP_verify_x.txt.
type Proof struct {
	Name    string
	Account int64
	Content string
}

var (
	proofName    = regexp.MustCompile(`^MP_verify_[0-9A-Za-z]{4,40}\.txt$`)
	proofContent = regexp.MustCompile(`^[0-9A-Za-z]{4,64}$`)
)

// maxProofs per account: a domain for each of callback, scripts and authorisation, and spares.
const maxProofs = 10

// SetProof adds or replaces a domain's proof of an account. A name that another account has is a conflict.
func (s *Service) SetProof(ctx context.Context, p Proof) error {
	var f faults
	f.form("name", p.Name, proofName, "account.proof_name")
	f.form("content", p.Content, proofContent, "account.proof_content")
	if err := f.err(); err != nil {
		return err
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := s.GetIn(ctx, tx, p.Account)
		if err != nil {
			return err
		}
		n, err := db.One(ctx, tx, db.Value[int64], `select count(*) from account_proof where account_id = $1 and name <> $2`, p.Account, p.Name)
		if err != nil {
			return err
		}
		if n >= maxProofs {
			return errs.New(errs.Conflict, "account.proofs_full").With("most", maxProofs)
		}
		changed, err := tx.Exec(ctx, `insert into account_proof (name, account_id, content, created_at) values ($1,$2,$3,$4)
			on conflict (name) do update set content = excluded.content where account_proof.account_id = excluded.account_id`,
			p.Name, p.Account, p.Content, clock.Millis(s.Wall.Now()))
		if err != nil {
			return err
		}
		if changed == 0 {
			return errs.New(errs.Conflict, "account.proof_taken")
		}
		return s.audit(ctx, tx, "proof", a, map[string]any{"name": p.Name})
	})
	return errs.Wrap(err, "set proof of account %d", p.Account)
}

// RemoveProof takes a proof away; an unknown one is errs.NotFound.
func (s *Service) RemoveProof(ctx context.Context, account int64, name string) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := s.GetIn(ctx, tx, account)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `delete from account_proof where account_id = $1 and name = $2`, account, name)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "account.proof_unknown")
		}
		return s.audit(ctx, tx, "proof_remove", a, map[string]any{"name": name})
	})
	return errs.Wrap(err, "remove proof of account %d", account)
}

// Proofs lists an account's proofs by name.
func (s *Service) Proofs(ctx context.Context, account int64) ([]Proof, error) {
	list, err := db.All(ctx, s.DB, scanProof, `select name, account_id, content from account_proof where account_id = $1 order by name`, account)
	return list, errs.Wrap(err, "list proofs of account %d", account)
}

// ProofOf returns what a file name serves; an unknown one is errs.NotFound.
func (s *Service) ProofOf(ctx context.Context, name string) (string, error) {
	if !proofName.MatchString(name) {
		return "", errs.New(errs.NotFound, "account.proof_unknown")
	}
	p, err := db.One(ctx, s.DB, scanProof, `select name, account_id, content from account_proof where name = $1`, name)
	if errs.Is(err, errs.NotFound) {
		return "", errs.New(errs.NotFound, "account.proof_unknown")
	}
	return p.Content, errs.Wrap(err, "load a domain's proof")
}

func scanProof(scan db.Scan) (p Proof, err error) {
	err = scan(&p.Name, &p.Account, &p.Content)
	return p, err
}
