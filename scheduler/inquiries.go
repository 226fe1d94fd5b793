package scheduler

import (
	"context"
	"time"

	"briefbot/briefings"
)

const (
	// gatherFor is how long questions are gathered before the organizer is told of them in one message.
	gatherFor = 2 * time.Minute
	// askedWithin is how long it is news to the organizer that something was asked.
	askedWithin = 48 * time.Hour
)

// inquiries tells the organizer that there are questions to the speaker, and those who asked what became of theirs: also of a meeting
// that was put off or called off, where the organizer can still reply in writing.
func (t *tick) inquiries(ctx context.Context, m *briefings.Meeting, mem *memory) error {
	if m.Invites.IsZero() {
		return nil
	}
	changes, err := t.facts.Changes(ctx, m.ID) // before what it is the version of
	if err != nil {
		return err
	}
	if !mem.asked.read || mem.asked.changes != changes {
		q, err := t.facts.Inquiries(ctx, m.ID)
		if err != nil {
			return err
		}
		mem.asked.read, mem.asked.changes, mem.asked.all = true, changes, q
	}
	for _, i := range mem.asked.all.List {
		if i.Told > 0 {
			if err := t.questionDecided(ctx, m, mem, i); err != nil {
				return err
			}
		}
	}
	return t.questionsCame(ctx, m, mem)
}

// questionsCame tells of all questions of a few minutes at once, at their end, and of everything that came in quiet hours in one message
// after them: it is put under the last of those times, so that a planner that remembers nothing comes to the same one.
func (t *tick) questionsCame(ctx context.Context, m *briefings.Meeting, mem *memory) error {
	var last int64
	waits := false
	for _, i := range mem.asked.all.List {
		gathered := i.At.Unix()/int64(gatherFor/time.Second) + 1
		due := gatheredBy(gathered)
		if t.at.Before(due) || i.State != briefings.InquiryNew && i.Judged.Before(due) {
			continue // nobody is told of it yet, or at all
		}
		last = max(last, gathered)
		waits = waits || i.State == briefings.InquiryNew
	}
	if !waits {
		return nil
	}
	due := gatheredBy(last).In(t.zone)
	notice := briefings.Mailing{Kind: briefings.KindInquiries, Subject: string(m.ID), Revision: int(last), Due: due, By: m.Author}
	notice.Expires = lastCall(notice.Kind, due, askedWithin, mem.calm)
	if !t.at.Before(notice.Expires) || mem.done[notice.Key()] || mem.calm.Quiet(notice.Kind, t.at) {
		return nil
	}
	roster, err := t.roll(ctx)
	if err != nil {
		return err
	}
	var audience []briefings.MemberNo
	for _, o := range roster.Callers(m) {
		audience = append(audience, o.No)
	}
	return t.tellOnce(ctx, mem, notice, audience)
}

func gatheredBy(n int64) time.Time { return time.Unix(n*int64(gatherFor/time.Second), 0) }

func (t *tick) questionDecided(ctx context.Context, m *briefings.Meeting, mem *memory, i briefings.Inquiry) error {
	judged := i.Judged.In(t.zone)
	notice := briefings.Mailing{
		// The number of the decision stands for the asker, whose name is nobody's business in a list of what was sent.
		Kind: briefings.KindInquiry, Subject: string(m.ID), Revision: i.Told, Due: i.Judged, By: m.Author,
	}
	notice.Expires = lastCall(notice.Kind, judged, i.News().Sub(i.Judged), mem.calm)
	if !t.at.Before(notice.Expires) || mem.calm.Quiet(notice.Kind, t.at) {
		return nil
	}
	return t.tellOnce(ctx, mem, notice, []briefings.MemberNo{i.No})
}
