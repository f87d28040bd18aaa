package conversation

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"weizheng/platform/blob"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

// expect notes that a line has a file at WeChat, and has it fetched. Without the follower's key nothing can be kept: they
// are being erased.
func (s *Service) expect(ctx context.Context, tx *db.Tx, l draft, account, follower, now int64) error {
	if _, ok := mediaLimits[l.Kind]; !ok || l.Author != Citizen || l.Detail.MediaID == "" {
		return nil
	}
	person, err := s.Followers.KeyOf(ctx, tx, follower)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	wrapped, _, err := s.Keys.NewDataKey()
	if err != nil {
		return err
	}
	sealed, err := person.Seal(wrapped, sealMedia(l.ID))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into conversation_media (line_id, conversation_id, account_id, kind, state, problem, media_id, blob,
		key_sealed, content_type, size, expires_at, created_at) values ($1,$2,$3,$4,$5,'',$6,$7,$8,'',0,$9,$10)`,
		l.ID, l.Conversation, account, l.Kind, string(MediaWaiting), l.Detail.MediaID, blobName(l.ID), sealed,
		clock.Millis(l.At.Add(mediaLife)), now)
	if err != nil {
		return err
	}
	return s.Jobs.Enqueue(ctx, tx, fetchArgs{l.ID})
}

// blobName spreads the files over folders; the random part keeps a name from being guessed or used again.
func blobName(line int64) string {
	return "conversation/" + strconv.FormatInt(line%1000, 10) + "/" + strconv.FormatInt(line, 10) + "-" + crypt.RandomCode(12)
}

type fetchArgs struct {
	Line int64 `json:"line"`
}

// Kind names the job.
func (fetchArgs) Kind() string { return "conversation.media" }

// fetchPause is how long a file waits for what only time or people can mend: a spent quota, a suspended account.
const fetchPause = time.Hour

// fetch brings a file over. What may pass is tried again by the job's own rules, what takes longer after an hour, as long
// as WeChat keeps the file; what WeChat does not know (any more) is gone.
func (s *Service) fetch(ctx context.Context, args fetchArgs, a job.Attempt) error {
	m, err := db.One(ctx, s.db, scanMedia, `select `+mediaColumns+mediaFrom+`where m.line_id=$1`, args.Line)
	if errs.Is(err, errs.NotFound) || err == nil && m.State != MediaWaiting {
		return nil // erased, or fetched by an earlier run
	}
	if err != nil {
		return err
	}
	if !s.Civil.Now().Before(m.expires) {
		return s.settleMedia(ctx, m, MediaGone, "conversation.media_expired")
	}
	err = s.keep(ctx, &m)
	switch kind := errs.KindOf(err); {
	case err == nil:
		return s.settleMedia(ctx, m, MediaKept, "")
	case errs.As(err).Key() == "blob.large", errors.Is(err, errLargeMedia):
		return s.settleMedia(ctx, m, MediaRefused, "conversation.media_large")
	case kind == errs.NotFound, kind == errs.Invalid: // 40007: WeChat does not know the media id
		return s.settleMedia(ctx, m, MediaGone, "conversation.media_unknown")
	case kind == errs.Exhausted, kind == errs.Refused, a.N >= a.Max:
		s.Log.WarnContext(ctx, "a file is fetched later", "line", m.Line, "error", err)
		return s.fetchLater(ctx, m)
	default:
		return errs.Wrap(err, "fetch the file of line %d", m.Line)
	}
}

var errLargeMedia = errs.New(errs.Invalid, "conversation.media_large")

// keep streams a file from WeChat through its key into the store.
func (s *Service) keep(ctx context.Context, m *media) error {
	key, err := s.mediaKey(ctx, s.db, *m)
	if err != nil {
		return err
	}
	d, err := s.WeChat.Media(ctx, m.account, m.id)
	if err != nil {
		return err
	}
	defer func() { _ = d.Body.Close() }()
	limit := mediaLimits[m.Kind]
	if d.Size > limit {
		return errLargeMedia
	}
	content := &counted{r: blob.Limit(d.Body, limit)}
	src := bufio.NewReaderSize(content, 512) // what http.DetectContentType looks at
	head, err := src.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return broken(err)
	}
	m.ContentType = sniff(m.Kind, head)
	if _, err := s.Files.Put(ctx, m.blob, seal(src, key, sealMedia(m.Line))); err != nil {
		return broken(err)
	}
	m.Size = content.n
	return nil
}

// broken gives an error of a transfer its kind: one that has none is the connection's.
func broken(err error) error {
	if _, ok := errors.AsType[*errs.Error](err); ok {
		return err
	}
	return errs.New(errs.Unavailable, "conversation.media_broken").Because(err)
}

type counted struct {
	r io.Reader
	n int64
}

// Read reads on and counts.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// settleMedia writes down how a fetch ended. A file whose row is gone meanwhile is removed again.
func (s *Service) settleMedia(ctx context.Context, m media, state MediaState, problem string) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		err := db.ExpectOne(tx.Exec(ctx, `update conversation_media set state=$2, problem=$3, media_id='', content_type=$4, size=$5
			where line_id=$1 and state=$6`, m.Line, string(state), problem, m.ContentType, m.Size, string(MediaWaiting)))
		if err != nil {
			return err
		}
		return s.moved(ctx, tx, m.conversation)
	})
	if !errs.Is(err, errs.Conflict) {
		return errs.Wrap(err, "settle the file of line %d", m.Line)
	}
	present, err := db.One(ctx, s.db, db.Value[int64], `select count(*) from conversation_media where line_id=$1`, m.Line)
	if err != nil || present > 0 {
		return err // another run was faster; it wrote the same file
	}
	return s.Files.Delete(ctx, m.blob)
}

func (s *Service) fetchLater(ctx context.Context, m media) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `update conversation_media set problem=$2 where line_id=$1`, m.Line, "conversation.media_later")
		if err != nil {
			return err
		}
		if err := s.moved(ctx, tx, m.conversation); err != nil {
			return err
		}
		return s.Jobs.Enqueue(ctx, tx, fetchArgs{m.Line}, job.At(s.Wall.Now().Add(fetchPause)))
	})
	return errs.Wrap(err, "put off the file of line %d", m.Line)
}

// moved tells the browsers that a conversation looks different.
func (s *Service) moved(ctx context.Context, tx *db.Tx, conversation int64) error {
	var version int64
	err := tx.QueryRow(ctx, `update conversation set version=version+1 where id=$1 returning version`, conversation).Scan(&version)
	if err != nil {
		return err
	}
	return s.Hints.Publish(tx, Topic, conversation, version)
}

type dropArgs struct {
	Blob string `json:"blob"`
}

// Kind names the job.
func (dropArgs) Kind() string { return "conversation.media_drop" }

// drop removes a file whose row and key are gone already.
func (s *Service) drop(ctx context.Context, args dropArgs, _ job.Attempt) error {
	return s.Files.Delete(ctx, args.Blob)
}

// dropAll takes the files of a conversation away: rows and keys in this transaction, contents by jobs after it.
func (s *Service) dropAll(ctx context.Context, tx *db.Tx, conversation int64) error {
	blobs, err := db.All(ctx, tx, db.Value[string], `delete from conversation_media where conversation_id=$1 returning blob`, conversation)
	if err != nil {
		return errs.Wrap(err, "erase files of conversation %d", conversation)
	}
	for _, b := range blobs {
		if err := s.Jobs.Enqueue(ctx, tx, dropArgs{b}); err != nil {
			return err
		}
	}
	return nil
}
