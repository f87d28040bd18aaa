package act

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"strings"

	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// Result is what the phone brings to a button that asked for something.
type Result struct {
	ScanType   string   `json:"scan_type"`
	ScanResult string   `json:"scan_result"`
	MediaIDs   []string `json:"media_ids"`
	Lat        float64  `json:"lat"`
	Lng        float64  `json:"lng"`
	Scale      int      `json:"scale"`
	Label      string   `json:"label"`
	PoiName    string   `json:"poiname"`
}

// Tapped is what came of tapping a button.
type Tapped struct {
	Kind     string `json:"kind"` // event, page, text, miniprogram, ask
	Type     string `json:"type,omitempty"`
	Key      string `json:"key,omitempty"`
	URL      string `json:"url,omitempty"`
	Text     string `json:"text,omitempty"`
	AppID    string `json:"appid,omitempty"`
	PagePath string `json:"pagepath,omitempty"`
}

// picturesAtMost is how many pictures the phone sends at once.
const picturesAtMost = 9

// Tap taps the button at path (its place on top, and below). A button that needs something of the phone answers
// Kind "ask" until result is given.
func (x *Acts) Tap(ctx context.Context, account, citizen string, path []int, result *Result) (Tapped, error) {
	s, err := x.scene(ctx, account, citizen)
	if err != nil {
		return Tapped{}, err
	}
	menu, ok, err := x.Store.PhoneMenu(ctx, s.account, s.citizen)
	if err != nil {
		return Tapped{}, err
	}
	b, found := buttonAt(menu.Buttons, path)
	if !ok || !found {
		return Tapped{}, ErrNoButton
	}
	switch b.Type {
	case "text": // of a website's menu: WeChat itself answers
		return Tapped{Kind: "event"}, x.follower(ctx, s, func(tx *db.Tx, _ state.Contact) error {
			_, err := x.Store.AddItem(ctx, tx, state.Item{Account: s.account.N, Citizen: s.citizen.N, From: state.FromAccount,
				Origin: "menu", Type: "text", Body: map[string]any{"content": b.Value}})
			return err
		})
	case "article_id":
		return x.shownArticle(ctx, s, b.ArticleID)
	case "article_view_limited":
		return x.openedArticle(ctx, s, b.ArticleID)
	case "media_id":
		return x.shown(ctx, s, b.MediaID)
	case "click":
		return x.tapped(ctx, s, Tapped{Kind: "event"}, byClick, &wechat.Message{Event: "CLICK", EventKey: b.Key})
	case "view":
		return x.tapped(ctx, s, Tapped{Kind: "page", URL: b.URL}, "",
			&wechat.Message{Event: "VIEW", EventKey: b.URL, MenuID: fmt.Sprint(menu.ID)})
	case "miniprogram":
		return x.tapped(ctx, s, Tapped{Kind: "miniprogram", AppID: b.AppID, PagePath: b.PagePath, URL: b.URL}, "",
			&wechat.Message{Event: "view_miniprogram", EventKey: b.PagePath, MenuID: fmt.Sprint(menu.ID)})
	}
	if result == nil {
		return Tapped{Kind: "ask", Type: b.Type, Key: b.Key}, nil
	}
	return x.Bring(ctx, account, citizen, b.Type, b.Key, *result)
}

func buttonAt(buttons []state.Button, path []int) (state.Button, bool) {
	for depth, i := range path {
		if i < 0 || i >= len(buttons) || depth > 1 {
			return state.Button{}, false
		}
		if depth == len(path)-1 {
			return buttons[i], len(buttons[i].Sub) == 0
		}
		buttons = buttons[i].Sub
	}
	return state.Button{}, false
}

// tapped makes the event of a button and opens the window that it opens, if any.
func (x *Acts) tapped(ctx context.Context, s scene, out Tapped, opens string, m *wechat.Message) (Tapped, error) {
	return out, x.follower(ctx, s, func(tx *db.Tx, c state.Contact) error {
		if opens != "" {
			if err := x.open(ctx, tx, c.N, opens); err != nil {
				return err
			}
		}
		return x.event(ctx, tx, s, c, m)
	})
}

// Bring is what happens after a button of one of the scancode_, pic_ and location_select types got what it asked for.
func (x *Acts) Bring(ctx context.Context, account, citizen, event, key string, r Result) (Tapped, error) {
	s, err := x.scene(ctx, account, citizen)
	if err != nil {
		return Tapped{}, err
	}
	m := &wechat.Message{Event: event, EventKey: key}
	switch {
	case event == "scancode_push" || event == "scancode_waitmsg":
		return x.scanned(ctx, s, m, r)
	case strings.HasPrefix(event, "pic_"):
		return x.pictures(ctx, s, m, r.MediaIDs)
	case event == "location_select":
		return x.place(ctx, s, m, r)
	}
	return Tapped{}, invalid("event", "event")
}

func (x *Acts) scanned(ctx context.Context, s scene, m *wechat.Message, r Result) (Tapped, error) {
	if r.ScanResult == "" {
		return Tapped{}, invalid("scan_result", "required")
	}
	if r.ScanType == "" {
		r.ScanType = "qrcode"
	}
	m.ScanCodeInfo = &wechat.ScanCodeInfo{ScanType: r.ScanType, ScanResult: r.ScanResult}
	out := Tapped{Kind: "event"}
	if m.Event == "scancode_push" { // the phone opens what it read by itself
		out = Tapped{Kind: "text", Text: r.ScanResult}
		if strings.HasPrefix(r.ScanResult, "http://") || strings.HasPrefix(r.ScanResult, "https://") {
			out = Tapped{Kind: "page", URL: r.ScanResult}
		}
	}
	return x.tapped(ctx, s, out, byClick, m)
}

// pictures makes the event and then an image message for each picture.
func (x *Acts) pictures(ctx context.Context, s scene, m *wechat.Message, ids []string) (Tapped, error) {
	if len(ids) == 0 || len(ids) > picturesAtMost {
		return Tapped{}, invalid("media_ids", "count")
	}
	info := &wechat.SendPicsInfo{Count: len(ids)}
	drafts := make([]*draft, len(ids))
	for i, id := range ids {
		said := Said{Type: "image", MediaID: id}
		file, err := x.phoneFile(ctx, said)
		if err != nil {
			return Tapped{}, err
		}
		content, err := x.Store.Content(file)
		if err != nil {
			return Tapped{}, err
		}
		sum := md5.Sum(content)
		info.PicMD5s = append(info.PicMD5s, hex.EncodeToString(sum[:]))
		if drafts[i], err = x.draft(ctx, s.account, said); err != nil {
			return Tapped{}, err
		}
	}
	m.SendPicsInfo = info
	return x.withMessages(ctx, s, m, drafts)
}

// place makes the event and then the location message.
func (x *Acts) place(ctx context.Context, s scene, m *wechat.Message, r Result) (Tapped, error) {
	d, err := x.draft(ctx, s.account, Said{Type: "location", Lat: r.Lat, Lng: r.Lng, Scale: r.Scale, Label: r.Label})
	if err != nil {
		return Tapped{}, err
	}
	m.SendLocationInfo = &wechat.SendLocationInfo{LocationX: r.Lat, LocationY: r.Lng, Scale: d.message.Scale,
		Label: r.Label, PoiName: r.PoiName}
	return x.withMessages(ctx, s, m, []*draft{d})
}

func (x *Acts) withMessages(ctx context.Context, s scene, m *wechat.Message, drafts []*draft) (Tapped, error) {
	return Tapped{Kind: "event"}, x.follower(ctx, s, func(tx *db.Tx, c state.Contact) error {
		if err := x.event(ctx, tx, s, c, m); err != nil {
			return err
		}
		for _, d := range drafts {
			if _, _, err := x.say(ctx, tx, s, c, d); err != nil {
				return err
			}
		}
		return nil
	})
}
