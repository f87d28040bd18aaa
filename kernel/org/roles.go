package org

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// The default roles. A part that declares a permission adds it here to the roles that should have it from the start; an
// installation that edited a role keeps its own list.
//
// The three administrators share nothing but looking: the system administrator makes accounts and units but gives no
// rights, the security administrator gives rights but has none of the work, the audit administrator reads the log and
// changes nothing.
var defaultRoles = []Role{
	{Key: "system_admin", Name: "系统管理员", Duty: SystemDuty, Text: "管理机构、人员账号、公众号接入和系统设置；不能授权，不能看审计记录",
		Permissions: []string{"flow.read", "unit.*", "staff.read", "staff.edit", "staff.reveal", "account.*", "setting.*", "worktime.*", "matter.recompute", "job.*"}},
	{Key: "security_admin", Name: "安全管理员", Duty: SecurityDuty, Text: "给人员授权、管理角色；不做业务，不能看审计记录",
		Permissions: []string{"unit.read", "staff.read", "staff.grant", "role.edit", "account.read", "setting.read"},
		Gives:       []string{"*"}},
	{Key: "audit_admin", Name: "审计管理员", Duty: AuditDuty, Text: "查看和校验审计记录；不能改任何东西",
		Permissions: []string{"worktime.read", "unit.read", "staff.read", "account.read", "setting.read", "audit.*"}},
	{Key: "unit_admin", Name: "单位管理员", Text: "管理本单位及下级的机构、人员和业务授权",
		Permissions: []string{"matter.read", "matter.recompute", "flow.read", "flow.edit", "flow.publish", "worktime.read", "worktime.edit", "unit.read", "unit.edit", "staff.read", "staff.edit", "staff.reveal", "staff.grant", "account.read"},
		Gives:       []string{"editor", "reviewer", "publisher", "agent", "handler", "supervisor", "leader"}},
	{Key: "editor", Name: "编辑", Text: "编写菜单和应答规则，不能发布菜单",
		Permissions: []string{"matter.read", "matter.act", "flow.read", "flow.edit", "form.read", "form.edit", "worktime.read", "account.read", "menu.read", "menu.edit", "reply.read", "reply.edit"}},
	{Key: "reviewer", Name: "审核员", Text: "审核别人写的内容",
		Permissions: []string{"matter.read", "matter.act", "flow.read", "form.read", "worktime.read", "account.read", "menu.read", "reply.read", "reply.review"}},
	{Key: "publisher", Name: "发布员", Text: "把编好的菜单发布到公众号",
		Permissions: []string{"matter.read", "matter.act", "flow.read", "flow.publish", "form.read", "form.publish", "worktime.read", "account.read", "menu.read", "menu.publish", "reply.read"}},
	{Key: "agent", Name: "坐席", Text: "在收件箱里回答群众的消息",
		Permissions: []string{"matter.read", "matter.act", "matter.reveal", "form.read", "form.reveal", "worktime.read", "account.read", "conversation.read", "conversation.answer", "conversation.reveal", "reply.read", "follower.read", "follower.edit"}},
	{Key: "handler", Name: "部门经办", Text: "办理转到本部门的事项",
		Permissions: []string{"matter.read", "matter.act", "matter.assign", "matter.reveal", "form.read", "form.reveal", "worktime.read", "account.read", "conversation.read", "conversation.answer", "conversation.reveal", "follower.read", "follower.reveal", "reply.read"}},
	{Key: "supervisor", Name: "监督员", Text: "查看办理情况和进度，不能改",
		Permissions: []string{"matter.read", "matter.act", "flow.read", "form.read", "worktime.read", "unit.read", "account.read", "conversation.read", "reply.read", "menu.read"}},
	{Key: "leader", Name: "领导", Text: "查看看板和运行情况",
		Permissions: []string{"matter.read", "matter.act", "matter.assign", "matter.lead", "matter.recompute", "flow.read", "form.read", "worktime.read", "unit.read", "account.read", "menu.read", "reply.read", "conversation.read"}},
	{Key: "technician", Name: "运维", Text: "查看任务、接入状态和系统运行情况",
		Permissions: []string{"worktime.read", "unit.read", "account.read", "job.*", "setting.read"}},
}

// seedRoles brings the default roles into the table; running it twice, or on two replicas, does no harm.
func (s *Service) seedRoles(ctx context.Context) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, r := range defaultRoles {
			_, err := tx.Exec(ctx, `insert into role (key, name, text, duty, permissions, gives, builtin, edited, updated_at, version)
				values ($1, $2, $3, $4, $5, $6, true, false, $7, 1)
				on conflict (key) do update set name = excluded.name, text = excluded.text, duty = excluded.duty,
					permissions = excluded.permissions, gives = excluded.gives, updated_at = excluded.updated_at,
					version = role.version + 1
				where not role.edited and (role.permissions <> excluded.permissions or role.gives <> excluded.gives
					or role.name <> excluded.name or role.text <> excluded.text)`,
				r.Key, r.Name, r.Text, string(r.Duty), encodeList(r.Permissions), encodeList(r.Gives), s.now())
			if err != nil {
				return err
			}
		}
		return s.touched(tx, 0)
	})
	return errs.Wrap(err, "bring the default roles up to date")
}
