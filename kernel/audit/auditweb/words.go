package auditweb

import (
	"fmt"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
)

// nouns and verbs are what people read for the words of the log. A word that is missing is shown as it is, so a part that
// comes later is readable before it is named here.
var nouns = map[string]string{
	"account": "公众号", "audit": "审计记录", "citizen": "群众", "consent": "授权同意", "conversation": "会话",
	"file": "文件", "follower": "粉丝", "menu": "菜单", "notify": "通知", "outbound": "发出的消息", "page": "页面",
	"reply": "应答规则", "role": "岗位", "route": "页面或接口", "setting": "设置", "staff": "人员", "tag": "标签",
	"unit": "单位",
}

var verbs = map[string]string{
	"activate": "启用账号", "add": "添加", "answer": "回答", "ask": "请求", "block": "拉黑", "certify": "登记认证",
	"change": "修改", "change_password": "修改自己的密码", "claim": "接待", "clear_quota": "请微信清零次数", "close": "结束", "create": "新建",
	"credentials": "更换凭据", "disable": "停用", "edit": "编辑", "enable": "启用", "erase": "清除",
	"expel": "强制退出", "export": "导出", "forget": "清除", "grant": "授权", "hand_over": "移交",
	"identity": "改变身份用途", "join": "合并", "login": "登录", "logout": "退出", "mode": "更改收发方式",
	"move": "调整隶属", "propose": "送审", "refuse": "不通过", "return": "退回", "proof": "添加校验文件", "proof_remove": "删除校验文件", "publish": "发布",
	"purge": "到期清除", "read": "查看", "recheck": "重新检查接口权限", "register": "接入", "release": "放回", "remark": "备注", "remove": "删除",
	"reset": "重置", "resolve": "确认结果", "resume": "恢复", "reveal": "查看完整信息", "rotate_key": "更换密钥",
	"save": "保存", "send": "发送", "separate": "拆分", "set": "设定", "set_factor": "设置动态验证码",
	"status": "改变状态", "suspend": "停用", "sync": "同步", "tag": "打标签", "unblock": "取消拉黑",
	"unset": "恢复默认", "untag": "去标签", "withdraw": "撤回",
}

// whole are deeds that need no noun to be understood.
var whole = map[string]bool{"login": true, "logout": true, "activate": true, "change_password": true, "set_factor": true}

func verbText(r audit.Row) string {
	text := say(verbs, r.Verb)
	if !whole[r.Verb] {
		text += say(nouns, r.Object)
	}
	switch r.Outcome {
	case audit.Denied:
		return text + "，没有权限"
	case audit.Failed:
		return text + "，没有成功"
	}
	return text
}

func objectText(r audit.Row, names map[int64]string) string {
	text := say(nouns, r.Object)
	switch {
	case r.ObjectID == 0:
		return text
	case r.Object == "staff" && names[r.ObjectID] != "":
		return text + " " + names[r.ObjectID]
	}
	return fmt.Sprintf("%s %d", text, r.ObjectID)
}

func actorText(r audit.Row, names map[int64]string) string {
	switch r.ActorKind {
	case access.System.String():
		return "系统"
	case access.Staff.String():
		if name := names[r.ActorID]; name != "" {
			return name
		}
		return fmt.Sprintf("人员 %d", r.ActorID)
	case access.Citizen.String():
		return fmt.Sprintf("群众 %d", r.ActorID)
	case access.Key.String():
		return fmt.Sprintf("接口密钥 %d", r.ActorID)
	}
	return "未登录"
}

func say(words map[string]string, word string) string {
	if text, ok := words[word]; ok {
		return text
	}
	return word
}

func faultText(f audit.Fault) string {
	switch f.Kind {
	case audit.FaultChanged:
		return fmt.Sprintf("第 %d 条被改过", f.Row)
	case audit.FaultMissing:
		if f.Row == 0 {
			return fmt.Sprintf("第 %d 批不到保存期就没有了", f.Batch)
		}
		return fmt.Sprintf("第 %d 条被删除（第 %d 批）", f.Row, f.Batch)
	case audit.FaultInserted:
		return fmt.Sprintf("第 %d 条是后来塞进第 %d 批的", f.Row, f.Batch)
	case audit.FaultChain:
		return fmt.Sprintf("第 %d 批与前一批接不上，中间有批次不见了", f.Batch)
	case audit.FaultKey:
		return fmt.Sprintf("第 %d 批第 %d 条用的密钥已不在密钥环里，无法判断", f.Batch, f.Row)
	}
	return fmt.Sprintf("第 %d 批的封存信息被改过", f.Batch)
}
