package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"
)

func itoa(n int) string { return strconv.Itoa(n) }

// talk is who has written to the account and may be answered.
type talk struct {
	next atomic.Int64 // citizens who have written
	open chan string  // openids, once for each customer message that is still allowed
}

// answersEach is how many customer messages a citizen's message allows. WeChat docs: kf/intro.
const answersEach = 5

// mix is what the programs of a large account call in its busy hours: they look followers up, answer, notify, tag, and read
// statistics. The quotas of a day are WeChat's for a new account. The first of the mix takes the place of what is used up.
func (b *box) mix(t *talk, yesterday string) []*ask {
	day := map[string]string{"begin_date": yesterday, "end_date": yesterday}
	statistics := []string{"getuserread", "getarticlesummary", "getarticletotaldetail", "getarticleread", "getusersummary", "getusercumulate",
		"getupstreammsg", "getinterfacesummary", "getbizsummary"}
	one := func(rng *rand.Rand) string { return b.openids[rng.IntN(len(b.openids))] }
	some := func(rng *rand.Rand, n int) []string {
		list := make([]string, n)
		for i := range list {
			list[i] = one(rng)
		}
		return list
	}
	post := func(path string, in func(rng *rand.Rand) any) func(context.Context, *rand.Rand) (int, error) {
		return func(ctx context.Context, rng *rand.Rand) (int, error) { return b.post(ctx, path, in(rng)) }
	}
	same := func(in any) func(*rand.Rand) any { return func(*rand.Rand) any { return in } }
	return []*ask{
		{name: "user/info", weight: 340, call: func(ctx context.Context, rng *rand.Rand) (int, error) {
			return b.get(ctx, "/cgi-bin/user/info?openid="+url.QueryEscape(one(rng)))
		}},
		{name: "custom/send", weight: 150, call: func(ctx context.Context, _ *rand.Rand) (int, error) {
			select {
			case openid := <-t.open:
				return b.post(ctx, "/cgi-bin/message/custom/send", map[string]any{"touser": openid, "msgtype": "text", "text": map[string]string{"content": "您好"}})
			case <-ctx.Done():
				return 0, ctx.Err()
			}
		}},
		{name: "template/send", weight: 100, most: 100_000, call: post("/cgi-bin/message/template/send", func(rng *rand.Rand) any { return b.progress(one(rng)) })},
		{name: "tags/getidlist", weight: 80, call: post("/cgi-bin/tags/getidlist", func(rng *rand.Rand) any { return map[string]string{"openid": one(rng)} })},
		{name: "stable_token", weight: 60, call: post("/cgi-bin/stable_token", same(map[string]string{"grant_type": "client_credential",
			"appid": b.appid, "secret": b.secret}))},
		{name: "menu/trymatch", weight: 60, most: 20_000, call: post("/cgi-bin/menu/trymatch", func(rng *rand.Rand) any { return map[string]string{"user_id": one(rng)} })},
		{name: "user/info/batchget", weight: 40, call: post("/cgi-bin/user/info/batchget", func(rng *rand.Rand) any { return batch(some(rng, 100)) })},
		{name: "ticket/getticket", weight: 40, call: func(ctx context.Context, _ *rand.Rand) (int, error) {
			return b.get(ctx, "/cgi-bin/ticket/getticket?type=jsapi")
		}},
		{name: "menu/get", weight: 30, most: 10_000, call: func(ctx context.Context, _ *rand.Rand) (int, error) { return b.get(ctx, "/cgi-bin/menu/get") }},
		{name: "qrcode/create", weight: 30, most: 100_000, call: post("/cgi-bin/qrcode/create", func(rng *rand.Rand) any {
			return map[string]any{"expire_seconds": 600, "action_name": "QR_SCENE", "action_info": map[string]any{"scene": map[string]int{"scene_id": 1 + rng.IntN(1<<30)}}}
		})},
		{name: "user/info/updateremark", weight: 30, most: 10_000, call: post("/cgi-bin/user/info/updateremark", func(rng *rand.Rand) any {
			return map[string]string{"openid": one(rng), "remark": "回访"}
		})},
		{name: "material/batchget_material", weight: 20, call: post("/cgi-bin/material/batchget_material", same(map[string]any{"type": "image", "offset": 0, "count": 20}))},
		{name: "tags/members/batchtagging", weight: 15, call: post("/cgi-bin/tags/members/batchtagging", func(rng *rand.Rand) any {
			return map[string]any{"tagid": b.second, "openid_list": some(rng, 50)}
		})},
		{name: "datacube", weight: 15, call: func(ctx context.Context, rng *rand.Rand) (int, error) {
			return b.post(ctx, "/datacube/"+statistics[rng.IntN(len(statistics))], day)
		}},
		{name: "draft/add", weight: 10, most: 900, call: post("/cgi-bin/draft/add", same(b.draft("草稿")))},
		{name: "draft/batchget", weight: 10, most: 900, call: post("/cgi-bin/draft/batchget", same(map[string]int{"offset": 0, "count": 20}))},
		{name: "openapi/quota/get", weight: 10, call: post("/cgi-bin/openapi/quota/get", same(map[string]string{"cgi_path": "/cgi-bin/message/custom/send"}))},
		{name: "getcallbackip", weight: 10, call: func(ctx context.Context, _ *rand.Rand) (int, error) { return b.get(ctx, "/cgi-bin/getcallbackip") }},
		{name: "user/get", weight: 5, most: 350, call: func(ctx context.Context, rng *rand.Rand) (int, error) {
			return b.get(ctx, "/cgi-bin/user/get?next_openid="+url.QueryEscape(one(rng)))
		}},
		{name: "user/tag/get", weight: 5, call: post("/cgi-bin/user/tag/get", func(rng *rand.Rand) any {
			return map[string]any{"tagid": b.tag, "next_openid": one(rng)}
		})},
	}
}

func batch(openids []string) any {
	list := make([]map[string]string, len(openids))
	for i, openid := range openids {
		list[i] = map[string]string{"openid": openid}
	}
	return map[string]any{"user_list": list}
}

// progress is a template message.
func (b *box) progress(to string) any {
	data := map[string]map[string]string{}
	for key, value := range map[string]string{"thing1": "居住证办理", "character_string2": "QY-1", "time3": "2026年11月20日 09:30", "enum5": "已受理"} {
		data[key] = map[string]string{"value": value}
	}
	return map[string]any{"touser": to, "template_id": b.plate, "data": data}
}

func (b *box) post(ctx context.Context, path string, in any) (int, error) {
	content, err := json.Marshal(in)
	if err != nil {
		return 0, err
	}
	_, answer, err := b.do(ctx, http.MethodPost, b.signed(path), "application/json", content)
	return codeOf(answer), err
}

func (b *box) get(ctx context.Context, path string) (int, error) {
	_, answer, err := b.do(ctx, http.MethodGet, b.signed(path), "", nil)
	return codeOf(answer), err
}

// speak lets citizens write, rate a second until ctx ends: each message goes to the account's server and opens the window for
// answers.
func (b *box) speak(ctx context.Context, t *talk, rate int) error {
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := b.say(ctx, t); err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
	return nil
}

func (b *box) say(ctx context.Context, t *talk) error {
	openid := b.openids[len(b.openids)-1-int(t.next.Add(1))%b.people]
	if err := b.play(ctx, http.MethodPost, "/messages", map[string]string{"account": boxAccount, "openid": openid, "type": "text", "content": "居住证怎么办"}, nil); err != nil {
		return fmt.Errorf("a citizen's message: %w", err)
	}
	for range answersEach {
		select {
		case t.open <- openid:
		default: // more than will be sent
		}
	}
	return nil
}
