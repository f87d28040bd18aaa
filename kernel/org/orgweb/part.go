// Package orgweb is the console's face of kernel/org: logging in and out, one's own session, password, second factor and
// devices, the tree of units, the people, their roles and grants, and activation by a one-time link.
//
// Phones leave only by a reveal with a reason. Invitation links are answered once, to who made them.
package orgweb

import (
	"context"
	_ "embed"

	"weizheng/kernel/org"
	"weizheng/part"
	"weizheng/platform/web"
)

//go:embed text.zh.json
var texts []byte

// Deps is what the face needs. Demo is told to the console, which says so on every page.
type Deps struct {
	Org      *org.Service
	Sessions *web.Sessions
	Lists    *part.Lists
	Demo     bool
}

const (
	unitRead    = "unit.read"
	unitEdit    = "unit.edit"
	staffRead   = "staff.read"
	staffEdit   = "staff.edit"
	staffGrant  = "staff.grant"
	staffReveal = "staff.reveal"
	roleEdit    = "role.edit"
)

// Part is everything that org adds to the house.
func Part(d Deps) part.Part {
	return part.Part{
		Name:   "org",
		Schema: org.Schema(),
		Texts:  texts,
		Permissions: []part.Permission{
			{Key: unitRead, Text: "查看机构"},
			{Key: unitEdit, Text: "管理机构"},
			{Key: staffRead, Text: "查看人员"},
			{Key: staffEdit, Text: "管理人员账号"},
			{Key: staffReveal, Text: "查看人员完整电话（要写理由，留记录）"},
			{Key: staffGrant, Text: "给人员授权"},
			{Key: roleEdit, Text: "管理岗位的权限"},
		},
		Settings: settings(),
		Routes:   console{d}.routes(),
		Services: []part.Service{{Name: "org", Start: d.Org.Start, Stop: d.Org.Stop}},
		Commands: d.commands(),
		Health:   []part.Health{{Name: "org", Permission: staffRead, Check: d.duties}},
	}
}

var dutyTexts = map[org.Duty]string{org.SystemDuty: "系统管理员", org.SecurityDuty: "安全管理员", org.AuditDuty: "审计管理员"}

// duties tells of a duty that nobody can do: every account of it is disabled, over, or waits for its link to be used.
func (d Deps) duties(ctx context.Context) ([]part.Finding, error) {
	missing, err := d.Org.Ready(ctx)
	if err != nil {
		return nil, err
	}
	var findings []part.Finding
	for _, duty := range missing {
		findings = append(findings, part.Finding{
			Name: "org.duty", State: "warn", Title: "没有可用的" + dutyTexts[duty],
			Detail: "任这项职责的账号都已停用、到期，或者启用链接还没有用。对群众的服务不受影响。",
			Next:   "把启用链接交给本人；链接过期的，在服务器上用 weizheng run staff reset 重新做一个。",
		})
	}
	return findings, nil
}

func settings() []part.Setting {
	const basic = "GB/T 22239-2019 身份鉴别"
	number := func(name, unit, value, text, source string, least, most int64) part.Setting {
		return part.Setting{Name: name, Type: part.SettingInt, Unit: unit, Default: value, Text: text, Source: source,
			Scope: part.ScopeInstallation, Min: least, Max: most}
	}
	return []part.Setting{
		{Name: org.SettingSecondFactor, Type: part.SettingBool, Default: "true", Scope: part.ScopeInstallation,
			Text: "工作人员登录必须有第二因素（动态验证码）", Source: "互联网政务应用安全管理规定：多因素鉴别"},
		number(org.SettingFailures, "次", "5", "同一登录名连续错几次就锁定", basic, 3, 20),
		number(org.SettingAddress, "次", "30", "同一网络地址连续错几次就锁定；一个办公室常共用一个地址", basic, 5, 1000),
		number(org.SettingLockMinutes, "分钟", "15", "锁定多久", basic, 5, 1440),
		number(org.SettingPasswordSize, "个字符", "10", "密码最少多长", basic+"：不少于 8 位", 8, 64),
		number(org.SettingPasswordDays, "天", "90", "密码多久必须更换；0 是不要求", basic+"：定期更换", 0, 3650),
		number(org.SettingLinkHours, "小时", "72", "启用链接多久有效", "一次性链接不宜长期有效", 1, 720),
		number(org.SettingIdleMinutes, "分钟", "30", "多久不操作就要重新登录", basic+"：闲置退出", 5, 480),
		number(org.SettingLifeHours, "小时", "12", "登录后最长多久要重新登录", "一个工作日", 1, 72),
	}
}
