package scheduler

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"briefbot/briefings"
)

// replica is one of several planners that share a store and an outbox in memory. It is killed now and then before or after a step, and
// then does nothing any more.
type replica struct {
	*decade
	luck *rand.Rand
	dead bool
}

var errDead = errors.New("killed")

// step does one step of a tick under the lock, unless the replica is dead or is killed before it; it may be killed after it as well,
// and then does not learn what came of it.
func (r *replica) step(odds int, do func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.dead || odds > 0 && r.luck.IntN(odds) == 0 {
		r.kill()
		return errDead
	}
	err := do()
	if odds > 0 && r.luck.IntN(odds) == 0 {
		r.kill()
		return errDead
	}
	return err
}

func (r *replica) kill() {
	if !r.dead {
		r.kills++
	}
	r.dead = true
}

// The odds of being killed around a step that only reads, and around one that changes something.
const reads, writes = 2000, 25

func (r *replica) Calm(ctx context.Context) (c briefings.Calm, err error) {
	err = r.step(reads, func() (err error) { c, err = r.facts.Calm(ctx); return err })
	return c, err
}

func (r *replica) ActiveBriefings(ctx context.Context) (list []briefings.Briefing, err error) {
	err = r.step(reads, func() (err error) { list, err = r.facts.ActiveBriefings(ctx); return err })
	return list, err
}

func (r *replica) UpdateBriefing(ctx context.Context, id briefings.BriefingID, change func(*briefings.Briefing) error) (b briefings.Briefing, err error) {
	err = r.step(writes, func() (err error) {
		b, err = r.facts.UpdateBriefing(ctx, id, change)
		for _, e := range b.Editions {
			r.note(id, e)
		}
		return err
	})
	return b, err
}

func (r *replica) Put(ctx context.Context, m briefings.Mailing, audience iter.Seq[briefings.MemberNo]) (fresh bool, err error) {
	err = r.step(writes, func() (err error) { fresh, err = r.outbox.Put(ctx, m, audience); return err })
	return fresh, err
}

func (r *replica) Over(context.Context, briefings.Key) (bool, error) {
	return true, r.step(0, func() error { return nil })
}
func (r *replica) Cancel(context.Context, briefings.Key) error {
	return r.step(0, func() error { return nil })
}

// store leaves the calls that no briefing needs to the store in memory.
type store struct {
	*facts
	*replica
}

func (s store) Calm(ctx context.Context) (briefings.Calm, error) { return s.replica.Calm(ctx) }
func (s store) ActiveBriefings(ctx context.Context) ([]briefings.Briefing, error) {
	return s.replica.ActiveBriefings(ctx)
}
func (s store) UpdateBriefing(ctx context.Context, id briefings.BriefingID, change func(*briefings.Briefing) error) (briefings.Briefing, error) {
	return s.replica.UpdateBriefing(ctx, id, change)
}

// decade is what the replicas share, and what is noted of them.
type decade struct {
	mu     sync.Mutex
	facts  *facts
	outbox *outbox
	slots  map[briefings.BriefingID]map[briefings.Occasion]briefings.Edition // what became of each, last
	ticks  []time.Time                                                       // that went well to the end
	kills  int
	faults []string
}

// note compares what a briefing says of an edition with what it said before: what is settled stays.
func (d *decade) note(id briefings.BriefingID, e briefings.Edition) {
	before, known := d.slots[id][e.Occasion]
	if known && before.State != briefings.EditionDue && before.State != e.State {
		d.faults = append(d.faults, string(id)+" "+string(e.Occasion)+" was "+string(before.State)+" and became "+string(e.State))
	}
	d.slots[id][e.Occasion] = e
}

// festivals are the days of ten years: those of the Labour Code with Tết and Giỗ Tổ by the moon (briefings.Statutory), a day in lieu
// for one on a weekend, and, as the Prime Minister does for long weekends, a Monday off whose work is done on the Saturday before.
func festivals(t *testing.T, from, to int) briefings.Calendar {
	t.Helper()
	days := map[string]briefings.Holiday{}
	for year := from; year <= to; year++ {
		list, ok := briefings.Statutory(year)
		if !ok {
			t.Fatalf("no moon for %d", year)
		}
		for _, h := range list {
			days[h.Day] = h
		}
		for _, h := range list {
			switch day := h.Date(); {
			case h.Working || h.Still:
			case day.Weekday() == time.Saturday || day.Weekday() == time.Sunday:
				for day = day.AddDate(0, 0, 1); !briefings.Calendar(days).Working(day); day = day.AddDate(0, 0, 1) {
				}
				days[day.Format(time.DateOnly)] = briefings.Holiday{Day: day.Format(time.DateOnly)}
			case day.Weekday() == time.Tuesday:
				off, worked := day.AddDate(0, 0, -1).Format(time.DateOnly), day.AddDate(0, 0, -3).Format(time.DateOnly)
				days[off] = briefings.Holiday{Day: off}
				days[worked] = briefings.Holiday{Day: worked, Working: true}
			}
		}
	}
	return days
}

// TestTenYearsOfSchedulesOverReplicasThatAreKilled runs three planners through ten years of Viet Nam's calendar. They are killed
// between the steps of a tick, come back after minutes or hours, and sometimes all of them are away for longer than any edition may be
// late. Whatever happens, every slot is accounted for once, is in the outbox exactly when the briefing says so, and is missed only
// where nobody looked in time.
func TestTenYearsOfSchedulesOverReplicasThatAreKilled(t *testing.T) {
	const first = 2026
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "2026-01-01T00:00")
		began := o.clock
		end := began.AddDate(years, 0, 0)
		offset := time.Until(began)
		now := func() time.Time { return time.Now().Add(offset) }
		cal := festivals(t, first, first+years)
		o.facts.calendar, o.facts.now = cal, now
		o.facts.hours.Noon = briefings.QuietHours{From: 11*60 + 30, To: 13*60 + 30}
		cadences := map[briefings.BriefingID]briefings.Cadence{
			"workday": {Every: briefings.EveryWorkday, Hour: 7, Minute: 30},
			"noon":    {Every: briefings.Weekly, Weekday: time.Wednesday, Hour: 12},
			"fifth":   {Every: briefings.Monthly, Day: 5, Hour: 9, Shift: briefings.ToNext},
			"before":  {Every: briefings.Monthly, Day: 31, Hour: 16, Shift: briefings.ToBefore},
			"friday":  {Every: briefings.Monthly, Nth: briefings.Last, Of: briefings.NthWorked, Weekday: time.Friday, Hour: 16},
		}
		d := &decade{facts: o.facts, outbox: o.outbox, slots: map[briefings.BriefingID]map[briefings.Occasion]briefings.Edition{}}
		for id, c := range cadences {
			o.publish(id, c)
			d.slots[id] = map[briefings.Occasion]briefings.Edition{}
		}
		fate := rand.New(rand.NewPCG(first, 10))
		var away [][2]time.Time // when nobody is there
		for at := began; at.Before(end); {
			at = at.Add(time.Duration(30+fate.IntN(60)) * 24 * time.Hour)
			back := at.Add(time.Duration(8+fate.IntN(90)) * time.Hour)
			away = append(away, [2]time.Time{at, back})
			at = back
		}
		next := func(at time.Time) time.Time { // all look at the same moments
			for _, minute := range []int{8 * 60, 13*60 + 45, 17 * 60, 32 * 60} {
				if look := time.Date(at.Year(), at.Month(), at.Day(), 0, minute, 0, 0, o.zone); look.After(at) {
					return look
				}
			}
			panic("unreachable")
		}
		var all sync.WaitGroup
		for i := range 3 {
			all.Go(func() {
				luck, outages := rand.New(rand.NewPCG(uint64(i), first)), away
				for now().Before(end) {
					r := &replica{decade: d, luck: luck}
					p := New(PlannerConfig{Facts: store{o.facts, r}, Outbox: r, Zone: o.zone, Now: now})
					for !r.dead && now().Before(end) {
						for len(outages) > 0 && !now().Before(outages[0][1]) {
							outages = outages[1:]
						}
						if len(outages) > 0 && !now().Before(outages[0][0]) {
							time.Sleep(outages[0][1].Sub(now()))
							break
						}
						at := now()
						if err := p.Tick(t.Context()); err == nil {
							d.mu.Lock()
							d.ticks = append(d.ticks, at)
							d.mu.Unlock()
						} else if !errors.Is(err, errDead) {
							t.Error(err)
						}
						look := next(now().In(o.zone))
						if luck.IntN(3) == 0 { // not always the three of them
							look = next(look)
						}
						time.Sleep(look.Sub(now()))
					}
					if r.dead {
						time.Sleep(time.Duration(1+luck.IntN(600)) * time.Minute)
					}
				}
			})
		}
		all.Wait()
		quiet := &replica{decade: d, luck: fate} // what the last kill left
		p := New(PlannerConfig{Facts: store{o.facts, quiet}, Outbox: quiet, Zone: o.zone, Now: func() time.Time { return end }})
		for quiet.dead = true; quiet.dead; {
			quiet.dead = false
			_ = p.Tick(t.Context())
		}
		d.audit(t, p, cadences, began, end)
	})
}

// audit compares what became of every slot with the outbox and with who looked when.
func (d *decade) audit(t *testing.T, p *Planner, cadences map[briefings.BriefingID]briefings.Cadence, began, end time.Time) {
	t.Helper()
	for _, f := range d.faults {
		t.Error(f)
	}
	slices.SortFunc(d.ticks, time.Time.Compare)
	calm := briefings.Calm{Hours: d.facts.hours, Days: d.facts.calendar}
	looked := func(from, to time.Time) bool { // a tick went well between the two, at a time for sending
		for i, _ := slices.BinarySearchFunc(d.ticks, from, time.Time.Compare); i < len(d.ticks) && !d.ticks[i].After(to); i++ {
			if !calm.Quiet(briefings.KindBriefing, d.ticks[i].In(p.zone)) {
				return true
			}
		}
		return false
	}
	told := map[briefings.Key]bool{}
	for id, c := range cadences {
		states := map[briefings.EditionState]int{}
		slots := 0
		for at := began.Add(-time.Second); ; slots++ {
			occasion, due, ok := Next(c, at, calm.Days, p.zone)
			if !ok || due.After(end) {
				break
			}
			at = due
			e, known := d.slots[id][occasion]
			if !known {
				t.Errorf("%s: nobody knows what became of %s", id, occasion)
				continue
			}
			states[e.State]++
			w := (&tick{Planner: p, at: due}).window(*d.facts.published[id], e, calm)
			key := briefings.Mailing{Kind: briefings.KindBriefing, Subject: string(id), Occasion: occasion}.Key()
			_, put := d.outbox.mailings[key]
			told[key] = put
			switch {
			case put != (e.State == briefings.EditionPut):
				t.Errorf("%s: %s is %s, in the outbox: %v", id, occasion, e.State, put)
			case e.State == briefings.EditionDue && !w.until.After(end):
				t.Errorf("%s: %s waits for ever", id, occasion)
			case e.State == briefings.EditionMissed && e.Why == briefings.WhyDown && looked(w.due, w.until):
				t.Errorf("%s: %s is missed, though somebody looked between %v and %v", id, occasion, w.due, w.until)
			case put && (e.Put.Before(w.due) || e.Put.After(w.until) || calm.Quiet(briefings.KindBriefing, e.Put.In(p.zone))):
				t.Errorf("%s: %s was put at %v", id, occasion, e.Put)
			}
		}
		if len(d.slots[id]) != slots || states[briefings.EditionPut] < slots*3/4 {
			t.Errorf("%s: %d slots, %d editions: %v", id, slots, len(d.slots[id]), states)
		}
		t.Log(id, slots, "slots:", states)
	}
	for key := range d.outbox.mailings {
		if !told[key] {
			t.Errorf("%s belongs to no slot", key)
		}
	}
	if len(d.outbox.told) != len(d.outbox.mailings) || d.kills < 20*years {
		t.Errorf("%d mailings put %d times under %d kills", len(d.outbox.mailings), len(d.outbox.told), d.kills)
	}
	t.Log(d.kills, "kills,", len(d.ticks), "ticks,", len(d.outbox.mailings), "mailings,", d.outbox.puts, "puts")
}
