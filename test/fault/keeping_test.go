package fault

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// TestEndedMattersGo: a year after their end reviews are removed, where that was set; while the setting cannot be read
// nothing is, and the console says so. The wordings that they were about stay, and so do matters that have not ended.
func TestEndedMattersGo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		admin, d := p.Staff("xitong"), p.desk(t.Context())
		matters := d.reviews(t, 6)
		for i, action := range []string{"approve", "reject", "approve", "reject"} {
			d.acts(d.reviewer, matters[i], action, fmt.Sprint("end", i), "看过了")
		}
		set := func(value string) {
			admin.Must(http.MethodPut, "/console/api/settings/matter.retention_kinds", map[string]any{"value": value}, nil)
		}
		finding := func() (state string) {
			var health struct {
				Findings []struct{ Name, State, Next string }
			}
			admin.Must(http.MethodGet, "/console/api/health", nil, &health)
			for _, f := range health.Findings {
				if f.Name == "matter.retention" {
					return f.State
				}
			}
			return "none"
		}
		closed := func() int { return p.count(`select count(*) from matter where closed_at > 0`) }
		set(`{"reply-review": "a year"}`)
		p.advance(370 * 24 * time.Hour)
		eventually(t, "everything fell due", func() bool { return p.count(`select count(*) from matter_deadline`) == 0 })
		if n := closed(); n != 4 {
			t.Errorf("%d ended matters are there while nobody can say how long they are kept", n)
		}
		if s := finding(); s != "warn" {
			t.Errorf("health says %s", s)
		}
		words := p.count(`select count(*) from reply_version`)
		set(`{"reply-review": 1}`)
		eventually(t, "ended matters go", func() bool { return closed() == 0 })
		for _, c := range []struct {
			label, query string
			want         int
		}{
			{"open matters", `select count(*) from matter`, 2},
			{"wordings", `select count(*) from reply_version`, words},
			{"events of others", `select count(*) from matter_event e where not exists (select 1 from matter m where m.id = e.matter_id)`, 0},
			{"audit rows", `select count(*) from audit_entry where object = 'matter' and verb = 'purge'`, 4},
		} {
			if n := p.count(c.query); n != c.want {
				t.Errorf("%s: %d, want %d", c.label, n, c.want)
			}
		}
		if s := finding(); s != "ok" {
			t.Errorf("health says %s", s)
		}
		evidence(t, facts{"gone": 4, "replayed": p.replays()})
	})
}
