package org

import (
	"slices"
	"testing"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
)

func TestHolders(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		h := setup(t, d)
		street := h.unit(t, h.bureau, "城东所", Street)
		other := h.unit(t, h.root, "住建局", City)
		roles, err := h.Roles(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// A role and two permissions of it that the test speaks of.
		i := slices.IndexFunc(roles, func(r Role) bool { return r.Duty == "" && len(r.resolve(allPermissions)) > 1 })
		role, held := roles[i].Key, roles[i].resolve(allPermissions)
		above := h.person(t, "above", h.root, role)
		near := h.person(t, "near", h.bureau, role)
		also := h.person(t, "also", h.bureau, role)
		below := h.person(t, "below", street, role)
		h.person(t, "beside", other, role)
		h.person(t, "nothing", h.bureau)
		gone := h.person(t, "gone", h.bureau, role)
		if err := h.Handover(t.Context(), gone.ID, near.ID); err != nil {
			t.Fatal(err)
		}
		elsewhere := h.person(t, "elsewhere", other)
		if err := h.PutGrants(t.Context(), elsewhere.ID, []GrantIn{{Role: role, UnitID: h.bureau.ID}, {Role: role, UnitID: street.ID, Account: 3}}, elsewhere.Version); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			label string
			f     HolderFilter
			want  []int64
		}{
			{"nearest first", HolderFilter{Unit: h.bureau.Path}, []int64{near.ID, also.ID, elsewhere.ID, above.ID}},
			{"below counts for below", HolderFilter{Unit: street.Path}, []int64{below.ID, near.ID, also.ID, elsewhere.ID, above.ID}},
			{"one account", HolderFilter{Unit: street.Path, Account: 3}, []int64{below.ID, elsewhere.ID, near.ID, also.ID, above.ID}},
			{"the first of many", HolderFilter{Unit: h.bureau.Path, Limit: 2}, []int64{near.ID, also.ID}},
			{"who works there", HolderFilter{Unit: h.bureau.Path, Within: true}, []int64{near.ID, also.ID}},
			{"who may read too", HolderFilter{Unit: h.root.Path, Reads: held[1]}, []int64{above.ID}},
			{"what nobody may", HolderFilter{Unit: h.root.Path, Permission: "nothing.known"}, []int64{}},
		} {
			t.Run(c.label, func(t *testing.T) {
				if c.f.Permission == "" {
					c.f.Permission = held[0]
				}
				if c.f.Limit == 0 {
					c.f.Limit = 100
				}
				list, err := h.Holders(t.Context(), c.f)
				got := []int64{}
				for _, x := range list {
					if x.Staff <= h.admins[AuditDuty].ID {
						continue // the three hold it too, at the root
					}
					got = append(got, x.Staff)
					a, err := h.Actor(t.Context(), x.Staff)
					if err != nil || len(a.Grants) > 0 && !a.Can(c.f.Permission, access.Object{Unit: c.f.Unit, Account: c.f.Account}) {
						t.Errorf("staff %d cannot: %v", x.Staff, err)
					}
				}
				if err != nil || !slices.Equal(got, c.want) {
					t.Errorf("%v, want %v; %v", got, c.want, err)
				}
			})
		}
	})
}
