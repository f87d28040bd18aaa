package record

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
)

func day(n int) time.Time { return time.Date(2026, 11, n, 9, 0, 0, 0, time.UTC) }

func put(t *testing.T, s *Service, kind string, id int64, content string, at time.Time) error {
	t.Helper()
	return s.db.Write(t.Context(), func(tx *db.Tx) error {
		return s.Put(t.Context(), tx, kind, id, 3, []byte(content), at)
	})
}

func TestWhatWasPublic(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB) {
		s := New(d)
		for _, step := range []struct {
			day     int
			content string
		}{{2, "早"}, {4, "早"}, {6, "晚"}, {8, "早"}} {
			if err := put(t, s, "menu", 1, step.content, day(step.day)); err != nil {
				t.Fatal(err)
			}
		}
		if err := put(t, s, "menu", 2, "别的", day(3)); err != nil {
			t.Fatal(err)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error { return s.End(t.Context(), tx, "menu", 1, day(10)) })
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			label string
			at    time.Time
			want  string
		}{
			{"before anything", day(1), ""}, {"the very instant", day(2), "早"}, {"put again, no change", day(5), "早"},
			{"changed", day(6), "晚"}, {"just before", day(8).Add(-time.Millisecond), "晚"}, {"back again", day(9), "早"},
			{"withdrawn", day(10), ""}, {"later", day(20), ""},
		} {
			i, err := s.At(t.Context(), "menu", 1, c.at)
			if c.want == "" {
				if !errs.Is(err, errs.NotFound) {
					t.Errorf("%s: %+v, %v", c.label, i, err)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%s: %v", c.label, err)
			}
			if body, err := s.Content(t.Context(), i.Digest); err != nil || string(body) != c.want {
				t.Errorf("%s: %s, %v", c.label, body, err)
			}
		}
		list, err := s.List(t.Context(), "menu", 1)
		if err != nil {
			t.Fatal(err)
		}
		ms := func(n int) int64 { return day(n).UnixMilli() }
		want := []Interval{
			{Kind: "menu", Object: 1, Account: 3, FromAt: ms(8), UntilAt: ms(10)},
			{Kind: "menu", Object: 1, Account: 3, FromAt: ms(6), UntilAt: ms(8)},
			{Kind: "menu", Object: 1, Account: 3, FromAt: ms(2), UntilAt: ms(6)},
		}
		if d := cmp.Diff(want, list, cmpopts.IgnoreFields(Interval{}, "ID", "Digest")); d != "" {
			t.Error(d)
		}
		if list[0].Digest != list[2].Digest || list[0].Digest == list[1].Digest {
			t.Error("equal contents must have one digest")
		}
		public, err := s.Public(t.Context(), 3, "menu", day(7))
		if err != nil || len(public) != 2 || public[0].Object != 2 || public[1].Object != 1 {
			t.Errorf("public on day 7: %+v, %v", public, err)
		}
		if none, err := s.Public(t.Context(), 4, "menu", day(7)); err != nil || len(none) != 0 {
			t.Errorf("another account: %+v, %v", none, err)
		}
	})
}

func TestThePastStands(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB) {
		s := New(d)
		if err := put(t, s, "reply", 1, "一", day(5)); err != nil {
			t.Fatal(err)
		}
		end := func(at time.Time) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return s.End(t.Context(), tx, "reply", 1, at) })
		}
		if err := put(t, s, "reply", 1, "二", day(4)); !errs.Is(err, errs.Invalid) {
			t.Errorf("rewritten: %v", err)
		}
		if err := end(day(4)); !errs.Is(err, errs.Invalid) {
			t.Errorf("ended before it began: %v", err)
		}
		if err := end(day(6)); err != nil {
			t.Fatal(err)
		}
		if err := end(day(7)); err != nil {
			t.Errorf("ending twice: %v", err)
		}
		if err := put(t, s, "reply", 1, "一", day(5)); !errs.Is(err, errs.Invalid) {
			t.Errorf("put before the end of the last: %v", err)
		}
		if err := put(t, s, "", 1, "一", day(8)); !errs.Is(err, errs.Internal) {
			t.Errorf("without a kind: %v", err)
		}
		if err := put(t, s, "reply", 1, "", day(8)); err != nil {
			t.Errorf("empty content is content: %v", err)
		}
		list, err := s.List(t.Context(), "reply", 1)
		if err != nil || len(list) != 2 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestDamageIsSeen(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, []db.Schema{Schema()})
	s := New(d)
	if err := put(t, s, "page", 1, "原文", day(1)); err != nil {
		t.Fatal(err)
	}
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "update record_content set body = $1", []byte("改文"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	i, err := s.At(t.Context(), "page", 1, day(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Content(t.Context(), i.Digest); !errs.Is(err, errs.Internal) {
		t.Errorf("changed content was handed out: %v", err)
	}
	if _, err := s.Content(t.Context(), "00"); !errs.Is(err, errs.NotFound) {
		t.Errorf("unknown digest: %v", err)
	}
}
