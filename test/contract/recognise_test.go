package contract

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

const (
	somePNG = "\x89PNG\r\n\x1a\n picture"
	someMP3 = "ID3 voice"
)

func fileOf(name, content string) client.File {
	return client.File{Name: name, Size: int64(len(content)), Body: bytes.NewReader([]byte(content))}
}

func picture(content string) client.Picture {
	f := fileOf("a.png", content)
	return client.Picture{File: &f}
}

// read makes of a typed method one that answers JSON.
func read[T any](f func(*client.Client, context.Context, client.Picture) (T, error)) func(*world, string, client.Picture) (string, error) {
	return func(w *world, account string, p client.Picture) (string, error) {
		got, err := f(w.client(account), w.ctx, p)
		b, e := json.Marshal(got)
		if e != nil {
			w.Fatal(e)
		}
		return string(b), err
	}
}

func recogniseRows() (rows []row) {
	for _, r := range []struct {
		path, says, want string
		read             func(*world, string, client.Picture) (string, error)
	}{
		{"ocr/idcard", `{"type":"Front","name":"李四"}`, `"李四"`, read((*client.Client).IDCard)},
		{"ocr/bankcard", `{"number":"6222"}`, `"6222"`, read((*client.Client).BankCard)},
		{"ocr/driving", `{"plate_num":"青A12345"}`, `青A12345`, read((*client.Client).VehicleLicense)},
		{"ocr/drivinglicense", `{"car_class":"B2"}`, `"B2"`, read((*client.Client).DrivingLicense)},
		{"ocr/bizlicense", `{"enterprise_name":"面馆"}`, `"面馆"`, read((*client.Client).BusinessLicense)},
		{"ocr/comm", `{"items":[{"text":"通知"}]}`, `["通知"]`, read((*client.Client).PrintedText)},
		{"ocr/menu", `{"content":"{\"menu_items\":[{\"name\":\"牛肉面\"}]}"}`, `牛肉面`, read((*client.Client).MenuText)},
		{"img/qrcode", `{"code_results":[{"data":"https://a.example/"}]}`, `["https://a.example/"]`, read((*client.Client).Codes)},
		{"img/aicrop", `{"results":[{"crop_left":7}]}`, `7`, read((*client.Client).Crops)},
	} {
		kind := strings.SplitN(r.path, "/", 2)[1]
		rows = append(rows, row{
			path: "/cv/" + r.path, auth: wechat.AuthToken, s: verified, f: verified, day: 100, again: true,
			caller:   calls(func(w *world, c *client.Client, _ string) error { return recognise(w, c, "/cv/"+r.path) }),
			effect:   func(w *world) { recognised(w, kind, r.says, r.want, r.read) },
			refusals: pictureRefusals("/cv/"+r.path, kind, r.read),
		})
	}
	return append(rows, voiceRows()...)
}

// recognise calls one recognition with one client, as rows that count calls need.
func recognise(w *world, c *client.Client, path string) error {
	var err error
	switch p := picture(somePNG); path {
	case "/cv/ocr/idcard":
		_, err = c.IDCard(w.ctx, p)
	case "/cv/ocr/bankcard":
		_, err = c.BankCard(w.ctx, p)
	case "/cv/ocr/driving":
		_, err = c.VehicleLicense(w.ctx, p)
	case "/cv/ocr/drivinglicense":
		_, err = c.DrivingLicense(w.ctx, p)
	case "/cv/ocr/bizlicense":
		_, err = c.BusinessLicense(w.ctx, p)
	case "/cv/ocr/comm":
		_, err = c.PrintedText(w.ctx, p)
	case "/cv/ocr/menu":
		_, err = c.MenuText(w.ctx, p)
	case "/cv/img/qrcode":
		_, err = c.Codes(w.ctx, p)
	default:
		_, err = c.Crops(w.ctx, p)
	}
	return err
}

// recognised: what was said of the picture, by its content or its address; what was said of the next call, once; else the fixture.
func recognised(w *world, kind, says, want string, read func(*world, string, client.Picture) (string, error)) {
	sum := sha256.Sum256([]byte(somePNG))
	set := func(subject string) {
		w.play("PUT", "/ocr", object{"kind": kind, "subject": subject, "says": json.RawMessage(says)})
	}
	is := func(label string, p client.Picture, said bool) {
		w.Helper()
		if got, err := read(w, main, p); err != nil || strings.Contains(got, want) != said {
			w.Errorf("%s: %s %v", label, got, err)
		}
	}
	is("the fixture", picture(somePNG), false)
	set(hex.EncodeToString(sum[:]))
	is("by content", picture(somePNG), true)
	is("and again", picture(somePNG), true)
	is("another picture", picture(somePNG+"2"), false)
	is("an address", client.Picture{URL: "https://a.example/1.png"}, false)
	set("https://a.example/1.png")
	is("by address", client.Picture{URL: "https://a.example/1.png"}, true)
	set("")
	is("the next call", picture(somePNG+"2"), true)
	is("the one after", picture(somePNG+"2"), false)
	if kind == "qrcode" {
		ownCodeRead(w)
	}
}

func ownCodeRead(w *world) {
	c := w.client(main)
	code, err := c.CreateQR(w.ctx, client.QR{Action: client.QRLimitScene, SceneID: 9})
	w.wantCode("code", err, 0)
	d, err := c.QRImage(w.ctx, code.Ticket)
	if err != nil {
		w.Fatal(err)
	}
	content, err := io.ReadAll(d.Body)
	w.wantCode("read", err, 0)
	w.wantCode("close", d.Body.Close(), 0)
	if got, err := c.Codes(w.ctx, picture(string(content))); err != nil || !slices.Equal(got, []string{code.URL}) {
		w.Errorf("the account's code: %v %v", got, err)
	}
}

func pictureRefusals(path, kind string, read func(*world, string, client.Picture) (string, error)) []refusal {
	form := func(w *world, content string) wechat.Code {
		return w.rawWith(main, "POST", path, strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"img\"; filename=\"a.png\"\r\n\r\n"+content+"\r\n--b--\r\n"),
			http.Header{"Content-Type": {"multipart/form-data; boundary=b"}})
	}
	return []refusal{
		no("no address", 101000, errs.Invalid, wechat.ActFixContent, func(w *world) error {
			_, err := read(w, main, client.Picture{URL: "a.png"})
			return err
		}),
		no("nothing to be found", 101001, errs.Invalid, wechat.ActFixContent, func(w *world) error {
			w.play("PUT", "/ocr", object{"kind": kind, "says": nil})
			_, err := read(w, main, picture(somePNG))
			return err
		}),
		no("no picture", 101002, errs.Invalid, wechat.ActFixContent, func(w *world) error {
			_, err := read(w, main, picture("text"))
			return err
		}),
		{label: "2 MB", code: 101002, kind: errs.Invalid, action: wechat.ActFixContent, local: "picture:wechat.between",
			do: func(w *world) error {
				_, err := read(w, main, picture(somePNG+strings.Repeat("x", 2<<20-len(somePNG))))
				return err
			},
			raw: func(w *world) wechat.Code { return form(w, somePNG+strings.Repeat("x", 2<<20-len(somePNG))) }},
		no("without what was paid for", 101003, errs.Exhausted, wechat.ActAlert, func(w *world) error {
			w.play("PUT", "/faults", object{"faults": []object{{"path": path, "kind": "code", "code": 101003}}})
			_, err := read(w, main, picture(somePNG))
			return err
		}),
	}
}

func voiceRows() []row {
	const base = "/cgi-bin/media/voice/"
	add := func(w *world, c *client.Client, content string) error {
		return c.AddVoice(w.ctx, "v1", client.LangChinese, fileOf("a.mp3", content))
	}
	return []row{
		{
			path: base + "addvoicetorecofortext", auth: wechat.AuthToken, s: all, f: all,
			caller: calls(func(w *world, c *client.Client, _ string) error { return add(w, c, someMP3) }),
			effect: voiceHeard,
			refusals: []refusal{
				no("no MP3", 40005, errs.Invalid, wechat.ActFixContent, func(w *world) error { return add(w, w.client(main), "text") }),
				no("no id", 40097, errs.Internal, wechat.ActFixRequest, func(w *world) error {
					return w.client(main).AddVoice(w.ctx, "", client.LangChinese, fileOf("a.mp3", someMP3))
				}),
				{label: "1 MB and a byte", code: 45001, kind: errs.Invalid, action: wechat.ActFixContent, local: "voice:wechat.between",
					do: func(w *world) error { return add(w, w.client(main), someMP3+strings.Repeat("x", 1<<20)) },
					raw: func(w *world) wechat.Code {
						return w.raw(main, "POST", base+"addvoicetorecofortext?format=mp3&voice_id=v", someMP3+strings.Repeat("x", 1<<20))
					}},
			},
		},
		{
			path: base + "queryrecoresultfortext", auth: wechat.AuthToken, s: all, f: all, again: true,
			prepare: func(w *world, account string) { w.wantCode("voice", add(w, w.client(account), someMP3), 0) },
			caller: calls(func(w *world, c *client.Client, _ string) error {
				_, err := c.VoiceText(w.ctx, "v1", client.LangChinese)
				return err
			}),
			effect: voiceHeard,
			refusals: []refusal{no("nobody's voice", 40097, errs.Internal, wechat.ActFixRequest, func(w *world) error {
				_, err := w.client(main).VoiceText(w.ctx, "v2", client.LangChinese)
				return err
			})},
		},
		{
			path: base + "translatecontent", auth: wechat.AuthToken, s: all, f: all, again: true,
			caller: calls(func(w *world, c *client.Client, _ string) error {
				_, err := c.Translate(w.ctx, "zh_CN", "en_US", "你好")
				return err
			}),
			effect: func(w *world) {
				w.play("PUT", "/ocr", object{"kind": "translation", "subject": "你好", "says": "Hello"})
				if got, err := w.client(main).Translate(w.ctx, "zh_CN", "en_US", "你好"); err != nil || got != "Hello" {
					w.Errorf("%q %v", got, err)
				}
				longest := strings.Repeat("字", 200)
				if got, err := w.client(main).Translate(w.ctx, "zh_CN", "en_US", longest); err != nil || got != "[en_US] "+longest {
					w.Errorf("%q %v", got, err)
				}
			},
			refusals: []refusal{
				no("another language", 40097, errs.Internal, wechat.ActFixRequest, func(w *world) error {
					_, err := w.client(main).Translate(w.ctx, "zh_CN", "fr_FR", "你好")
					return err
				}),
				{label: "601 bytes", code: 45002, kind: errs.Invalid, action: wechat.ActFixContent, local: "text:wechat.between",
					do: func(w *world) error {
						_, err := w.client(main).Translate(w.ctx, "zh_CN", "en_US", strings.Repeat("x", 601))
						return err
					},
					raw: func(w *world) wechat.Code {
						return w.raw(main, "POST", base+"translatecontent?lfrom=zh_CN&lto=en_US", strings.Repeat("x", 601))
					}},
			},
		},
	}
}

func voiceHeard(w *world) {
	c, sum := w.client(main), sha256.Sum256([]byte(someMP3))
	w.play("PUT", "/ocr", object{"kind": "voice", "subject": hex.EncodeToString(sum[:]), "says": "社保卡怎么办"})
	w.wantCode("voice", c.AddVoice(w.ctx, "v", client.LangChinese, fileOf("a.mp3", someMP3)), 0)
	w.wall.pass(9 * time.Second)
	if got, err := c.VoiceText(w.ctx, "v", client.LangChinese); err != nil || got != "社保卡怎么办" {
		w.Errorf("%q %v", got, err)
	}
	w.wall.pass(time.Second)
	_, err := c.VoiceText(w.ctx, "v", client.LangChinese)
	w.wantCode("ten seconds later", err, 40097)
}
