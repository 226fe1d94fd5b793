package redisstore

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

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
