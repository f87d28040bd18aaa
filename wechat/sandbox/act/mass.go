package act

import (
	"context"
	"encoding/json"
	"slices"

	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// What MASSSENDJOBFINISH says. WeChat docs: Batch_Sends.
const (
	massSuccess = "send success"
	massReprint = "err(30003)" // judged to be a reprint, and nobody wanted it sent as one
)

// massArrived ends a mass message: it stands in the chats, or its draft is back, and the account hears of it.
func (x *Acts) massArrived(ctx context.Context, tx *db.Tx, row state.Later) error {
	var n int64
	if err := json.Unmarshal(row.Doc, &n); err != nil {
		return err
	}
	b, err := x.Store.MassN(ctx, tx, n)
	if err != nil {
		return err
	}
	m := &wechat.Message{MsgType: "event", Event: "MASSSENDJOBFINISH", FromUserName: "mphelper", JobID: b.MsgID, Status: b.Job.Result,
		TotalCount: int(b.Total)}
	if len(b.Job.Articles) > 0 {
		m.CopyrightCheckResult = copyright(b)
	}
	if m.Status == "" {
		m.Status = massSuccess
		if len(b.Job.Reprint) > 0 && !b.Job.IgnoreReprint {
			m.Status = massReprint
		}
	}
	if m.Status == massSuccess {
		err = x.massDelivered(ctx, tx, &b, m)
	} else {
		err = x.massFailed(ctx, tx, b)
	}
	if err != nil {
		return err
	}
	return x.send(ctx, tx, scene{account: x.Store.AccountN(b.Account)}, state.Contact{}, m, 0)
}

func (x *Acts) massDelivered(ctx context.Context, tx *db.Tx, b *state.Broadcast, m *wechat.Message) error {
	m.FilterCount, m.SentCount = int(b.Filtered), int(b.Filtered)
	if len(b.Job.Articles) > 0 {
		_, list, err := x.Store.AddPublication(ctx, tx, state.Publication{Account: b.Account, How: state.ByMass, MsgDataID: b.MsgDataID,
			History: b.ToAll}, b.Job.Articles, state.Readable)
		if err != nil {
			return err
		}
		b.ItemType, b.Body = state.ArticleCard(x.Base, list)
		m.ArticleURLResult = &wechat.ArticleURLResult{Count: len(list)}
		for i, a := range list {
			m.ArticleURLResult.Items = append(m.ArticleURLResult.Items, wechat.ArticleURL{Idx: i + 1, URL: x.Base + state.ArticlePath(a.ID)})
		}
	}
	b.State = state.MassSent
	return x.Store.EndMass(ctx, tx, *b)
}

func (x *Acts) massFailed(ctx context.Context, tx *db.Tx, b state.Broadcast) error {
	b.State = state.MassFailed
	if err := x.Store.EndMass(ctx, tx, b); err != nil || len(b.Job.Articles) == 0 {
		return err
	}
	_, err := x.Store.AddDraft(ctx, tx, state.Draft{Account: b.Account, MediaID: b.MediaID, Articles: b.Job.Articles, MadeAt: b.Job.DraftedAt,
		UpdatedAt: x.Store.Civil()})
	return err
}

// copyright is the check of every article: original, or a reprint that may be sent as one (the values are unverified).
func copyright(b state.Broadcast) *wechat.CopyrightCheckResult {
	out := &wechat.CopyrightCheckResult{Count: len(b.Job.Articles), CheckState: 1}
	for i := range b.Job.Articles {
		item := wechat.CopyrightItem{ArticleIdx: i + 1, AuditState: 1, CanReprint: 1}
		if slices.Contains(b.Job.Reprint, i+1) {
			item.AuditState, item.OriginalArticleURL, item.NeedReplaceContent, item.NeedShowReprintSource = 2, "https://mp.weixin.qq.com/s/original", 1, 1
			out.CheckState = 2
		}
		out.Items = append(out.Items, item)
	}
	return out
}
