package wechat

// The table of server endpoints. WeChat docs: each endpoint's page and its 适用范围; the numbers are those of
// API_Call_Limits for new accounts. "unverified" marks what no page was read for.

func basicEndpoints() []Endpoint {
	return []Endpoint{
		get("/cgi-bin/token", "获取接口调用凭据", Any, Any).by(AuthSecret).day(2000).once(), // each call ends the previous token
		put("/cgi-bin/stable_token", "获取稳定版接口调用凭据", Any, Any).by(AuthSecret).day(500_000).minute(10_000),
		get("/cgi-bin/getcallbackip", "获取微信推送服务器地址", Any, Any),
		get("/cgi-bin/get_api_domain_ip", "获取微信接口服务器地址", Any, Any),
		put("/cgi-bin/callback/check", "网络通信检测", Any, Any),
		put("/cgi-bin/openapi/quota/get", "查询接口调用额度", Any, Any),
		put("/cgi-bin/openapi/rid/get", "查询请求详情", Any, Any),
		do("/cgi-bin/clear_quota", "清空全部接口调用次数", Any, Any).month(10),
		do("/cgi-bin/clear_quota/v2", "用密钥清空接口调用次数", Any, Any).by(AuthSecret).month(10), // one allowance with clear_quota
		do("/cgi-bin/openapi/quota/clear", "清空单个接口调用次数", Any, Any).month(50),
	}
}

func menuEndpoints() []Endpoint {
	return []Endpoint{
		put("/cgi-bin/menu/create", "创建自定义菜单", Verified, Verified).day(1000),
		get("/cgi-bin/menu/get", "查询接口创建的菜单", Verified, Verified).day(10_000),
		get("/cgi-bin/menu/delete", "删除自定义菜单", Verified, Verified).day(1000), // conditional menus go with it
		get("/cgi-bin/get_current_selfmenu_info", "查询当前菜单配置", Any, Any),
		do("/cgi-bin/menu/addconditional", "创建个性化菜单", Verified, Verified).day(2000),
		put("/cgi-bin/menu/delconditional", "删除个性化菜单", Verified, Verified).day(2000),
		put("/cgi-bin/menu/trymatch", "测试个性化菜单匹配", Verified, Verified).day(20_000),
	}
}

func userEndpoints() []Endpoint {
	return []Endpoint{
		get("/cgi-bin/user/get", "获取关注者列表", Verified, Verified).day(500),
		get("/cgi-bin/user/info", "获取关注者信息", Verified, Verified).day(5_000_000), // consoles show 500 000
		put("/cgi-bin/user/info/batchget", "批量获取关注者信息", Verified, Verified).day(5_000_000),
		put("/cgi-bin/user/info/updateremark", "设置关注者备注名", Verified, Verified).day(10_000), // subscription: unverified
		// The quotas of tags are those of the groups they replaced: unverified.
		do("/cgi-bin/tags/create", "创建标签", Verified, Verified).day(1000),
		get("/cgi-bin/tags/get", "获取标签列表", Verified, Verified).day(1000),
		put("/cgi-bin/tags/update", "修改标签", Verified, Verified).day(1000),
		put("/cgi-bin/tags/delete", "删除标签", Verified, Verified).day(1000),
		put("/cgi-bin/tags/members/batchtagging", "批量打标签", Verified, Verified).day(100_000),
		put("/cgi-bin/tags/members/batchuntagging", "批量取消标签", Verified, Verified).day(100_000),
		put("/cgi-bin/user/tag/get", "获取标签下的关注者", Verified, Verified),
		put("/cgi-bin/tags/getidlist", "获取关注者的标签", Verified, Verified),
		put("/cgi-bin/tags/members/getblacklist", "获取黑名单", Verified, Verified),
		put("/cgi-bin/tags/members/batchblacklist", "拉黑关注者", Verified, Verified),
		put("/cgi-bin/tags/members/batchunblacklist", "取消拉黑关注者", Verified, Verified),
		put("/cgi-bin/changeopenid", "账号迁移转换用户标识", Verified, Verified),
	}
}

func qrEndpoints() []Endpoint {
	return []Endpoint{
		put("/cgi-bin/qrcode/create", "生成带参数的二维码", Never, Verified).day(100_000),
		get("/cgi-bin/showqrcode", "换取二维码图片", Never, Verified).page(HostMP),
		put("/cgi-bin/shorten/gen", "生成短密钥", Never, Verified),
		put("/cgi-bin/shorten/fetch", "还原短密钥", Never, Verified),
		// QR-jump rules: the right is unverified.
		put("/cgi-bin/wxopen/qrcodejumpget", "查询扫码打开小程序规则", Never, Verified),
		do("/cgi-bin/wxopen/qrcodejumpadd", "增加扫码打开小程序规则", Never, Verified),
		put("/cgi-bin/wxopen/qrcodejumppublish", "发布扫码打开小程序规则", Never, Verified),
		put("/cgi-bin/wxopen/qrcodejumpdelete", "删除扫码打开小程序规则", Never, Verified),
	}
}

func mediaEndpoints() []Endpoint {
	return []Endpoint{
		do("/cgi-bin/media/upload", "上传临时素材", Any, Any).day(100_000),
		get("/cgi-bin/media/get", "获取临时素材", Any, Any).day(200_000),
		get("/cgi-bin/media/get/jssdk", "获取高清语音素材", Verified, Verified),
		do("/cgi-bin/material/add_material", "上传永久素材", Any, Any),
		put("/cgi-bin/material/get_material", "获取永久素材", Any, Any),
		put("/cgi-bin/material/del_material", "删除永久素材", Any, Any),
		get("/cgi-bin/material/get_materialcount", "获取永久素材总数", Any, Any),
		put("/cgi-bin/material/batchget_material", "获取永久素材列表", Any, Any),
		do("/cgi-bin/media/uploadimg", "上传图文消息图片", Any, Any),
	}
}

func publishEndpoints() []Endpoint {
	return []Endpoint{
		do("/cgi-bin/draft/add", "新建草稿", Any, Any).day(1000),
		put("/cgi-bin/draft/update", "更新草稿", Any, Any).day(1000),
		put("/cgi-bin/draft/get", "获取草稿", Any, Any).day(500),
		put("/cgi-bin/draft/delete", "删除草稿", Any, Any).day(1000),
		get("/cgi-bin/draft/count", "获取草稿总数", Any, Any).day(1000),
		put("/cgi-bin/draft/batchget", "获取草稿列表", Any, Any).day(1000),
		do("/cgi-bin/draft/switch", "草稿箱开关", Any, Any).day(1000), // one way, historical
		// Publishing: since 2025-07 only for verified bodies, although one page still says any service account.
		do("/cgi-bin/freepublish/submit", "发布草稿", Verified, Verified).day(100),
		put("/cgi-bin/freepublish/get", "查询发布状态", Verified, Verified).day(100),
		do("/cgi-bin/freepublish/delete", "删除已发布文章", Verified, Verified).day(10), // without index: all articles
		put("/cgi-bin/freepublish/getarticle", "获取已发布文章", Verified, Verified).day(100),
		put("/cgi-bin/freepublish/batchget", "获取已发布文章列表", Verified, Verified).day(100),
		// 60 requests a minute for the mass calls; a clientmsgid makes a send repeatable, the table cannot know of it.
		do("/cgi-bin/message/mass/sendall", "按标签或全部群发", Verified, Verified).minute(60),
		do("/cgi-bin/message/mass/send", "按用户列表群发", Never, Verified).minute(60),
		do("/cgi-bin/media/uploadvideo", "上传群发视频", Verified, Verified), // unverified
		do("/cgi-bin/message/mass/preview", "群发预览", Verified, Verified).day(100),
		put("/cgi-bin/message/mass/delete", "删除群发", Verified, Verified).day(10),
		put("/cgi-bin/message/mass/get", "查询群发状态", Verified, Verified),
		put("/cgi-bin/message/mass/speed/get", "获取群发速度", Verified, Verified),
		put("/cgi-bin/message/mass/speed/set", "设置群发速度", Verified, Verified),
		put("/cgi-bin/comment/open", "打开文章留言", Verified, Verified),
		put("/cgi-bin/comment/close", "关闭文章留言", Verified, Verified),
		put("/cgi-bin/comment/list", "查看文章留言", Verified, Verified),
		put("/cgi-bin/comment/markelect", "精选留言", Verified, Verified),
		put("/cgi-bin/comment/unmarkelect", "取消精选留言", Verified, Verified),
		put("/cgi-bin/comment/delete", "删除留言", Verified, Verified),
		do("/cgi-bin/comment/reply/add", "回复留言", Verified, Verified),
		put("/cgi-bin/comment/reply/delete", "删除留言回复", Verified, Verified),
		get("/cgi-bin/get_current_autoreply_info", "获取自动回复规则", Any, Any), // rights unverified
	}
}

func serviceEndpoints() []Endpoint {
	return []Endpoint{
		do("/cgi-bin/message/custom/send", "发送客服消息", Verified, Verified).day(500_000),
		do("/cgi-bin/message/custom/typing", "客服输入状态", Verified, Verified), // 45081 on a repetition
		get("/cgi-bin/customservice/getkflist", "获取客服列表", Verified, Verified),
		get("/cgi-bin/customservice/getonlinekflist", "获取在线客服列表", Verified, Verified),
		do("/customservice/kfaccount/add", "添加客服账号", Verified, Verified),
		put("/customservice/kfaccount/update", "修改客服账号", Verified, Verified),
		put("/customservice/kfaccount/del", "删除客服账号", Verified, Verified),
		do("/customservice/kfaccount/inviteworker", "邀请绑定客服", Verified, Verified),
		put("/customservice/kfaccount/uploadheadimg", "上传客服头像", Verified, Verified),
		do("/customservice/kfsession/create", "创建客服会话", Verified, Verified),
		put("/customservice/kfsession/close", "关闭客服会话", Verified, Verified),
		get("/customservice/kfsession/getsession", "获取客户会话", Verified, Verified),
		get("/customservice/kfsession/getsessionlist", "获取客服会话列表", Verified, Verified),
		get("/customservice/kfsession/getwaitcase", "获取未接入会话", Verified, Verified),
		put("/customservice/msgrecord/getmsglist", "获取聊天记录", Verified, Verified),
	}
}

func templateEndpoints() []Endpoint {
	return []Endpoint{
		do("/cgi-bin/message/template/send", "发送模板消息", Never, Verified).day(100_000),
		do("/cgi-bin/template/api_add_template", "添加模板", Never, Verified),
		get("/cgi-bin/template/get_all_private_template", "获取模板列表", Never, Verified),
		put("/cgi-bin/template/del_private_template", "删除模板", Never, Verified),
		get("/cgi-bin/template/get_industry", "获取行业信息", Never, Verified),
		do("/cgi-bin/template/api_set_industry", "设置所属行业", Never, Verified).month(1), // deletes the old templates
		put("/wxa/sec/queryblocktmplmsg", "查询拦截的模板消息", Never, Verified),
		get("/mp/subscribemsg", "一次性订阅授权页", Verified, Verified).page(HostMP),
		do("/cgi-bin/message/template/subscribe", "发送一次性订阅消息", Verified, Verified),
		do("/cgi-bin/message/subscribe/bizsend", "发送订阅通知", Never, Verified),
		get("/wxaapi/newtmpl/getcategory", "获取订阅通知类目", Never, Verified),
		get("/wxaapi/newtmpl/getpubtemplatetitles", "获取公共模板标题", Never, Verified),
		get("/wxaapi/newtmpl/getpubtemplatekeywords", "获取公共模板关键词", Never, Verified),
		get("/wxaapi/newtmpl/gettemplate", "获取订阅通知模板", Never, Verified),
		do("/wxaapi/newtmpl/addtemplate", "添加订阅通知模板", Never, Verified),
		put("/wxaapi/newtmpl/deltemplate", "删除订阅通知模板", Never, Verified),
	}
}

func webEndpoints() []Endpoint {
	const each = 50_000 // calls a minute
	return []Endpoint{
		get("/connect/oauth2/authorize", "网页授权页", Never, Verified).page(HostOpen),
		get("/sns/oauth2/access_token", "换取网页授权凭据", Never, Verified).by(AuthSecret).minute(each).once(), // a code works once
		get("/sns/oauth2/refresh_token", "刷新网页授权凭据", Never, Verified).by(AuthUser).minute(each),
		get("/sns/auth", "检验网页授权凭据", Never, Verified).by(AuthUser).minute(each),
		get("/sns/userinfo", "获取授权用户信息", Never, Verified).by(AuthUser).minute(each),
		get("/cgi-bin/ticket/getticket", "获取网页脚本票据", Any, Any).day(1_000_000),
	}
}

func dataEndpoints() []Endpoint {
	names := [][2]string{
		{"getusersummary", "获取用户增减数据"},
		{"getusercumulate", "获取累计用户数据"},
		{"getarticlesummary", "获取图文群发每日数据"}, // this and the next five: no longer maintained by WeChat
		{"getarticletotal", "获取图文群发总数据"},
		{"getuserread", "获取图文阅读数据"},
		{"getuserreadhour", "获取图文阅读分时数据"},
		{"getusershare", "获取图文分享数据"},
		{"getusersharehour", "获取图文分享分时数据"},
		{"getarticleread", "获取文章阅读数据"}, // data since 2025-11-01
		{"getarticleshare", "获取文章分享数据"},
		{"getarticletotaldetail", "获取文章发表数据"},
		{"getbizsummary", "获取账号发表概况"},
		{"getupstreammsg", "获取消息发送概况"},
		{"getupstreammsghour", "获取消息发送分时数据"},
		{"getupstreammsgweek", "获取消息发送周数据"},
		{"getupstreammsgmonth", "获取消息发送月数据"},
		{"getupstreammsgdist", "获取消息发送分布"},
		{"getupstreammsgdistweek", "获取消息发送分布周数据"},
		{"getupstreammsgdistmonth", "获取消息发送分布月数据"},
		{"getinterfacesummary", "获取接口分析数据"},
		{"getinterfacesummaryhour", "获取接口分析分时数据"},
	}
	all := make([]Endpoint, len(names))
	for i, n := range names {
		all[i] = put("/datacube/"+n[0], n[1], Verified, Verified)
	}
	return all
}

func otherEndpoints() []Endpoint {
	return []Endpoint{
		put("/cv/ocr/idcard", "识别身份证", Verified, Verified).day(100),
		put("/cv/ocr/bankcard", "识别银行卡", Verified, Verified).day(100),
		put("/cv/ocr/driving", "识别行驶证", Verified, Verified).day(100),
		put("/cv/ocr/drivinglicense", "识别驾驶证", Verified, Verified).day(100),
		put("/cv/ocr/bizlicense", "识别营业执照", Verified, Verified).day(100),
		put("/cv/ocr/comm", "识别通用印刷体", Verified, Verified).day(100),
		put("/cv/ocr/menu", "识别菜单", Verified, Verified).day(100),
		put("/cv/img/qrcode", "识别二维码", Verified, Verified).day(100),  // right and quota unverified
		put("/cv/img/aicrop", "图片智能裁剪", Verified, Verified).day(100), // right and quota unverified
		do("/cgi-bin/media/voice/addvoicetorecofortext", "提交语音识别", Any, Any),
		put("/cgi-bin/media/voice/queryrecoresultfortext", "获取语音识别结果", Any, Any),
		put("/cgi-bin/media/voice/translatecontent", "文字翻译", Any, Any),
	}
}

// componentEndpoints are those of a third-party platform (开放平台); the account's kind does not matter to them.
func componentEndpoints() []Endpoint {
	all := []Endpoint{
		put("/cgi-bin/component/api_start_push_ticket", "启动票据推送", Any, Any),
		put("/cgi-bin/component/api_component_token", "获取第三方平台凭据", Any, Any),
		do("/cgi-bin/component/api_create_preauthcode", "获取预授权码", Any, Any),
		do("/cgi-bin/component/api_query_auth", "换取授权信息", Any, Any),
		do("/cgi-bin/component/api_authorizer_token", "刷新授权方凭据", Any, Any), // may hand out a new refresh token
		put("/cgi-bin/component/api_get_authorizer_info", "获取授权方信息", Any, Any),
		put("/cgi-bin/component/api_get_authorizer_option", "获取授权方选项", Any, Any),
		put("/cgi-bin/component/api_set_authorizer_option", "设置授权方选项", Any, Any),
		put("/cgi-bin/component/api_get_authorizer_list", "获取授权方列表", Any, Any),
		get("/sns/oauth2/component/access_token", "代换网页授权凭据", Never, Verified).once(), // a code works once
		get("/sns/oauth2/component/refresh_token", "代为刷新网页授权凭据", Never, Verified),
	}
	for i := range all {
		all[i].Auth = AuthComponent
	}
	return append(all, get("/cgi-bin/componentloginpage", "第三方平台授权页", Any, Any).page(HostMP),
		get("/wxaopen/safe/bindcomponent", "第三方平台手机授权页", Any, Any).page(HostOpen))
}

// payEndpoints are those of WeChat Pay (API v3). Whoever may have a merchant may call them; which accounts may is the
// merchant's contract: government and media among the subscription accounts (unverified).
func payEndpoints() []Endpoint {
	all := []Endpoint{
		put("/v3/pay/transactions/jsapi", "支付下单", Verified, Verified), // the same number and content once more is the same order
		get("/v3/pay/transactions/id/{transaction_id}", "用微信支付订单号查询订单", Verified, Verified),
		get("/v3/pay/transactions/out-trade-no/{out_trade_no}", "用商户订单号查询订单", Verified, Verified),
		do("/v3/pay/transactions/out-trade-no/{out_trade_no}/close", "关闭订单", Verified, Verified),
		put("/v3/refund/domestic/refunds", "申请退款", Verified, Verified), // by its out_refund_no
		get("/v3/refund/domestic/refunds/{out_refund_no}", "查询退款", Verified, Verified),
		get("/v3/certificates", "下载微信支付平台证书", Verified, Verified),
		get("/v3/bill/tradebill", "申请交易账单", Verified, Verified),
		get("/v3/bill/fundflowbill", "申请资金账单", Verified, Verified),
		get("/v3/billdownload/file", "下载账单", Verified, Verified),
	}
	for i := range all {
		all[i].Host, all[i].Auth = HostPay, AuthMerchant
	}
	return all
}
