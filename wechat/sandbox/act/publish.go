package act

import (
	"context"
	"encoding/json"
	"strconv"

	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// published ends the checks of a publication: its articles can be read or the draft is back, and the account hears of it.
func (x *Acts) published(ctx context.Context, tx *db.Tx, row state.Later) error {
	var due state.DuePublication
	if err := json.Unmarshal(row.Doc, &due); err != nil {
		return err
	}
	j, err := x.Store.PublishJobN(ctx, tx, due.Job)
	if err != nil {
		return err
	}
	a := x.Store.AccountN(j.Account)
	info := &wechat.PublishEventInfo{PublishID: strconv.FormatInt(j.ID(), 10), Status: due.Status, FailIdx: due.FailIdx}
	j.Status, j.FailIdx = due.Status, due.FailIdx
	if articleState, ok := outcomes[due.Status]; ok {
		p, list, err := x.Store.AddPublication(ctx, tx, state.Publication{Account: j.Account, How: state.ByPublish, MsgDataID: j.MsgDataID},
			j.Articles, articleState)
		if err != nil {
			return err
		}
		j.ArticleID, info.ArticleID, info.Count = p.ArticleID, p.ArticleID, len(list)
		for i, art := range list {
			info.Articles = append(info.Articles, wechat.ArticleURL{Idx: i + 1, URL: x.Base + state.ArticlePath(art.ID)})
		}
	}
	if err := x.Store.EndPublish(ctx, tx, j); err != nil {
		return err
	}
	return x.send(ctx, tx, scene{account: a}, state.Contact{},
		&wechat.Message{MsgType: "event", Event: "PUBLISHJOBFINISH", FromUserName: systemSender, PublishEventInfo: info}, 0)
}

// outcomes are the states of articles by the publish_status of what came to be published.
var outcomes = map[int]string{
	state.PublishDone: state.Readable, state.PublishDeleted: state.Deleted, state.PublishBanned: state.Banned,
}
