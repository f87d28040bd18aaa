package app

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"weizheng/kernel/org"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/conf"
	"weizheng/platform/crypt"
	"weizheng/platform/db/dbtest"
)

// TestAHouseOpensOnceItsAdministratorsAreThere: closed before, and never closed again by one who lost their phone.
func TestAHouseOpensOnceItsAdministratorsAreThere(t *testing.T) {
	t.Parallel()
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for engine, url := range map[string]func(*testing.T, string) string{
		"sqlite":   func(_ *testing.T, data string) string { return "sqlite:" + filepath.Join(data, "weizheng.db") },
		"postgres": func(t *testing.T, _ string) string { return dbtest.PostgresURL(t, nil) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			ctx := access.With(t.Context(), access.Actor{Kind: access.System})
			data := t.TempDir()
			c := Config{
				Config: conf.Config{Data: data, PublicURL: "http://127.0.0.1:8080", Database: conf.Database{URL: url(t, data)}},
				Log:    slog.New(slog.DiscardHandler), Ring: ring, Wall: clock.Wall{}, Version: "test",
			}
			// start builds the house as serve does and tells what strangers get.
			start := func(t *testing.T) (*House, *setup, func(path string) int) {
				t.Helper()
				s := &setup{}
				c.Admit = s.admit
				h, err := Build(ctx, c)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = h.Close() })
				run, cancel := context.WithCancel(ctx)
				t.Cleanup(cancel)
				if err := s.begin(run, h, io.Discard); err != nil {
					t.Fatal(err)
				}
				return h, s, func(path string) int {
					w := httptest.NewRecorder()
					h.Server.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
					return w.Code
				}
			}
			h, s, get := start(t)
			links, err := h.Org.Init(ctx, org.InitIn{Unit: org.UnitIn{Level: org.City, Name: "青云市人民政府"}, Admins: map[org.Duty]org.StaffIn{
				org.SystemDuty: {Login: "sys", Name: "甲"}, org.SecurityDuty: {Login: "sec", Name: "乙"}, org.AuditDuty: {Login: "aud", Name: "丙"}}})
			if err != nil || len(links) != 3 {
				t.Fatal(links, err)
			}
			for i, l := range links {
				if !s.closed.Load() || get("/readyz") != http.StatusServiceUnavailable || get("/") != http.StatusServiceUnavailable || get("/healthz") != 200 {
					t.Errorf("after %d links: ready %d, portal %d, alive %d", i, get("/readyz"), get("/"), get("/healthz"))
				}
				if missing, err := h.notOpened(ctx); err != nil || len(missing) != 3-i {
					t.Errorf("after %d links: missing %v, %v", i, missing, err)
				}
				if _, _, err := h.Org.Activate(ctx, l.Token, "Guihua-Lu-88-hao"); err != nil {
					t.Fatal(err)
				}
			}
			if missing, err := h.notOpened(ctx); err != nil || len(missing) != 0 {
				t.Fatalf("all are there: %v, %v", missing, err)
			}
			if _, err := h.Org.Reset(ctx, links[2].StaffID, true); err != nil { // lost their phone
				t.Fatal(err)
			}
			if missing, err := h.Org.Ready(ctx); err != nil || len(missing) != 1 {
				t.Fatalf("who is away: %v, %v", missing, err)
			}
			if err := h.Close(); err != nil {
				t.Fatal(err)
			}

			h, s, get = start(t)
			if s.closed.Load() || get("/readyz") != 200 || get("/") != 200 {
				t.Errorf("the next start: ready %d, portal %d", get("/readyz"), get("/"))
			}
			found := 0
			for _, one := range h.Lists.Health() {
				if one.Name != "org" {
					continue
				}
				findings, err := one.Check(ctx)
				if err != nil {
					t.Fatal(err)
				}
				found += len(findings)
			}
			if found != 1 {
				t.Errorf("%d findings, want the missing audit administrator", found)
			}
		})
	}
}
