package redisstore

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"briefbot/briefings"
)

func TestMemberIsFoundByIDAccountAndPhone(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		fill(t, b.Store, 4)
		m, err := b.Member(ctx, "M2")
		if must(t, err); m.No != 2 || m.User != 1002 {
			t.Fatalf("M2 = %+v", m)
		}
		m, err = b.MemberByUser(ctx, 1004)
		if must(t, err); m.ID != "M4" {
			t.Fatalf("account 1004 = %s", m.ID)
		}
		m, err = b.MemberByPhone(ctx, "+84100000003")
		if must(t, err); m.ID != "M3" {
			t.Fatalf("phone 3 = %s", m.ID)
		}
		_, err = b.Member(ctx, "M9")
		wantErr(t, err, briefings.ErrNotFound)
		_, err = b.MemberByUser(ctx, 0)
		wantErr(t, err, briefings.ErrNotFound)
		_, err = b.MemberByPhone(ctx, "")
		wantErr(t, err, briefings.ErrNotFound)
	})
}

func TestIndexesMoveWithTheMember(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		fill(t, b.Store, 2)
		_, err := b.UpdateMember(ctx, "M1", func(m *briefings.Member) error {
			m.Phone = "+84100999999"
			return m.Join(77, briefings.English, noon)
		})
		must(t, err)
		m, err := b.MemberByUser(ctx, 77)
		if must(t, err); m.ID != "M1" || m.Lang != briefings.English || !m.JoinedAt.Equal(noon) {
			t.Fatalf("joined = %+v", m)
		}
		_, err = b.MemberByPhone(ctx, "+84100000001")
		wantErr(t, err, briefings.ErrNotFound)
		_, err = b.UpdateMember(ctx, "M1", func(m *briefings.Member) error { m.User = 0; m.Phone = ""; return nil })
		must(t, err)
		_, err = b.MemberByUser(ctx, 77)
		wantErr(t, err, briefings.ErrNotFound)
		_, err = b.MemberByPhone(ctx, "+84100999999")
		wantErr(t, err, briefings.ErrNotFound)
	})
}

func TestOneAccountJoinsOneMemberOnly(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		fill(t, b.Store, 8)
		var joined atomic.Int32
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				id := briefings.MemberID(fmt.Sprintf("M%d", 2*i+1))
				_, err := b.UpdateMember(ctx, id, func(m *briefings.Member) error { return m.Join(5, "", noon) })
				switch {
				case err == nil:
					joined.Add(1)
				case !errors.Is(err, briefings.ErrExists):
					t.Errorf("%s: %v", id, err)
				}
			})
		}
		wg.Wait()
		if joined.Load() != 1 {
			t.Fatalf("%d members joined from one account", joined.Load())
		}
		_, err := b.UpdateMember(ctx, "M1", func(m *briefings.Member) error { m.Phone = "+84100000002"; return nil })
		wantErr(t, err, briefings.ErrExists)
	})
}

func TestUpdateThatChangesNothingWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		fill(t, b.Store, 2)
		before := b.client.Get(ctx, b.keys.version()).Val()
		m, err := b.UpdateMember(ctx, "M2", func(m *briefings.Member) error {
			m.Name = "nobody"
			return briefings.ErrUnchanged
		})
		if must(t, err); m.Name != "Nguyễn Mẫu 2" {
			t.Fatalf("name = %q", m.Name)
		}
		_, err = b.UpdateMember(ctx, "M2", func(*briefings.Member) error { return nil })
		must(t, err)
		if after := b.client.Get(ctx, b.keys.version()).Val(); after != before {
			t.Fatalf("version moved from %s to %s", before, after)
		}
		_, err = b.UpdateMember(ctx, "M2", func(*briefings.Member) error { return briefings.Refuse("topics.required") })
		wantRefusal(t, err, "topics.required")
		_, err = b.UpdateMember(ctx, "M2", func(m *briefings.Member) error { m.No = 9; return nil })
		wantErr(t, err, errMoved)
		_, err = b.UpdateMember(ctx, "M9", func(*briefings.Member) error { return nil })
		wantErr(t, err, briefings.ErrNotFound)
	})
}

func TestNumbersAreGivenOnceInOrder(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		fill(t, b.Store, 3)
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				m := briefings.Member{ID: briefings.MemberID(fmt.Sprintf("N%d", i)), Name: "N", Unit: "T01"}
				if err := b.ApplyRoster(ctx, briefings.RosterChange{Members: []briefings.Member{m}}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		r, err := b.Roster(ctx)
		must(t, err)
		for i, m := range r.Members {
			if m.No != briefings.MemberNo(i+1) {
				t.Fatalf("member %d has number %d", i, m.No)
			}
		}
		if len(r.Members) != 9 || r.Members[8].Status != briefings.Active {
			t.Fatalf("%d members, the last %+v", len(r.Members), r.Members[8])
		}
		// A given number is kept, and those made after it lie above.
		must(t, b.ApplyRoster(ctx, briefings.RosterChange{Members: []briefings.Member{
			{ID: "A", Name: "A", Unit: "T01"}, {ID: "B", Name: "B", Unit: "T01", No: 40}}}))
		a, _ := b.Member(ctx, "A")
		z, _ := b.Member(ctx, "B")
		if a.No != 41 || z.No != 40 {
			t.Fatalf("A %d, B %d", a.No, z.No)
		}
		wantErr(t, b.ApplyRoster(ctx, briefings.RosterChange{Members: []briefings.Member{
			{ID: "C", Name: "C", Unit: "T01", No: 40}}}), briefings.ErrExists)
	})
}

func TestChangeOfTheRollIsWholeOrNothing(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		fill(t, b.Store, 3)
		fresh := briefings.Member{ID: "N1", Name: "N", Unit: "T01"}
		bad := map[string]briefings.RosterChange{
			"phone of another": {Members: []briefings.Member{fresh, {ID: "N2", Name: "N", Unit: "T01", Phone: "+84100000002"}}},
			"one phone twice":  {Members: []briefings.Member{{ID: "N1", Unit: "T01", Phone: "+8"}, {ID: "N2", Unit: "T01", Phone: "+8"}}},
			"account taken":    {Members: []briefings.Member{fresh, {ID: "N2", Name: "N", Unit: "T01", User: 1002}}},
			"unknown unit":     {Members: []briefings.Member{fresh, {ID: "N2", Name: "N", Unit: "X99"}}},
			"unknown leaver":   {Members: []briefings.Member{fresh}, Left: []briefings.MemberID{"M99"}},
			"bad identity":     {Members: []briefings.Member{fresh, {ID: "N/2", Name: "N", Unit: "T01"}}},
			"empty unit":       {Members: []briefings.Member{fresh}, Units: []briefings.Unit{{}}},
		}
		for name, change := range bad {
			if err := b.ApplyRoster(ctx, change); err == nil {
				t.Errorf("%s: taken", name)
			}
			if _, err := b.Member(ctx, "N1"); !errors.Is(err, briefings.ErrNotFound) {
				t.Errorf("%s: written by half: %v", name, err)
			}
		}
		must(t, b.ApplyRoster(ctx, briefings.RosterChange{}))
	})
}

func TestChangeOfTheRollPutsInPlace(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		fill(t, b.Store, 4)
		m1, _ := b.Member(ctx, "M1")
		m3, _ := b.Member(ctx, "M3")
		m1.Phone, m3.Phone = m3.Phone, m1.Phone // two people exchange their telephones
		m1.Unit = "X02"
		// M1 joins after the change was prepared and before it is applied.
		_, err := b.UpdateMember(ctx, "M1", func(m *briefings.Member) error { return m.Join(55, "en", noon) })
		must(t, err)
		must(t, b.ApplyRoster(ctx, briefings.RosterChange{
			Units:   []briefings.Unit{{ID: "X02", Versions: []briefings.UnitVersion{{Parent: "T01"}}}},
			Members: []briefings.Member{m1, m3},
			Left:    []briefings.MemberID{"M4"},
		}))
		m, err := b.MemberByPhone(ctx, "+84100000001")
		if must(t, err); m.ID != "M3" {
			t.Fatalf("phone 1 = %s", m.ID)
		}
		m, err = b.MemberByUser(ctx, 55)
		if must(t, err); m.ID != "M1" || m.Unit != "X02" || m.Lang != "en" || m.No != 1 {
			t.Fatalf("M1 = %+v", m)
		}
		m, err = b.MemberByUser(ctx, 1004)
		if must(t, err); m.Status != briefings.Left {
			t.Fatalf("M4 = %+v", m)
		}
		r, err := b.Roster(ctx)
		must(t, err)
		if len(r.Members) != 4 || len(r.Units) != 3 || len(r.Topics) != 1 || len(r.Groups) != 1 {
			t.Fatalf("roster has %d members, %d units", len(r.Members), len(r.Units))
		}
	})
}
