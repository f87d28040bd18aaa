package form

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/access"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

func TestVersions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := h.clerk()
		sheet, err := h.Create(ctx, CreateIn{Key: "aid", UnitID: 2, Draft: Form{Title: "临时救助"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Create(ctx, CreateIn{Key: "aid", UnitID: 1, Draft: Form{Title: "又一张"}}); keys(errs.As(err).Fields()) != "key form.key_taken" {
			t.Errorf("a key twice: %v", err)
		}
		if _, err := h.Publish(ctx, sheet.ID, sheet.Version); keys(errs.As(err).Fields()) != "fields form.nothing_asked" {
			t.Errorf("an empty form: %v", err)
		}
		if _, err := h.Edition(ctx, sheet, 0); !errs.Is(err, errs.NotFound) {
			t.Errorf("before it is live: %v", err)
		}
		saved, err := h.Save(ctx, sheet.ID, sheet.Version, 1, aid())
		if err != nil || saved.Account != 1 {
			t.Fatal(saved, err)
		}
		if _, err := h.Save(ctx, sheet.ID, sheet.Version, 1, aid()); !errs.Is(err, errs.Conflict) {
			t.Errorf("saving over what somebody else saved: %v", err)
		}
		one, err := h.Publish(ctx, saved.ID, saved.Version)
		if err != nil || one.Live != 1 {
			t.Fatal(one, err)
		}
		if _, err := h.Publish(ctx, one.ID, one.Version); errs.As(err).Key() != "form.unchanged" {
			t.Errorf("publishing the same again: %v", err)
		}
		next := aid()
		next.Fields = next.Fields[:3]
		saved, err = h.Save(ctx, one.ID, one.Version, 1, next)
		if err != nil {
			t.Fatal(err)
		}
		if f := h.edition(saved); len(f.Fields) != 5 || f.Version != 1 || f.Key != "aid" {
			t.Errorf("a saved draft changed what is live: %+v", f)
		}
		two, err := h.Publish(ctx, saved.ID, saved.Version)
		if err != nil {
			t.Fatal(err)
		}
		list, err := h.Editions(ctx, two)
		if err != nil || len(list) != 2 || list[0].State != Live || list[1].State != Retired || list[1].RetiredAt.IsZero() || len(list[1].Form.Fields) != 5 {
			t.Errorf("%+v %v", list, err)
		}
		gone, err := h.Retire(ctx, two.ID, two.Version)
		if err != nil || gone.Live != 0 {
			t.Fatal(gone, err)
		}
		if n := h.count(`select count(*) from form_version where state = 'live'`); n != 0 {
			t.Errorf("%d versions are live", n)
		}
		if err := h.Remove(ctx, gone.ID, gone.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Get(ctx, gone.ID); errs.As(err).Key() != "form.none" {
			t.Errorf("after deleting: %v", err)
		}
		if n := h.count(`select count(*) from audit_entry where object = 'form'`); n != 7 {
			t.Errorf("%d audit rows, want create, 2 save, 2 publish, retire, delete", n)
		}
	})
}

func TestReachAndPages(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		sheet := h.live("aid", aid())
		if _, err := h.Create(h.clerk(), CreateIn{Key: "city", UnitID: 1, Draft: Form{Title: "市级"}}); err != nil {
			t.Fatal(err)
		}
		for unit, want := range map[string]int{"/1/": 2, "/1/2/": 1, "/3/": 0} {
			list, err := h.List(t.Context(), access.Reach{Grants: []access.Grant{{Permission: "form.read", Unit: unit}}}, 0, 10)
			if err != nil || len(list) != want {
				t.Errorf("%s sees %d forms, want %d: %v", unit, len(list), want, err)
			}
		}
		if list, _ := h.OfAccount(t.Context(), 1); len(list) != 0 {
			t.Errorf("no page shows it yet: %v", list)
		}
		if _, err := h.Save(h.clerk(), sheet.ID, sheet.Version, 1, aid()); err != nil {
			t.Fatal(err)
		}
		if list, err := h.OfAccount(t.Context(), 1); err != nil || len(list) != 1 {
			t.Errorf("%v %v", list, err)
		}
	})
}

func TestDraftsAreSealedResumedAndForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		sheet := h.live("aid", aid())
		form := h.edition(sheet)
		me, other, staff := Owner{Citizen: 1}, Owner{Citizen: 2}, Owner{Staff: 0}
		if _, err := h.SaveDraft(t.Context(), staff, sheet, form, "", nil); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("nobody's draft: %v", err)
		}
		for _, name := range []string{"张三", "张三丰"} {
			if _, err := h.SaveDraft(t.Context(), me, sheet, form, "", map[string]any{"name": name, "phone": "没记住", "stranger": "x"}); err != nil {
				t.Fatal(err)
			}
		}
		d, err := h.Draft(t.Context(), me, sheet.ID, "")
		if diff := cmp.Diff(Values{"name": "张三丰", "phone": "没记住"}, d.Values); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		if d, _ := h.Draft(t.Context(), other, sheet.ID, ""); d.ID != 0 {
			t.Error("somebody else's draft is shown")
		}
		if d, _ := h.Draft(t.Context(), me, sheet.ID, "another"); d.ID != 0 {
			t.Error("another slot's draft is shown")
		}
		var sealed []byte
		if err := h.DB.QueryRow(t.Context(), `select sealed from form_draft`).Scan(&sealed); err != nil || bytes.Contains(sealed, []byte("张三")) {
			t.Errorf("the draft is readable at rest: %v", err)
		}
		h.people.same[2] = []int64{1, 2} // the same person after all
		if d, _ := h.Draft(t.Context(), other, sheet.ID, ""); d.Values["name"] != "张三丰" {
			t.Errorf("after joining: %v", d.Values)
		}
		h.civil.forward(30*24*time.Hour + time.Second)
		if n, err := h.Sweep(t.Context(), h.civil.Now()); err != nil || n != 1 {
			t.Errorf("swept %d: %v", n, err)
		}
		if d, _ := h.Draft(t.Context(), me, sheet.ID, ""); d.ID != 0 {
			t.Error("a draft past its time is shown")
		}
	})
}

func TestTwoTabsSaveAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		sheet := h.live("aid", aid())
		form := h.edition(sheet)
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				if _, err := h.SaveDraft(t.Context(), Owner{Citizen: 1}, sheet, form, "", map[string]any{"name": "张三"}); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if n := h.count(`select count(*) from form_draft`); n != 1 {
			t.Errorf("%d drafts", n)
		}
	})
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		sheet := h.live("aid", aid())
		form := h.edition(sheet)
		me, ctx := Owner{Citizen: 1}, t.Context()
		if _, err := h.ImportAreas(ctx, []AreaIn{{"99", "云省"}, {"9901", "青云市"}, {"990101", "云东区"}, {"990101001", "望云街道"}, {"990101001001", "望云里社区"}}); err != nil {
			t.Fatal(err)
		}
		card, _ := form.Field("card")
		file, err := h.Upload(ctx, me, sheet, card, "我的/身份证.heic", bytes.NewReader(photo(t, 6)))
		if err != nil || file.Name != "我的 身份证.jpg" {
			t.Fatal(file.Name, err)
		}
		values := map[string]any{"name": "张三", "phone": "１３８12345678", "why": "失业", "home": "990101001001", "card": []any{file.Code}}
		in := SubmitIn{Sheet: sheet, Account: 1, Token: "a-token-that-is-long-enough", Values: values}
		if _, err := h.SaveDraft(ctx, me, sheet, form, "", values); err != nil {
			t.Fatal(err)
		}

		bad := in
		bad.Values = map[string]any{"name": "3", "card": "nobody"}
		if _, err := h.Submit(ctx, me, form, bad); keys(errs.As(err).Fields()) != "name form.rule.name, phone shape.required, why shape.required, card form.file_gone" {
			t.Errorf("faults: %v", err)
		}
		if _, err := h.Submit(ctx, Owner{Citizen: 2}, form, in); keys(errs.As(err).Fields()) != "card form.file_gone" {
			t.Errorf("somebody else's file: %v", err)
		}
		sent, err := h.Submit(ctx, me, form, in)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := h.Submit(ctx, me, form, in); err != nil || again.ID != sent.ID {
			t.Errorf("sent twice: %v %v", again.ID, err)
		}
		if d, _ := h.Draft(ctx, me, sheet.ID, ""); d.ID != 0 {
			t.Error("the draft is still there")
		}
		h.sentIsSealed(sent, form, file)
		h.sentIsKept(sent, sheet, form, file)
	})
}

func (h *house) sentIsSealed(sent Submission, form Form, file Filed) {
	h.t.Helper()
	var content, sealed []byte
	if err := h.DB.QueryRow(h.t.Context(), `select content, sealed from form_submission where id = $1`, sent.ID).Scan(&content, &sealed); err != nil {
		h.t.Fatal(err)
	}
	var open map[string]any
	if err := json.Unmarshal(content, &open); err != nil {
		h.t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"why": "失业", "home": "990101001001"}, open); diff != "" {
		h.t.Errorf("what is readable at rest: %s", diff)
	}
	values, err := h.Values(h.t.Context(), sent, form)
	if err != nil || values["phone"] != "13812345678" {
		h.t.Errorf("opened: %v %v", values, err)
	}
	if masked := form.Masked(values); masked["phone"] != "138****5678" || masked["name"] != "张*" {
		h.t.Errorf("masked: %v", masked)
	}
	if _, err := h.Reveal(h.clerk(), sent, form, ""); keys(errs.As(err).Fields()) != "reason form.reason" {
		h.t.Errorf("without a reason: %v", err)
	}
	if _, err := h.Reveal(h.clerk(), sent, form, "核对申请人电话"); err != nil {
		h.t.Error(err)
	}
	if n := h.count(`select count(*) from audit_entry where object = 'form' and verb = 'reveal' and actor_id = 7`); n != 1 {
		h.t.Errorf("%d reveals are audited", n)
	}
	stored, err := os.ReadFile(filepath.Join(h.dir, blobKey(file.Code, file.CreatedAt)))
	if err != nil || bytes.Contains(stored, []byte("JFIF")) || bytes.HasPrefix(stored, []byte{0xFF, 0xD8}) {
		h.t.Errorf("the file is readable at rest: %v", err)
	}
}

func (h *house) sentIsKept(sent Submission, sheet Sheet, form Form, file Filed) {
	h.t.Helper()
	ctx := h.t.Context()
	if err := h.Remove(h.clerk(), sheet.ID, sheet.Version); errs.As(err).Key() != "form.used" {
		h.t.Errorf("deleting an answered form: %v", err)
	}
	filled, err := h.Prefill(ctx, Owner{Citizen: 1}, form, Values{"name": "李四"})
	if diff := cmp.Diff(Values{"name": "李四", "phone": "13812345678"}, filled); err != nil || diff != "" {
		h.t.Errorf("prefill: %v %s", err, diff)
	}
	h.civil.forward(31 * 24 * time.Hour)
	if _, err := h.Sweep(ctx, h.civil.Now()); err != nil {
		h.t.Fatal(err)
	}
	list, err := h.Files(ctx, sent.ID)
	if err != nil || len(list) != 1 || list[0].Name != "我的 身份证.jpg" {
		h.t.Fatalf("files of the submission: %v %v", list, err)
	}
	picture, err := h.Read(ctx, list[0])
	if err != nil || !bytes.HasPrefix(picture, []byte{0xFF, 0xD8}) {
		h.t.Errorf("read back: %v", err)
	}
	if _, err := h.FileOf(ctx, sent.ID+1, file.Code); !errs.Is(err, errs.NotFound) {
		h.t.Errorf("a file by another submission: %v", err)
	}
	err = h.DB.Write(ctx, func(tx *db.Tx) error { return h.Erase(ctx, tx, 1) })
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.Sweep(ctx, h.civil.Now()); err != nil {
		h.t.Fatal(err)
	}
	if n := h.count(`select (select count(*) from form_submission) + (select count(*) from form_file) + (select count(*) from form_draft)`); n != 0 {
		h.t.Errorf("%d rows are left after erasing", n)
	}
	if _, err := os.Stat(filepath.Join(h.dir, blobKey(file.Code, file.CreatedAt))); !os.IsNotExist(err) {
		h.t.Errorf("the bytes are left: %v", err)
	}
}

func TestSubmissionsGoAfterTheirRetention(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		sheet := h.live("aid", aid())
		in := SubmitIn{Sheet: sheet, Account: 1, Token: crypt.RandomToken(), Values: map[string]any{"name": "张三", "phone": "13812345678", "why": "失业"}}
		if _, err := h.Submit(t.Context(), Owner{Citizen: 1}, h.edition(sheet), in); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			after time.Duration
			left  int64
		}{{1094 * 24 * time.Hour, 1}, {2 * 24 * time.Hour, 0}} {
			h.civil.forward(step.after)
			if _, err := h.Sweep(t.Context(), h.civil.Now()); err != nil {
				t.Fatal(err)
			}
			if n := h.count(`select count(*) from form_submission`); n != step.left {
				t.Errorf("%d left, want %d", n, step.left)
			}
		}
	})
}

func TestAreas(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		_, err := h.ImportAreas(ctx, []AreaIn{{"4600", ""}, {"46x", "海南"}, {"460000", "海南省"}})
		if keys(errs.As(err).Fields()) != "lines.0 form.area_line, lines.1 form.area_line" || h.count(`select count(*) from area`) != 0 {
			t.Errorf("bad lines: %v", err)
		}
		if _, err := h.ImportAreas(ctx, []AreaIn{{"469001", "五指山市"}, {"460000", "海南省"}, {"460100", "海口市"}, {"460105", "秀英区"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.ImportAreas(ctx, []AreaIn{{"460105001", "秀英街道"}, {"460105", "秀英区（新）"}}); err != nil {
			t.Fatal(err)
		}
		names := func(list []Area, err error) string {
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, a := range list {
				out = append(out, a.Name)
			}
			return strings.Join(out, " ")
		}
		for label, got := range map[string]string{
			"海南省":      names(h.Areas(ctx, "")),
			"海口市 五指山市": names(h.Areas(ctx, "460000000000")), // a county directly below its province
			"海南省 海口市 秀英区（新） 秀英街道": names(h.Way(ctx, "460105001000")),
			"": names(h.Way(ctx, "nowhere")),
		} {
			if got != label {
				t.Errorf("got %q, want %q", got, label)
			}
		}
	})
}
