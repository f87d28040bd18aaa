package world

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"weizheng/platform/db"
)

// Upload puts a file onto a citizen's phone and returns its media id there; a voice is made from what it says.
func (w *World) Upload(kind string, content []byte, says string) string {
	w.T.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if says != "" {
		if err := form.WriteField("recognition", says); err != nil {
			w.T.Fatal(err)
		}
	} else {
		file, err := form.CreateFormFile("media", "a.bin")
		if err == nil {
			_, err = file.Write(content)
		}
		if err != nil {
			w.T.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		w.T.Fatal(err)
	}
	r, err := http.NewRequestWithContext(w.T.Context(), http.MethodPost, w.WeChat+"/sandbox/api/media?type="+kind, &body)
	if err != nil {
		w.T.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	res, err := w.Network.RoundTrip(r)
	if err != nil {
		w.T.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out struct {
		ID string `json:"media_id"`
	}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || out.ID == "" {
		w.T.Fatalf("upload: %d %+v %v", res.StatusCode, out, err)
	}
	return out.ID
}

// mediaLine is a line as the inbox shows it.
type mediaLine struct {
	ID    int64
	Kind  string
	Text  string
	Media *struct {
		State, Problem, URL string
		ContentType         string `json:"content_type"`
		Shown               bool
	}
}

func TestPicturesVoicesAndVideosComeIntoTheInbox(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, w *World) {
		var picture bytes.Buffer
		if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
			t.Fatal(err)
		}
		movie := append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), bytes.Repeat([]byte("v"), 700_000)...)
		send := func(kind, id string) {
			w.Phone("/messages", map[string]any{"account": "qingyun", "citizen": "xiaohe", "type": kind, "media_id": id}, nil)
		}
		w.Phone("/follow", map[string]any{"account": "qingyun", "citizen": "xiaohe"}, nil)
		send("image", w.Upload("image", picture.Bytes(), ""))
		send("voice", w.Upload("voice", nil, "路灯不亮已经三天了"))
		send("video", w.Upload("video", movie, ""))
		w.Quiet()

		agent, elsewhere := w.Staff("zuoxi1"), w.Staff("renshe-zuoxi")
		var id int64
		q := `select c.id from conversation c join conversation_media m on m.conversation_id = c.id where m.kind = 'video'`
		if err := w.House.DB.QueryRow(t.Context(), q).Scan(&id); err != nil {
			t.Fatal(err)
		}
		var page struct{ Items []mediaLine }
		agent.Must(http.MethodGet, fmt.Sprintf("/console/api/conversations/%d/messages", id), nil, &page)
		want := map[string]struct {
			contentType string
			place       string
			holds       []byte
		}{
			"image": {"image/png", "inline", picture.Bytes()},
			"voice": {"audio/amr", "inline", nil},
			"video": {"video/mp4", "attachment", movie},
		}
		seen := 0
		for _, l := range page.Items {
			row, ok := want[l.Kind]
			if !ok || l.Media == nil {
				continue
			}
			seen++
			if l.Media.State != "kept" || l.Media.ContentType != row.contentType || l.Media.Shown != (row.place == "inline") {
				t.Errorf("%s: %+v", l.Kind, *l.Media)
				continue
			}
			res, err := agent.Open(t.Context(), http.MethodGet, l.Media.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			var body bytes.Buffer
			_, err = body.ReadFrom(res.Body)
			_ = res.Body.Close()
			if err != nil || res.StatusCode != 200 || row.holds != nil && !bytes.Equal(body.Bytes(), row.holds) {
				t.Errorf("%s: %d, %d bytes, %v", l.Kind, res.StatusCode, body.Len(), err)
			}
			h := res.Header
			if h.Get("Content-Type") != row.contentType || !strings.HasPrefix(h.Get("Content-Disposition"), row.place+";") ||
				h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" ||
				!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
				t.Errorf("%s goes out with %v", l.Kind, h)
			}
			if status, _ := elsewhere.Do(http.MethodGet, l.Media.URL, nil); status != http.StatusForbidden && status != http.StatusNotFound {
				t.Errorf("%s: somebody of another unit got %d", l.Kind, status)
			}
			if status, _ := w.Stranger().Do(http.MethodGet, l.Media.URL, nil); status != http.StatusUnauthorized {
				t.Errorf("%s: a stranger got %d", l.Kind, status)
			}
		}
		if seen != 3 {
			t.Fatalf("%d files of 3 in %+v", seen, page.Items)
		}
		names, err := db.All(t.Context(), w.House.DB, db.Value[string], `select blob from conversation_media where conversation_id = $1`, id)
		if err != nil || len(names) != 3 {
			t.Fatal(names, err)
		}
		for _, name := range names {
			f, size, err := w.House.Blobs.Open(t.Context(), name)
			if err != nil || size == 0 {
				t.Fatalf("%s: %v", name, err)
			}
			_ = f.Close()
		}
	})
}
