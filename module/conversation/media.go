package conversation

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// MediaState is what became of a picture, voice or video that a follower sent.
type MediaState string

// The states. Waiting goes on being tried while WeChat keeps the file; Gone is over, Refused is too large for us.
const (
	MediaWaiting MediaState = "waiting"
	MediaKept    MediaState = "kept"
	MediaGone    MediaState = "gone"
	MediaRefused MediaState = "refused"
)

// mediaLife is how long WeChat keeps what a follower sent. WeChat docs: Receiving_standard_messages (media_id, 3 days).
const mediaLife = 3 * 24 * time.Hour

// mediaLimits are the most bytes that are kept, by kind: what WeChat lets people send, and nothing beyond.
var mediaLimits = map[string]int64{"image": 10 << 20, "voice": 2 << 20, "video": 20 << 20, "shortvideo": 20 << 20}

// Media is a file of a line.
type Media struct {
	Line        int64
	Kind        string
	State       MediaState
	Problem     string // message key: why it is not (yet) here
	ContentType string // found out from the content; "" while it is not here
	Size        int64  // bytes
}

// media is the whole row.
type media struct {
	Media
	conversation, account, follower int64
	id                              string // WeChat's
	blob                            string
	keySealed                       []byte
	expires                         time.Time // civil
}

const mediaColumns = `m.line_id, m.kind, m.state, m.problem, m.content_type, m.size, m.conversation_id, m.account_id,
	c.follower_id, m.media_id, m.blob, m.key_sealed, m.expires_at`

const mediaFrom = ` from conversation_media m join conversation c on c.id = m.conversation_id `

func scanMedia(scan db.Scan) (m media, err error) {
	var expires int64
	err = scan(&m.Line, &m.Kind, &m.State, &m.Problem, &m.ContentType, &m.Size, &m.conversation, &m.account, &m.follower,
		&m.id, &m.blob, &m.keySealed, &expires)
	m.expires = clock.FromMillis(expires)
	return m, err
}

// MediaOf returns the files of a conversation's lines from one id to another, by line.
func (s *Service) MediaOf(ctx context.Context, conversation, from, to int64) (map[int64]Media, error) {
	list, err := db.All(ctx, s.db, scanMedia, `select `+mediaColumns+mediaFrom+`
		where m.conversation_id=$1 and m.line_id between $2 and $3`, conversation, from, to)
	if err != nil {
		return nil, errs.Wrap(err, "files of conversation %d", conversation)
	}
	found := make(map[int64]Media, len(list))
	for _, m := range list {
		found[m.Line] = m.Media
	}
	return found, nil
}

var errNoMedia = errs.New(errs.NotFound, "conversation.no_media")

// OpenMedia opens the file of a line of a conversation for reading; close it. One that is not (yet) here, or of another
// conversation, is errs.NotFound "conversation.no_media".
func (s *Service) OpenMedia(ctx context.Context, conversation, line int64) (Media, io.ReadCloser, error) {
	m, err := db.One(ctx, s.db, scanMedia, `select `+mediaColumns+mediaFrom+`where m.line_id=$1 and m.conversation_id=$2`,
		line, conversation)
	if errs.Is(err, errs.NotFound) || err == nil && m.State != MediaKept {
		return Media{}, nil, errNoMedia
	}
	if err != nil {
		return Media{}, nil, errs.Wrap(err, "file of line %d", line)
	}
	key, err := s.mediaKey(ctx, s.db, m)
	if err != nil {
		return Media{}, nil, errs.Wrap(err, "key of the file of line %d", line)
	}
	file, _, err := s.Files.Open(ctx, m.blob)
	if err != nil {
		return Media{}, nil, errs.Wrap(err, "open the file of line %d", line)
	}
	return m.Media, struct {
		io.Reader
		io.Closer
	}{open(file, key, sealMedia(line)), file}, nil
}

func sealMedia(line int64) string { return "conversation.media:" + strconv.FormatInt(line, 10) }

// mediaKey opens a file's key with the follower's.
func (s *Service) mediaKey(ctx context.Context, q db.Queryer, m media) (crypt.DataKey, error) {
	person, err := s.Followers.KeyOf(ctx, q, m.follower)
	if err != nil {
		return crypt.DataKey{}, err
	}
	wrapped, err := person.Open(m.keySealed, sealMedia(m.Line))
	if err != nil {
		return crypt.DataKey{}, err
	}
	return s.Keys.UnwrapDataKey(wrapped)
}

// sniff tells what a file is by its first bytes.
func sniff(kind string, head []byte) string {
	if bytes.HasPrefix(head, []byte("#!AMR")) { // RFC 4867, section 5
		return "audio/amr"
	}
	found, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if kind == "voice" && (len(head) > 1 && head[0] == 0xff && head[1]&0xe0 == 0xe0) { // an MP3 without an ID3 tag
		return "audio/mpeg"
	}
	return found
}
