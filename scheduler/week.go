package scheduler

import (
	"context"
	"time"

	"briefbot/briefings"
)

// weeks tells the weekly schedules whose meetings all have their seats: one message to everybody who is called to any of them. A
// schedule of which a part is missing still, as after a crash while it was filed, waits for the rest.
func (t *tick) weeks(ctx context.Context, open []briefings.Meeting, known map[briefings.MeetingID]*memory) error {
	byWeek := map[briefings.WeekID][]*briefings.Meeting{}
	var order []briefings.WeekID
	for i := range open {
		m := &open[i]
		if m.Week == "" {
			continue
		}
		if byWeek[m.Week] == nil {
			order = append(order, m.Week)
		}
		byWeek[m.Week] = append(byWeek[m.Week], m)
	}
	for _, id := range order {
		if err := t.week(ctx, id, byWeek[id], known); err != nil {
			return err
		}
	}
	return nil
}

func (t *tick) week(ctx context.Context, id briefings.WeekID, meetings []*briefings.Meeting, known map[briefings.MeetingID]*memory) error {
	if len(meetings) < meetings[0].WeekSize {
		return nil
	}
	var audience []briefings.MemberNo
	var last time.Time
	for _, m := range meetings {
		if m.Status == briefings.MeetingOpen && m.Invites.IsZero() {
			return nil // called in this very tick, or not yet: the next one tells
		}
		if m.Starts.After(last) {
			last = m.Starts
		}
		seats, err := t.seats(ctx, m, known[m.ID])
		if err != nil {
			return err
		}
		audience = append(audience, seatNumbers(seats)...)
	}
	if !t.at.Before(last) {
		return nil
	}
	first := meetings[0]
	return t.tellOnce(ctx, known[first.ID], briefings.Mailing{
		Kind: briefings.KindWeekly, Subject: string(id), Revision: 1, Due: first.Announce, Expires: last, By: first.Author,
	}, audience)
}
