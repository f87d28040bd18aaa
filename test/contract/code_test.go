package contract

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

const longestCode = 30 * 24 * time.Hour

func codeRows() []row {
	return []row{
		{
			path: "/cgi-bin/qrcode/create", auth: wechat.AuthToken, s: never, f: verified, day: 100_000, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, err := c.CreateQR(w.ctx, client.QR{Action: client.QRScene, SceneID: 1, Life: time.Hour})
					return err
				}
			},
			effect: everyCode, refusals: codeLimits(),
		},
		{
			path: "/cgi-bin/showqrcode", auth: wechat.AuthNone, s: never, f: verified, again: true, rightless: "there is no ticket, and nobody logs in",
			caller: func(w *world, account string) func() error {
				code, err := w.client(account).CreateQR(w.ctx, client.QR{Action: client.QRLimitScene, SceneID: 9})
				w.wantCode("code", err, 0)
				c := w.client(account)
				return func() error { return showCode(w, c, code.Ticket) }
			},
			effect: codeDrawn,
		},
	}
}

func showCode(w *world, c *client.Client, ticket string) error {
	d, err := c.QRImage(w.ctx, ticket)
	if err == nil {
		err = d.Body.Close()
	}
	return err
}

// codeLimits: the scenes and the lives of the four kinds.
func codeLimits() []refusal {
	no := func(label, local string, q client.QR, code wechat.Code, raw string) refusal {
		kind, action := errs.Invalid, wechat.ActFixContent
		if code != 40053 {
			kind, action = errs.Internal, wechat.ActFixRequest
		}
		return refusal{label: label, code: code, kind: kind, action: action, local: local,
			do:  func(w *world) error { _, err := w.client(main).CreateQR(w.ctx, q); return err },
			raw: func(w *world) wechat.Code { return w.raw(main, "POST", "/cgi-bin/qrcode/create", raw) }}
	}
	raw := func(action, scene, expire string) string {
		return `{"action_name":"` + action + `","action_info":{"scene":{` + scene + `}}` + expire + `}`
	}
	const hour, hourRaw, between = time.Hour, `,"expire_seconds":3600`, ":wechat.between"
	long, text := strings.Repeat("字", 65), `"scene_str":"`+strings.Repeat("字", 65)+`"`
	return []refusal{
		no("scene 0", "scene_id:required", client.QR{Action: client.QRScene, Life: hour}, 40053, raw("QR_SCENE", `"scene_id":0`, hourRaw)),
		no("33 bits", "scene_id"+between, client.QR{Action: client.QRScene, SceneID: 1 << 32, Life: hour}, 40053, raw("QR_SCENE", `"scene_id":4294967296`, hourRaw)),
		no("65 characters", "scene"+between, client.QR{Action: client.QRStrScene, Scene: long, Life: hour}, 40053, raw("QR_STR_SCENE", text, hourRaw)),
		no("no text", "scene"+between, client.QR{Action: client.QRStrScene, Life: hour}, 40053, raw("QR_STR_SCENE", `"scene_str":""`, hourRaw)),
		no("30 days and a second", "life"+between, client.QR{Action: client.QRScene, SceneID: 1, Life: longestCode + time.Second}, 40097, raw("QR_SCENE", `"scene_id":1`, `,"expire_seconds":2592001`)),
		no("permanent scene 0", "scene_id"+between, client.QR{Action: client.QRLimitScene}, 40053, raw("QR_LIMIT_SCENE", `"scene_id":0`, "")),
		no("permanent scene 100 001", "scene_id"+between, client.QR{Action: client.QRLimitScene, SceneID: 100_001}, 40053, raw("QR_LIMIT_SCENE", `"scene_id":100001`, "")),
		no("permanent, 65 characters", "scene"+between, client.QR{Action: client.QRLimitStrScene, Scene: long}, 40053, raw("QR_LIMIT_STR_SCENE", text, "")),
		no("permanent, no text", "scene"+between, client.QR{Action: client.QRLimitStrScene}, 40053, raw("QR_LIMIT_STR_SCENE", `"scene_id":1`, "")),
		no("another kind", "action:wechat.qr_action", client.QR{Action: "QR_CARD"}, 40052, raw("QR_CARD", "", "")),
		// The 100 001st permanent one: see TestPermanentCodes.
	}
}

// everyCode makes the four kinds at their limits and scans them: who does not follow subscribes with the scene, who does
// sends it.
func everyCode(w *world) {
	c := w.client(main)
	longest := strings.Repeat("字", 64)
	for i, k := range []struct {
		q     client.QR
		scene string
	}{
		{client.QR{Action: client.QRScene, SceneID: math.MaxInt32, Life: longestCode}, "2147483647"},
		{client.QR{Action: client.QRScene, SceneID: math.MinInt32, Life: time.Second}, "-2147483648"},
		{client.QR{Action: client.QRStrScene, Scene: longest, Life: time.Minute}, longest},
		{client.QR{Action: client.QRLimitScene, SceneID: 1}, "1"},
		{client.QR{Action: client.QRLimitScene, SceneID: 100_000}, "100000"},
		{client.QR{Action: client.QRLimitStrScene, Scene: longest}, longest},
		{client.QR{Action: client.QRLimitStrScene, Scene: "窗口&<3>"}, "窗口&<3>"},
	} {
		code, err := c.CreateQR(w.ctx, k.q)
		if err != nil || code.Ticket == "" || !strings.HasPrefix(code.URL, "http://weixin.qq.com/q/") || code.Life != k.q.Life {
			w.Errorf("%+v: %+v %v", k.q, code, err)
			continue
		}
		again, err := c.CreateQR(w.ctx, k.q)
		if permanent := k.q.Life == 0; err != nil || (again.Ticket == code.Ticket) != permanent {
			w.Errorf("%+v once more: the same ticket only where it is permanent: %v", k.q, err)
		}
		if i > 0 {
			w.play("POST", "/unfollow", object{"account": main, "citizen": "zhang"})
			w.next("unfollow")
		}
		w.play("POST", "/scan", object{"citizen": "zhang", "url": code.URL})
		if got := w.next("subscribe"); got.Event != "subscribe" || got.EventKey != "qrscene_"+k.scene || got.Ticket != code.Ticket {
			w.Errorf("%d: %+v", i, got.Message)
		}
		w.play("POST", "/scan", object{"citizen": "zhang", "ticket": code.Ticket})
		if got := w.next("SCAN"); got.Event != "SCAN" || got.EventKey != k.scene || got.Ticket != code.Ticket {
			w.Errorf("%d: %+v", i, got.Message)
		}
	}
	codes := w.list(w.play("GET", "/codes?account="+main, nil)["codes"])
	if len(codes) != 10 { // the three temporary ones twice
		w.Errorf("the phone knows %d codes", len(codes))
	}
}

// codeDrawn: anybody can load the picture, until the code expires.
func codeDrawn(w *world) {
	c := w.client(main)
	short, err := c.CreateQR(w.ctx, client.QR{Action: client.QRStrScene, Scene: "x", Life: time.Minute})
	w.wantCode("code", err, 0)
	d, err := c.QRImage(w.ctx, short.Ticket)
	if err != nil || !strings.HasPrefix(d.ContentType, "image/") {
		w.Fatalf("%+v %v", d, err)
	}
	if head, err := io.ReadAll(d.Body); err != nil || !strings.HasPrefix(http.DetectContentType(head), "image/") {
		w.Errorf("%d bytes: %v", len(head), err)
	}
	w.wantCode("close", d.Body.Close(), 0)
	if res, _ := w.exchange("GET", c.QRImageURL(short.Ticket), nil, nil); res.StatusCode != http.StatusOK {
		w.Errorf("at its address: %d", res.StatusCode)
	}
	w.moveCivil(time.Minute)
	for label, ticket := range map[string]string{"expired": short.Ticket, "nobody's": "gQ8", "none": ""} {
		err := showCode(w, c, ticket)
		if !errs.Is(err, errs.NotFound) || client.ActionOf(err) != wechat.ActShow {
			w.Errorf("%s: %v", label, err)
		}
		if res, _ := w.exchange("GET", c.QRImageURL(ticket), nil, nil); res.StatusCode != http.StatusNotFound {
			w.Errorf("%s: %d", label, res.StatusCode)
		}
	}
}

// TestPermanentCodes: an account has a hundred thousand; one that it has is given again.
func TestPermanentCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.box.SeedCodes(w.ctx, main, 99_999); err != nil {
		t.Fatal(err)
	}
	c := w.client(main)
	make := func(scene string) error {
		_, err := c.CreateQR(w.ctx, client.QR{Action: client.QRLimitStrScene, Scene: scene})
		return err
	}
	w.wantCode("the last", make("last"), 0)
	err := make("one more")
	if client.CodeOf(err) != 45029 || !errs.Is(err, errs.Exhausted) || client.ActionOf(err) != wechat.ActAlert {
		t.Errorf("one more: %v", err)
	}
	w.wantCode("one that it has", make("last"), 0)
	for _, scene := range []int64{1, 99_999} {
		_, err := c.CreateQR(w.ctx, client.QR{Action: client.QRLimitScene, SceneID: scene})
		w.wantCode(fmt.Sprint("scene ", scene), err, 0)
	}
	_, err = c.CreateQR(w.ctx, client.QR{Action: client.QRLimitScene, SceneID: 100_000})
	w.wantCode("scene 100000", err, 45029)
	_, err = c.CreateQR(w.ctx, client.QR{Action: client.QRStrScene, Scene: "x", Life: time.Hour})
	w.wantCode("a temporary one", err, 0)
	if n := len(w.list(w.play("GET", "/codes?limit=1&account="+main, nil)["codes"])); n != 1 {
		t.Errorf("%d codes listed", n)
	}
}
