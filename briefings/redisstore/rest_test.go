package redisstore

import (
	"sync"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
)

func TestActivitiesAreReadByDate(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		for _, days := range []int{3, 1, 2, 0} {
			a := briefings.Activity{Date: noon.AddDate(0, 0, days), Family: briefings.OralWork, Sessions: 1, Attendances: days}
			must(t, b.AddActivity(ctx, &a))
		}
		list, err := b.Activities(ctx, noon.AddDate(0, 0, 1), noon.AddDate(0, 0, 3))
		must(t, err)
		if len(list) != 2 || list[0].ID != "a2" || list[1].ID != "a3" || !list[0].Date.Equal(noon.AddDate(0, 0, 1)) {
			t.Fatalf("activities = %+v", list)
		}
		wantErr(t, b.AddActivity(ctx, &briefings.Activity{ID: "a2"}), briefings.ErrExists)
		if list, err := b.Activities(ctx, noon.AddDate(1, 0, 0), noon.AddDate(2, 0, 0)); err != nil || len(list) != 0 {
			t.Fatalf("next year = %v, %v", list, err)
		}
	})
}

func TestHolidaysAreReplacedWhole(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		calendar, err := b.Calendar(ctx)
		if must(t, err); calendar == nil || !calendar.Working(noon) {
			t.Fatalf("calendar = %v", calendar)
		}
		must(t, b.SetHolidays(ctx, []briefings.Holiday{{Day: "2026-11-23"}, {Day: "2026-11-24"}}))
		must(t, b.SetHolidays(ctx, []briefings.Holiday{{Day: "2026-11-23", Name: briefings.Text{Vi: "Nghỉ"}}}))
		calendar, err = b.Calendar(ctx)
		if must(t, err); calendar.Working(noon) || !calendar.Working(noon.Add(24*time.Hour)) {
			t.Fatalf("calendar = %v", calendar)
		}
	})
}

func TestWhatWasConfirmedSurvivesTheServer(t *testing.T) {
	server := redistest.Server(t)
	b := newBench(server.Client(t))
	fill(t, b.Store, 2)
	id := gather(t, b.Store, "M1")
	_, err := b.UpdateInvitation(t.Context(), id, "M1", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Accept(m, noon)
	})
	must(t, err)
	server.Kill(t)
	if _, err := b.Invitation(t.Context(), id, "M1"); err == nil {
		t.Fatal("a dead server answers")
	}
	server.Restart(t)
	// The scripts are gone from the server's memory, and are sent again.
	seat, err := b.UpdateInvitation(t.Context(), id, "M1", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Decline(m, briefings.WorkTrip, "", noon)
	})
	if must(t, err); len(seat.History) != 1 || seat.History[0].Choice != briefings.Accepted {
		t.Fatalf("seat = %+v", seat)
	}
}

func TestHolidaysAndHoursAreChangedByManyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		other := New(b.client, "test", Options{Hours: briefings.Hours{Night: briefings.QuietHours{From: 21 * 60, To: 6 * 60}}})
		if calm, err := other.Calm(ctx); err != nil || calm.Night.From != 21*60 {
			t.Fatalf("before anybody set them: %+v, %v", calm, err)
		}
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				day := noon.AddDate(0, 0, i).Format(time.DateOnly)
				if _, err := other.UpdateHolidays(ctx, func(list *[]briefings.Holiday) error {
					next, err := briefings.Declare(*list, []briefings.Holiday{{Day: day}}, noon)
					*list = next
					return err
				}); err != nil {
					t.Error(err)
				}
				if _, err := other.UpdateHours(ctx, func(h *briefings.Hours) error {
					h.Noon.From += 10
					h.Noon.To += 20
					return nil
				}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		calm, err := b.Calm(ctx)
		if must(t, err); len(calm.Days) != 8 || calm.Noon != (briefings.QuietHours{From: 80, To: 160}) || calm.Night.From != 21*60 {
			t.Fatalf("calm = %+v", calm)
		}
		if list, err := b.Holidays(ctx); err != nil || len(list) != 8 || list[0].Day != "2026-11-23" {
			t.Fatalf("holidays = %+v, %v", list, err)
		}
		_, err = b.UpdateHours(ctx, func(*briefings.Hours) error { return briefings.Refuse("hours.bad") })
		if briefings.AsRefusal(err) == nil {
			t.Fatalf("a refusal is %v", err)
		}
	})
}
