package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"weizheng/platform/errs"
	"weizheng/wechat"
)

func TestUploadMedia(t *testing.T) {
	t.Parallel()
	picture := bytes.Repeat([]byte("\x89PNG"), 50_000)
	for _, row := range []struct {
		label, answer string
		kind          MediaKind
		name          string
		body          []byte
		sentName      string
		want          Media
	}{
		{"image", `{"type":"image","media_id":"M1","created_at":1700000000}`, MediaImage, "照片 1.png", picture, "照片 1.png", Media{"image", "M1", 1_700_000_000}},
		{"thumb", `{"type":"thumb","thumb_media_id":"T1","created_at":1}`, MediaThumb, "a\"b\r\n.jpg", []byte("x"), "a_b__.jpg", Media{"thumb", "T1", 1}},
	} {
		f := newFake(t)
		var length int64
		f.on("/cgi-bin/media/upload", func(w http.ResponseWriter, r *http.Request) {
			length = r.ContentLength
			io.WriteString(w, row.answer)
		})
		// io.MultiReader hides that it could seek, and its length: a stream.
		got, err := f.client().UploadMedia(short(t), row.kind, File{Name: row.name, Size: int64(len(row.body)), Body: io.MultiReader(bytes.NewReader(row.body))})
		if err != nil || got != row.want {
			t.Fatalf("%s: %+v, %v", row.label, got, err)
		}
		call := f.calls("/cgi-bin/media/upload")[0]
		if call.query != "access_token=tok&type="+string(row.kind) || length != int64(len(call.body)) {
			t.Errorf("%s: query %s, length %d of %d", row.label, call.query, length, len(call.body))
		}
		part := onlyPart(t, call)
		content, _ := io.ReadAll(part)
		if part.FormName() != "media" || part.FileName() != row.sentName || !bytes.Equal(content, row.body) {
			t.Errorf("%s: part %q, file %q, %d bytes", row.label, part.FormName(), part.FileName(), len(content))
		}
	}
}

func onlyPart(t *testing.T, s seen) *multipart.Part {
	t.Helper()
	_, params, err := mime.ParseMediaType(s.kind)
	if err != nil {
		t.Fatal(err)
	}
	r := multipart.NewReader(strings.NewReader(s.body), params["boundary"])
	part, err := r.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	return part
}

func TestUploadAfterRenewedToken(t *testing.T) {
	t.Parallel()
	const answer = `{"type":"image","media_id":"M1"}`
	f := newFake(t)
	f.answers("/cgi-bin/media/upload", `{"errcode":42001}`, answer)
	body := strings.NewReader("skip" + strings.Repeat("z", 100_000))
	if _, err := body.Seek(4, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if got, err := f.client().UploadMedia(short(t), MediaImage, File{Name: "a.png", Size: 100_000, Body: body}); err != nil || got.ID != "M1" {
		t.Fatal(got, err)
	}
	calls := f.calls("/cgi-bin/media/upload")
	if len(calls) != 2 {
		t.Fatalf("%d tries", len(calls))
	}
	for _, c := range calls {
		if content, _ := io.ReadAll(onlyPart(t, c)); string(content) != strings.Repeat("z", 100_000) {
			t.Errorf("sent %d bytes, beginning %.10q", len(content), content)
		}
	}

	f.answers("/cgi-bin/media/upload", `{"errcode":42001}`, answer)
	_, err := f.client().UploadMedia(short(t), MediaImage, File{Name: "a.png", Size: 3, Body: io.MultiReader(strings.NewReader("abc"))})
	if CodeOf(err) != 42001 {
		t.Errorf("a stream cannot be read twice: %v", err)
	}
}

func TestUploadThatIsShorterThanItSays(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answers("/cgi-bin/media/upload", `{"media_id":"M1"}`)
	if _, err := f.client().UploadMedia(short(t), MediaImage, File{Name: "a.png", Size: 10, Body: strings.NewReader("abc")}); err == nil {
		t.Error("accepted")
	}
}

func TestMedia(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("/cgi-bin/media/get", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("media_id") {
		case "image":
			w.Header().Set("Content-Type", "image/jpeg")
			w.Header().Set("Content-Disposition", `attachment; filename="../../etc/x.jpg"`)
			io.WriteString(w, "\xff\xd8picture")
		case "voice":
			w.Header().Set("Content-Type", "audio/amr")
			io.WriteString(w, "#!AMR\n")
		case "text file":
			w.Header().Set("Content-Type", "text/plain")
			w.Header().Set("Content-Disposition", `attachment; filename="a.txt"`)
			io.WriteString(w, "{}")
		case "video":
			w.Header().Set("Content-Type", "text/plain")
			io.WriteString(w, `{"video_url":"http://v.test/a.mp4"}`)
		case "gone":
			w.Header().Set("Content-Type", "text/plain")
			io.WriteString(w, `{"errcode":40007,"errmsg":"invalid media_id rid: 1-2-3"}`)
		case "nothing":
			io.WriteString(w, `{}`)
		case "endless":
			w.Header().Set("Content-Type", "image/png")
			for range downloadLimit/(1<<20) + 2 {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		}
	})
	c := f.client()
	for _, row := range []struct{ id, kind, name, body, video string }{
		{"image", "image/jpeg", "x.jpg", "\xff\xd8picture", ""},
		{"voice", "audio/amr", "", "#!AMR\n", ""},
		{"text file", "text/plain", "a.txt", "{}", ""},
		{"video", "", "", "", "http://v.test/a.mp4"},
	} {
		d, err := c.Media(short(t), row.id)
		if err != nil {
			t.Errorf("%s: %v", row.id, err)
			continue
		}
		var body []byte
		if d.Body != nil {
			body, err = io.ReadAll(d.Body)
			if err != nil || d.Body.Close() != nil {
				t.Errorf("%s: %v", row.id, err)
			}
		}
		if d.ContentType != row.kind || d.Name != row.name || string(body) != row.body || d.VideoURL != row.video {
			t.Errorf("%s: %+v %q", row.id, d, body)
		}
	}
	if _, err := c.Media(short(t), "gone"); CodeOf(err) != 40007 || !errs.Is(err, errs.Invalid) {
		t.Error(err)
	}
	if _, err := c.Media(short(t), "nothing"); !errs.Is(err, errs.Unavailable) {
		t.Error(err)
	}
	d, err := c.Media(short(t), "endless")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Body.Close()
	if n, err := io.Copy(io.Discard, d.Body); !errors.Is(err, errTooLong) || n != downloadLimit {
		t.Errorf("read %d, %v", n, err)
	}
}

func TestQRImage(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("/cgi-bin/showqrcode", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("ticket") != "T=" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if r.URL.Query().Has("access_token") {
			t.Error("a token went to the picture's host")
		}
		w.Header().Set("Content-Type", "image/jpg")
		fmt.Fprint(w, "qr")
	})
	d, err := f.client().QRImage(short(t), "T=")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Body.Close()
	if body, err := io.ReadAll(d.Body); string(body) != "qr" || err != nil {
		t.Errorf("%q, %v", body, err)
	}
	if _, err := f.client().QRImage(short(t), "other"); !errs.Is(err, errs.NotFound) || ActionOf(err) != wechat.ActShow {
		t.Error(err)
	}
}
