package conversation

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

const png = "\x89PNG\r\n\x1a\n"

// shows brings a picture, voice or video into the inbox and returns its line.
func (w *world) shows(person, kind, mediaID string) (conversation, line int64) {
	w.t.Helper()
	w.receives(Received{Inbound: 1, Account: 1, Person: person, At: w.clock.Now(), Waits: true,
		Line: Line{Author: Citizen, Kind: kind, Detail: Detail{MediaID: mediaID}}})
	c := w.only()
	lines, err := w.Lines(w.t.Context(), c.ID, 0, 1)
	if err != nil || len(lines) == 0 {
		w.t.Fatal(lines, err)
	}
	return c.ID, lines[0].ID
}

func (w *world) file(conversation, line int64) Media {
	w.t.Helper()
	list, err := w.MediaOf(w.t.Context(), conversation, line, line)
	if err != nil {
		w.t.Fatal(err)
	}
	return list[line]
}

func (w *world) jobs(kind string) int64 {
	w.t.Helper()
	n, err := db.One(w.t.Context(), w.db, db.Value[int64], `select count(*) from river_job where kind = $1`, kind)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) read(conversation, line int64) (Media, string) {
	w.t.Helper()
	m, file, err := w.OpenMedia(w.t.Context(), conversation, line)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(file)
	if err != nil {
		w.t.Fatal(err)
	}
	return m, string(content)
}

var first = job.Attempt{ID: 1, N: 1, Max: 25}

func TestAPictureIsFetchedSealedAndShown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		content := png + strings.Repeat("像素", 300_000) // several pieces
		w.weixin.files["M1"] = []byte(content)
		c, line := w.shows("p1", "image", "M1")
		if m := w.file(c, line); m.State != MediaWaiting || w.jobs("conversation.media") != 1 {
			t.Fatalf("after arriving: %+v", m)
		}
		if _, _, err := w.OpenMedia(t.Context(), c, line); errs.As(err).Key() != "conversation.no_media" {
			t.Errorf("before it is here: %v", err)
		}
		before := len(w.hints.seen)
		if err := w.fetch(t.Context(), fetchArgs{line}, first); err != nil {
			t.Fatal(err)
		}
		m, got := w.read(c, line)
		if got != content || m.ContentType != "image/png" || m.Size != int64(len(content)) || m.State != MediaKept {
			t.Errorf("%d bytes of %d, %+v", len(got), len(content), m)
		}
		if len(w.hints.seen) == before {
			t.Error("no browser was told")
		}
		if err := w.fetch(t.Context(), fetchArgs{line}, first); err != nil || w.weixin.asked != 1 {
			t.Errorf("a second run asked WeChat again (%d), %v", w.weixin.asked, err)
		}
		if _, _, err := w.OpenMedia(t.Context(), c+1, line); errs.As(err).Key() != "conversation.no_media" {
			t.Errorf("through another conversation: %v", err)
		}
		name, err := db.One(t.Context(), w.db, db.Value[string], `select blob from conversation_media`)
		if err != nil {
			t.Fatal(err)
		}
		stored, _, err := w.Files.Open(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(stored)
		if err = errors.Join(err, stored.Close()); err != nil || bytes.Contains(raw, []byte("像素像素")) || bytes.Contains(raw, []byte(png)) {
			t.Errorf("what lies on disk is readable, %v", err)
		}

		if err := w.db.Write(t.Context(), func(tx *db.Tx) error { return w.Erase(t.Context(), tx, 1) }); err != nil {
			t.Fatal(err)
		}
		if w.jobs("conversation.media_drop") != 1 {
			t.Fatal("nobody removes the file")
		}
		if err := w.drop(t.Context(), dropArgs{name}, first); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Files.Open(t.Context(), name); !errs.Is(err, errs.NotFound) {
			t.Errorf("after the erasure the file is still there: %v", err)
		}
	})
}

func TestWhatBecomesOfAFileThatDoesNotCome(t *testing.T) {
	last := job.Attempt{ID: 1, N: 25, Max: 25}
	for _, row := range []struct {
		label   string
		err     error
		content string
		kind    string
		attempt job.Attempt
		after   time.Duration
		state   MediaState
		problem string
		fails   bool  // the job is tried again by its own rules
		jobs    int64 // in all
	}{
		{label: "WeChat does not know it", state: MediaGone, problem: "conversation.media_unknown", jobs: 1},
		{label: "three days are over", content: png, after: 72 * time.Hour, state: MediaGone, problem: "conversation.media_expired", jobs: 1},
		{label: "in the last second", content: png, after: 72*time.Hour - time.Second, state: MediaKept, jobs: 1},
		{label: "WeChat is away", err: errs.New(errs.Unavailable, "wechat.away"), state: MediaWaiting, fails: true, jobs: 1},
		{label: "WeChat stays away", err: errs.New(errs.Unavailable, "wechat.away"), attempt: last, state: MediaWaiting, problem: "conversation.media_later", jobs: 2},
		{label: "the day's quota is spent", err: errs.New(errs.Exhausted, "wechat.quota"), state: MediaWaiting, problem: "conversation.media_later", jobs: 2},
		{label: "the account is suspended", err: errs.New(errs.Refused, "account.suspended"), state: MediaWaiting, problem: "conversation.media_later", jobs: 2},
		{label: "a voice beyond 2 MiB", content: strings.Repeat("a", 2<<20+1), kind: "voice", state: MediaRefused, problem: "conversation.media_large", jobs: 1},
		{label: "a voice of 2 MiB", content: strings.Repeat("a", 2<<20), kind: "voice", state: MediaKept, jobs: 1},
	} {
		t.Run(row.label, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				if row.content != "" {
					w.weixin.files["M"] = []byte(row.content)
				}
				w.weixin.fails["M"] = row.err
				if row.kind == "" {
					row.kind = "image"
				}
				if row.attempt.Max == 0 {
					row.attempt = first
				}
				c, line := w.shows("p1", row.kind, "M")
				w.clock.forward(row.after)
				err := w.fetch(t.Context(), fetchArgs{line}, row.attempt)
				if (err != nil) != row.fails {
					t.Errorf("the job says %v", err)
				}
				if m := w.file(c, line); m.State != row.state || m.Problem != row.problem {
					t.Errorf("%+v, want %s %q", m, row.state, row.problem)
				}
				if n := w.jobs("conversation.media"); n != row.jobs {
					t.Errorf("%d jobs, want %d", n, row.jobs)
				}
			})
		})
	}
}

func TestAFileOfSomebodyErasedMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.weixin.files["M1"] = []byte(png)
		_, line := w.shows("p1", "image", "M1")
		m, err := db.One(t.Context(), w.db, scanMedia, `select `+mediaColumns+mediaFrom+`where m.line_id=$1`, line)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.keep(t.Context(), &m); err != nil {
			t.Fatal(err)
		}
		if err := w.db.Write(t.Context(), func(tx *db.Tx) error { return w.Erase(t.Context(), tx, 1) }); err != nil {
			t.Fatal(err)
		}
		if err := w.settleMedia(t.Context(), m, MediaKept, ""); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Files.Open(t.Context(), m.blob); !errs.Is(err, errs.NotFound) {
			t.Errorf("a file without a row is left: %v", err)
		}
		if err := w.fetch(t.Context(), fetchArgs{line}, first); err != nil {
			t.Errorf("a job without a row: %v", err)
		}

		// Of somebody whose key is gone nothing is expected, and what lay there cannot be read.
		w.weixin.files["M2"] = []byte(png)
		c, line := w.shows("p1", "image", "M2")
		if err := w.fetch(t.Context(), fetchArgs{line}, first); err != nil {
			t.Fatal(err)
		}
		w.people.erase(1)
		if _, _, err := w.OpenMedia(t.Context(), c, line); !errs.Is(err, errs.NotFound) {
			t.Errorf("without the key: %v", err)
		}
		if c, line = w.shows("p1", "image", "M3"); w.file(c, line).Line != 0 {
			t.Error("a file is expected of somebody who is being erased")
		}
	})
}

func TestASealedFileShowsEveryDamage(t *testing.T) {
	t.Parallel()
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := ring.NewDataKey()
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{0, 1, piece - 1, piece, piece + 1, 3*piece + 7} {
		content := bytes.Repeat([]byte("7"), size)
		sealed, err := io.ReadAll(seal(iotest.HalfReader(bytes.NewReader(content)), key, "a"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(open(iotest.HalfReader(bytes.NewReader(sealed)), key, "a"))
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes come back as %d, %v", size, len(got), err)
		}
		flipped := bytes.Clone(sealed)
		flipped[len(flipped)-1] ^= 1
		frame := piece + (len(sealed)-size)/(size/piece+1) // about
		damages := map[string][]byte{"cut": sealed[:len(sealed)-1], "nothing": {}, "a bit": flipped, "more": append(bytes.Clone(sealed), 0)}
		if size == 3*piece+7 {
			first := 4 + int(sealed[0])<<24 + int(sealed[1])<<16 + int(sealed[2])<<8 + int(sealed[3])
			damages["cut between frames"] = sealed[:first]
			damages["frames changed about"] = append(append(bytes.Clone(sealed[first:2*first]), sealed[:first]...), sealed[2*first:]...)
			if first > frame+64 {
				t.Errorf("a frame of %d bytes", first)
			}
		}
		for label, damaged := range damages {
			if _, err := io.ReadAll(open(bytes.NewReader(damaged), key, "a")); err == nil {
				t.Errorf("%d bytes, %s: read without an error", size, label)
			}
		}
		if _, err := io.ReadAll(open(bytes.NewReader(sealed), key, "b")); err == nil {
			t.Error("opened for another purpose")
		}
	}
}

func TestSniff(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ kind, head, want string }{
		{"image", png + "x", "image/png"},
		{"image", "\xff\xd8\xff\xe0", "image/jpeg"},
		{"image", "<svg onload=alert(1)>", "text/plain"},
		{"image", "<!DOCTYPE html><script>", "text/html"},
		{"voice", "#!AMR\n\x04", "audio/amr"},
		{"voice", "ID3\x03", "audio/mpeg"},
		{"voice", "\xff\xfb\x90\x00", "audio/mpeg"},
		{"video", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "video/mp4"},
		{"video", "", "text/plain"},
	} {
		if got := sniff(row.kind, []byte(row.head)); got != row.want {
			t.Errorf("%s %q is %s, want %s", row.kind, row.head, got, row.want)
		}
	}
}
