package citizen

import (
	"strings"
	"sync"
	"testing"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

func (b *bench) syncDone(t *testing.T) Sync {
	t.Helper()
	var y Sync
	eventually(t, "the sync ends", func() bool {
		var err error
		if y, err = b.LastSync(t.Context(), b.account); err != nil {
			t.Fatal(err)
		}
		return !y.FinishedAt.IsZero()
	})
	return y
}

func TestSync(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		// given: 250 followers at WeChat in pages of 100, some known here, one who left unseen, one tag there.
		b.wx.page = 100
		b.wx.tags[101] = "老年人"
		for i := range 250 {
			b.wx.follow(openid(i), fan{union: "U" + openid(i/2), remark: "备注", tags: []int{101, 2}, scene: "hall"})
		}
		b.in(t, Inbound{OpenID: openid(3), Event: "subscribe"}, Inbound{OpenID: openid(900)})
		b.start(t)

		// when
		if _, err := b.StartSync(t.Context(), b.account); err != nil {
			t.Fatal(err)
		}
		if _, err := b.StartSync(t.Context(), b.account); errs.As(err).Key() != "citizen.sync_running" && err != nil {
			t.Errorf("a second one: %v", err)
		}
		y := b.syncDone(t)

		// then
		if y.State != SyncDone || y.Listed != 250 || y.Total != 250 || y.Fresh != 249 || y.Gone != 1 || y.Asked < 250 {
			t.Errorf("%+v", y)
		}
		f := b.of(t, openid(200))
		if !f.Subscribed || f.Scene != "ADD_SCENE_SEARCH" || f.SceneKey != "hall" || !f.HasRemark || f.SubscribedAt.IsZero() {
			t.Errorf("%+v", f)
		}
		if f.Citizen != b.of(t, openid(201)).Citizen || f.Citizen == b.of(t, openid(202)).Citizen {
			t.Error("the same unionid is the same person, another is not")
		}
		if gone := b.of(t, openid(900)); gone.Subscribed || gone.ForgetAt.IsZero() {
			t.Errorf("who is not listed has left: %+v", gone)
		}
		tags, err := b.Tags(t.Context(), b.account)
		if err != nil || len(tags) != 1 || tags[0].Name != "老年人" || tags[0].State != TagInWeChat {
			t.Fatalf("%+v %v", tags, err)
		}
		of, err := b.TagsOf(t.Context(), []int64{f.ID})
		if err != nil || len(of[f.ID]) != 1 || of[f.ID][0] != tags[0].ID {
			t.Errorf("%v %v", of, err)
		}
		if leaked := b.log.String(); strings.Contains(leaked, "CANARY") {
			t.Errorf("an openid in the log: %s", leaked)
		}
		for _, table := range []string{"river_job", "follower_sync"} {
			n, err := db.One(t.Context(), b.db, db.Value[int64], `select count(*) from `+table+` where cast(`+map[string]string{"river_job": "args", "follower_sync": "problem"}[table]+` as text) like '%CANARY%'`)
			if err != nil || n != 0 {
				t.Errorf("%s holds an openid: %d %v", table, n, err)
			}
		}

		// and a second sync finds everything as it is.
		b.wx.mu.Lock()
		b.wx.tags[101] = "长者"
		delete(b.wx.fans, openid(249))
		b.wx.order = b.wx.order[:249]
		b.wx.mu.Unlock()
		if _, err := b.StartSync(t.Context(), b.account); err != nil {
			t.Fatal(err)
		}
		if y = b.syncDone(t); y.State != SyncDone || y.Fresh != 0 || y.Gone != 1 || y.Listed != 249 {
			t.Errorf("again: %+v", y)
		}
		if tags, err := b.Tags(t.Context(), b.account); err != nil || len(tags) != 1 || tags[0].Name != "长者" {
			t.Errorf("renamed there: %+v %v", tags, err)
		}
	})
}

// TestSyncGoesOn: a page that is taken twice, as after a crash between storing and turning it, changes nothing; and the
// next step goes on where the cursor is.
func TestSyncGoesOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.wx.page = 40
		for i := range 100 {
			b.wx.follow(openid(i), fan{})
		}
		y, err := b.StartSync(t.Context(), b.account)
		if err != nil {
			t.Fatal(err)
		}
		load := func() Sync {
			if y, err = b.LastSync(t.Context(), b.account); err != nil {
				t.Fatal(err)
			}
			return y
		}
		if _, err := b.listed(t.Context(), y, []string{openid(0), openid(1)}); err != nil { // as if cut off here
			t.Fatal(err)
		}
		for step := 1; step <= 4; step++ {
			if err := b.syncStep(t.Context(), syncArgs{y.ID}, job.Attempt{}); err != nil {
				t.Fatal(err)
			}
			// A fourth page is empty: WeChat names a next one after the last full page.
			want := map[int]int64{1: 40, 2: 80, 3: 100, 4: 100}[step]
			if load(); y.Listed != want {
				t.Fatalf("step %d: %+v", step, y)
			}
		}
		if y.State != SyncAsking || y.Fresh != 98 {
			t.Errorf("%+v", y)
		}
		if err := b.syncStep(t.Context(), syncArgs{y.ID}, job.Attempt{}); err != nil || load().State != SyncAsking {
			t.Errorf("a step too many does nothing: %+v %v", y, err)
		}
		if err := b.askDetails(t.Context(), detailArgs{b.account}, job.Attempt{}); err != nil || load().State != SyncLeaving {
			t.Fatalf("%+v %v", y, err)
		}
		if err := b.syncStep(t.Context(), syncArgs{y.ID}, job.Attempt{}); err != nil || load().State != SyncDone {
			t.Errorf("%+v %v", y, err)
		}
	})
}

func TestSyncRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		plain := b.register(t, "jiaojing", "subscription", false)
		if _, err := b.StartSync(t.Context(), plain); errs.As(err).Key() != "account.why.verify" {
			t.Errorf("an unverified account: %v", err)
		}
		b.wx.follow(openid(1), fan{})
		b.wx.set("/cgi-bin/user/info/batchget", 48001)
		b.start(t)
		if _, err := b.StartSync(t.Context(), b.account); err != nil {
			t.Fatal(err)
		}
		if y := b.syncDone(t); y.State != SyncFailed || y.Problem != "wechat.api" {
			t.Errorf("%+v", y)
		}
	})
}

// TestSubscribeAsks: who subscribes is asked about by themselves, many in one call.
func TestSubscribeAsks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		var batch []Inbound
		for i := range 30 {
			b.wx.follow(openid(i), fan{union: "u", scene: "s"})
			batch = append(batch, Inbound{OpenID: openid(i), Event: "subscribe"})
		}
		b.in(t, batch...)
		b.start(t)
		eventually(t, "details are there", func() bool { return b.of(t, openid(29)).Scene == "ADD_SCENE_SEARCH" })
		if n := b.wx.count("/cgi-bin/user/info/batchget"); n != 1 {
			t.Errorf("%d calls for 30 followers", n)
		}
		if b.of(t, openid(0)).Citizen != b.of(t, openid(29)).Citizen {
			t.Error("joined by the unionid")
		}
	})
}

// TestListedTogether: two jobs store the same page at once, while one of its followers writes; everybody is there once.
func TestListedTogether(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		var page []string
		for i := range 60 {
			page = append(page, openid(i))
		}
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				if _, err := b.listed(t.Context(), Sync{ID: 1, Account: b.account}, page); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Go(func() {
			for i := range 60 {
				err := b.db.Write(t.Context(), func(tx *db.Tx) error {
					_, err := b.Ensure(t.Context(), tx, b.account, openid(i), b.civil.Now())
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
		wait.Wait()
		for table, want := range map[string]int64{"follower": 60, "citizen": 60} {
			if n, err := db.One(t.Context(), b.db, db.Value[int64], `select count(*) from `+table); n != want || err != nil {
				t.Errorf("%d rows in %s, %v", n, table, err)
			}
		}
		for i := range 60 {
			f := b.of(t, openid(i))
			if a, err := b.Address(t.Context(), b.db, f.ID); err != nil || a.OpenID != openid(i) || !f.Subscribed {
				t.Errorf("%d: %v %+v", i, err, f)
			}
		}
	})
}
