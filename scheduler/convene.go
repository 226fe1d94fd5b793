package scheduler

import (
	"context"
	"errors"
	"time"

	"briefbot/briefings"
)

// memory is what a planner remembers of a meeting between ticks.
type memory struct {
	read    bool                   // whether seats were read at all
	changes int64                  // the version of the seats below
	seats   []briefings.Invitation // as read last
	done    map[briefings.Key]bool // mailings that need no further thought
	warned  map[string]bool        // what was logged already
	calm    briefings.Calm         // as of this tick
	asked   struct {               // the questions to the speaker, as read last
		read    bool
		changes int64
		all     briefings.Inquiries
	}
}

// meetings plans all meetings that are open or were cancelled of late.
func (t *tick) meetings(ctx context.Context) error {
	open, err := t.facts.OpenMeetings(ctx)
	if err != nil || len(open) == 0 {
		clear(t.seen)
		return err
	}
	calm, err := t.calmness(ctx)
	if err != nil {
		return err
	}
	known := make(map[briefings.MeetingID]*memory, len(open))
	var errs []error
	for i := range open {
		m := &open[i]
		mem := t.seen[m.ID]
		if mem == nil {
			mem = &memory{done: map[briefings.Key]bool{}, warned: map[string]bool{}}
		}
		known[m.ID], mem.calm = mem, calm
		errs = append(errs, t.subject(ctx, "meeting "+string(m.ID), func(ctx context.Context) error {
			switch {
			case m.Revision > 0 && m.Status == briefings.MeetingCancelled:
				return t.callOff(ctx, m, mem)
			case m.Revision > 0 && m.Status == briefings.MeetingPostponed:
				return t.postponed(ctx, m, mem)
			case m.Revision == 0 || !t.at.Before(m.Starts.Add(unseenUntil)):
				t.warnUnannounced(ctx, m, mem)
			case !t.at.Before(m.Starts):
				t.warnUnannounced(ctx, m, mem)
				return t.begun(ctx, m, mem)
			case m.Status == briefings.MeetingOpen:
				return t.convene(ctx, m, mem)
			}
			return nil
		}), t.subject(ctx, "venues of meeting "+string(m.ID), func(ctx context.Context) error { return t.venues(ctx, m, mem) }),
			t.subject(ctx, "decisions of meeting "+string(m.ID), func(ctx context.Context) error { return t.decided(ctx, m, mem) }),
			t.subject(ctx, "cards of meeting "+string(m.ID), func(ctx context.Context) error { return t.redraw(ctx, m, mem) }),
			t.subject(ctx, "relay of meeting "+string(m.ID), func(ctx context.Context) error { return t.follow(ctx, m, mem, open) }),
			t.subject(ctx, "questions of meeting "+string(m.ID), func(ctx context.Context) error { return t.inquiries(ctx, m, mem) }),
			t.subject(ctx, "end of meeting "+string(m.ID), func(ctx context.Context) error { return t.afterwards(ctx, m, mem) }))
	}
	errs = append(errs, t.subject(ctx, "weeks", func(ctx context.Context) error { return t.weeks(ctx, open, known) }))
	t.seen = known // those no longer listed are forgotten
	return errors.Join(errs...)
}

// warnUnannounced says once that a meeting began before anybody was called.
func (t *tick) warnUnannounced(ctx context.Context, m *briefings.Meeting, mem *memory) {
	if m.Status == briefings.MeetingOpen && m.Invites.IsZero() && !t.at.Before(m.Starts) {
		mem.warn(func() { t.log.WarnContext(ctx, "meeting began unannounced", "meeting", m.ID) }, "unannounced")
	}
}

func (mem *memory) warn(log func(), what string) {
	if !mem.warned[what] {
		mem.warned[what] = true
		log()
	}
}

// convene does what an open meeting that has not begun needs by now.
func (t *tick) convene(ctx context.Context, m *briefings.Meeting, mem *memory) error {
	if m.Invites.IsZero() {
		if !t.announced(m, mem) {
			return nil
		}
		called, err := t.call(ctx, m, mem)
		if err != nil || !called {
			return err
		}
	}
	seats, err := t.seats(ctx, m, mem)
	if err != nil {
		return err
	}
	if err := t.invite(ctx, m, mem, seats); err != nil {
		return err
	}
	if err := t.changes(ctx, m, mem, seats); err != nil {
		return err
	}
	if err := errors.Join(t.quotas(ctx, m, mem, seats), t.deputies(ctx, m, mem, seats), t.requests(ctx, m, mem, seats),
		t.stead(ctx, m, mem, seats)); err != nil {
		return err
	}
	if m.Invites.IsZero() {
		return nil // called in this very tick: reminders are counted from the moment the store notes
	}
	return t.remind(ctx, m, mem, seats)
}

// begun does what a meeting needs in its first minutes: those who said they come and are not there yet are asked.
func (t *tick) begun(ctx context.Context, m *briefings.Meeting, mem *memory) error {
	if m.Status != briefings.MeetingOpen || m.Invites.IsZero() {
		return nil
	}
	seats, err := t.seats(ctx, m, mem)
	if err != nil {
		return err
	}
	return t.remind(ctx, m, mem, seats)
}

// postponed tells of a meeting whose time is not known any more. Nothing else is due until it has one.
func (t *tick) postponed(ctx context.Context, m *briefings.Meeting, mem *memory) error {
	seats, err := t.seats(ctx, m, mem)
	if err != nil {
		return err
	}
	return t.changes(ctx, m, mem, seats)
}

// announced reports whether it is time to call the members. The notice waits for the end of the quiet hours, unless by then
// answers would no longer be taken: a call that comes at night is better than one that comes too late. An urgent one does not wait
// where the organizer said so.
func (t *tick) announced(m *briefings.Meeting, mem *memory) bool {
	if m.Announce.IsZero() || t.at.Before(m.Announce) {
		return false
	}
	return m.AtOnce || !mem.calm.Quiet(briefings.KindInvitation, t.at) || !mem.calm.End(briefings.KindInvitation, t.at).Before(m.AnswersUntil())
}

// call computes the audience and makes a seat for everybody in it.
func (t *tick) call(ctx context.Context, m *briefings.Meeting, mem *memory) (called bool, err error) {
	roster, err := t.roll(ctx)
	if err != nil {
		return false, err
	}
	members := roster.Resolve(m.Audience)
	if len(members) == 0 && len(m.Quotas) == 0 {
		mem.warn(func() { t.log.WarnContext(ctx, "meeting concerns nobody", "meeting", m.ID) }, "nobody")
		return false, nil
	}
	seats := make([]briefings.Invitation, len(members))
	for i, who := range members {
		seats[i] = briefings.Invitation{
			Meeting: m.ID, Member: who.ID, No: who.No, Unit: who.Unit, Venue: m.VenueFor(who.Unit, roster.Tree()),
		}
	}
	if _, err := t.facts.Invite(ctx, m.ID, seats); err != nil {
		return false, err
	}
	return true, nil
}

// seats reads the seats when something about the meeting moved since the last tick, and otherwise knows them.
func (t *tick) seats(ctx context.Context, m *briefings.Meeting, mem *memory) ([]briefings.Invitation, error) {
	changes, err := t.facts.Changes(ctx, m.ID) // before the seats: a write in between is read again next time
	if err != nil {
		return nil, err
	}
	if !mem.read || mem.changes != changes {
		seats, err := t.facts.Invitations(ctx, m.ID)
		if err != nil {
			return nil, err
		}
		mem.read, mem.changes, mem.seats = true, changes, seats
	}
	return mem.seats, nil
}

// invite puts the notice of the meeting to everybody with a seat. It is told once: what changes later is told as a change.
func (t *tick) invite(ctx context.Context, m *briefings.Meeting, mem *memory, seats []briefings.Invitation) error {
	if !t.announced(m, mem) {
		return nil // a crash after the seats were made, and a restart in quiet hours
	}
	if m.Week == "" {
		if err := t.tellOnce(ctx, mem, invitation(m), unnamed(m, seats)); err != nil {
			return err
		}
	}
	for i := range m.Materials {
		if m.Invites.IsZero() || t.at.Before(m.Invites.Add(papersAfter*time.Duration(i+1))) {
			return nil
		}
		if err := t.tellOnce(ctx, mem, material(m, i), seatNumbers(seats)); err != nil {
			return err
		}
	}
	return nil
}

// papersAfter is how long after the notice its first paper goes out, and after that the next, so that nobody reads a paper before they
// know what it is for, and all read them in their order.
const papersAfter = time.Minute

// material is the mailing of one of the meeting's documents.
func material(m *briefings.Meeting, i int) briefings.Mailing {
	return briefings.Mailing{
		Kind: briefings.KindMaterial, Subject: string(m.ID), Revision: i + 1, Due: m.Announce, Expires: m.Starts, By: m.Author,
	}
}

func invitation(m *briefings.Meeting) briefings.Mailing {
	return briefings.Mailing{
		Kind: briefings.KindInvitation, Subject: string(m.ID), Revision: 1,
		Due: m.Announce, Expires: m.Starts, By: m.Author, Urgent: m.Urgency.Presses(),
	}
}

// tellOnce puts a mailing that this planner has not put yet.
func (t *tick) tellOnce(ctx context.Context, mem *memory, m briefings.Mailing, audience []briefings.MemberNo) error {
	key := m.Key()
	if mem.done[key] {
		return nil
	}
	if err := m.Check(); err != nil { // no later tick can put it, and the others of the meeting must not wait for it
		t.log.ErrorContext(ctx, "mailing cannot be put", "notice", key, "err", err)
		mem.done[key] = true
		return nil
	}
	switch {
	case len(audience) > 0:
		if err := t.put(ctx, m, audience); err != nil {
			return err
		}
	case lasting(m.Kind):
		mem.warn(func() { t.log.WarnContext(ctx, "there is nobody yet to be told", "notice", key) }, "nobody "+string(key))
		return nil
	}
	mem.done[key] = true
	return nil
}

// lasting reports whether a kind tells of something that is still so later: where there is nobody at its time to be told, such as an
// organizer after the last one left, whoever comes before it expires is told. A reminder is for those whom its moment finds.
func lasting(k briefings.Kind) bool {
	switch k {
	case briefings.KindInquiries, briefings.KindRequest, briefings.KindNominate, briefings.KindRelayed, briefings.KindRed, briefings.KindReady,
		briefings.KindFeedback, briefings.KindOutcome, briefings.KindMissed:
		return true
	}
	return false
}

// callOff tells everybody who was called, and the deputies who said they come, that the meeting does not take place. What was
// still on its way about it is stopped first, so that nobody is invited afterwards.
func (t *tick) callOff(ctx context.Context, m *briefings.Meeting, mem *memory) error {
	if m.Invites.IsZero() {
		return nil // nobody knows of it
	}
	called := t.at
	if n := len(m.Changes); n > 0 {
		called = m.Changes[n-1].At
	}
	notice := briefings.Mailing{
		Kind: briefings.KindCancelled, Subject: string(m.ID),
		Due: called, Expires: useful(m, called), By: m.Author,
	}
	if !t.at.Before(notice.Expires) {
		return nil
	}
	if mem.done[notice.Key()] {
		return nil
	}
	for _, stale := range t.announcements(m, mem) {
		// Most are done or were never put, and then there is nothing to stop. One that goes on in spite of it finds a
		// cancelled meeting when its words are chosen.
		if err := t.outbox.Cancel(ctx, stale); err != nil && !errors.Is(err, briefings.ErrNotFound) {
			t.log.DebugContext(ctx, "mailing not stopped", "meeting", m.ID, "notice", stale, "err", err)
		}
	}
	seats, err := t.seats(ctx, m, mem)
	if err != nil {
		return err
	}
	audience := seatNumbers(seats)
	for i := range seats {
		if d := seats[i].Answer.Deputy; d != nil && d.State == briefings.DeputyAccepted {
			if no, ok, err := t.number(ctx, d.Member); err != nil {
				return err
			} else if ok {
				audience = append(audience, no)
			}
		}
	}
	if err := t.tellOnce(ctx, mem, notice, audience); err != nil {
		return err
	}
	return t.correct(ctx, m, mem, seats)
}

// announcements returns the keys of what may still be under way to the seats of a meeting.
func (t *tick) announcements(m *briefings.Meeting, mem *memory) []briefings.Key {
	keys := []briefings.Key{invitation(m).Key()}
	for i := range m.Materials {
		keys = append(keys, material(m, i).Key())
	}
	for i := range m.Changes {
		keys = append(keys, changed(m, &m.Changes[i]).Key())
	}
	for _, r := range reminders(m, mem.calm, t.zone) {
		keys = append(keys, r.mailing.Key())
	}
	return keys
}

// unnamed are those with a seat whom no unit named: whom one names is called by a notice of their own, see quotas.
func unnamed(m *briefings.Meeting, seats []briefings.Invitation) []briefings.MemberNo {
	if len(m.Quotas) == 0 {
		return seatNumbers(seats)
	}
	var nos []briefings.MemberNo
	for i := range seats {
		if !m.Named(seats[i].Member) {
			nos = append(nos, seats[i].No)
		}
	}
	return nos
}

func seatNumbers(seats []briefings.Invitation) []briefings.MemberNo {
	nos := make([]briefings.MemberNo, len(seats))
	for i := range seats {
		nos[i] = seats[i].No
	}
	return nos
}

// number returns the number of a member on the roll; false for somebody outside it.
func (t *tick) number(ctx context.Context, id briefings.MemberID) (briefings.MemberNo, bool, error) {
	if id == "" {
		return 0, false, nil
	}
	roster, err := t.roll(ctx)
	if err != nil {
		return 0, false, err
	}
	m, ok := roster.Member(id)
	return m.No, ok, nil
}
