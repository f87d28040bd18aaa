package formweb

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"weizheng/kernel/form"
)

func TestStaffFillInTheSameForm(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		desk := h.staff(clerk)
		v := h.live(desk)
		for id := clerk; id <= stranger; id++ {
			h.write(`insert into staff (id, login, name, title, phone_sealed, phone_index, unit_id, outsourced, until_at, disabled, password, password_at, must_change,
				totp_sealed, totp_next, totp_due, totp_step, last_login_at, created_at, updated_at, version)
				values ($1,$2,'','','','',1,false,0,false,'',0,false,'','',false,0,0,1,1,1)`, id, fmt.Sprint("s", id))
		}
		give := func(b *browser, field string, raw []byte) int {
			status, _ := b.do("POST", fmt.Sprintf("/console/api/forms/%d/files?field=%s&name=%s", v.ID, field, "a.png"), "application/octet-stream", bytes.NewReader(raw))
			return status
		}
		if status := give(desk, "card", picture(t)); status != 200 {
			t.Fatalf("a picture: %d %s", status, desk.page)
		}
		_, code, _ := strings.Cut(desk.page, `"code":"`)
		code, _, _ = strings.Cut(code, `"`)
		for label, row := range map[string]struct {
			field string
			raw   []byte
			want  int
		}{"a page": {"card", []byte("<html>"), 422}, "a field that takes none": {"who", picture(t), 404}, "no field": {"x", picture(t), 404}} {
			if status := give(desk, row.field, row.raw); status != row.want {
				t.Errorf("%s: %d %s", label, status, desk.page)
			}
		}
		if status := give(h.staff(stranger), "card", picture(t)); status != 403 && status != 404 {
			t.Errorf("another unit's form: %d", status)
		}
		if status := desk.call("GET", "/form-files/"+code, nil, nil); status != 200 || !strings.HasPrefix(desk.page, "\x89PNG") {
			t.Errorf("one's own file: %d", status)
		}
		if status := h.staff(reader).call("GET", "/form-files/"+code, nil, nil); status != 404 {
			t.Errorf("a colleague's file: %d", status)
		}
		good := map[string]any{"who": "self", "phone": "13812345678", "card": []string{code}, "income": 5000}
		if status := desk.call("POST", fmt.Sprintf("/forms/%d/check", v.ID), map[string]any{"number": 0, "values": good}, nil); status != 200 {
			t.Errorf("good values: %d %s", status, desk.page)
		}
		trial := form.Form{Title: "试", Fields: []form.Field{{Name: "only", Kind: form.Text, Label: "只问这个", Required: true}}}
		if status := desk.call("POST", fmt.Sprintf("/forms/%d/check", v.ID), map[string]any{"number": 0, "values": good, "draft": trial}, nil); status != 422 {
			t.Errorf("a trial of the draft: %d %s", status, desk.page)
		}
		desk.shows(`"field":"only"`)
	})
}
