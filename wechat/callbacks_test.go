package wechat

// callbacks are pushes in the shape WeChat sends them, one for each row of its two tables of messages and events; they are
// rows of the parser's test and seeds of the fuzz targets.
var callbacks = []struct {
	label string
	body  string
	want  Message // without Raw and the four common fields, which commonHead fills
	key   string
}{
	{
		"text", commonHead("text") + `<Content><![CDATA[  你好 <b>&amp;</b>
]]></Content><MsgId>1234567890123456</MsgId><bizmsgmenuid>101</bizmsgmenuid><MsgDataId>88</MsgDataId><Idx>1</Idx></xml>`,
		Message{Content: "  你好 <b>&amp;</b>\n", MsgID: 1234567890123456, BizMsgMenuID: "101", MsgDataID: "88", Idx: "1"},
		"m:1234567890123456",
	},
	{
		"image", commonHead("image") + `<PicUrl><![CDATA[http://mmbiz.qpic.cn/a?b=1&c=2]]></PicUrl><MediaId><![CDATA[m_1]]></MediaId><MsgId>2</MsgId></xml>`,
		Message{PicURL: "http://mmbiz.qpic.cn/a?b=1&c=2", MediaID: "m_1", MsgID: 2}, "m:2",
	},
	{
		"voice", commonHead("voice") + `<MediaId>v</MediaId><Format>amr</Format><MediaId16K>v16</MediaId16K><Recognition>水管漏了</Recognition><MsgId>3</MsgId></xml>`,
		Message{MediaID: "v", Format: "amr", MediaID16K: "v16", Recognition: "水管漏了", MsgID: 3}, "m:3",
	},
	{
		"video", commonHead("video") + `<MediaId>v</MediaId><ThumbMediaId>t</ThumbMediaId><MsgId>4</MsgId></xml>`,
		Message{MediaID: "v", ThumbMediaID: "t", MsgID: 4}, "m:4",
	},
	{
		"shortvideo", commonHead("shortvideo") + `<MediaId>v</MediaId><ThumbMediaId>t</ThumbMediaId><MsgId>5</MsgId></xml>`,
		Message{MediaID: "v", ThumbMediaID: "t", MsgID: 5}, "m:5",
	},
	{
		"location", commonHead("location") + `<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20</Scale><Label><![CDATA[天河路]]></Label><MsgId>6</MsgId></xml>`,
		Message{LocationX: 23.134521, LocationY: 113.358803, Scale: "20", Label: "天河路", MsgID: 6}, "m:6",
	},
	{
		"link", commonHead("link") + `<Title>t</Title><Description>d</Description><Url>https://a.cn/</Url><MsgId>7</MsgId></xml>`,
		Message{Title: "t", Description: "d", URL: "https://a.cn/", MsgID: 7}, "m:7",
	},
	{
		"unknown type", commonHead("hologram") + `<Depth><Deeper>1</Deeper><Deeper>2</Deeper></Depth><MsgId>8</MsgId></xml>`,
		Message{MsgID: 8}, "m:8",
	},
	{
		"subscribe, plain", commonHead("event") + `<Event>subscribe</Event><EventKey></EventKey></xml>`,
		Message{Event: "subscribe"}, "e:o_citizen:1348831860:subscribe:",
	},
	{
		"subscribe by QR", commonHead("event") + `<Event>subscribe</Event><EventKey>qrscene_12</EventKey><Ticket>T</Ticket></xml>`,
		Message{Event: "subscribe", EventKey: "qrscene_12", Ticket: "T"}, "e:o_citizen:1348831860:subscribe:qrscene_12",
	},
	{
		"unsubscribe", commonHead("event") + `<Event>unsubscribe</Event><EventKey><![CDATA[]]></EventKey></xml>`,
		Message{Event: "unsubscribe"}, "e:o_citizen:1348831860:unsubscribe:",
	},
	{
		"SCAN", commonHead("event") + `<Event>SCAN</Event><EventKey>12</EventKey><Ticket>T</Ticket></xml>`,
		Message{Event: "SCAN", EventKey: "12", Ticket: "T"}, "e:o_citizen:1348831860:SCAN:12",
	},
	{
		"LOCATION", commonHead("event") + `<Event>LOCATION</Event><Latitude>23.137466</Latitude><Longitude>113.352425</Longitude><Precision>119.385040</Precision></xml>`,
		Message{Event: "LOCATION", Latitude: 23.137466, Longitude: 113.352425, Precision: 119.38504},
		"e:o_citizen:1348831860:LOCATION:",
	},
	{
		"VIEW", commonHead("event") + `<Event>VIEW</Event><EventKey>https://a.cn/?x=1</EventKey><MenuId>420</MenuId></xml>`,
		Message{Event: "VIEW", EventKey: "https://a.cn/?x=1", MenuID: "420"}, "e:o_citizen:1348831860:VIEW:https://a.cn/?x=1",
	},
	{
		"scancode_waitmsg", commonHead("event") + `<Event>scancode_waitmsg</Event><EventKey>6</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>2</ScanResult></ScanCodeInfo></xml>`,
		Message{Event: "scancode_waitmsg", EventKey: "6", ScanCodeInfo: &ScanCodeInfo{"qrcode", "2"}},
		"e:o_citizen:1348831860:scancode_waitmsg:6",
	},
	{
		"pic_weixin", commonHead("event") + `<Event>pic_weixin</Event><EventKey>6</EventKey><SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>aa</PicMd5Sum></item><item><PicMd5Sum>bb</PicMd5Sum></item></PicList></SendPicsInfo></xml>`,
		Message{Event: "pic_weixin", EventKey: "6", SendPicsInfo: &SendPicsInfo{2, []string{"aa", "bb"}}},
		"e:o_citizen:1348831860:pic_weixin:6",
	},
	{
		"location_select", commonHead("event") + `<Event>location_select</Event><EventKey>6</EventKey><SendLocationInfo><Location_X>23</Location_X><Location_Y>113</Location_Y><Scale>15</Scale><Label>广州</Label><Poiname></Poiname></SendLocationInfo></xml>`,
		Message{Event: "location_select", EventKey: "6", SendLocationInfo: &SendLocationInfo{23, 113, "15", "广州", ""}},
		"e:o_citizen:1348831860:location_select:6",
	},
	{
		"MASSSENDJOBFINISH", commonHead("event") + `<Event>MASSSENDJOBFINISH</Event><MsgID>1000001625</MsgID><Status>err(30003)</Status><TotalCount>4</TotalCount><FilterCount>3</FilterCount><SentCount>2</SentCount><ErrorCount>1</ErrorCount>
<CopyrightCheckResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx><UserDeclareState>0</UserDeclareState><AuditState>2</AuditState><OriginalArticleUrl>u</OriginalArticleUrl><OriginalArticleType>1</OriginalArticleType><CanReprint>1</CanReprint><NeedReplaceContent>1</NeedReplaceContent><NeedShowReprintSource>1</NeedShowReprintSource></item></ResultList><CheckState>2</CheckState></CopyrightCheckResult>
<ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx><ArticleUrl>https://mp/s</ArticleUrl></item></ResultList></ArticleUrlResult></xml>`,
		Message{Event: "MASSSENDJOBFINISH", JobID: 1000001625, Status: "err(30003)", TotalCount: 4, FilterCount: 3, SentCount: 2, ErrorCount: 1,
			CopyrightCheckResult: &CopyrightCheckResult{1, []CopyrightItem{{1, 0, 2, "u", 1, 1, 1, 1}}, 2},
			ArticleURLResult:     &ArticleURLResult{1, []ArticleURL{{1, "https://mp/s"}}}},
		"e:o_citizen:1348831860:MASSSENDJOBFINISH:1000001625",
	},
	{
		"TEMPLATESENDJOBFINISH", commonHead("event") + `<Event>TEMPLATESENDJOBFINISH</Event><MsgID>200163840</MsgID><Status>failed: user Block</Status></xml>`,
		Message{Event: "TEMPLATESENDJOBFINISH", JobID: 200163840, Status: "failed: user Block"},
		"e:o_citizen:1348831860:TEMPLATESENDJOBFINISH:200163840",
	},
	{
		"PUBLISHJOBFINISH", commonHead("event") + `<Event>PUBLISHJOBFINISH</Event><PublishEventInfo><publish_id>2247503051</publish_id><publish_status>2</publish_status><article_id>b5O2</article_id><article_detail><count>1</count><item><idx>1</idx><article_url>https://mp/s</article_url></item></article_detail><fail_idx>1</fail_idx><fail_idx>2</fail_idx></PublishEventInfo></xml>`,
		Message{Event: "PUBLISHJOBFINISH", PublishEventInfo: &PublishEventInfo{"2247503051", 2, "b5O2", 1, []ArticleURL{{1, "https://mp/s"}}, []int{1, 2}}},
		"e:o_citizen:1348831860:PUBLISHJOBFINISH:2247503051",
	},
	{
		"subscribe_msg_popup_event", commonHead("event") + `<Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent><List><TemplateId>a</TemplateId><SubscribeStatusString>accept</SubscribeStatusString><PopupScene>2</PopupScene></List><List><TemplateId>b</TemplateId><SubscribeStatusString>reject</SubscribeStatusString><PopupScene>2</PopupScene></List></SubscribeMsgPopupEvent></xml>`,
		Message{Event: "subscribe_msg_popup_event", SubscribeMsgPopupEvent: []SubscribeChoice{{"a", "accept", "2"}, {"b", "reject", "2"}}},
		"e:o_citizen:1348831860:subscribe_msg_popup_event:",
	},
	{
		"subscribe_msg_change_event", commonHead("event") + `<Event>subscribe_msg_change_event</Event><SubscribeMsgChangeEvent><List><TemplateId>a</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List></SubscribeMsgChangeEvent></xml>`,
		Message{Event: "subscribe_msg_change_event", SubscribeMsgChangeEvent: []SubscribeChoice{{"a", "reject", ""}}},
		"e:o_citizen:1348831860:subscribe_msg_change_event:",
	},
	{
		"subscribe_msg_sent_event", commonHead("event") + `<Event>subscribe_msg_sent_event</Event><SubscribeMsgSentEvent><List><TemplateId>a</TemplateId><MsgID>1700</MsgID><ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus></List></SubscribeMsgSentEvent></xml>`,
		Message{Event: "subscribe_msg_sent_event", SubscribeMsgSentEvent: []SubscribeSent{{"a", 1700, 0, "success"}}},
		"e:o_citizen:1348831860:subscribe_msg_sent_event:1700",
	},
	{
		"user_authorization_revoke", commonHead("event") + `<Event>user_authorization_revoke</Event><OpenID>o_x</OpenID><UnionID>u_x</UnionID><AppID>wx1</AppID><RevokeInfo>1</RevokeInfo></xml>`,
		Message{Event: "user_authorization_revoke", OpenID: "o_x", UnionID: "u_x", AppID: "wx1", RevokeInfo: "1"},
		"e:o_citizen:1348831860:user_authorization_revoke:",
	},
	{
		"naming_verify_fail", commonHead("event") + `<Event>naming_verify_fail</Event><FailTime>1442401061</FailTime><FailReason>by time</FailReason></xml>`,
		Message{Event: "naming_verify_fail", FailTime: 1442401061, FailReason: "by time"},
		"e:o_citizen:1348831860:naming_verify_fail:",
	},
	{
		"verify_expired", commonHead("event") + `<Event>verify_expired</Event><ExpiredTime>1442401061</ExpiredTime></xml>`,
		Message{Event: "verify_expired", ExpiredTime: 1442401061}, "e:o_citizen:1348831860:verify_expired:",
	},
	{
		"kf_switch_session", commonHead("event") + `<Event>kf_switch_session</Event><FromKfAccount>a@b</FromKfAccount><ToKfAccount>c@b</ToKfAccount></xml>`,
		Message{Event: "kf_switch_session", FromKfAccount: "a@b", ToKfAccount: "c@b"}, "e:o_citizen:1348831860:kf_switch_session:",
	},
	{
		"kf_close_session", commonHead("event") + `<Event>kf_close_session</Event><KfAccount>a@b</KfAccount><CloseType>KF</CloseType></xml>`,
		Message{Event: "kf_close_session", KfAccount: "a@b", CloseType: "KF"}, "e:o_citizen:1348831860:kf_close_session:",
	},
	{
		"unknown event", commonHead("event") + `<Event>card_pass_check</Event><CardId>c</CardId></xml>`,
		Message{Event: "card_pass_check"}, "e:o_citizen:1348831860:card_pass_check:",
	},
}

// commonHead is the part that all pushes share, with a comment and layout as hand-written fixtures have them.
func commonHead(msgType string) string {
	return "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>\n<FromUserName><![CDATA[o_citizen]]></FromUserName><!-- x -->" +
		"<CreateTime>1348831860</CreateTime><MsgType><![CDATA[" + msgType + "]]></MsgType>\n"
}

// notices go to a third-party platform and have no sender.
const ticketNotice = `<xml><AppId>wx_c</AppId><CreateTime>1413192605</CreateTime><InfoType>component_verify_ticket</InfoType><ComponentVerifyTicket>ticket@@@x</ComponentVerifyTicket></xml>`

const authorizedNotice = `<xml><AppId>wx_c</AppId><CreateTime>1413192760</CreateTime><InfoType>authorized</InfoType><AuthorizerAppid>wx_a</AuthorizerAppid><AuthorizationCode>code</AuthorizationCode><AuthorizationCodeExpiredTime>600</AuthorizationCodeExpiredTime><PreAuthCode>pre</PreAuthCode></xml>`
