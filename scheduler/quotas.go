package scheduler

import (
	"context"
	"errors"

	"briefbot/briefings"
)

// quotas asks the officers of units to name people, once more a day before the deadline where places are free, makes seats for those who
// were named and calls them.
func (t *tick) quotas(ctx context.Context, m *briefings.Meeting, mem *memory, seats []briefings.Invitation) error {
	if len(m.Quotas) == 0 || !t.announced(m, mem) {
		return nil
	}
	roster, err := t.roll(ctx)
	if err != nil {
		return err
	}
	seated := make(map[briefings.MemberID]*briefings.Invitation, len(seats))
	for i := range seats {
		seated[seats[i].Member] = &seats[i]
	}
	var errs []error
	var missing []briefings.Invitation
	for i := range m.Quotas {
		q := &m.Quotas[i]
		for _, n := range q.Named {
			who, ok := roster.Member(n.Member)
			if !ok || who.Status != briefings.Active || n.Given {
				continue
			}
			seat := seated[n.Member]
			if seat == nil {
				missing = append(missing, briefings.Invitation{
					Meeting: m.ID, Member: who.ID, No: who.No, Unit: who.Unit, Venue: m.VenueFor(who.Unit, roster.Tree()),
				})
				continue
			}
			notice := invitation(m)
			notice.Person, notice.Due = who.ID, n.At
			errs = append(errs, t.tellOnce(ctx, mem, notice, []briefings.MemberNo{who.No}))
		}
		ask := briefings.Mailing{
			Kind: briefings.KindNominate, Subject: string(m.ID), Unit: q.Unit, Revision: 1, Due: m.Announce, Expires: m.AnswersUntil(), By: m.Author,
		}
		errs = append(errs, t.askUnit(ctx, mem, roster, ask))
		again := ask
		again.Revision, again.Due = 2, Settled(briefings.KindRemindSilent, m.AnswersUntil().In(t.zone).Add(-remindSilent), mem.calm)
		if q.Left(q.Gone(seats, roster)) > 0 && !t.at.Before(again.Due) && t.at.Before(again.Expires) && m.Announce.Before(again.Due.Add(-answerTime)) {
			errs = append(errs, t.askUnit(ctx, mem, roster, again))
		}
	}
	if len(missing) > 0 {
		_, err := t.facts.Invite(ctx, m.ID, missing)
		errs = append(errs, err) // they are called at the next tick, which sees their seats
	}
	return errors.Join(errs...)
}

// askUnit tells the officers of a unit that it is to name people.
func (t *tick) askUnit(ctx context.Context, mem *memory, roster *briefings.Roster, m briefings.Mailing) error {
	if mem.done[m.Key()] {
		return nil
	}
	var audience []briefings.MemberNo
	for _, o := range roster.OfficersOver(m.Unit, "") {
		audience = append(audience, o.No)
	}
	return t.tellOnce(ctx, mem, m, audience)
}

// stead tells those for whom somebody answered, all whom one act answered for in one mailing.
func (t *tick) stead(ctx context.Context, m *briefings.Meeting, mem *memory, seats []briefings.Invitation) error {
	type act struct {
		by briefings.MemberID
		at int64
	}
	acts := map[act][]briefings.MemberNo{}
	for i := range seats {
		if a := seats[i].Answer; a.By != "" {
			k := act{a.By, a.At.Unix()}
			acts[k] = append(acts[k], seats[i].No)
		}
	}
	var errs []error
	for k, audience := range acts {
		notice := briefings.Mailing{
			Kind: briefings.KindAnsweredFor, Subject: string(m.ID), Person: k.by, Revision: int(k.at), Due: t.at, Expires: m.Starts, By: k.by,
		}
		errs = append(errs, t.tellOnce(ctx, mem, notice, audience))
	}
	return errors.Join(errs...)
}
