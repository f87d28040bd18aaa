package wechat

func (w *writer) sendPics(v *SendPicsInfo) {
	w.in("SendPicsInfo", func() {
		w.b = appendInt(w.b, "Count", int64(v.Count))
		w.in("PicList", func() {
			for _, sum := range v.PicMD5s {
				w.in("item", func() { w.always("PicMd5Sum", sum) })
			}
		})
	})
}

func (w *writer) sendLocation(v *SendLocationInfo) {
	w.in("SendLocationInfo", func() {
		w.real("Location_X", v.LocationX)
		w.real("Location_Y", v.LocationY)
		w.always("Scale", v.Scale)
		w.always("Label", v.Label)
		w.always("Poiname", v.PoiName)
	})
}

func (w *writer) choices(name string, all []SubscribeChoice) {
	if len(all) == 0 {
		return
	}
	w.in(name, func() {
		for _, v := range all {
			w.in("List", func() {
				w.always("TemplateId", v.TemplateID)
				w.always("SubscribeStatusString", v.Status)
				w.str("PopupScene", v.PopupScene)
			})
		}
	})
}

func (w *writer) sentNotices(all []SubscribeSent) {
	if len(all) == 0 {
		return
	}
	w.in("SubscribeMsgSentEvent", func() {
		for _, v := range all {
			w.in("List", func() {
				w.always("TemplateId", v.TemplateID)
				w.b = appendInt(w.b, "MsgID", v.MsgID)
				w.b = appendInt(w.b, "ErrorCode", int64(v.Code))
				w.always("ErrorStatus", v.Status)
			})
		}
	})
}

func (w *writer) copyright(v *CopyrightCheckResult) {
	w.in("CopyrightCheckResult", func() {
		w.b = appendInt(w.b, "Count", int64(v.Count))
		w.in("ResultList", func() {
			for _, item := range v.Items {
				w.in("item", func() { w.copyrightItem(item) })
			}
		})
		w.b = appendInt(w.b, "CheckState", int64(v.CheckState))
	})
}

func (w *writer) copyrightItem(v CopyrightItem) {
	w.b = appendInt(w.b, "ArticleIdx", int64(v.ArticleIdx))
	w.b = appendInt(w.b, "UserDeclareState", int64(v.UserDeclareState))
	w.b = appendInt(w.b, "AuditState", int64(v.AuditState))
	w.always("OriginalArticleUrl", v.OriginalArticleURL)
	w.b = appendInt(w.b, "OriginalArticleType", int64(v.OriginalArticleType))
	w.b = appendInt(w.b, "CanReprint", int64(v.CanReprint))
	w.b = appendInt(w.b, "NeedReplaceContent", int64(v.NeedReplaceContent))
	w.b = appendInt(w.b, "NeedShowReprintSource", int64(v.NeedShowReprintSource))
}

func (w *writer) articles(all []ArticleURL, idx, address string) {
	for _, v := range all {
		w.in("item", func() {
			w.b = appendInt(w.b, idx, int64(v.Idx))
			w.always(address, v.URL)
		})
	}
}

func (w *writer) publish(v *PublishEventInfo) {
	w.in("PublishEventInfo", func() {
		w.always("publish_id", v.PublishID)
		w.b = appendInt(w.b, "publish_status", int64(v.Status))
		w.str("article_id", v.ArticleID)
		if v.Count != 0 || len(v.Articles) > 0 {
			w.in("article_detail", func() {
				w.b = appendInt(w.b, "count", int64(v.Count))
				w.articles(v.Articles, "idx", "article_url")
			})
		}
		for _, idx := range v.FailIdx {
			w.b = appendInt(w.b, "fail_idx", int64(idx))
		}
	})
}
