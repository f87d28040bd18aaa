package contract

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

const mini = "wx0000000000000001" // linked to the accounts of a world

func shortenRows() []row {
	return []row{
		{
			path: "/cgi-bin/shorten/gen", auth: wechat.AuthToken, s: never, f: verified, again: true,
			caller: calls(func(w *world, c *client.Client, _ string) error {
				_, err := c.Shorten(w.ctx, "x", time.Hour)
				return err
			}),
			effect: keysKept,
			refusals: []refusal{
				shortRefusal("4 KB and a byte", "data:wechat.between", strings.Repeat("x", 4097), time.Hour),
				shortRefusal("nothing", "data:wechat.between", "", time.Hour),
				shortRefusal("30 days and a second", "life:wechat.between", "x", 30*24*time.Hour+time.Second),
			},
		},
		{
			path: "/cgi-bin/shorten/fetch", auth: wechat.AuthToken, s: never, f: verified, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				key, err := c.Shorten(w.ctx, "x", time.Hour)
				if err != nil {
					key = "iTqRJFSEqk9RvPk"
				}
				return func() error { _, err := c.Unshorten(w.ctx, key); return err }
			},
			effect: keysKept,
			refusals: []refusal{no("nobody's key", 40097, errs.Internal, wechat.ActFixRequest, func(w *world) error {
				_, err := w.client(main).Unshorten(w.ctx, "iTqRJFSEqk9RvPk")
				return err
			})},
		},
	}
}

func shortRefusal(label, local, data string, life time.Duration) refusal {
	return refusal{label: label, code: 40097, kind: errs.Internal, action: wechat.ActFixRequest, local: local,
		do: func(w *world) error { _, err := w.client(main).Shorten(w.ctx, data, life); return err },
		raw: func(w *world) wechat.Code {
			return w.raw(main, "POST", "/cgi-bin/shorten/gen", fmt.Sprintf(`{"long_data":%q,"expire_seconds":%d}`, data, life/time.Second))
		}}
}

func keysKept(w *world) {
	c, longest := w.client(main), strings.Repeat("长", 1365)+"x" // 4096 bytes
	key, err := c.Shorten(w.ctx, longest, 30*24*time.Hour)
	if err != nil || !regexp.MustCompile(`^[0-9A-Za-z]{15}$`).MatchString(key) {
		w.Fatalf("%q %v", key, err)
	}
	w.moveCivil(24 * time.Hour)
	if got, err := c.Unshorten(w.ctx, key); err != nil || got.Data != longest || got.Left != 29*24*time.Hour || !got.MadeAt.Equal(w.civil.Now().Add(-24*time.Hour)) {
		w.Errorf("%v %v %v", got.MadeAt, got.Left, err)
	}
	w.moveCivil(29 * 24 * time.Hour)
	_, err = c.Unshorten(w.ctx, key)
	w.wantCode("30 days later", err, 40097)
}
