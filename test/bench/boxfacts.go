package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// facts are what a program and a person can see of the account.
func (b *box) facts(ctx context.Context, yesterday string) (map[string]string, error) {
	facts := map[string]string{}
	note := func(what, path string, in any, pick ...string) error {
		var out any
		var err error
		if in == nil {
			err = b.fetch(ctx, path, &out)
		} else {
			err = b.api(ctx, path, in, &out)
		}
		if err == nil {
			facts[what] = fmt.Sprint(picked(out, pick...))
		}
		return err
	}
	day := map[string]string{"begin_date": yesterday, "end_date": yesterday}
	for _, step := range []struct {
		what, path string
		in         any
		pick       []string
	}{
		{"followers", "/cgi-bin/user/get?next_openid=" + url.QueryEscape(b.openids[len(b.openids)-2]), nil, []string{"total"}},
		{"tags", "/cgi-bin/tags/get", nil, []string{"tags"}},
		{"readers yesterday", "/datacube/getarticleread", day, []string{"list", "detail", "read_user"}},
		{"came yesterday", "/datacube/getusersummary", day, []string{"list", "new_user"}},
		{"drafts", "/cgi-bin/draft/count", nil, []string{"total_count"}},
		{"one follower", "/cgi-bin/user/info?openid=" + url.QueryEscape(b.openids[len(b.openids)-2]), nil, nil},
		{"menu", "/cgi-bin/menu/get", nil, []string{"menu"}},
	} {
		if err := note(step.what, step.path, step.in, step.pick...); err != nil {
			return nil, err
		}
	}
	var chat, mass any
	if err := b.play(ctx, http.MethodGet, fmt.Sprintf("/chat?account=%s&limit=500&citizen=p-%d", boxAccount, b.people-1), nil, &chat); err != nil {
		return nil, err
	}
	if err := b.play(ctx, http.MethodGet, "/mass?account="+boxAccount, nil, &mass); err != nil {
		return nil, err
	}
	items, err := json.Marshal(picked(chat, "items"))
	facts["one chat"] = fmt.Sprintf("%d bytes", len(items))
	facts["messages to many"] = fmt.Sprint(picked(mass, "messages", "filtered"))
	return facts, err
}

// picked goes down into what JSON became: by name, and into the first of a list.
func picked(v any, names ...string) any {
	for _, name := range names {
		if list, ok := v.([]any); ok && len(list) > 0 {
			v = list[0]
		}
		fields, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = fields[name]
	}
	return v
}
