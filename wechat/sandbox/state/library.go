package state

import "slices"

// The library of templates (类目模板库) is invented, in the manner of the real one for public bodies: an account uses what
// stands under its categories. Ids are kept for ever.

// Category is a kind of service (服务类目).
type Category struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

// Public is a template of the library.
type Public struct {
	TID      int       `json:"tid"`
	Category int       `json:"category"`
	Title    string    `json:"title"`
	Type     int       `json:"type"` // as a notice: OneTime or LongTerm
	Keywords []Keyword `json:"keywords"`
}

// Keyword is a line that a template may have.
type Keyword struct {
	KID     int      `json:"kid"`
	Name    string   `json:"name"`
	Rule    string   `json:"rule"`
	Example string   `json:"example"`
	Values  []string `json:"values,omitempty"`
}

// Field is the keyword as a line of an account's template.
func (k Keyword) Field() Field {
	return Field{Key: k.Rule + itoa(int64(k.KID)), Name: k.Name, Rule: k.Rule, Example: k.Example, Values: k.Values}
}

// The categories.
const (
	catService = 2201
	catPolice  = 2202
	catSocial  = 2203
	catTraffic = 2204
	catUtility = 2205
	catHealth  = 2206
	catSchool  = 2207
)

// FirstCategories are those that every account has until it chooses others.
var FirstCategories = []int{catService, catSocial, catTraffic, catUtility, catHealth}

// Categories are all there are.
var Categories = []Category{
	{catService, "政务服务"}, {catPolice, "公安"}, {catSocial, "社会保障"}, {catTraffic, "交通运输"},
	{catUtility, "公共事业缴费"}, {catHealth, "公立医疗"}, {catSchool, "公办教育"},
}

// words builds the keywords of a template out of name, rule and example.
func words(rows ...[3]string) []Keyword {
	list := make([]Keyword, len(rows))
	for i, r := range rows {
		list[i] = Keyword{KID: i + 1, Name: r[0], Rule: r[1], Example: r[2]}
	}
	return list
}

// Library is all public templates in the order of their ids.
var Library = []Public{
	{1001, catService, "办理进度通知", LongTerm, append(words([3]string{"事项名称", "thing", "居住证办理"},
		[3]string{"受理编号", "character_string", "QY20261120-0001"}, [3]string{"更新时间", "time", "2026年11月20日 09:30"},
		[3]string{"温馨提示", "thing", "请留意后续通知"}),
		Keyword{KID: 5, Name: "办理状态", Rule: "enum", Example: "已受理", Values: []string{"已受理", "审核中", "待补正", "已办结", "不予受理"}})},
	{1002, catService, "办结通知", LongTerm, words([3]string{"事项名称", "thing", "居住证办理"},
		[3]string{"受理编号", "character_string", "QY20261120-0001"}, [3]string{"办理结果", "phrase", "准予办理"},
		[3]string{"办结时间", "time", "2026年11月20日 09:30"}, [3]string{"领取方式", "thing", "到政务大厅3号窗口领取"})},
	{1003, catService, "补正材料通知", LongTerm, words([3]string{"事项名称", "thing", "居住证办理"},
		[3]string{"受理编号", "character_string", "QY20261120-0001"}, [3]string{"需补材料", "thing", "住址证明"},
		[3]string{"截止日期", "date", "2026年11月27日"})},
	{1004, catService, "预约成功通知", OneTime, words([3]string{"预约事项", "thing", "不动产登记"},
		[3]string{"预约时间", "time", "2026年11月20日 09:30"}, [3]string{"办理地点", "thing", "青云市政务服务中心"},
		[3]string{"预约号", "character_string", "A012"}, [3]string{"联系电话", "phone_number", "0759-12345"},
		[3]string{"预约人", "name", "张三"})},
	{1005, catService, "预约提醒", OneTime, words([3]string{"预约事项", "thing", "不动产登记"},
		[3]string{"预约时间", "time", "2026年11月20日 09:30"}, [3]string{"办理地点", "thing", "青云市政务服务中心"},
		[3]string{"温馨提示", "thing", "请带好身份证"})},
	{1006, catService, "排队叫号提醒", OneTime, words([3]string{"排队号码", "character_string", "A012"},
		[3]string{"前面人数", "number", "3"}, [3]string{"办理窗口", "thing", "3号窗口"})},
	{1007, catService, "诉求受理通知", LongTerm, words([3]string{"诉求标题", "thing", "路灯不亮"},
		[3]string{"工单编号", "character_string", "GD2026112000017"}, [3]string{"承办单位", "thing", "市城管局"},
		[3]string{"受理时间", "time", "2026年11月20日 09:30"}, [3]string{"答复期限", "date", "2026年11月27日"})},
	{1008, catService, "诉求答复通知", LongTerm, words([3]string{"诉求标题", "thing", "路灯不亮"},
		[3]string{"工单编号", "character_string", "GD2026112000017"}, [3]string{"答复单位", "thing", "市城管局"},
		[3]string{"答复时间", "time", "2026年11月20日 09:30"}, [3]string{"答复摘要", "thing", "已安排抢修"})},
	{1009, catService, "服务评价邀请", OneTime, words([3]string{"服务事项", "thing", "居住证办理"},
		[3]string{"服务单位", "thing", "市公安局"}, [3]string{"完成时间", "time", "2026年11月20日 09:30"})},
	{1010, catService, "预警信息通知", LongTerm, words([3]string{"预警类型", "thing", "暴雨红色预警"},
		[3]string{"发布单位", "thing", "市气象台"}, [3]string{"发布时间", "time", "2026年11月20日 09:30"},
		[3]string{"影响范围", "thing", "全市"}, [3]string{"防御指南", "thing", "请留在室内"})},
	{1011, catService, "活动报名结果通知", OneTime, words([3]string{"活动名称", "thing", "市民开放日"},
		[3]string{"报名结果", "phrase", "报名成功"}, [3]string{"活动时间", "time", "2026年11月20日 09:30"},
		[3]string{"活动地点", "thing", "市博物馆"})},
	{1012, catService, "信息公开申请答复", LongTerm, words([3]string{"申请内容", "thing", "年度预算"},
		[3]string{"申请编号", "character_string", "YSQ2026-0012"}, [3]string{"答复时间", "time", "2026年11月20日 09:30"})},
	{1013, catService, "待办事项提醒", LongTerm, words([3]string{"待办事项", "thing", "有申请待审核"},
		[3]string{"事项编号", "character_string", "QY20261120-0001"}, [3]string{"当前环节", "thing", "居住证办理 · 待审核"},
		[3]string{"提醒时间", "time", "2026年11月20日 09:30"})},
	{1101, catPolice, "证件到期提醒", LongTerm, words([3]string{"证件名称", "thing", "居民身份证"},
		[3]string{"持证人", "name", "张三"}, [3]string{"到期日期", "date", "2026年12月31日"})},
	{1201, catSocial, "社保待遇发放通知", LongTerm, words([3]string{"待遇名称", "thing", "养老金"},
		[3]string{"发放金额", "amount", "¥3280.50"}, [3]string{"发放日期", "date", "2026年11月15日"},
		[3]string{"收款账户", "character_string", "****1234"})},
	{1301, catTraffic, "交通违法通知", LongTerm, words([3]string{"车牌号", "car_number", "粤G12345"},
		[3]string{"违法时间", "time", "2026年11月20日 09:30"}, [3]string{"违法地点", "thing", "人民大道"},
		[3]string{"记分", "number", "3"}, [3]string{"罚款金额", "amount", "200元"})},
	{1401, catUtility, "缴费通知", LongTerm, words([3]string{"缴费项目", "thing", "水费"},
		[3]string{"应缴金额", "amount", "¥56.30"}, [3]string{"户号", "character_string", "0018822"},
		[3]string{"缴费期限", "date", "2026年11月30日"})},
	{1402, catUtility, "缴费成功通知", OneTime, words([3]string{"缴费项目", "thing", "水费"},
		[3]string{"缴费金额", "amount", "¥56.30"}, [3]string{"缴费时间", "time", "2026年11月20日 09:30"},
		[3]string{"币种", "letter", "CNY"}, [3]string{"备注", "symbol", "-"})},
	{1501, catHealth, "就诊提醒", LongTerm, words([3]string{"就诊人", "name", "张三"}, [3]string{"科室", "thing", "内科"},
		[3]string{"就诊时间", "time", "2026年11月20日 09:30"}, [3]string{"医院", "thing", "市人民医院"})},
	{1601, catSchool, "入学登记结果通知", OneTime, words([3]string{"学生姓名", "name", "张小明"},
		[3]string{"学校", "thing", "市第一小学"}, [3]string{"审核结果", "phrase", "审核通过"})},
}

// PublicTemplate finds a template of the library.
func PublicTemplate(tid int) (Public, bool) {
	i := slices.IndexFunc(Library, func(p Public) bool { return p.TID == tid })
	if i < 0 {
		return Public{}, false
	}
	return Library[i], true
}

// KnownCategory reports whether there is such a category.
func KnownCategory(id int) bool {
	return slices.ContainsFunc(Categories, func(c Category) bool { return c.ID == id })
}
