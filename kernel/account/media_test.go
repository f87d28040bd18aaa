package account

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"weizheng/platform/errs"
)

func TestMediaFollowsAVideosAddress(t *testing.T) {
	t.Parallel()
	const address = "http://video.weixin.example/CANARY-VIDEO"
	for _, row := range []struct {
		label string
		says  string
		video any
		want  string
		kind  errs.Kind
	}{
		{"a video", `{"video_url":"` + address + `"}`, func(*http.Request) (int, string) { return 200, "moving pictures" }, "moving pictures", 0},
		{"a video that is gone", `{"video_url":"` + address + `"}`, func(*http.Request) (int, string) { return 404, "" }, "", errs.NotFound},
		{"a server in trouble", `{"video_url":"` + address + `"}`, func(*http.Request) (int, string) { return 502, "<html>" }, "", errs.Unavailable},
		{"no connection", `{"video_url":"` + address + `"}`, errors.New("dial " + address), "", errs.Unavailable},
		{"an address of no server", `{"video_url":"file:///etc/passwd"}`, "root", "", errs.NotFound},
		{"unknown", `{"errcode":40007,"errmsg":"invalid media_id"}`, nil, "", errs.Invalid},
	} {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, b *bench) {
				a := b.register(t)
				b.wx.set("/cgi-bin/media/get", func(*http.Request) (int, string) { return 200, row.says })
				b.wx.set("/CANARY-VIDEO", row.video)
				d, err := b.Media(t.Context(), a.ID, "MEDIA")
				if row.kind != 0 {
					if !errs.Is(err, row.kind) || strings.Contains(err.Error(), "CANARY") {
						t.Errorf("%v, want %v", err, row.kind)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(d.Body)
				if err = errors.Join(err, d.Body.Close()); err != nil || string(body) != row.want {
					t.Errorf("%q, %v", body, err)
				}
			})
		})
	}
}
