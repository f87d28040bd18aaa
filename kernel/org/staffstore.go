package org

import (
	"context"
	"slices"
	"strings"

	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

const staffColumns = `p.id, p.login, p.name, p.title, p.unit_id, u.path, u.name, p.phone_sealed, p.phone_index, p.outsourced,
	p.until_at, p.disabled, p.password, p.password_at, p.must_change, p.totp_sealed, p.totp_next, p.totp_due,
	p.totp_step, p.last_login_at, p.created_at, p.updated_at, p.version`

const fromStaff = " from staff p join unit u on u.id = p.unit_id "

func (s *Service) scanStaff(scan db.Scan) (Staff, error) {
	var p Staff
	err := scan(&p.ID, &p.Login, &p.Name, &p.Title, &p.UnitID, &p.Unit, &p.UnitName, &p.phoneSealed, &p.phoneIndex,
		&p.Outsourced, &p.UntilAt, &p.Disabled, &p.password, &p.PasswordAt, &p.MustChange, &p.totpSealed, &p.totpNext,
		&p.totpDue, &p.totpStep, &p.LastLoginAt, &p.CreatedAt, &p.UpdatedAt, &p.Version)
	if err != nil {
		return Staff{}, err
	}
	p.Activated, p.SecondFactor = p.password != "", p.totpSealed != ""
	phone, err := s.openPhone(p)
	p.Phone = crypt.MaskPhone(phone)
	return p, err
}

var errNoStaff = errs.New(errs.NotFound, "org.no_staff")

// Staff returns one person; NotFound "org.no_staff".
func (s *Service) Staff(ctx context.Context, id int64) (Staff, error) {
	return s.staffByID(ctx, s.DB, id)
}

func (s *Service) staffByID(ctx context.Context, q db.Queryer, id int64) (Staff, error) {
	p, err := db.One(ctx, q, s.scanStaff, "select "+staffColumns+fromStaff+"where p.id = $1", id)
	if errs.Is(err, errs.NotFound) {
		return Staff{}, errNoStaff
	}
	return p, errs.Wrap(err, "load staff %d", id)
}

func (s *Service) staffByLogin(ctx context.Context, q db.Queryer, login string) (Staff, error) {
	p, err := db.One(ctx, q, s.scanStaff, "select "+staffColumns+fromStaff+"where p.login = $1", login)
	if errs.Is(err, errs.NotFound) {
		return Staff{}, errNoStaff
	}
	return p, errs.Wrap(err, "load a login")
}

// lockStaff holds the person's row until the commit, so that two verbs on one person come one after the other.
func (s *Service) lockStaff(ctx context.Context, tx *db.Tx, id int64) (Staff, error) {
	if _, err := db.One(ctx, tx, db.Value[int64], "select id from staff where id = $1"+tx.Dialect().ForUpdate(), id); err != nil {
		if errs.Is(err, errs.NotFound) {
			return Staff{}, errNoStaff
		}
		return Staff{}, err
	}
	return s.staffByID(ctx, tx, id)
}

func insertStaff(ctx context.Context, tx *db.Tx, p Staff) (int64, error) {
	return db.One(ctx, tx, db.Value[int64], `insert into staff (login, name, title, phone_sealed, phone_index, unit_id,
		outsourced, until_at, disabled, password, password_at, must_change, totp_sealed, totp_next, totp_due, totp_step,
		last_login_at, created_at, updated_at, version)
		values ($1, $2, $3, '', '', $4, $5, $6, false, '', 0, false, '', '', false, 0, 0, $7, $7, 1) returning id`,
		p.Login, p.Name, p.Title, p.UnitID, p.Outsourced, p.UntilAt, p.CreatedAt)
}

// saveStaff writes everything of a person under the version they were read with.
func (s *Service) saveStaff(ctx context.Context, tx *db.Tx, p Staff) error {
	return db.ExpectOne(tx.Exec(ctx, `update staff set name = $3, title = $4, phone_sealed = $5, phone_index = $6, unit_id = $7,
		outsourced = $8, until_at = $9, disabled = $10, password = $11, password_at = $12, must_change = $13,
		totp_sealed = $14, totp_next = $15, totp_step = $16, totp_due = $17, updated_at = $18, version = version + 1
		where id = $1 and version = $2`,
		p.ID, p.Version, p.Name, p.Title, p.phoneSealed, p.phoneIndex, p.UnitID, p.Outsourced, p.UntilAt, p.Disabled,
		p.password, p.PasswordAt, p.MustChange, p.totpSealed, p.totpNext, p.totpStep, p.totpDue, s.now()))
}

// Names returns the names of people for lists that hold ids; unknown ids are left out.
func (s *Service) Names(ctx context.Context, ids []int64) (map[int64]string, error) {
	return s.names(ctx, "select id, name from staff where id in (", ids)
}

// UnitNames returns the names of units for lists that hold ids; unknown ids are left out.
func (s *Service) UnitNames(ctx context.Context, ids []int64) (map[int64]string, error) {
	return s.names(ctx, "select id, name from unit where id in (", ids)
}

// namesStep is how many ids one query takes, well below both engines' limits of parameters.
const namesStep = 500

func (s *Service) names(ctx context.Context, query string, ids []int64) (map[int64]string, error) {
	type pair struct {
		id   int64
		name string
	}
	out := map[int64]string{}
	for part := range slices.Chunk(ids, namesStep) {
		marks, args := placeholders(part)
		list, err := db.All(ctx, s.DB, func(scan db.Scan) (pair, error) {
			var p pair
			err := scan(&p.id, &p.name)
			return p, err
		}, query+marks+")", args...)
		if err != nil {
			return nil, errs.Wrap(err, "load names")
		}
		for _, p := range list {
			out[p.id] = p.name
		}
	}
	return out, nil
}

// placeholders writes $1,$2,… for the ids.
func placeholders(ids []int64) (marks string, args []any) {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = "$" + itoa(int64(i+1))
		args = append(args, id)
	}
	return strings.Join(words, ","), args
}

// Find returns the ids of people whose name or login holds the words, a hundred at most; for filters of other lists.
func (s *Service) Find(ctx context.Context, words string) ([]int64, error) {
	like := "%" + escapeLike(strings.TrimSpace(words)) + "%"
	ids, err := db.All(ctx, s.DB, db.Value[int64],
		`select id from staff where lower(name) like $1 escape '\' or login like $1 escape '\' order by id limit 100`, like)
	return ids, errs.Wrap(err, "find staff")
}

// Headcounts returns how many people that are not disabled each unit has, without those below it.
func (s *Service) Headcounts(ctx context.Context) (map[int64]int64, error) {
	out := map[int64]int64{}
	_, err := db.All(ctx, s.DB, func(scan db.Scan) (int64, error) {
		var unit, n int64
		err := scan(&unit, &n)
		out[unit] = n
		return unit, err
	}, "select unit_id, count(*) from staff where not disabled group by unit_id")
	return out, errs.Wrap(err, "count staff")
}
