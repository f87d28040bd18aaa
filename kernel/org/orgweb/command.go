package orgweb

import (
	"context"
	"errors"
	"fmt"
	"io"

	"weizheng/kernel/org"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/errs"
)

var errResetUsage = errors.New("usage: weizheng run staff reset <login>")

// commands are what only somebody with the server in their hands may do.
func (d Deps) commands() []part.Command {
	return []part.Command{{
		Use: "staff reset", Short: "重置一个人的密码和动态验证码（管理员也可以），打印新的一次性链接：staff reset 登录名", Run: d.reset,
	}}
}

// reset gives a person a new beginning: password and second factor go, an administrator's too, who lost their phone.
func (d Deps) reset(ctx context.Context, out io.Writer, args []string) error {
	if len(args) != 1 {
		return errResetUsage
	}
	p, err := d.find(ctx, args[0])
	if err != nil {
		return err
	}
	link, err := d.Org.Reset(ctx, p.ID, true)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s（%s）的密码和动态验证码已失效，登录过的设备都已退出。\n请把这个链接交给本人，前面加上对外的网址：%s\n",
		p.Name, p.Login, link.Path())
	return err
}

// find returns who has exactly this login.
func (d Deps) find(ctx context.Context, login string) (org.Staff, error) {
	filter := org.StaffFilter{Words: login, Limit: 200}
	for {
		page, err := d.Org.ListStaff(ctx, access.Reach{All: true}, filter)
		if err != nil {
			return org.Staff{}, err
		}
		for _, p := range page.Staff {
			if p.Login == login {
				return p, nil
			}
		}
		if page.Next == 0 {
			return org.Staff{}, errs.New(errs.NotFound, "org.no_staff")
		}
		filter.After = page.Next
	}
}
