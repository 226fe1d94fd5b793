package redisstore

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

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

func TestRosterIsNeverOlderThanTheCall(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		fill(t, b.Store, 2)
		first, err := b.Roster(ctx)
		must(t, err)
		second, err := b.Roster(ctx)
		if must(t, err); first != second {
			t.Fatal("an unchanged roll is read again")
		}
		replica := New(b.client, "test", Options{Now: b.clock.now})
		_, err = replica.UpdateMember(ctx, "M1", func(m *briefings.Member) error { m.Name = "new"; return nil })
		must(t, err)
		third, err := b.Roster(ctx)
		must(t, err)
		if m, _ := third.Member("M1"); m.Name != "new" {
			t.Fatalf("name = %q", m.Name)
		}
		if m, _ := first.Member("M1"); m.Name == "new" {
			t.Fatal("a roster that was handed out changed")
		}
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				name := fmt.Sprintf("name %d", i)
				id := briefings.MemberID(fmt.Sprintf("M%d", i%2+1))
				_, err := b.UpdateMember(ctx, id, func(m *briefings.Member) error { m.Tags = append(m.Tags, name); return nil })
				if err != nil {
					t.Error(err)
					return
				}
				r, err := b.Roster(ctx)
				if err != nil {
					t.Error(err)
					return
				}
				m, _ := r.Member(id)
				for _, tag := range m.Tags {
					if tag == name {
						return
					}
				}
				t.Errorf("%s does not see its own write", name)
			})
		}
		wg.Wait()
	})
}

// A process that follows the roll by its changes has the same roll as one that reads the whole.
func TestRefreshedRosterEqualsTheWhole(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		fill(t, b.Store, 300)
		replica := New(b.client, "test", Options{Now: b.clock.now})
		pause := func(ids ...int) {
			for _, i := range ids {
				id := briefings.MemberID(fmt.Sprintf("M%d", i))
				_, err := replica.UpdateMember(ctx, id, func(m *briefings.Member) error { m.Paused = true; return nil })
				must(t, err)
			}
		}
		apply := func(c briefings.RosterChange) { must(t, replica.ApplyRoster(ctx, c)) }
		many := make([]briefings.Member, 250)
		for i := range many {
			many[i] = briefings.Member{ID: briefings.MemberID(fmt.Sprintf("N%d", i)), Name: "N", Unit: "T01"}
		}
		for name, step := range map[string]func(){
			"nothing":       func() {},
			"one member":    func() { pause(1) },
			"a few":         func() { pause(300, 17, 4) },
			"one new":       func() { apply(briefings.RosterChange{Members: []briefings.Member{{ID: "A", Name: "A", Unit: "T01"}}}) },
			"many new":      func() { apply(briefings.RosterChange{Members: many}) },
			"one who left":  func() { apply(briefings.RosterChange{Left: []briefings.MemberID{"M9"}}) },
			"a new unit":    func() { apply(briefings.RosterChange{Units: []briefings.Unit{{ID: "X9"}}}) },
			"a new topic":   func() { apply(briefings.RosterChange{Topics: []briefings.Topic{{ID: "t9", Slug: "s"}}}) },
			"an hour later": func() { b.clock.move(time.Hour) },
		} {
			_, err := b.Roster(ctx)
			must(t, err)
			step()
			got, err := b.Roster(ctx)
			must(t, err)
			whole, err := New(b.client, "test", Options{Now: b.clock.now}).Roster(ctx)
			must(t, err)
			if !reflect.DeepEqual(got, whole) {
				t.Errorf("%s: the refreshed roster differs from the whole", name)
			}
		}
		must(t, b.client.FlushAll(ctx).Err())
		fill(t, replica, 1)
		if r, err := b.Roster(ctx); err != nil || len(r.Members) != 1 {
			t.Fatalf("after the store was emptied: %v", err)
		}
	})
}

func TestTreeOfTheRosterIsOfToday(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		must(t, b.ApplyRoster(ctx, briefings.RosterChange{Units: []briefings.Unit{{ID: "T01", Versions: []briefings.UnitVersion{
			{Span: briefings.Span{To: noon}, Name: briefings.Text{Vi: "cũ"}},
			{Span: briefings.Span{From: noon.AddDate(0, 0, 1)}, Name: briefings.Text{Vi: "mới"}},
		}}}}))
		r, err := b.Roster(ctx)
		if must(t, err); r.Tree().Name("T01").Vi != "cũ" {
			t.Fatalf("today %v", r.Tree().Name("T01"))
		}
		b.clock.move(25 * time.Hour)
		r, err = b.Roster(ctx)
		if must(t, err); r.Tree().Name("T01").Vi != "mới" {
			t.Fatalf("tomorrow %v", r.Tree().Name("T01"))
		}
	})
}

func TestRecipientsSayWhyNot(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		joined := briefings.Member{Name: "N", Unit: "T01", Status: briefings.Active, Lang: briefings.English}
		cases := []struct {
			skip string
			with func(*briefings.Member)
		}{
			{"", func(*briefings.Member) {}},
			{"", func(m *briefings.Member) { m.Channel = briefings.ByTelegram }},
			{"left", func(m *briefings.Member) { m.Status = briefings.Left; m.Paused = true }},
			{"other_channel", func(m *briefings.Member) { m.Status = briefings.Withdrawn }},
			{"other_channel", func(m *briefings.Member) { m.Channel = briefings.ByPhone; m.User = 0 }},
			{"not_joined", func(m *briefings.Member) { m.User = 0 }},
			{"not_joined", func(m *briefings.Member) { m.Status = briefings.Pending }},
			{"blocked", func(m *briefings.Member) { m.Blocked = briefings.BlockedBot; m.Paused = true }},
			{"deactivated", func(m *briefings.Member) { m.Blocked = briefings.Deactivated }},
			{"no_chat", func(m *briefings.Member) { m.Blocked = briefings.NoChat }},
			{"paused", func(m *briefings.Member) { m.Paused = true }},
		}
		change := briefings.RosterChange{Units: []briefings.Unit{{ID: "T01"}}}
		var ask []briefings.MemberNo
		for i, c := range cases {
			m := joined
			m.ID, m.User = briefings.MemberID(fmt.Sprintf("M%d", i+1)), briefings.UserID(100+i)
			c.with(&m)
			change.Members = append(change.Members, m)
			ask = append([]briefings.MemberNo{briefings.MemberNo(i + 1)}, ask...)
		}
		must(t, b.ApplyRoster(ctx, change))
		ask = append(ask, 999)
		got, err := b.Recipients(ctx, ask)
		must(t, err)
		for i, to := range got[:len(cases)] {
			at := len(cases) - 1 - i
			if to.No != ask[i] || to.Skip != cases[at].skip || to.ID != change.Members[at].ID || to.Lang != briefings.English ||
				to.Chat != briefings.ChatID(change.Members[at].User) {
				t.Errorf("case %d: %+v; want skip %q", at, to, cases[at].skip)
			}
			if reachable := change.Members[at].Reachable(); reachable != (to.Skip == "" || to.Skip == "paused") {
				t.Errorf("case %d: the domain says reachable %v, the store %q", at, reachable, to.Skip)
			}
		}
		if last := got[len(got)-1]; last.Skip != "gone" || last.No != 999 {
			t.Errorf("unknown number: %+v", last)
		}
		if none, err := b.Recipients(ctx, nil); err != nil || len(none) != 0 {
			t.Errorf("nobody = %v, %v", none, err)
		}
	})
}

func TestRecipientsOfManyCommandsKeepTheirOrder(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		fill(t, b.Store, 1300)
		ask := make([]briefings.MemberNo, 1300)
		for i := range ask {
			ask[i] = briefings.MemberNo(1300 - i)
		}
		got, err := b.Recipients(t.Context(), ask)
		must(t, err)
		for i, to := range got {
			if to.No != ask[i] || to.ID != briefings.MemberID(fmt.Sprintf("M%d", ask[i])) {
				t.Fatalf("at %d: %+v", i, to)
			}
		}
	})
}

func TestErrorOfTheConnectionIsNotAnAbsence(t *testing.T) {
	dead := New(redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1, DialerRetries: 1}), "test", Options{})
	_, err := dead.Member(t.Context(), "M1")
	if err == nil || errors.Is(err, briefings.ErrNotFound) {
		t.Fatalf("error = %v", err)
	}
	if _, err := dead.Roster(t.Context()); err == nil {
		t.Fatal("a roster without Redis")
	}
}
