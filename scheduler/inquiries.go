package scheduler

import (
	"context"
	"time"

	"briefbot/briefings"
)

const (
	// gatherFor is how long questions are gathered before the organizer is told of them in one message.
	gatherFor = 2 * time.Minute
	// answeredWithin is how long it is news to somebody what became of their question.
	answeredWithin = 48 * time.Hour
)

// inquiries tells the organizer that there are questions to the speaker, and those who asked what became of theirs.
func (t *tick) inquiries(ctx context.Context, m *briefings.Meeting, mem *memory) error {
	if m.Invites.IsZero() || m.Status != briefings.MeetingOpen && m.Status != briefings.MeetingClosed {
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
		switch {
		case i.State == briefings.InquiryNew:
			err = t.questionsCame(ctx, m, mem, i.At)
		case i.Told > 0:
			err = t.questionDecided(ctx, m, mem, i)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// questionsCame tells of all questions of a few minutes at once, at their end.
func (t *tick) questionsCame(ctx context.Context, m *briefings.Meeting, mem *memory, asked time.Time) error {
	gathered := int(asked.Unix()/int64(gatherFor/time.Second)) + 1
	due := time.Unix(int64(gathered)*int64(gatherFor/time.Second), 0)
	notice := briefings.Mailing{
		Kind: briefings.KindInquiries, Subject: string(m.ID), Revision: gathered, Due: due, Expires: due.Add(answeredWithin), By: m.Author,
	}
	if t.at.Before(due) || !t.at.Before(notice.Expires) || mem.done[notice.Key()] || mem.calm.Quiet(notice.Kind, t.at) {
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

func (t *tick) questionDecided(ctx context.Context, m *briefings.Meeting, mem *memory, i briefings.Inquiry) error {
	notice := briefings.Mailing{
		// The number of the decision stands for the asker, whose name is nobody's business in a list of what was sent.
		Kind: briefings.KindInquiry, Subject: string(m.ID), Revision: i.Told, Due: i.Judged, Expires: i.Judged.Add(answeredWithin), By: m.Author,
	}
	if !t.at.Before(notice.Expires) || mem.calm.Quiet(notice.Kind, t.at) {
		return nil
	}
	return t.tellOnce(ctx, mem, notice, []briefings.MemberNo{i.No})
}
