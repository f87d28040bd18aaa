package city

import (
	"weizheng/module/menu"
	"weizheng/wechat"
)

// accountPlan is one Official Account with what it says and shows.
type accountPlan struct {
	slug, name, unit string
	kind             wechat.Kind
	verified         bool
	mode             wechat.Mode
	intro            string
	persona          string
	phone            string
	rules            []rulePlan
	menu             func(rule func(name string) string) []menu.Button // nil: the kind has no menu interface
}

// Accounts are the four accounts of the demo: every mode, both kinds, verified and not.
var accounts = []accountPlan{
	{
		slug: "qingyun", name: "青云政务", unit: "青云市", kind: wechat.Service, verified: true, mode: wechat.Safe,
		intro: "青云市人民政府官方服务号：查指南、找大厅、提诉求、看进度。", persona: "小青", phone: "12345", rules: zhengwuRules,
		menu: func(rule func(string) string) []menu.Button {
			return []menu.Button{
				{Name: "信息发布", Sub: []menu.Button{
					{Name: "服务目录", Type: menu.Click, Key: rule("目录")},
					{Name: "停水停电", Type: menu.Click, Key: rule("停水停电")},
					{Name: "办事大厅", Type: menu.Click, Key: rule("办事大厅")},
				}},
				{Name: "办事服务", Sub: []menu.Button{
					{Name: "社会保障卡", Type: menu.Click, Key: rule("社会保障卡")},
					{Name: "养老保险", Type: menu.Click, Key: rule("养老保险")},
					{Name: "企业开办", Type: menu.Click, Key: rule("营业执照")},
					{Name: "发送位置找大厅", Type: menu.LocationSelect, Key: "nearest"},
					{Name: "扫码查询", Type: menu.ScanWait, Key: "scan"},
				}},
				{Name: "我的", Sub: []menu.Button{
					{Name: "我的服务", Type: menu.View, URL: "/c/qingyun/me"},
					{Name: "找人工", Type: menu.Click, Key: rule("人工")},
					{Name: "高龄津贴申请", Type: menu.View, URL: "/c/qingyun/form/elder-allowance"},
				}},
			}
		},
	},
	{
		slug: "qingyun-fabu", name: "青云发布", unit: "市政府新闻办公室", kind: wechat.Service, verified: true, mode: wechat.Plain,
		intro: "青云市政府新闻办公室：权威发布、便民提示、辟谣。", persona: "青青", phone: "12345", rules: fabuRules,
		menu: func(rule func(string) string) []menu.Button {
			return []menu.Button{
				{Name: "便民", Sub: []menu.Button{
					{Name: "天气", Type: menu.Click, Key: rule("天气")},
					{Name: "限行", Type: menu.Click, Key: rule("限行")},
				}},
				{Name: "辟谣", Type: menu.Click, Key: rule("辟谣")},
				{Name: "我的", Type: menu.View, URL: "/c/qingyun-fabu/me"},
			}
		},
	},
	{
		slug: "qingyun-renshe", name: "青云人社", unit: "市人力资源和社会保障局", kind: wechat.Subscription, verified: true,
		mode:  wechat.Compatible,
		intro: "青云市人力资源和社会保障局：政策、招聘、社保。", persona: "人社小助手", phone: "12333", rules: rensheRules,
		menu: func(rule func(string) string) []menu.Button {
			return []menu.Button{
				{Name: "微服务", Sub: []menu.Button{
					{Name: "养老保险", Type: menu.Click, Key: rule("养老保险")},
					{Name: "社会保障卡", Type: menu.Click, Key: rule("社会保障卡")},
				}},
				{Name: "微招聘", Type: menu.Click, Key: rule("招聘")},
			}
		},
	},
	{
		slug: "qingyun-jiaojing", name: "青云交警", unit: "市公安局交通警察支队", kind: wechat.Subscription, verified: false,
		mode:  wechat.Plain,
		intro: "青云市公安局交通警察支队：事故快处、路况、占道。报警请拨 122。", persona: "青青交警", phone: "122", rules: jiaojingRules,
	},
}
