package wechat

func (r *reader) scanCode(i int) *ScanCodeInfo {
	v := &ScanCodeInfo{}
	r.each(i, func(name string, c int) bool {
		switch name {
		case "ScanType":
			v.ScanType = r.word(c)
		case "ScanResult":
			v.ScanResult = r.str(c)
		default:
			return false
		}
		return true
	})
	return v
}

func (r *reader) sendPics(i int) *SendPicsInfo {
	v := &SendPicsInfo{}
	r.each(i, func(name string, c int) bool {
		switch name {
		case "Count":
			v.Count = r.count(c)
		case "PicList":
			r.items(c, func(name string, c int) bool {
				if name != "PicMd5Sum" {
					return false
				}
				v.PicMD5s = append(v.PicMD5s, r.word(c))
				return true
			})
		default:
			return false
		}
		return true
	})
	return v
}

func (r *reader) sendLocation(i int) *SendLocationInfo {
	v := &SendLocationInfo{}
	r.each(i, func(name string, c int) bool {
		switch name {
		case "Location_X":
			v.LocationX = r.real(c)
		case "Location_Y":
			v.LocationY = r.real(c)
		case "Scale":
			v.Scale = r.word(c)
		case "Label":
			v.Label = r.str(c)
		case "Poiname":
			v.PoiName = r.str(c)
		default:
			return false
		}
		return true
	})
	return v
}

// items calls take for the children of every item of the list i.
func (r *reader) items(i int, take func(name string, c int) bool) {
	r.each(i, func(name string, c int) bool {
		if name != "item" {
			return false
		}
		r.each(c, take)
		return true
	})
}

// lists calls make for every List of element i: the subscription events have several of them side by side.
func (r *reader) lists(i int, one func(list int)) {
	r.each(i, func(name string, c int) bool {
		if name != "List" {
			return false
		}
		one(c)
		return true
	})
}

func (r *reader) choices(i int) []SubscribeChoice {
	var all []SubscribeChoice
	r.lists(i, func(list int) {
		var v SubscribeChoice
		r.each(list, func(name string, c int) bool {
			switch name {
			case "TemplateId":
				v.TemplateID = r.word(c)
			case "SubscribeStatusString":
				v.Status = r.word(c)
			case "PopupScene":
				v.PopupScene = r.word(c)
			default:
				return false
			}
			return true
		})
		all = append(all, v)
	})
	return all
}

func (r *reader) sentNotices(i int) []SubscribeSent {
	var all []SubscribeSent
	r.lists(i, func(list int) {
		var v SubscribeSent
		r.each(list, func(name string, c int) bool {
			switch name {
			case "TemplateId":
				v.TemplateID = r.word(c)
			case "MsgID":
				v.MsgID = r.num(c)
			case "ErrorCode":
				v.Code = r.count(c)
			case "ErrorStatus":
				v.Status = r.str(c)
			default:
				return false
			}
			return true
		})
		all = append(all, v)
	})
	return all
}

func (r *reader) copyright(i int) *CopyrightCheckResult {
	v := &CopyrightCheckResult{}
	r.each(i, func(name string, c int) bool {
		switch name {
		case "Count":
			v.Count = r.count(c)
		case "CheckState":
			v.CheckState = r.count(c)
		case "ResultList":
			r.each(c, func(name string, c int) bool {
				if name != "item" {
					return false
				}
				v.Items = append(v.Items, r.copyrightItem(c))
				return true
			})
		default:
			return false
		}
		return true
	})
	return v
}

func (r *reader) copyrightItem(i int) CopyrightItem {
	var v CopyrightItem
	r.each(i, func(name string, c int) bool {
		switch name {
		case "ArticleIdx":
			v.ArticleIdx = r.count(c)
		case "UserDeclareState":
			v.UserDeclareState = r.count(c)
		case "AuditState":
			v.AuditState = r.count(c)
		case "OriginalArticleUrl":
			v.OriginalArticleURL = r.word(c)
		case "OriginalArticleType":
			v.OriginalArticleType = r.count(c)
		case "CanReprint":
			v.CanReprint = r.count(c)
		case "NeedReplaceContent":
			v.NeedReplaceContent = r.count(c)
		case "NeedShowReprintSource":
			v.NeedShowReprintSource = r.count(c)
		default:
			return false
		}
		return true
	})
	return v
}

func (r *reader) articleURLs(i int) *ArticleURLResult {
	v := &ArticleURLResult{}
	r.each(i, func(name string, c int) bool {
		switch name {
		case "Count":
			v.Count = r.count(c)
		case "ResultList":
			v.Items = r.articles(c, "ArticleIdx", "ArticleUrl")
		default:
			return false
		}
		return true
	})
	return v
}

// articles reads the items of a list of addresses, whose two elements are spelled differently in every event.
func (r *reader) articles(i int, idx, address string) []ArticleURL {
	var all []ArticleURL
	r.each(i, func(name string, c int) bool {
		if name != "item" {
			return false
		}
		var v ArticleURL
		r.each(c, func(name string, c int) bool {
			switch name {
			case idx:
				v.Idx = r.count(c)
			case address:
				v.URL = r.word(c)
			default:
				return false
			}
			return true
		})
		all = append(all, v)
		return true
	})
	return all
}

func (r *reader) publish(i int) *PublishEventInfo {
	v := &PublishEventInfo{}
	r.each(i, func(name string, c int) bool {
		switch name {
		case "publish_id":
			v.PublishID = r.word(c)
		case "publish_status":
			v.Status = r.count(c)
		case "article_id":
			v.ArticleID = r.word(c)
		case "fail_idx":
			v.FailIdx = append(v.FailIdx, r.count(c))
		case "article_detail":
			r.articleDetail(v, c)
		default:
			return false
		}
		return true
	})
	return v
}

// articleDetail reads count and the items, which stand side by side here.
func (r *reader) articleDetail(v *PublishEventInfo, i int) {
	r.each(i, func(name string, c int) bool {
		if name == "count" {
			v.Count = r.count(c)
			return true
		}
		return name == "item"
	})
	v.Articles = r.articles(i, "idx", "article_url")
}
