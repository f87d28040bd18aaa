package sandbox_test

import (
	"bytes"
	"image"
	_ "image/png"
	"net/url"
	"strings"
	"testing"
	"time"

	"weizheng/wechat/sandbox"
	"weizheng/wechat/sandbox/media"
)

func seedFollow(account, citizen string, at time.Time) []sandbox.Follow {
	return []sandbox.Follow{{Account: account, Citizen: citizen, At: at}}
}

func TestMediaUpload(t *testing.T) {
	t.Parallel()
	w := setup(t)
	long := media.Silence(strings.Repeat("话", 240))
	long = append(long, media.Silence("再说")[len("#!AMR\n"):]...)
	for _, c := range []struct {
		label, typ string
		content    []byte
		code       int
	}{
		{"png", "image", png, 0},
		{"gif", "image", []byte("GIF89a00"), 0},
		{"jpeg", "image", jpeg, 0},
		{"a text as image", "image", []byte("hello"), 40005},
		{"an image as voice", "voice", png, 40005},
		{"amr", "voice", media.Silence("好"), 0},
		{"over a minute", "voice", long, 45007},
		{"mp4", "video", mp4, 0},
		{"thumb", "thumb", jpeg, 0},
		{"png as thumb", "thumb", png, 40005},
		{"thumb over 64 KB", "thumb", append(bytes.Clone(jpeg), make([]byte, 64<<10)...), 45001},
		{"image over 10 MB", "image", append(bytes.Clone(png), make([]byte, 10<<20)...), 45001},
		{"beyond everything", "image", append(bytes.Clone(png), make([]byte, 13<<20)...), 45001},
		{"empty", "image", nil, 44001},
		{"unknown type", "smell", png, 40004},
	} {
		body, mime := form("media", "a.bin", c.content)
		_, answer := w.do("POST", "/cgi-bin/media/upload?type="+c.typ+"&access_token="+w.token("jiaojing"), body, "Content-Type", mime)
		out := w.asObject(answer)
		w.want(c.label, out, c.code)
		id := "media_id"
		if c.typ == "thumb" {
			id = "thumb_media_id"
		}
		if c.code == 0 && (out[id] == nil || out["type"] != c.typ || out["created_at"] == nil || out["errcode"] != nil) {
			t.Errorf("%s: %v", c.label, out)
		}
	}
	body, mime := form("file", "a.png", png)
	_, answer := w.do("POST", "/cgi-bin/media/upload?type=image&access_token="+w.token("fabu"), body, "Content-Type", mime)
	w.want("another field", w.asObject(answer), 41005)
	w.want("no multipart", w.api("fabu", "POST", "/cgi-bin/media/upload?type=image", "x"), 41005)
}

func TestMediaGet(t *testing.T) {
	t.Parallel()
	w := setup(t)
	id, video := w.upload("fabu", "image", "a.png", png), w.upload("fabu", "video", "a.mp4", mp4)
	get := func(account, id string) string { // path
		return "/cgi-bin/media/get?media_id=" + url.QueryEscape(id) + "&access_token=" + w.token(account)
	}
	w.restart()
	res, content := w.do("GET", get("fabu", id), nil)
	if !bytes.Equal(content, png) || res.Header.Get("Content-Type") != "image/png" ||
		!strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the picture: %v %q", res.Header, content)
	}
	_, content = w.do("GET", get("fabu", video), nil)
	address, _ := w.asObject(content)["video_url"].(string)
	if _, film := w.do("GET", strings.TrimPrefix(address, w.server.URL), nil); !bytes.Equal(film, mp4) {
		t.Errorf("the video at %q: %q", address, film)
	}
	w.want("another account's", w.asObject(second(w.do("GET", get("renshe", id), nil))), 40007)
	w.want("no id", w.asObject(second(w.do("GET", get("fabu", ""), nil))), 41006)
	w.play("POST", "/clock", object{"advance_ms": (3*24*time.Hour - time.Second).Milliseconds()})
	if _, content = w.do("GET", get("fabu", id), nil); !bytes.Equal(content, png) {
		t.Error("gone before three days")
	}
	w.play("POST", "/clock", object{"advance_ms": 2000})
	w.want("after three days", w.asObject(second(w.do("GET", get("fabu", id), nil))), 40007)
}

func TestQRCodes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	create := func(in object) object { return w.api("zhengwu", "POST", "/cgi-bin/qrcode/create", in) }
	scene := func(action string, expire int, scene object) object {
		in := object{"action_name": action, "action_info": object{"scene": scene}}
		if expire != 0 {
			in["expire_seconds"] = expire
		}
		return in
	}
	for _, c := range []struct {
		label string
		in    object
		code  int
	}{
		{"id", scene("QR_SCENE", 600, object{"scene_id": 123}), 0},
		{"id 0", scene("QR_SCENE", 600, object{"scene_id": 0}), 40053},
		{"id beyond 32 bits", scene("QR_SCENE", 600, object{"scene_id": 1 << 40}), 40053},
		{"no id", scene("QR_SCENE", 600, object{}), 40053},
		{"text", scene("QR_STR_SCENE", 2_592_000, object{"scene_str": "hall-3"}), 0},
		{"too long to live", scene("QR_STR_SCENE", 2_592_001, object{"scene_str": "hall-3"}), 40097},
		{"text of 65", scene("QR_STR_SCENE", 60, object{"scene_str": strings.Repeat("x", 65)}), 40053},
		{"no text", scene("QR_STR_SCENE", 60, object{}), 40053},
		{"permanent id", scene("QR_LIMIT_SCENE", 0, object{"scene_id": 100_000}), 0},
		{"permanent id beyond", scene("QR_LIMIT_SCENE", 0, object{"scene_id": 100_001}), 40053},
		{"permanent text", scene("QR_LIMIT_STR_SCENE", 0, object{"scene_str": "大厅"}), 0},
		{"unknown action", scene("QR_DRAW", 0, object{"scene_id": 1}), 40052},
	} {
		out := create(c.in)
		w.want(c.label, out, c.code)
		if c.code == 0 && (out["ticket"] == nil || out["url"] == nil || out["errcode"] != nil ||
			(out["expire_seconds"] == nil) == (c.in["expire_seconds"] != nil)) {
			t.Errorf("%s: %v", c.label, out)
		}
	}
	same := scene("QR_LIMIT_STR_SCENE", 0, object{"scene_str": "大厅"})
	if create(same)["ticket"] != create(same)["ticket"] {
		t.Error("a permanent scene has two tickets")
	}
	out := create(scene("QR_SCENE", 0, object{"scene_id": 5}))
	if out["expire_seconds"] != float64(60) {
		t.Errorf("default life: %v", out)
	}
	show := "/cgi-bin/showqrcode?ticket=" + url.QueryEscape(out["ticket"].(string))
	res, content := w.do("GET", show, nil)
	if _, kind, err := image.Decode(bytes.NewReader(content)); err != nil || kind != "png" || res.Header.Get("Content-Type") != "image/png" {
		t.Errorf("the picture: %s %v %v", kind, err, res.Header)
	}
	if res, _ := w.do("GET", "/cgi-bin/showqrcode?ticket=x", nil); res.StatusCode != 404 {
		t.Errorf("no ticket: HTTP %d", res.StatusCode)
	}
	w.play("POST", "/clock", object{"advance_ms": 61_000})
	if res, _ := w.do("GET", show, nil); res.StatusCode != 404 {
		t.Errorf("expired: HTTP %d", res.StatusCode)
	}
	if status, out := w.tryPlay("POST", "/scan", object{"citizen": "zhang", "ticket": out["ticket"]}); status != 409 {
		t.Errorf("scan of an expired code: %d %v", status, out)
	}
}
