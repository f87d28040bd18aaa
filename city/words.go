package city

// topic is something a citizen asks of an account. Rules answer the ones without an answer here; the others wait for a
// person, who says it.
type topic struct {
	asks   string
	answer string
}

var zhengwuTopics = []topic{
	{"100", ""}, {"1000", ""}, {"A", ""}, {"社保卡怎么办", ""}, {"社保卡丢了怎么办", ""}, {"身份证到期了去哪换", ""}, {"办事大厅几点上班", ""},
	{"公积金怎么提取", ""}, {"我想开个公司要什么材料", ""}, {"居住证怎么办", ""}, {"房产证过户", ""}, {"我们小区停水了", ""}, {"200", ""}, {"600", ""},
	{"户口迁到爱人那里", ""}, {"社会保障卡补办要钱吗", ""}, {"300", ""}, {"政务大厅地址", ""},
	{"我妈今年 82 岁，走不动路，高龄津贴能不能上门办？", "您好，可以上门办。请告诉我老人住在哪个街道，我请街道便民服务中心 2 个工作日内电话联系您，带身份证和户口簿即可。"},
	{"孩子上小学，房子是租的，可以就近入学吗", "您好，可以。租房备案满一年、有居住证，就能在居住地申请，名额按学区统筹。登记从 6 月 1 日开始，到时公众号会通知。"},
	{"残疾证过期了怎么换", "您好，到户籍所在街道便民服务中心换领，带旧证、身份证和一寸照片两张，15 个工作日内取证，也可以邮寄到家。"},
	{"公交卡老年免费要办什么", "您好，满 65 岁带身份证到任一公交服务点办理老年卡，当场领取，免费。"},
	{"灵活就业的社保补贴今年还有吗", "您好，还有。4050 人员和离校 2 年内高校毕业生可以申请，每季度一次，本季度截止到 12 月 20 日，到街道服务中心申请。"},
	{"楼下饭店油烟太大，投诉好几次了没人管", "您好，您反映的情况已登记并转市生态环境局和城市管理局联合核实，5 个工作日内给您答复。请补充饭店名称和地址。"},
	{"路灯坏了一个星期，梧桐街道银杏社区 3 号门", "您好，已转市城市管理局照明所，今晚派人查看，修好后我们告诉您。"},
	{"异地就医备案要多久生效", "您好，线上备案当天生效。在国家医保服务平台填写后，回这里告诉我们，可以帮您核对。"},
	{"谢谢，问题解决了！", "不客气，能帮上您就好。"},
	{"我的养老金这个月没到账", "您好，先别急。请把社会保障卡的发卡银行告诉我们（不用发卡号），我们请人社局核对发放批次，今天 17:00 前回复您。"},
	{"新买的电动车怎么上牌", "您好，带身份证、发票和合格证到云东区车管分所，当场上牌，不收费。每天 9:00—17:00。"},
	{"能不能周末办离婚登记", "您好，婚姻登记处周六上午 9:00—12:00 办理，请提前在大厅预约。周日不办。"},
}

var fabuTopics = []topic{
	{"今天天气怎么样", ""}, {"明天限行吗", ""}, {"限行尾号", ""}, {"听说明天全城停水是真的吗", ""}, {"天气", ""},
	{"文化节几号开始", "您好，文化节 11 月 28 日至 12 月 3 日在东湖广场举行，免费入场。"},
	{"你们发的地铁新线什么时候通车", "您好，3 号线计划明年三季度试运行，具体日期以公告为准，我们会第一时间发布。"},
	{"昨天那篇文章第三段有个错别字", "谢谢您的细心，已经更正并注明。欢迎继续监督。"},
}

var rensheTopics = []topic{
	{"100", ""}, {"1000", ""}, {"这周有招聘会吗", ""}, {"社保卡怎么激活", ""}, {"老板拖欠工资三个月", ""},
	{"退休年龄怎么算", "您好，按渐进式延迟退休办法逐月计算，请告诉我出生年月和性别，帮您查对照表。"},
	{"失业金领了还能领几个月", "您好，请带身份证到户籍街道服务中心查询，或在国家社保平台查看剩余月数。"},
}

var jiaojingTopics = []topic{
	{"追尾了怎么快处", ""}, {"车被拖走了", ""}, {"哪里堵车", ""},
	{"书院街红绿灯时间太短，老人过不去", "您好，已记录，支队设施科本周内现场调整，谢谢提醒。"},
}

// nonsense and emotions come too; the default rule answers and a person may look.
var chatter = []string{"在吗", "你好", "？？？", "哈哈", "嗯嗯", "测试", "什么时候开门呀", "服务态度不错", "等了好久没人理"}

// fresh are what waits when a newcomer opens the inbox: asked in the last hours, not answered yet.
var fresh = []struct{ citizen, account, asks string }{
	{"laochen", "qingyun", "老伴住院回来，报销的单子交到哪里？村里没人说得清"},
	{"ayi", "qingyun", "小孙子今年 6 岁，想问问疫苗本丢了能补吗"},
	{"lina", "qingyun", "我的号码是 11010519491231002X，电话 13800138000，帮我查一下上周交的材料办好没有"},
	{"zhaogong", "qingyun-fabu", "书院街工地旁边的路什么时候修好？"},
	{"xuesheng", "qingyun-renshe", "毕业两年内的求职补贴怎么申请"},
}

func topicsOf(slug string) []topic {
	switch slug {
	case "qingyun":
		return zhengwuTopics
	case "qingyun-fabu":
		return fabuTopics
	case "qingyun-renshe":
		return rensheTopics
	default:
		return jiaojingTopics
	}
}

// agentsOf are the people who answer for an account.
func agentsOf(slug string) []string {
	switch slug {
	case "qingyun", "qingyun-fabu":
		return []string{"zuoxi1", "zuoxi2"}
	case "qingyun-renshe":
		return []string{"renshe-zuoxi"}
	default:
		return []string{"jiaojing-zuoxi"}
	}
}
