package scheduler

import (
	"context"
	"errors"
	"slices"
	"time"

	"briefbot/briefings"
)

// rounds are how long before the start a venue's staff is asked whether everything works: once while there is time to mend it, and
// once before the doors close.
var rounds = []time.Duration{60 * time.Minute, 10 * time.Minute}

const (
	// settling is how long a red venue may still be pressed about before the organizer is told, so that four presses are one message.
	settling = 30 * time.Second
	// recalled is how long after a meeting was called a round that had passed by then is still left out.
	recalled = time.Minute
)

// venues does what the venues of an open meeting need by now: its staff is asked, the organizer is told what does not work, officers
// are told who helps at their door, links go out, and whoever waited for a place hears that there is one.
func (t *tick) venues(ctx context.Context, m *briefings.Meeting, mem *memory) error {
	if m.Status != briefings.MeetingOpen || m.Revision == 0 || m.Invites.IsZero() || t.at.After(m.Held()) {
		return nil
	}
	for i := range m.Venues {
		v := &m.Venues[i]
		if v.Closing != nil {
			continue
		}
		if err := t.askStaff(ctx, m, v, mem); err != nil {
			return err
		}
		if err := t.tellRed(ctx, m, v, mem); err != nil {
			return err
		}
		if err := t.tellPasses(ctx, m, v, mem); err != nil {
			return err
		}
	}
	if !t.at.Before(m.Starts) {
		return nil
	}
	if err := t.tellLinks(ctx, m, mem); err != nil {
		return err
	}
	return t.tellPlaces(ctx, m, mem)
}

// askStaff asks the officers and technicians of a venue, round by round.
func (t *tick) askStaff(ctx context.Context, m *briefings.Meeting, v *briefings.Venue, mem *memory) error {
	for i, before := range rounds {
		planned, expires := m.Starts.Add(-before), m.Starts
		if i+1 < len(rounds) {
			expires = m.Starts.Add(-rounds[i+1])
		}
		if t.at.Before(planned) || !t.at.Before(expires) || m.Invites.After(planned.Add(recalled)) {
			continue
		}
		notice := briefings.Mailing{
			Kind: briefings.KindReady, Subject: string(m.ID), Venue: v.ID, Occasion: briefings.OccasionAt(planned.In(t.zone)),
			Due: planned, Expires: expires, By: m.Author,
		}
		if mem.done[notice.Key()] {
			continue
		}
		staff, err := t.numbers(ctx, v.Staff())
		if err != nil {
			return err
		}
		if err := t.tellOnce(ctx, mem, notice, staff); err != nil {
			return err
		}
	}
	return nil
}

// tellRed tells the organizer of a venue where something does not work. What is said again later is another message.
func (t *tick) tellRed(ctx context.Context, m *briefings.Meeting, v *briefings.Venue, mem *memory) error {
	if v.Ready.Light() != briefings.Red || v.Ready.By == m.Author || t.at.Before(v.Ready.At.Add(settling)) {
		return nil
	}
	notice := briefings.Mailing{
		Kind: briefings.KindRed, Subject: string(m.ID), Venue: v.ID, Occasion: briefings.OccasionAt(v.Ready.At.In(t.zone)),
		Due: v.Ready.At, Expires: m.Held().Add(time.Minute), By: m.Author,
	}
	if mem.done[notice.Key()] {
		return nil
	}
	author, err := t.numbers(ctx, []briefings.MemberID{m.Author})
	if err != nil {
		return err
	}
	return t.tellOnce(ctx, mem, notice, author)
}

// tellPasses tells whoever gave out a door pass who took it: a link goes from hand to hand, and the first who opens it keeps the door.
func (t *tick) tellPasses(ctx context.Context, m *briefings.Meeting, v *briefings.Venue, mem *memory) error {
	for _, h := range v.Helpers {
		if h.Member == "" || h.By == "" || h.By == h.Member {
			continue
		}
		notice := briefings.Mailing{
			Kind: briefings.KindPassTaken, Subject: string(m.ID), Person: h.Member, Venue: v.ID, Due: t.at, Expires: m.Held().Add(time.Minute), By: m.Author,
		}
		if mem.done[notice.Key()] {
			continue
		}
		giver, err := t.numbers(ctx, []briefings.MemberID{h.By})
		if err != nil {
			return err
		}
		if err := t.tellOnce(ctx, mem, notice, giver); err != nil {
			return err
		}
	}
	return nil
}

// tellLinks sends the links of the venues to those who come, and to nobody else, when the hour has come.
func (t *tick) tellLinks(ctx context.Context, m *briefings.Meeting, mem *memory) error {
	notice := briefings.Mailing{
		Kind: briefings.KindLink, Subject: string(m.ID), Occasion: briefings.OccasionAt(m.LinkFrom().In(t.zone)),
		Due: m.LinkFrom(), Expires: m.Starts.Add(30 * time.Minute), By: m.Author,
	}
	if t.at.Before(m.LinkFrom()) || mem.done[notice.Key()] {
		return nil
	}
	seats, err := t.seats(ctx, m, mem)
	if err != nil {
		return err
	}
	var need []briefings.MemberID
	for i := range seats {
		if !m.NeedsLink(&seats[i]) {
			continue
		}
		if who, ok := coming(seats[i]); ok {
			need = append(need, who)
		}
	}
	audience, err := t.numbers(ctx, need)
	if err != nil {
		return err
	}
	return t.tellOnce(ctx, mem, notice, audience)
}

// tellPlaces tells those who waited for a place at a full venue that somebody gave theirs up, and has the cards of the others follow.
func (t *tick) tellPlaces(ctx context.Context, m *briefings.Meeting, mem *memory) error {
	limited := false
	for _, v := range m.Venues {
		limited = limited || v.Capacity > 0
	}
	for _, c := range m.Changes { // whoever waited in a hall that was left for one without a limit
		limited = limited || c.Kind == briefings.ChangedVenue && c.Was.Place.Capacity > 0
	}
	if !limited {
		return nil
	}
	seats, err := t.seats(ctx, m, mem)
	if err != nil {
		return err
	}
	inside := map[briefings.VenueID]map[briefings.MemberID]bool{}
	for i := range seats {
		s := &seats[i]
		if !s.AwaitsNews() || s.Wait.Given {
			continue
		}
		if inside[s.Venue] == nil {
			inside[s.Venue] = map[briefings.MemberID]bool{}
			have, _ := m.Places(seats, s.Venue)
			for _, who := range have {
				inside[s.Venue][who] = true
			}
		}
		if !inside[s.Venue][s.Member] {
			continue
		}
		notice := briefings.Mailing{
			Kind: briefings.KindPlace, Subject: string(m.ID), Person: s.Member, Revision: s.Wait.Times,
			Due: t.at, Expires: m.Starts, By: m.Author,
		}
		if mem.calm.Quiet(notice.Kind, t.at) {
			continue
		}
		audience := []briefings.MemberNo{s.No}
		if sits, ok := coming(*s); ok && sits != s.Member { // the place is for whoever sits there
			no, ok, err := t.number(ctx, sits)
			if err != nil {
				return err
			}
			if ok {
				audience = append(audience, no)
			}
		}
		if err := t.tellOnce(ctx, mem, notice, audience); err != nil {
			return err
		}
		// After the telling: should it end in between, the next tick finds the seat as it was and puts the same mailing.
		_, err := t.facts.UpdateInvitation(ctx, m.ID, s.Member, func(m *briefings.Meeting, i *briefings.Invitation) error {
			return i.GivePlace(m, t.at)
		})
		if err != nil && !errors.Is(err, briefings.ErrNotFound) {
			return err
		}
	}
	return t.requeue(ctx, m, seats)
}

// requeue has the cards of those who wait say which place in the queue is theirs by now, each once in a while: they are drawn together.
func (t *tick) requeue(ctx context.Context, m *briefings.Meeting, seats []briefings.Invitation) error {
	if !slices.ContainsFunc(seats, func(s briefings.Invitation) bool { return s.AwaitsNews() && !s.Wait.Given }) {
		return nil
	}
	waits := m.Waits(seats)
	for i := range seats {
		s := &seats[i]
		place := waits[s.Member]
		if !s.Requeues(place, t.at) {
			continue
		}
		_, err := t.facts.UpdateInvitation(ctx, m.ID, s.Member, func(m *briefings.Meeting, i *briefings.Invitation) error {
			return i.Requeue(m, place, t.at)
		})
		if err != nil && !errors.Is(err, briefings.ErrNotFound) {
			return err
		}
	}
	return nil
}

// numbers are the numbers of those members who are on the roll.
func (t *tick) numbers(ctx context.Context, ids []briefings.MemberID) ([]briefings.MemberNo, error) {
	var nos []briefings.MemberNo
	for _, id := range ids {
		no, ok, err := t.number(ctx, id)
		if err != nil {
			return nil, err
		}
		if ok {
			nos = append(nos, no)
		}
	}
	return nos, nil
}
