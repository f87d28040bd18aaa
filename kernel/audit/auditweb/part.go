// Package auditweb is the console's face of kernel/audit: the list with its filters and the report of the check, the
// command that runs the check on the server, the retention, and what health says when nobody seals.
package auditweb

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"weizheng/kernel/audit"
	"weizheng/kernel/setting"
	"weizheng/part"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

//go:embed text.zh.json
var texts []byte

// Staff finds people and says their names.
type Staff interface {
	Names(ctx context.Context, ids []int64) (map[int64]string, error)
	Find(ctx context.Context, words string) ([]int64, error)
}

// Units finds units and says their names.
type Units interface {
	UnitPath(ctx context.Context, id int64) (string, error)
	UnitNames(ctx context.Context, ids []int64) (map[int64]string, error)
}

// Settings reads the retention.
type Settings interface {
	Int(ctx context.Context, name string, at setting.At) int64
}

// Deps is what the face needs.
type Deps struct {
	Audit    *audit.Service
	Staff    Staff
	Units    Units
	Settings Settings
	Wall     clock.Clock
}

const (
	read   = "audit.read"
	verify = "audit.verify"

	retention = "audit.retention_days"
)

// Part is everything that audit adds to the house.
func Part(d Deps) part.Part {
	p := &purge{Deps: d}
	return part.Part{
		Name:   "audit",
		Schema: audit.Schema(),
		Texts:  texts,
		Permissions: []part.Permission{
			{Key: read, Text: "查看审计记录"},
			{Key: verify, Text: "核验审计记录是否被改动"},
		},
		Settings: []part.Setting{{
			Name: retention, Type: part.SettingInt, Unit: "天", Default: "366", Min: 366, Max: 36600, Scope: part.ScopeInstallation,
			Text: "审计记录保存多少天，到期后整批清除", Source: "互联网政务应用安全管理规定第二十条：日志留存不少于一年",
		}},
		Routes:   console{d}.routes(),
		Services: []part.Service{{Name: "audit", Start: d.Audit.Start, Stop: d.Audit.Stop}},
		Sweeps:   []part.Sweep{{Name: "audit.purge", Run: p.run}},
		Health:   []part.Health{{Name: "audit", Permission: read, Check: d.health}},
		Commands: []part.Command{{Use: "audit verify", Short: "核验审计记录的完整性，指出被改动的行", Run: d.command}},
	}
}

// purgeEvery keeps the sweep, which is asked each second, from asking the database each time.
const purgeEvery = time.Hour

type purge struct {
	Deps
	last atomic.Int64 // ms of wall time
}

func (p *purge) run(ctx context.Context, _ time.Time) (int, error) {
	now := clock.Millis(p.Wall.Now())
	if now-p.last.Load() < purgeEvery.Milliseconds() {
		return 0, nil
	}
	n, err := p.Audit.Purge(ctx, p.Settings.Int(ctx, retention, setting.At{}))
	if err == nil && n == 0 {
		p.last.Store(now) // with rows purged there may be more: the next second goes on
	}
	return int(n), err
}

// sealLate is when an unsealed row is a finding: the sealer runs every two seconds, a dead replica's lease lasts eight.
const sealLate = 30 * time.Second

func (d Deps) health(ctx context.Context) ([]part.Finding, error) {
	rows, oldest, err := d.Audit.Tail(ctx)
	if err != nil {
		return nil, err
	}
	age := d.Wall.Now().Sub(clock.FromMillis(oldest))
	if rows == 0 || age < sealLate {
		return []part.Finding{{Name: "audit.seal", State: "ok", Title: "审计记录按时封存"}}, nil
	}
	return []part.Finding{{Name: "audit.seal", State: "fail", Title: "审计记录没有按时封存",
		Detail: fmt.Sprintf("有 %d 条还没有封存，最早的一条已经等了 %s。", rows, age.Round(time.Second)),
		Next:   "查看运行日志里的 audit 一行；没有封存的记录照样保存着，恢复后会自动补上。"}}, nil
}

// command prints the report and fails when something was tampered with, so that a scheduled run is noticed.
func (d Deps) command(ctx context.Context, out io.Writer, _ []string) error {
	r, err := d.Audit.Verify(ctx)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "批次 %d，已封存 %d 条，到期清除 %d 条，待封存 %d 条\n最后一批 %d，摘要 %s\n",
		r.Batches, r.Rows, r.Purged, r.Unsealed, r.HeadNo, r.Head); err != nil {
		return err
	}
	for _, f := range r.Faults {
		if _, err := fmt.Fprintln(out, faultText(f)); err != nil {
			return err
		}
	}
	if !r.Whole() {
		return errs.New(errs.Refused, "audit.tampered").With("faults", len(r.Faults))
	}
	_, err = fmt.Fprintln(out, "完整，没有发现改动")
	return err
}
