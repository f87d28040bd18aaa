package city

// staffPlan is one person who logs in; role is the key of a role of kernel/org, unit the name of a unit.
type staffPlan struct {
	login, name, unit, role string
	account                 string // slug, when the role is for one account only
}

// staff are the demo's people. The three administrators hold separated duties: none of them can do another's work.
var staff = []staffPlan{
	{"xitong", "沈砚秋", "青云市", "system_admin", ""},
	{"anquan", "陆知远", "青云市", "security_admin", ""},
	{"shenji", "宋怀谷", "青云市", "audit_admin", ""},
	{"lingdao", "程望舒", "青云市", "leader", ""},
	{"jiandu", "韩景行", "青云市", "supervisor", ""},
	{"yunwei", "魏临川", "市政务服务管理局", "technician", ""},
	{"bianji", "苏念真", "青云市", "editor", ""},
	{"shenhe", "顾长宁", "青云市", "reviewer", ""},
	{"fabu", "林疏影", "青云市", "publisher", ""},
	{"zuoxi1", "何晓棠", "青云市", "agent", ""},
	{"zuoxi2", "罗星野", "青云市", "agent", ""},
	{"renshe-bianji", "许安禾", "市人力资源和社会保障局", "editor", ""},
	{"renshe-zuoxi", "姜若谷", "市人力资源和社会保障局", "agent", ""},
	{"renshe-jingban", "纪云深", "市人力资源和社会保障局", "handler", ""},
	{"jiaojing-zuoxi", "高屿", "市公安局交通警察支队", "agent", ""},
	{"jiaojing-bianji", "孟扶摇", "市公安局交通警察支队", "editor", ""},
	{"xinwen-bianji", "叶知秋", "市政府新闻办公室", "editor", ""},
	{"xinwen-fabu", "方既白", "市政府新闻办公室", "publisher", ""},
	{"yundong", "唐小满", "云东区", "agent", ""},
	{"wangyun", "郑听雨", "望云街道", "agent", ""},
}
