package citizenweb

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

type answer struct {
	Items []followerView `json:"items"`
	Next  string         `json:"next"`
}

func TestFollowers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		mine := h.follow(h.city, canary+"1")
		theirs := h.follow(h.office, canary+"2")
		for _, c := range []struct {
			label  string
			who    int
			query  string
			status int
			ids    []int64
		}{
			{"all within reach", root, "", 200, []int64{theirs, mine}},
			{"the bureau sees its own", bureau, "", 200, []int64{theirs}},
			{"one account", root, fmt.Sprintf("?account=%d", h.city), 200, []int64{mine}},
			{"an account out of reach", bureau, fmt.Sprintf("?account=%d", h.city), 404, nil},
			{"an account that is not", root, "?account=99", 404, nil},
			{"an unknown state", root, "?state=rich", 422, nil},
			{"a broken cursor", root, "?cursor=x", 422, nil},
			{"by openid", root, "?q=" + canary + "1", 200, []int64{mine}},
			{"by number", root, "?q=" + h.citizens.Number(mine), 200, []int64{mine}},
			{"by a number out of reach", bureau, "?q=" + h.citizens.Number(mine), 200, nil},
			{"nobody may who holds nothing", stranger, "", 403, nil},
		} {
			var out answer
			if status := h.as(c.who).call("GET", "/console/api/followers"+c.query, nil, &out); status != c.status {
				t.Errorf("%s: %d", c.label, status)
			}
			var ids []int64
			for _, f := range out.Items {
				ids = append(ids, f.ID)
			}
			if fmt.Sprint(ids) != fmt.Sprint(c.ids) {
				t.Errorf("%s: %v, want %v", c.label, ids, c.ids)
			}
		}
		var first, second answer
		h.as(root).call("GET", "/console/api/followers?limit=1", nil, &first)
		h.as(root).call("GET", "/console/api/followers?limit=1&cursor="+first.Next, nil, &second)
		if len(first.Items) != 1 || len(second.Items) != 1 || first.Items[0].ID != theirs || second.Items[0].ID != mine || second.Next != "" {
			t.Errorf("pages: %+v %+v", first, second)
		}
		for _, path := range []string{fmt.Sprint(mine), "999", "x"} {
			if status := h.as(bureau).call("GET", "/console/api/followers/"+path, nil, nil); status != 404 {
				t.Errorf("out of reach and unknown look the same: %s is %d", path, status)
			}
		}
	})
}

func TestChangeFollower(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		id := h.follow(h.city, canary+"1")
		one := fmt.Sprintf("/console/api/followers/%d", id)
		b := h.as(root)
		var f followerView
		if b.call("GET", one, nil, &f); f.Name != "粉丝 "+f.Number || f.Remark != "" || !f.Following || f.AccountName != "青云政务" {
			t.Errorf("%+v", f)
		}
		if status := b.call("PATCH", one, map[string]any{"remark": "张大爷", "important": true, "version": f.Version}, &f); status != 200 || f.Name != "张大爷" || !f.Important {
			t.Errorf("%d %+v", status, f)
		}
		if status := b.call("PATCH", one, map[string]any{"remark": "王大爷", "version": f.Version - 1}, nil); status != 409 {
			t.Errorf("an old version: %d", status)
		}
		if status := b.call("PATCH", one, map[string]any{"remark": strings.Repeat("大", 10)}, nil); status != 422 {
			t.Errorf("30 bytes: %d", status)
		}
		if status := h.as(reader).call("PATCH", one, map[string]any{"important": false}, nil); status != 403 {
			t.Errorf("who only reads: %d", status)
		}
		if status := h.as(reader).call("POST", one+"/reveal", map[string]any{"reason": "好奇"}, nil); status != 403 {
			t.Errorf("who may not reveal: %d", status)
		}
		var r revealOut
		if status := b.call("POST", one+"/reveal", map[string]any{"reason": "x"}, nil); status != 422 {
			t.Errorf("a reason of one letter: %d", status)
		}
		if status := b.call("POST", one+"/reveal", map[string]any{"reason": "核对举报人"}, &r); status != 200 || r.OpenID != canary+"1" || r.Remark != "张大爷" {
			t.Errorf("%d", status)
		}
		if status := b.call("POST", one+"/separate", map[string]any{"reason": "不是同一人"}, nil); status != 409 {
			t.Errorf("alone: %d", status)
		}
		lines, err := h.part.Cards[0].Load(t.Context(), ref("follower", id))
		if err != nil || len(lines) < 3 {
			t.Errorf("card: %v %v", lines, err)
		}
	})
}

func TestTags(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		id := h.follow(h.office, canary+"1")
		b := h.as(bureau)
		var tag tagView
		if status := b.call("POST", "/console/api/tags", map[string]any{"account_id": h.office, "name": "货车司机"}, &tag); status != 200 || tag.State != "here" {
			t.Fatalf("%d %+v", status, tag)
		}
		if status := b.call("POST", "/console/api/tags", map[string]any{"account_id": h.city, "name": "x"}, nil); status != 404 {
			t.Errorf("another's account: %d", status)
		}
		var f followerView
		if status := b.call("POST", fmt.Sprintf("/console/api/followers/%d/tags", id), map[string]any{"tag_ids": []int64{tag.ID}}, &f); status != 200 || len(f.Tags) != 1 || f.Tags[0].Name != "货车司机" {
			t.Errorf("%d %+v", status, f)
		}
		var list tagsOut
		if b.call("GET", fmt.Sprintf("/console/api/tags?account=%d", h.office), nil, &list); len(list.Items) != 1 || list.Items[0].Count != 1 {
			t.Errorf("%+v", list)
		}
		one := fmt.Sprintf("/console/api/tags/%d", tag.ID)
		if status := b.call("PATCH", one, map[string]any{"name": "司机"}, &tag); status != 200 || tag.Name != "司机" || tag.Count != 1 {
			t.Errorf("%d %+v", status, tag)
		}
		var many tagManyOut
		if status := b.call("POST", one+"/followers", map[string]any{"follower_ids": []int64{id}, "on": false}, &many); status != 200 || many.Changed != 1 {
			t.Errorf("%d %+v", status, many)
		}
		if status := h.as(reader).call("DELETE", one, nil, nil); status != 403 {
			t.Errorf("who only reads: %d", status)
		}
		h.work()
		if status := b.call("DELETE", one, nil, nil); status != http.StatusNoContent {
			t.Errorf("%d", status)
		}
		h.eventually("the tag is gone", func() bool { return h.as(root).call("PATCH", one, map[string]any{"name": "y"}, nil) == 404 })
	})
}

func TestSync(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		b := h.as(root)
		path := fmt.Sprintf("/console/api/accounts/%d/sync", h.city)
		var y syncView
		if status := b.call("GET", path, nil, &y); status != 200 || y.State != "idle" {
			t.Errorf("%d %+v", status, y)
		}
		if status := b.call("POST", fmt.Sprintf("/console/api/accounts/%d/sync", h.office), nil, nil); status != 422 {
			t.Errorf("an unverified account is refused: %d", status)
		}
		if status := h.as(bureau).call("POST", path, nil, nil); status != 404 {
			t.Errorf("out of reach: %d", status)
		}
		if status := b.call("POST", path, nil, &y); status != 200 || y.State != "running" {
			t.Fatalf("%d %+v", status, y)
		}
		h.work()
		h.eventually("it is done", func() bool { b.call("GET", path, nil, &y); return y.State == "done" })
	})
}
