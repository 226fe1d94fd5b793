package scheduler

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"briefbot/briefings"
)

// locked lets several planners share a store in memory, a whole call at a time.
type locked struct {
	*facts
	mu *sync.Mutex
}

func (l locked) UpdateBriefing(ctx context.Context, id briefings.BriefingID, change func(*briefings.Briefing) error) (briefings.Briefing, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.facts.UpdateBriefing(ctx, id, change)
}

func (l locked) ActiveBriefings(ctx context.Context) ([]briefings.Briefing, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.facts.ActiveBriefings(ctx)
}

// TestTwoYearsOfSchedulesAndReminders runs a planner, by its own loop, through two years of simulated time in a zone whose clocks
// change: a meeting a month with its ladder of reminders, and briefings of several rhythms. Every week the planner is gone for a day.
func TestTwoYearsOfSchedulesAndReminders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "2026-11-23T07:00")
		o.zone = zone(t, "America/New_York")
		o.clock = time.Now().In(o.zone) // 1 January 2000, as simulated time begins
		began, end := o.clock, o.clock.AddDate(2, 0, 0)
		mu := &sync.Mutex{}
		o.facts.now, o.facts.calendar = time.Now, nil
		cadences := map[briefings.BriefingID]briefings.Cadence{
			"daily":   {Every: briefings.EveryDay, Hour: 7, Minute: 30},
			"friday":  {Every: briefings.Monthly, Nth: briefings.Last, Of: briefings.NthWorked, Weekday: time.Friday, Hour: 16},
			"quarter": {Every: briefings.Quarterly, Month: 1, Day: 5, Hour: 9, Shift: briefings.ToNext},
			"sunday":  {Every: briefings.Weekly, Weekday: time.Sunday, Hour: 6, Minute: 30}, // the mornings of changed clocks
		}
		for id, c := range cadences {
			o.publish(id, c)
		}
		meetings := 0
		for at := time.Date(began.Year(), began.Month()+1, 10, 14, 0, 0, 0, o.zone); at.Before(end); at = at.AddDate(0, 1, 0) {
			m := o.summon(string(briefings.OccasionAt(at.AddDate(0, 0, -9))), "", string(briefings.OccasionAt(at)))
			delete(o.facts.held, m.ID)
			m.ID = briefings.MeetingID(fmt.Sprint("month", meetings+1))
			o.facts.held[m.ID] = m
			meetings++
		}
		for time.Now().Before(end) {
			ctx, gone := context.WithTimeout(t.Context(), 6*24*time.Hour)
			p := New(PlannerConfig{Facts: locked{o.facts, mu}, Outbox: o.outbox, Zone: o.zone, Every: 2 * time.Hour})
			if err := p.Run(ctx); err != nil {
				t.Error(err)
			}
			gone()
			time.Sleep(24 * time.Hour)
		}
		for id, m := range o.facts.held {
			if _, ok := o.outbox.mailings[invitation(m).Key()]; !ok {
				t.Errorf("%s on %v is told to nobody", id, m.Starts)
			}
		}
		kinds := map[briefings.Kind]int{}
		for _, m := range o.outbox.mailings {
			kinds[m.Kind]++
		}
		if kinds[briefings.KindInvitation] != meetings || kinds[briefings.KindRemindSilent] < meetings {
			t.Errorf("%d meetings: %v", meetings, kinds)
		}
		for id, c := range cadences {
			put, missed := 0, 0
			for _, e := range o.facts.published[id].Editions {
				switch e.State {
				case briefings.EditionPut:
					put++
				case briefings.EditionMissed:
					missed++
				default:
					t.Errorf("%s: edition %+v", id, e)
				}
			}
			slots := 0
			for at := began; at.Before(end); at = at.AddDate(1, 0, 0) {
				slots += len(Due(c, at, at.AddDate(1, 0, 0), nil, o.zone))
			}
			if want := min(slots, briefings.EditionsKept); put+missed < want || put == 0 {
				t.Errorf("%s: %d put and %d missed of %d slots", id, put, missed, slots)
			}
			told := 0
			for _, m := range o.outbox.mailings {
				if m.Kind == briefings.KindBriefing && m.Subject == string(id) {
					told++
				}
			}
			if told > slots+1 || told < slots*6/7-2 {
				t.Errorf("%s: told %d of %d slots", id, told, slots)
			}
		}
	})
}
