package redisstore

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"briefbot/briefings"
)

func TestBriefingLivesFromDraftToFinished(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		draft := briefings.Briefing{Title: briefings.Text{Vi: "Thời sự"}, Label: briefings.Public, Created: noon,
			Status: briefings.BriefingDraft, Audience: briefings.Audience{{Kind: briefings.TermAll}}}
		must(t, b.AddBriefing(ctx, &draft))
		if draft.ID != "b1" || draft.Rev != 1 {
			t.Fatalf("added %s, rev %d", draft.ID, draft.Rev)
		}
		got, err := b.Briefing(ctx, "b1")
		if must(t, err); got.Title != draft.Title || got.Rev != 1 || got.Audience.String() != "all" {
			t.Fatalf("read %+v", got)
		}
		active := func() int {
			list, err := b.ActiveBriefings(ctx)
			must(t, err)
			return len(list)
		}
		if active() != 0 {
			t.Fatal("a draft is active")
		}
		got, err = b.UpdateBriefing(ctx, "b1", func(x *briefings.Briefing) error {
			return x.Activate(briefings.Cadence{Every: briefings.EveryDay, Hour: 7}, noon)
		})
		if must(t, err); got.Rev != 2 || active() != 1 {
			t.Fatalf("rev %d, %d active", got.Rev, active())
		}
		got, err = b.UpdateBriefing(ctx, "b1", func(x *briefings.Briefing) error { x.Note = "?"; return briefings.ErrUnchanged })
		if must(t, err); got.Rev != 2 || got.Note != "" {
			t.Fatalf("unchanged = %+v", got)
		}
		got, err = b.UpdateBriefing(ctx, "b1", func(x *briefings.Briefing) error { return x.Stop() })
		if must(t, err); got.Rev != 3 || active() != 0 {
			t.Fatalf("rev %d, %d active", got.Rev, active())
		}
		_, err = b.UpdateBriefing(ctx, "b1", func(x *briefings.Briefing) error { return x.Stop() })
		wantRefusal(t, err, "err.already_done")
		_, err = b.UpdateBriefing(ctx, "b9", func(*briefings.Briefing) error { return nil })
		wantErr(t, err, briefings.ErrNotFound)
		wantErr(t, b.AddBriefing(ctx, &briefings.Briefing{ID: "b1"}), briefings.ErrExists)
	})
}

func TestListsAreNewestFirst(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		for i := range 11 {
			must(t, b.AddBriefing(ctx, &briefings.Briefing{Created: noon, Status: briefings.BriefingActive}))
			must(t, b.AddMeeting(ctx, &briefings.Meeting{Starts: noon.Add(time.Duration(i%2) * time.Hour)}))
		}
		must(t, b.AddBriefing(ctx, &briefings.Briefing{ID: "old", Created: noon.AddDate(0, 0, -1)}))
		list, err := b.Briefings(ctx)
		if must(t, err); list[0].ID != "b11" || list[1].ID != "b10" || list[10].ID != "b1" || list[11].ID != "old" {
			t.Fatalf("%s %s … %s %s", list[0].ID, list[1].ID, list[10].ID, list[11].ID)
		}
		meetings, err := b.Meetings(ctx)
		if must(t, err); meetings[0].ID != "m10" || meetings[4].ID != "m2" || meetings[5].ID != "m11" || meetings[10].ID != "m1" {
			t.Fatalf("%v", meetings)
		}
	})
}

func TestGivenIdentityIsPassedOverLater(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		must(t, b.AddMeeting(ctx, &briefings.Meeting{ID: "m2", Title: briefings.Text{Vi: "given"}}))
		for _, want := range []briefings.MeetingID{"m1", "m3"} {
			var m briefings.Meeting
			if must(t, b.AddMeeting(ctx, &m)); m.ID != want {
				t.Fatalf("given %s; want %s", m.ID, want)
			}
		}
		wantErr(t, b.AddMeeting(ctx, &briefings.Meeting{ID: "m2"}), briefings.ErrExists)
		if m, _ := b.Meeting(ctx, "m2"); m.Title.Vi != "given" {
			t.Fatal("the earlier meeting was overwritten")
		}
		if err := b.AddMeeting(ctx, &briefings.Meeting{ID: "m}2"}); err == nil {
			t.Fatal("an identity with a brace is taken")
		}
	})
}

func TestMeetingStaysInThePlannersSightForTwoDays(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		id := gather(t, b.Store)
		must(t, b.AddMeeting(ctx, &briefings.Meeting{Status: briefings.MeetingDraft}))
		must(t, b.AddMeeting(ctx, &briefings.Meeting{Status: briefings.MeetingClosed, ClosedAt: noon.AddDate(0, -1, 0)}))
		open := func() []briefings.MeetingID {
			list, err := b.OpenMeetings(ctx)
			must(t, err)
			var ids []briefings.MeetingID
			for _, m := range list {
				ids = append(ids, m.ID)
			}
			return ids
		}
		if got := open(); !slices.Equal(got, []briefings.MeetingID{id}) {
			t.Fatalf("open = %v", got)
		}
		m, err := b.UpdateMeeting(ctx, id, func(m *briefings.Meeting) error { return m.Cancel(briefings.Why{}, time.Now()) })
		if must(t, err); m.Rev != 2 {
			t.Fatalf("rev = %d", m.Rev)
		}
		b.clock.move(47 * time.Hour)
		if got := open(); len(got) != 1 {
			t.Fatalf("open two days after = %v", got)
		}
		// A later write does not lengthen the two days.
		_, err = b.UpdateMeeting(ctx, id, func(m *briefings.Meeting) error { m.Note = "?"; return nil })
		must(t, err)
		b.clock.move(2 * time.Hour)
		if got := open(); len(got) != 0 {
			t.Fatalf("open later = %v", got)
		}
		if n := b.client.SCard(ctx, b.keys.openMeetings()).Val(); n != 0 {
			t.Fatalf("%d ended meetings left in the set", n)
		}
		if all, err := b.Meetings(ctx); err != nil || len(all) != 3 {
			t.Fatalf("%d meetings, %v", len(all), err)
		}
	})
}

// A roll that is opened again, or an outcome that is told long after, is the planner's business once more.
func TestWhatHappensLateIsSeenByThePlanner(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		id := gather(t, b.Store)
		close := func(m *briefings.Meeting) error {
			m.Status, m.ClosedAt = briefings.MeetingClosed, b.clock.now()
			return nil
		}
		seen := func() bool {
			list, err := b.OpenMeetings(ctx)
			must(t, err)
			return slices.ContainsFunc(list, func(m briefings.Meeting) bool { return m.ID == id })
		}
		change := func(rule func(*briefings.Meeting) error) {
			t.Helper()
			_, err := b.UpdateMeeting(ctx, id, rule)
			must(t, err)
		}
		change(close)
		b.clock.move(72 * time.Hour)
		if seen() {
			t.Fatal("a meeting closed three days ago is in sight")
		}
		change(func(m *briefings.Meeting) error { return m.Conclude(briefings.Outcome{Text: "x", At: b.clock.now()}) })
		if !seen() {
			t.Fatal("the outcome is out of sight")
		}
		b.clock.move(72 * time.Hour)
		if seen() {
			t.Fatal("the outcome stays in sight")
		}
		change(func(m *briefings.Meeting) error {
			m.Status, m.ClosedAt = briefings.MeetingOpen, time.Time{}
			return nil
		})
		if !seen() {
			t.Fatal("a roll that was opened again is out of sight")
		}
	})
}

func TestCrashBetweenTwoStepsHeals(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		// The index learned of a meeting whose row was never written.
		lost := briefings.Meeting{ID: "m1", Rev: 1, Status: briefings.MeetingOpen}
		must(t, b.indexMeeting(ctx, &lost, time.Time{}))
		for name, list := range map[string]func() ([]briefings.Meeting, error){
			"all":  func() ([]briefings.Meeting, error) { return b.Meetings(ctx) },
			"open": func() ([]briefings.Meeting, error) { return b.OpenMeetings(ctx) },
		} {
			if got, err := list(); err != nil || len(got) != 0 {
				t.Fatalf("%s = %v, %v", name, got, err)
			}
		}
		id := gather(t, b.Store)
		if list, err := b.Meetings(ctx); err != nil || len(list) != 1 || list[0].ID != id {
			t.Fatalf("after the next try: %v, %v", list, err)
		}

		// A draft was put into the open set, and the row was never opened.
		draft := briefings.Meeting{Status: briefings.MeetingDraft, Starts: noon.Add(time.Hour)}
		must(t, b.AddMeeting(ctx, &draft))
		opened := draft
		opened.Rev, opened.Status = 2, briefings.MeetingOpen
		must(t, b.indexMeeting(ctx, &opened, time.Time{}))
		if list, err := b.OpenMeetings(ctx); err != nil || len(list) != 1 {
			t.Fatalf("a draft is in sight: %v, %v", list, err)
		}
		_, err := b.UpdateMeeting(ctx, draft.ID, func(m *briefings.Meeting) error { m.Status = briefings.MeetingOpen; return nil })
		must(t, err)
		if list, err := b.OpenMeetings(ctx); err != nil || len(list) != 2 {
			t.Fatalf("open = %v, %v", list, err)
		}

		// Some seats were made, and the meeting does not know that all are there.
		n, err := b.makeSeats(ctx, id, []briefings.Invitation{{Member: "M1", No: 1}})
		if must(t, err); n != 1 {
			t.Fatalf("%d seats made", n)
		}
		if m, _ := b.Meeting(ctx, id); !m.Invites.IsZero() {
			t.Fatal("the meeting takes half its seats for all")
		}
		_, err = b.UpdateInvitation(ctx, id, "M1", func(m *briefings.Meeting, i *briefings.Invitation) error { return i.Accept(m, noon) })
		must(t, err)
		n, err = b.Invite(ctx, id, []briefings.Invitation{{Member: "M1", No: 1}, {Member: "M2", No: 2}})
		if must(t, err); n != 1 {
			t.Fatalf("%d seats added", n)
		}
		m, err := b.Meeting(ctx, id)
		if must(t, err); !m.Invites.Equal(noon) {
			t.Fatalf("invites = %v", m.Invites)
		}
		if seat, err := b.Invitation(ctx, id, "M1"); err != nil || seat.Answer.Choice != briefings.Accepted {
			t.Fatalf("the answer given in between: %+v, %v", seat, err)
		}
	})
}

func TestMeetingsWritersAllCount(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		id := gather(t, b.Store)
		before, err := b.Changes(ctx, id)
		must(t, err)
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				_, err := b.UpdateMeeting(ctx, id, func(m *briefings.Meeting) error {
					m.Agenda = append(m.Agenda, fmt.Sprint(i))
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		m, err := b.Meeting(ctx, id)
		if must(t, err); len(m.Agenda) != 8 || m.Rev != 9 {
			t.Fatalf("%d lines, rev %d", len(m.Agenda), m.Rev)
		}
		after, err := b.Changes(ctx, id)
		if must(t, err); after != before+8 {
			t.Fatalf("changes from %d to %d", before, after)
		}
	})
}

func TestUnknownMeetingIsNotFound(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		_, err := b.Meeting(ctx, "m9")
		wantErr(t, err, briefings.ErrNotFound)
		_, err = b.UpdateMeeting(ctx, "m9", func(*briefings.Meeting) error { return nil })
		wantErr(t, err, briefings.ErrNotFound)
		_, err = b.Invite(ctx, "m9", []briefings.Invitation{{Member: "M1"}})
		wantErr(t, err, briefings.ErrNotFound)
		_, err = b.Invite(ctx, "m9", nil)
		wantErr(t, err, briefings.ErrNotFound)
		_, err = b.UpdateInvitation(ctx, "m9", "M1", func(*briefings.Meeting, *briefings.Invitation) error { return nil })
		wantErr(t, err, briefings.ErrNotFound)
		if seats, err := b.Invitations(ctx, "m9"); err != nil || len(seats) != 0 {
			t.Fatalf("seats = %v, %v", seats, err)
		}
		if n, err := b.Changes(ctx, "m9"); err != nil || n != 0 {
			t.Fatalf("changes = %d, %v", n, err)
		}
	})
}
