package city

import (
	"context"
	"fmt"
	"time"

	"github.com/pquerna/otp/totp"

	"weizheng/kernel/org"
	"weizheng/platform/access"
	"weizheng/platform/crypt"
)

// duties are the roles of the three administrators.
var duties = map[string]org.Duty{
	"system_admin": org.SystemDuty, "security_admin": org.SecurityDuty, "audit_admin": org.AuditDuty,
}

// buildUnits begins the installation and grows its tree. The three administrators are appointed with it.
func (b *builder) buildUnits(ctx context.Context) error {
	tree := plan()
	admins := map[org.Duty]org.StaffIn{}
	for _, s := range staff {
		if duty, ok := duties[s.role]; ok {
			admins[duty] = org.StaffIn{Login: s.login, Name: s.name}
		}
	}
	links, err := b.Org.Init(ctx, org.InitIn{Unit: org.UnitIn{Level: org.City, Name: tree.name}, Admins: admins})
	if err != nil {
		return err
	}
	for _, link := range links {
		if err := b.activate(ctx, link); err != nil {
			return err
		}
	}
	units, err := b.Org.Units(ctx, access.Reach{All: true})
	if err != nil {
		return err
	}
	b.root = units[0].ID
	b.units[tree.name] = b.root
	return b.grow(ctx, b.root, org.City, tree.kids)
}

func (b *builder) grow(ctx context.Context, parent int64, level org.Level, kids []unitPlan) error {
	for i, k := range kids {
		in := org.UnitIn{ParentID: parent, Level: org.Level(k.level), Name: k.name, Position: int64(i + 1)}
		if k.level == "" {
			in.Level = level // a department stands on its parent's level
		}
		u, err := b.Org.CreateUnit(ctx, in)
		if err != nil {
			return fmt.Errorf("unit %s: %w", k.name, err)
		}
		b.units[k.name] = u.ID
		if err := b.grow(ctx, u.ID, in.Level, k.kids); err != nil {
			return err
		}
	}
	return nil
}

// buildStaff makes everybody else and gives them their roles.
func (b *builder) buildStaff(ctx context.Context) error {
	for _, s := range staff {
		if _, appointed := duties[s.role]; appointed {
			continue
		}
		p, link, err := b.Org.CreateStaff(ctx, org.StaffIn{Login: s.login, Name: s.name, UnitID: b.units[s.unit]})
		if err != nil {
			return fmt.Errorf("staff %s: %w", s.login, err)
		}
		grant := org.GrantIn{Role: s.role, UnitID: b.units[s.unit]}
		if err := b.Org.PutGrants(ctx, p.ID, []org.GrantIn{grant}, p.Version); err != nil {
			return fmt.Errorf("staff %s: %w", s.login, err)
		}
		if err := b.activate(ctx, link); err != nil {
			return err
		}
	}
	return nil
}

// activate sets a password and a second factor as the person would.
func (b *builder) activate(ctx context.Context, link org.Invitation) error {
	password := "Qy-" + crypt.RandomCode(10) + "7a"
	p, _, err := b.Org.Activate(ctx, link.Token, password)
	if err != nil {
		return fmt.Errorf("activate %s: %w", link.Login, err)
	}
	self := access.With(ctx, access.Actor{Kind: access.Staff, ID: p.ID, Name: p.Name, Unit: p.Unit})
	factor, err := b.Org.BeginFactor(self)
	if err != nil {
		return fmt.Errorf("second factor of %s: %w", link.Login, err)
	}
	if err := b.confirm(self, factor.Secret, password); err != nil {
		return fmt.Errorf("second factor of %s: %w", link.Login, err)
	}
	person := Staff{Name: p.Name, Login: p.Login, Password: password, TOTPSecret: factor.Secret, id: p.ID}
	for _, s := range staff {
		if s.login == p.Login {
			person.Role, person.Unit = s.role, s.unit
		}
	}
	b.city.Staff = append(b.city.Staff, person)
	return nil
}

// confirm gives the code of the step before: a code counts once, and the newcomer may log in within this step. When a
// step ends between the making and the checking, that code is too old, and the next one is given.
func (b *builder) confirm(self context.Context, secret, password string) error {
	var err error
	for range 2 {
		var code string
		if code, err = totp.GenerateCode(secret, b.Org.Wall.Now().Add(-30*time.Second)); err != nil {
			return err
		}
		if err = b.Org.ConfirmFactor(self, code, password); err == nil {
			return nil
		}
	}
	return err
}

// as returns a context in which a person of the city acts, with their real rights.
func (b *builder) as(ctx context.Context, login string) (context.Context, error) {
	for _, s := range b.city.Staff {
		if s.Login == login {
			actor, err := b.Org.Actor(ctx, s.id)
			return access.With(ctx, actor), err
		}
	}
	return ctx, fmt.Errorf("no staff %q", login)
}
