package contract

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
	"weizheng/wechat/sandbox"
)

// The days that statistics are asked for: what happens in a world happens on its first one.
const (
	dayBefore = "2026-11-19"
	theDay    = "2026-11-20"
	dayAfter  = "2026-11-21"
)

// asked is a statistic through the client: all that a row needs to know of it.
type asked struct {
	name    string
	longest int // days
	ask     func(w *world, account string, d client.Days) error
	effect  func(w *world)
}

func datacubeRows() (all []row) {
	for _, a := range []asked{
		{"getusersummary", 7, asking((*client.Client).UserSummary), comings},
		{"getusercumulate", 7, asking((*client.Client).UserCumulate), followersByDay},
		{"getarticlesummary", 1, askingDay((*client.Client).ArticleSummary), articleDay},
		{"getarticletotal", 1, askingDay((*client.Client).ArticleTotal), articleWeek},
		{"getuserread", 3, askingBy((*client.Client).UserRead, client.Daily), readings},
		{"getuserreadhour", 1, askingBy((*client.Client).UserRead, client.Hourly), readingHours},
		{"getusershare", 7, askingBy((*client.Client).UserShare, client.Daily), sharings},
		{"getusersharehour", 1, askingBy((*client.Client).UserShare, client.Hourly), sharingHours},
		{"getarticleread", 1, askingLate((*client.Client).ArticleReads), newReads},
		{"getarticleshare", 1, askingLate((*client.Client).ArticleShares), newShares},
		{"getarticletotaldetail", 1, askingLate((*client.Client).ArticleHistories), newHistories},
		{"getbizsummary", 30, func(w *world, account string, d client.Days) error {
			_, _, err := w.client(account).AccountReceptions(w.ctx, d)
			return err
		}, newSummary},
		{"getupstreammsg", 7, askingBy((*client.Client).UpstreamMessages, client.Daily), saidByDay},
		{"getupstreammsghour", 1, askingBy((*client.Client).UpstreamMessages, client.Hourly), saidByHour},
		{"getupstreammsgweek", 1, askingBy((*client.Client).UpstreamMessages, client.Weekly), saidByWeek},
		{"getupstreammsgmonth", 1, askingBy((*client.Client).UpstreamMessages, client.Monthly), saidByMonth},
		{"getupstreammsgdist", 15, askingBy((*client.Client).UpstreamSpread, client.Daily), spread(client.Daily, theDay, 24*time.Hour)},
		{"getupstreammsgdistweek", 15, askingBy((*client.Client).UpstreamSpread, client.Weekly), spread(client.Weekly, "2026-11-16", 7*24*time.Hour)},
		{"getupstreammsgdistmonth", 15, askingBy((*client.Client).UpstreamSpread, client.Monthly), spread(client.Monthly, "2026-11-01", 14*24*time.Hour)},
		{"getinterfacesummary", 30, askingBy((*client.Client).InterfaceSummary, client.Daily), callbacks},
		{"getinterfacesummaryhour", 1, askingBy((*client.Client).InterfaceSummary, client.Hourly), callbackHours},
	} {
		all = append(all, a.row())
	}
	return all
}

func asking[T any](f func(*client.Client, context.Context, client.Days) ([]T, error)) func(*world, string, client.Days) error {
	return func(w *world, account string, d client.Days) error {
		_, err := f(w.client(account), w.ctx, d)
		return err
	}
}

func askingBy[T any](f func(*client.Client, context.Context, client.Step, client.Days) ([]T, error), by client.Step) func(*world, string, client.Days) error {
	return func(w *world, account string, d client.Days) error {
		_, err := f(w.client(account), w.ctx, by, d)
		return err
	}
}

func askingDay[T any](f func(*client.Client, context.Context, string) ([]T, error)) func(*world, string, client.Days) error {
	return func(w *world, account string, d client.Days) error {
		_, err := f(w.client(account), w.ctx, d.From)
		return err
	}
}

func askingLate[T any](f func(*client.Client, context.Context, string) ([]T, bool, error)) func(*world, string, client.Days) error {
	return func(w *world, account string, d client.Days) error {
		_, _, err := f(w.client(account), w.ctx, d.From)
		return err
	}
}

func (a asked) row() row {
	path := "/datacube/" + a.name
	raw := func(w *world, body string) wechat.Code { return w.raw(main, "POST", path, body) }
	days := func(from, to string) string { return fmt.Sprintf(`{"begin_date":%q,"end_date":%q}`, from, to) }
	begin := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -a.longest)
	refusals := []refusal{
		{label: "no date", code: 61500, kind: errs.Internal, local: "begin_date:wechat.date",
			action: wechat.ActFixRequest,
			do:     func(w *world) error { return a.ask(w, main, client.Days{From: "20261119", To: "20261119"}) },
			raw:    func(w *world) wechat.Code { return raw(w, days("20261119", "20261119")) }},
		{label: "today", code: 61501, kind: errs.Internal, action: wechat.ActSplit,
			do: func(w *world) error { return a.ask(w, main, client.Days{From: theDay, To: theDay}) }},
		{label: "before there were any", code: 61501, kind: errs.Internal, action: wechat.ActSplit,
			do: func(w *world) error { return a.ask(w, main, client.Days{From: "2014-11-30", To: "2014-11-30"}) }},
		{label: "before eight", code: 61503, kind: errs.Unavailable, action: wechat.ActWaitData,
			do: func(w *world) error {
				w.moveCivil(22 * time.Hour)
				return a.ask(w, main, client.Days{From: theDay, To: theDay})
			}},
	}
	return row{
		path: path, auth: wechat.AuthToken, s: verified, f: verified, again: true,
		caller: func(w *world, account string) func() error {
			return func() error { return a.ask(w, account, client.Days{From: dayBefore, To: dayBefore}) }
		},
		effect: func(w *world) {
			if got := raw(w, days(begin.Format(time.DateOnly), "2026-11-01")); got != 61501 {
				w.Errorf("one day too many: %d", got)
			}
			if first := begin.AddDate(0, 0, 1); first.Format(time.DateOnly) >= "2025-11-01" {
				if got := raw(w, days(first.Format(time.DateOnly), "2026-11-01")); got != 0 {
					w.Errorf("the longest span: %d", got)
				}
			}
			a.effect(w)
		},
		refusals: refusals,
	}
}

// tomorrow lets the day of the world be over, and its numbers be ready.
func (w *world) tomorrow() {
	w.Helper()
	w.moveCivil(24 * time.Hour)
}

func (w *world) wantList(got any, err error, want any) {
	w.Helper()
	w.wantCode("statistic", err, 0)
	if d := cmp.Diff(want, got); d != "" {
		w.Error(d)
	}
}

func comings(w *world) {
	w.follow(main, "zhang", "li")
	w.play("POST", "/unfollow", object{"account": main, "citizen": "li"})
	w.settle()
	w.tomorrow()
	w.play("POST", "/unfollow", object{"account": main, "citizen": "zhang"})
	w.tomorrow()
	got, err := w.client(main).UserSummary(w.ctx, client.Days{From: dayBefore, To: dayAfter})
	w.wantList(got, err, []client.Follows{{Day: theDay, Source: 1, New: 2, Cancelled: 1}, {Day: dayAfter, Source: 1, Cancelled: 1}})
}

func followersByDay(w *world) {
	w.follow(main, "zhang", "li")
	w.tomorrow()
	w.play("POST", "/unfollow", object{"account": main, "citizen": "zhang"})
	w.tomorrow()
	got, err := w.client(main).UserCumulate(w.ctx, client.Days{From: dayBefore, To: dayAfter})
	w.wantList(got, err, []client.Followers{{Day: dayBefore}, {Day: theDay, Count: 2}, {Day: dayAfter, Count: 1}})
}

// read lets two citizens read an article, one of them twice and by two ways, and one share and keep it; the article's id in
// statistics is returned.
func (w *world) read() string {
	w.Helper()
	w.follow(main, "zhang", "li")
	job, done := w.publish(main, "停水通知")
	address := done.URLs[0]
	act := func(citizen, kind, scene string) {
		w.play("POST", "/articles/"+articleOf(address)+"/acts", object{"citizen": citizen, "kind": kind, "scene": scene})
	}
	act("zhang", "read", "chat")
	act("zhang", "read", "moments")
	act("li", "read", "chat")
	act("li", "share", "friend")
	act("li", "favourite", "")
	w.settle()
	return fmt.Sprintf("%d_1", job.MsgDataID)
}

var twoReaders = client.Reading{Readers: 2, Reads: 3, Sharers: 1, Shares: 1, Keepers: 1, Kept: 1}

func articleDay(w *world) {
	id := w.read()
	w.tomorrow()
	got, err := w.client(main).ArticleSummary(w.ctx, theDay)
	w.wantList(got, err, []client.ArticleDay{{Day: theDay, ID: id, Title: "停水通知", Reading: twoReaders}})
}

func articleWeek(w *world) {
	id := w.read()
	w.tomorrow()
	w.tomorrow()
	got, err := w.client(main).ArticleTotal(w.ctx, theDay)
	w.wantCode("total", err, 0)
	if len(got) != 1 || got[0].ID != id || len(got[0].Details) != 2 || got[0].Details[1].Day != dayAfter || got[0].Details[1].Reading != twoReaders {
		w.Errorf("%+v", got)
	}
}

func readings(w *world) {
	w.read()
	w.tomorrow()
	got, err := w.client(main).UserRead(w.ctx, client.Daily, client.Days{From: theDay, To: theDay})
	w.wantList(got, err, byScene(0))
}

// byScene is what read comes to, by the ways of coming.
func byScene(hour int) []client.ReadingBy {
	line := func(source int, r client.Reading) client.ReadingBy {
		return client.ReadingBy{Day: theDay, Hour: hour, Source: source, Reading: r}
	}
	return []client.ReadingBy{
		line(99999999, twoReaders),
		line(0, client.Reading{Readers: 2, Reads: 2}),
		line(1, client.Reading{Sharers: 1, Shares: 1}),
		line(2, client.Reading{Readers: 1, Reads: 1}),
		line(5, client.Reading{Keepers: 1, Kept: 1}),
	}
}

func readingHours(w *world) {
	w.read()
	w.tomorrow()
	got, err := w.client(main).UserRead(w.ctx, client.Hourly, client.Days{From: theDay, To: theDay})
	w.wantList(got, err, byScene(900))
}

func sharings(w *world) {
	w.read()
	w.tomorrow()
	got, err := w.client(main).UserShare(w.ctx, client.Daily, client.Days{From: theDay, To: theDay})
	w.wantList(got, err, []client.SharingBy{{Day: theDay, Scene: 1, Count: 1, Users: 1}})
}

func sharingHours(w *world) {
	w.read()
	w.tomorrow()
	got, err := w.client(main).UserShare(w.ctx, client.Hourly, client.Days{From: theDay, To: theDay})
	w.wantList(got, err, []client.SharingBy{{Day: theDay, Hour: 900, Scene: 1, Count: 1, Users: 1}})
}

func newReads(w *world) {
	id := w.read()
	w.tomorrow()
	got, late, err := w.client(main).ArticleReads(w.ctx, theDay)
	w.wantCode("reads", err, 0)
	if late || len(got) != 1 || got[0].ID != id || got[0].Detail.Readers != 2 || got[0].Detail.ByScene[0].Users != 2 || got[0].Detail.ByScene[0].Name != "全部" {
		w.Errorf("%+v", got)
	}
}

func newShares(w *world) {
	id := w.read()
	w.tomorrow()
	got, _, err := w.client(main).ArticleShares(w.ctx, theDay)
	w.wantCode("shares", err, 0)
	if len(got) != 1 || got[0].ID != id || got[0].Detail.Sharers != 1 {
		w.Errorf("%+v", got)
	}
}

func newHistories(w *world) {
	id := w.read()
	w.tomorrow()
	w.tomorrow()
	got, _, err := w.client(main).ArticleHistories(w.ctx, theDay)
	w.wantCode("histories", err, 0)
	if len(got) != 1 || got[0].ID != id || got[0].Quiet != 1 || len(got[0].Details) != 2 || got[0].Details[1].Keepers != 1 {
		w.Errorf("%+v", got)
	}
}

func newSummary(w *world) {
	w.read()
	w.tomorrow()
	got, _, err := w.client(main).AccountReceptions(w.ctx, client.Days{From: dayBefore, To: theDay})
	w.wantCode("summary", err, 0)
	if len(got) != 2 || got[0].Detail.Readers != 0 || got[1].Detail.Readers != 2 || got[1].Detail.Sharers != 1 {
		w.Errorf("%+v", got)
	}
}

func (w *world) talk(n int) {
	w.Helper()
	w.follow(main, "zhang", "li")
	for i := range n {
		w.say(main, "zhang", fmt.Sprintf("问 %d", i))
	}
	w.say(main, "li", "在吗")
}

func saidByDay(w *world) {
	w.talk(2)
	w.tomorrow()
	got, err := w.client(main).UpstreamMessages(w.ctx, client.Daily, client.Days{From: dayBefore, To: theDay})
	w.wantList(got, err, []client.Upstream{{Day: theDay, Type: 1, Users: 2, Count: 3}})
}

func saidByHour(w *world) {
	w.talk(2)
	w.tomorrow()
	got, err := w.client(main).UpstreamMessages(w.ctx, client.Hourly, client.Days{From: theDay, To: theDay})
	w.wantList(got, err, []client.Upstream{{Day: theDay, Hour: 900, Type: 1, Users: 2, Count: 3}})
}

func saidByWeek(w *world) {
	w.talk(2)
	monday := client.Days{From: "2026-11-16", To: "2026-11-16"}
	got, err := w.client(main).UpstreamMessages(w.ctx, client.Weekly, monday)
	w.wantList(got, err, []client.Upstream{}) // it is not over
	w.moveCivil(7 * 24 * time.Hour)
	got, err = w.client(main).UpstreamMessages(w.ctx, client.Weekly, monday)
	w.wantList(got, err, []client.Upstream{{Day: "2026-11-16", Type: 1, Users: 2, Count: 3}})
}

func saidByMonth(w *world) {
	w.talk(2)
	w.moveCivil(14 * 24 * time.Hour)
	got, err := w.client(main).UpstreamMessages(w.ctx, client.Monthly, client.Days{From: "2026-11-01", To: "2026-11-01"})
	w.wantList(got, err, []client.Upstream{{Day: "2026-11-01", Type: 1, Users: 2, Count: 3}})
}

func spread(by client.Step, begins string, until time.Duration) func(w *world) {
	return func(w *world) {
		w.talk(6)
		w.moveCivil(until)
		got, err := w.client(main).UpstreamSpread(w.ctx, by, client.Days{From: begins, To: begins})
		w.wantList(got, err, []client.Talkers{{Day: begins, Interval: 1, Users: 1}, {Day: begins, Interval: 2, Users: 1}})
	}
}

func callbacks(w *world) {
	w.talk(2)
	w.tomorrow()
	got, err := w.client(main).InterfaceSummary(w.ctx, client.Daily, client.Days{From: dayBefore, To: theDay})
	w.wantCode("callbacks", err, 0)
	if len(got) != 1 || got[0].Day != theDay || got[0].Count != 5 || got[0].Failures != 0 {
		w.Errorf("two came and three were said: %+v", got)
	}
}

func callbackHours(w *world) {
	w.follow(main, "zhang")
	w.play("PUT", "/faults", object{"faults": []object{{"path": "callback", "kind": "drop", "times": 3}}})
	w.say(main, "zhang", "在吗")
	w.tomorrow()
	got, err := w.client(main).InterfaceSummary(w.ctx, client.Hourly, client.Days{From: theDay, To: theDay})
	w.wantCode("callbacks", err, 0)
	if len(got) != 1 || got[0].Hour != 900 || got[0].Count != 2 || got[0].Failures != 1 {
		w.Errorf("one was answered and one was not: %+v", got)
	}
}

// TestFollowersWhoWereSeeded: who was there before anybody listened is counted on the day they came.
func TestFollowersWhoWereSeeded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := w.civil.Now().Add(-48 * time.Hour)
	if err := w.box.SeedFollows(w.ctx, []sandbox.Follow{{Account: main, Citizen: "zhang", At: at}, {Account: main, Citizen: "li", At: at}}); err != nil {
		t.Fatal(err)
	}
	got, err := w.client(main).UserCumulate(w.ctx, client.Days{From: "2026-11-17", To: dayBefore})
	w.wantList(got, err, []client.Followers{{Day: "2026-11-17"}, {Day: "2026-11-18", Count: 2}, {Day: dayBefore, Count: 2}})
}
