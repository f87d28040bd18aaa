package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"
)

// fillAtOnce is how many followers or readers one request makes.
const fillAtOnce = 50_000

// found makes the account, its tag, its template and its picture.
func (b *box) found(ctx context.Context) error {
	var made struct {
		Account struct {
			AppID  string `json:"appid"`
			Secret string `json:"secret"`
			State  string `json:"callback_state"`
		} `json:"account"`
	}
	if err := b.play(ctx, http.MethodPost, "/accounts", map[string]any{"id": boxAccount, "name": "青云", "kind": "service", "verified": true,
		"mode": "plain", "callback": b.server.URL}, &made); err != nil {
		return err
	}
	b.appid, b.secret = made.Account.AppID, made.Account.Secret
	if err := b.login(ctx); err != nil {
		return err
	}
	for _, tag := range []struct {
		name string
		id   *int64
	}{{"市民", &b.tag}, {"回访", &b.second}} {
		var made struct {
			Tag struct {
				ID int64 `json:"id"`
			} `json:"tag"`
		}
		if err := b.api(ctx, "/cgi-bin/tags/create", map[string]any{"tag": map[string]string{"name": tag.name}}, &made); err != nil {
			return err
		}
		*tag.id = made.Tag.ID
	}
	if err := b.api(ctx, "/cgi-bin/menu/create", map[string]any{"button": []any{map[string]any{"name": "办事", "type": "click", "key": "GO"}}}, nil); err != nil {
		return err
	}
	var plate struct {
		ID string `json:"template_id"`
	}
	if err := b.api(ctx, "/cgi-bin/template/api_add_template", map[string]any{"template_id_short": "1001",
		"keyword_name_list": []string{"事项名称", "受理编号", "更新时间", "办理状态"}}, &plate); err != nil {
		return err
	}
	b.plate = plate.ID
	return b.picture(ctx)
}

// login fetches the token, as every program does now and then.
func (b *box) login(ctx context.Context) error {
	var token struct {
		Value string `json:"access_token"`
	}
	err := b.api(ctx, "/cgi-bin/stable_token", map[string]string{"grant_type": "client_credential", "appid": b.appid, "secret": b.secret}, &token)
	b.token = token.Value
	return err
}

// onePixel is a PNG.
const onePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

func (b *box) picture(ctx context.Context) error {
	content, err := base64.StdEncoding.DecodeString(onePixel)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("media", "a.png")
	if err != nil {
		return err
	}
	if _, err := part.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	var cover struct {
		ID string `json:"media_id"`
	}
	_, answer, err := b.do(ctx, http.MethodPost, b.signed("/cgi-bin/material/add_material?type=image"), w.FormDataContentType(), body.Bytes())
	if err != nil {
		return err
	}
	err = read("/cgi-bin/material/add_material", answer, &cover)
	b.cover = cover.ID
	return err
}

// settle makes n followers, all with the tag.
func (b *box) settle(ctx context.Context, n int) error {
	for first := 1; first <= n; first += fillAtOnce {
		if err := b.play(ctx, http.MethodPost, "/accounts/"+boxAccount+"/followers", map[string]any{"prefix": "p", "first": first,
			"count": min(fillAtOnce, n-first+1), "tags": []int64{b.tag}}, nil); err != nil {
			return err
		}
	}
	return nil
}

// list reads all followers by user/get, as a program does that begins.
func (b *box) list(ctx context.Context) error {
	b.openids = b.openids[:0]
	for next := ""; ; {
		var page struct {
			Count int
			Data  struct {
				OpenID []string `json:"openid"`
			}
			Next string `json:"next_openid"`
		}
		if err := b.fetch(ctx, "/cgi-bin/user/get?next_openid="+url.QueryEscape(next), &page); err != nil {
			return err
		}
		b.openids = append(b.openids, page.Data.OpenID...)
		if next = page.Next; page.Count == 0 {
			return nil
		}
	}
}

func (b *box) draft(title string) map[string]any {
	return map[string]any{"articles": []any{map[string]any{"title": title, "content": "<p>到窗口</p>", "thumb_media_id": b.cover}}}
}

// publish makes an article, which everybody reads.
func (b *box) publish(ctx context.Context) error {
	var draft struct {
		ID string `json:"media_id"`
	}
	if err := b.api(ctx, "/cgi-bin/draft/add", b.draft("办事"), &draft); err != nil {
		return err
	}
	if err := b.api(ctx, "/cgi-bin/freepublish/submit", map[string]string{"media_id": draft.ID}, nil); err != nil {
		return err
	}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); pause(100 * time.Millisecond) {
		var all struct {
			Articles []struct {
				ID string `json:"id"`
			} `json:"articles"`
		}
		if err := b.play(ctx, http.MethodGet, "/articles?all=true&account="+boxAccount, nil, &all); err != nil {
			return err
		}
		if len(all.Articles) > 0 {
			b.article = all.Articles[0].ID
			return b.readAll(ctx)
		}
	}
	return fmt.Errorf("the article was not published in 20 seconds")
}

func (b *box) readAll(ctx context.Context) error {
	for after := ""; ; {
		var page struct {
			Next string `json:"next"`
		}
		if err := b.play(ctx, http.MethodPost, "/articles/"+b.article+"/readers", map[string]any{"count": fillAtOnce, "after": after}, &page); err != nil {
			return err
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

// tomorrow moves the sandbox's clock to 10 o'clock of the next day, when WeChat has the numbers of this one.
func (b *box) tomorrow(ctx context.Context) (yesterday string, err error) {
	var clock struct {
		Now int64 `json:"now"`
	}
	if err := b.play(ctx, http.MethodGet, "/clock", nil, &clock); err != nil {
		return "", err
	}
	china := time.FixedZone("", 8*3600)
	now := time.UnixMilli(clock.Now).In(china)
	to := time.Date(now.Year(), now.Month(), now.Day()+1, 10, 0, 0, 0, china)
	return now.Format(time.DateOnly), b.play(ctx, http.MethodPost, "/clock", map[string]int64{"to": to.UnixMilli()}, nil)
}
