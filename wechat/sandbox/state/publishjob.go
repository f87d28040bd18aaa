package state

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
)

// DuePublish is the kind of row that ends a publication's checks; its document is the job's number.
const DuePublish = "publish"

// The values of publish_status. WeChat docs: freepublish_get.
const (
	PublishDone       = 0
	PublishRunning    = 1
	PublishOriginal   = 2 // the original check failed
	PublishFailed     = 3
	PublishRefused    = 4 // by the platform's review
	PublishDeleted    = 5 // it succeeded, and the user deleted all of it
	PublishBanned     = 6 // it succeeded, and the system banned all of it
	firstPublishID    = 100_000_000
	publishTakes      = 1000 // civil ms of the checks, unless the outcome says otherwise
	longestPublishing = 30 * 24 * 3600 * 1000
)

// PublishJob is a publication on its way.
type PublishJob struct {
	N, Account int64
	MediaID    string
	MsgDataID  int64
	Articles   []Article
	Status     int
	ArticleID  string // of what was published
	FailIdx    []int  // from 1
	MadeAt     int64
	DraftedAt  int64 // when the draft was made
}

// ID is the publish_id.
func (j PublishJob) ID() int64 { return firstPublishID + j.N }

const publishJobColumns = "n, account, media_id, msg_data_id, doc, status, article_id, fail_idx, made_at, drafted_at"

func scanPublishJob(scan db.Scan) (PublishJob, error) {
	var j PublishJob
	var doc, failed []byte
	if err := scan(&j.N, &j.Account, &j.MediaID, &j.MsgDataID, &doc, &j.Status, &j.ArticleID, &failed, &j.MadeAt, &j.DraftedAt); err != nil {
		return j, err
	}
	if err := json.Unmarshal(failed, &j.FailIdx); err != nil {
		return j, err
	}
	return j, json.Unmarshal(doc, &j.Articles)
}

// StartPublish takes a draft out of the box and has its checks end later, as the account's next outcome says.
func (s *Store) StartPublish(ctx context.Context, tx *db.Tx, d Draft) (PublishJob, error) {
	j := PublishJob{Account: d.Account, MediaID: d.MediaID, Articles: d.Articles, Status: PublishRunning, MadeAt: s.Civil(), DraftedAt: d.MadeAt}
	if err := s.RemoveDraft(ctx, tx, d); err != nil {
		return j, err
	}
	o, err := s.takeOutcome(ctx, tx, d.Account, GoalPublish)
	if err != nil {
		return j, err
	}
	if j.MsgDataID, err = s.NextMsgDataID(ctx, tx); err != nil {
		return j, err
	}
	doc, err := json.Marshal(j.Articles)
	if err != nil {
		return j, err
	}
	if err := tx.QueryRow(ctx, `insert into publish_job (account, media_id, msg_data_id, doc, status, article_id, fail_idx, made_at, drafted_at)
		values ($1, $2, $3, $4, $5, '', '[]', $6, $7) returning n`, j.Account, j.MediaID, j.MsgDataID, string(doc), j.Status, j.MadeAt,
		j.DraftedAt).Scan(&j.N); err != nil {
		return j, err
	}
	takes := int64(publishTakes)
	if o.AfterMS > 0 {
		takes = o.AfterMS
	}
	return j, s.AddLater(ctx, tx, s.Civil()+takes, DuePublish, DuePublication{Job: j.N, Status: o.Status, FailIdx: o.FailIdx})
}

// DuePublication says how a job ends.
type DuePublication struct {
	Job     int64 `json:"job"`
	Status  int   `json:"status"`
	FailIdx []int `json:"fail_idx,omitempty"`
}

// PublishJob finds a job by its publish_id; ErrNoArticle.
func (s *Store) PublishJob(ctx context.Context, q db.Queryer, account, id int64) (PublishJob, error) {
	j, err := db.One(ctx, q, scanPublishJob, "select "+publishJobColumns+" from publish_job where n=$1 and account=$2", id-firstPublishID, account)
	return j, none(err, ErrNoArticle)
}

// PublishJobN finds a job by its number.
func (s *Store) PublishJobN(ctx context.Context, q db.Queryer, n int64) (PublishJob, error) {
	j, err := db.One(ctx, q, scanPublishJob, "select "+publishJobColumns+" from publish_job where n=$1", n)
	return j, none(err, ErrNoArticle)
}

// EndPublish notes how a job ended; a draft that was not published is in the box again.
func (s *Store) EndPublish(ctx context.Context, tx *db.Tx, j PublishJob) error {
	if j.FailIdx == nil {
		j.FailIdx = []int{}
	}
	failed, err := json.Marshal(j.FailIdx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "update publish_job set status=$1, article_id=$2, fail_idx=$3 where n=$4", j.Status, j.ArticleID, string(failed), j.N); err != nil {
		return err
	}
	if j.ArticleID != "" {
		return nil
	}
	_, err = s.AddDraft(ctx, tx, Draft{Account: j.Account, MediaID: j.MediaID, Articles: j.Articles, MadeAt: j.DraftedAt, UpdatedAt: s.Civil()})
	return err
}

// SettlePublish has the job of a publication say that all of it is gone, if it is: state is Deleted or Banned.
func (s *Store) SettlePublish(ctx context.Context, tx *db.Tx, p Publication, state string) error {
	status := PublishDeleted
	if state == Banned {
		status = PublishBanned
	}
	_, err := tx.Exec(ctx, `update publish_job set status=$1 where article_id=$2
		and not exists (select 1 from article where publication=$3 and state='')`, status, p.ArticleID, p.N)
	return err
}
