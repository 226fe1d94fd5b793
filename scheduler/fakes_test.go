package scheduler

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"testing"
	"time"

	"briefbot/briefings"
)

var errDown = errors.New("down")

// facts is a store in memory. Its fail hook runs before every call and may refuse it.
type facts struct {
	now       func() time.Time
	roster    *briefings.Roster
	calendar  briefings.Calendar
	hours     briefings.Hours
	published map[briefings.BriefingID]*briefings.Briefing
	held      map[briefings.MeetingID]*briefings.Meeting
	seats     map[briefings.MeetingID][]briefings.Invitation
	version   map[briefings.MeetingID]int64
	asked     map[briefings.MeetingID]briefings.Inquiries
	reads     int // of seats
	fail      func(call string) error
}

func (f *facts) refuse(call string) error {
	if f.fail == nil {
		return nil
	}
	return f.fail(call)
}

func (f *facts) Roster(context.Context) (*briefings.Roster, error) {
	return f.roster, f.refuse("roster")
}

func (f *facts) Calm(context.Context) (briefings.Calm, error) {
	return briefings.Calm{Hours: f.hours, Days: f.calendar}, f.refuse("calendar")
}

func (f *facts) Inquiries(_ context.Context, id briefings.MeetingID) (briefings.Inquiries, error) {
	return f.asked[id], f.refuse("inquiries")
}

func (f *facts) ActiveBriefings(context.Context) ([]briefings.Briefing, error) {
	var out []briefings.Briefing
	for _, b := range f.published {
		if b.Watched() {
			out = append(out, *b)
		}
	}
	return out, f.refuse("active briefings")
}

func (f *facts) UpdateBriefing(_ context.Context, id briefings.BriefingID, change func(*briefings.Briefing) error) (briefings.Briefing, error) {
	if err := f.refuse("update briefing"); err != nil {
		return briefings.Briefing{}, err
	}
	b := *f.published[id]
	b.Editions, b.Skips = slices.Clone(b.Editions), slices.Clone(b.Skips)
	switch err := change(&b); {
	case errors.Is(err, briefings.ErrUnchanged):
	case err != nil:
		return b, err
	default:
		b.Rev++
		f.published[id] = &b
	}
	return b, nil
}

func (f *facts) OpenMeetings(context.Context) ([]briefings.Meeting, error) {
	var out []briefings.Meeting
	for _, m := range f.held {
		out = append(out, *m)
	}
	return out, f.refuse("open meetings")
}

func (f *facts) Invite(_ context.Context, id briefings.MeetingID, seats []briefings.Invitation) (int, error) {
	if err := f.refuse("invite"); err != nil {
		return 0, err
	}
	added := 0
	for _, s := range seats {
		if f.seat(id, s.Member) == nil {
			f.seats[id] = append(f.seats[id], s)
			added++
		}
	}
	if m := f.held[id]; m.Invites.IsZero() {
		m.Invites = f.now()
	}
	f.version[id]++
	return added, nil
}

func (f *facts) Invitations(_ context.Context, id briefings.MeetingID) ([]briefings.Invitation, error) {
	f.reads++
	return slices.Clone(f.seats[id]), f.refuse("invitations")
}

func (f *facts) UpdateInvitation(_ context.Context, id briefings.MeetingID, who briefings.MemberID,
	change func(*briefings.Meeting, *briefings.Invitation) error) (briefings.Invitation, error) {
	if err := f.refuse("update invitation"); err != nil {
		return briefings.Invitation{}, err
	}
	seat := f.seat(id, who)
	if seat == nil {
		return briefings.Invitation{}, briefings.ErrNotFound
	}
	next := *seat
	switch err := change(f.held[id], &next); {
	case errors.Is(err, briefings.ErrUnchanged):
	case err != nil:
		return next, err
	default:
		*seat = next
		f.version[id]++
	}
	return next, nil
}

func (f *facts) Changes(_ context.Context, id briefings.MeetingID) (int64, error) {
	return f.version[id], f.refuse("changes")
}

func (f *facts) seat(id briefings.MeetingID, who briefings.MemberID) *briefings.Invitation {
	for i := range f.seats[id] {
		if f.seats[id][i].Member == who {
			return &f.seats[id][i]
		}
	}
	return nil
}

// outbox keeps what was put, in order, as "key to 1 2 3".
type outbox struct {
	mailings  map[briefings.Key]briefings.Mailing
	told      []string
	puts      int // calls, new or not
	cancelled []briefings.Key
	cancel    error // what Cancel says of a mailing that was put
	sending   map[briefings.Key]bool
	fail      func(briefings.Mailing) error
}

func (o *outbox) Put(_ context.Context, m briefings.Mailing, audience iter.Seq[briefings.MemberNo]) (bool, error) {
	if err := m.Check(); err != nil {
		return false, err
	}
	if o.fail != nil {
		if err := o.fail(m); err != nil {
			return false, err
		}
	}
	o.puts++
	if _, ok := o.mailings[m.Key()]; ok {
		return false, nil
	}
	o.mailings[m.Key()] = m
	line := string(m.Key()) + " to"
	for no := range audience {
		line += fmt.Sprintf(" %d", no)
	}
	o.told = append(o.told, line)
	return true, nil
}

func (o *outbox) Cancel(_ context.Context, k briefings.Key) error {
	if _, ok := o.mailings[k]; !ok {
		return fmt.Errorf("cancel %s: %w", k, briefings.ErrNotFound)
	}
	o.cancelled = append(o.cancelled, k)
	return o.cancel
}

func (o *outbox) Over(_ context.Context, k briefings.Key) (bool, error) { return !o.sending[k], nil }

// office is a planner over a store and an outbox in memory, with a clock that a test sets.
type office struct {
	t       *testing.T
	clock   time.Time
	zone    *time.Location
	facts   *facts
	outbox  *outbox
	planner *Planner
}

// newOffice has six members: 1 to 4 in cell A (4 follows no topic), 5 in cell B, 6 who left.
func newOffice(t *testing.T, clock string) *office {
	t.Helper()
	o := &office{t: t, zone: zone(t, "Asia/Ho_Chi_Minh"), outbox: &outbox{mailings: map[briefings.Key]briefings.Mailing{}, sending: map[briefings.Key]bool{}}}
	unit := func(id, parent briefings.UnitID) briefings.Unit {
		return briefings.Unit{ID: id, Versions: []briefings.UnitVersion{{Parent: parent, Name: briefings.Text{Vi: string(id)}}}}
	}
	var members []briefings.Member
	for i, id := range []briefings.MemberID{"an", "binh", "chi", "dung", "giang", "hoa"} {
		m := briefings.Member{ID: id, No: briefings.MemberNo(i + 1), Unit: "A", Status: briefings.Active, Topics: []briefings.TopicID{"t1"}}
		switch id {
		case "dung":
			m.Topics = nil
		case "giang":
			m.Unit = "B"
		case "hoa":
			m.Status = briefings.Left
		}
		members = append(members, m)
	}
	o.set(clock)
	o.facts = &facts{
		now: func() time.Time { return o.clock }, calendar: holidays, hours: night.Hours,
		roster: briefings.NewRoster([]briefings.Unit{unit("root", ""), unit("A", "root"), unit("B", "root")}, members, nil,
			[]briefings.Topic{{ID: "t1", Slug: "thoi-su"}}, o.clock),
		published: map[briefings.BriefingID]*briefings.Briefing{}, held: map[briefings.MeetingID]*briefings.Meeting{},
		seats: map[briefings.MeetingID][]briefings.Invitation{}, version: map[briefings.MeetingID]int64{},
	}
	o.restart()
	return o
}

// restart makes a planner that remembers nothing.
func (o *office) restart() {
	o.planner = New(PlannerConfig{
		Facts: o.facts, Outbox: o.outbox, Zone: o.zone, Now: func() time.Time { return o.clock },
		Log: slog.New(slog.NewTextHandler(o.t.Output(), nil)),
	})
}

func (o *office) at(s string) time.Time {
	o.t.Helper()
	at, err := briefings.Occasion(s).Time(o.zone)
	if err != nil {
		o.t.Fatal(err)
	}
	return at
}

func (o *office) set(s string) { o.t.Helper(); o.clock = o.at(s) }

// tick sets the clock and makes one tick that must go well.
func (o *office) tick(s string) {
	o.t.Helper()
	o.set(s)
	if err := o.planner.Tick(o.t.Context()); err != nil {
		o.t.Fatalf("tick at %s: %v", s, err)
	}
}

// wantTold compares what was put since the last call.
func (o *office) wantTold(want ...string) {
	o.t.Helper()
	if !slices.Equal(o.outbox.told, want) {
		o.t.Errorf("at %s told\n  %q, want\n  %q", o.clock.Format(time.DateTime), o.outbox.told, want)
	}
	o.outbox.told = nil
}

func (o *office) publish(id briefings.BriefingID, c briefings.Cadence) *briefings.Briefing {
	o.t.Helper()
	b := &briefings.Briefing{ID: id, Topic: "t1", Author: "an", Created: o.clock, Status: briefings.BriefingDraft}
	if err := b.Activate(c, o.clock); err != nil {
		o.t.Fatal(err)
	}
	o.facts.published[id] = b
	return b
}

// summon adds an open meeting of cell A with a hall for everybody.
func (o *office) summon(announce, deadline, starts string) *briefings.Meeting {
	o.t.Helper()
	m := &briefings.Meeting{
		ID: "m1", Title: briefings.Text{Vi: "Hội nghị"}, Starts: o.at(starts), Author: "an", Deputies: true,
		Venues:   []briefings.Venue{{ID: "v1", Main: true}, {ID: "v2", Units: []briefings.UnitID{"A"}}},
		Audience: briefings.Audience{{Kind: briefings.TermUnit, Name: "A"}}, Label: briefings.Public, Status: briefings.MeetingDraft,
	}
	if deadline != "" {
		m.Deadline = o.at(deadline)
	}
	if err := m.AnnounceAt(o.at(announce), o.clock); err != nil {
		o.t.Fatal(err)
	}
	o.facts.held[m.ID] = m
	return m
}

// change writes to a seat of m1, as an answer does.
func (o *office) change(who briefings.MemberID, write func(*briefings.Meeting, *briefings.Invitation) error) {
	o.t.Helper()
	if err := write(o.facts.held["m1"], o.facts.seat("m1", who)); err != nil {
		o.t.Fatal(err)
	}
	o.facts.version["m1"]++
}

func (o *office) accept(who briefings.MemberID) {
	o.t.Helper()
	o.change(who, func(m *briefings.Meeting, i *briefings.Invitation) error { return i.Accept(m, o.clock) })
}

func (o *office) delegate(who, deputy briefings.MemberID) {
	o.t.Helper()
	o.change(who, func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Delegate(m, briefings.Deputy{Member: deputy, Name: "Mẫu"}, o.clock)
	})
}

func (o *office) reply(who, deputy briefings.MemberID, comes bool) {
	o.t.Helper()
	o.change(who, func(m *briefings.Meeting, i *briefings.Invitation) error { return i.DeputyAnswers(m, deputy, comes) })
}
