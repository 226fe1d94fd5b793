package redisstore

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"briefbot/briefings"
)

// Which cards of a seat show its last change is stored together with the change.
func TestStaleCardsAreStoredWithTheAnswer(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		id := gather(t, b.Store, "an", "binh")
		answered := func(message int) {
			t.Helper()
			_, err := b.UpdateInvitation(ctx, id, "an", func(m *briefings.Meeting, i *briefings.Invitation) error {
				was := *i
				if err := i.Accept(m, noon); err != nil && !errors.Is(err, briefings.ErrUnchanged) {
					return err
				}
				i.ChangedAt(m, was, i.CardFor("an", message), 5, noon.Add(time.Minute))
				return nil
			})
			must(t, err)
		}
		answered(9)
		seat, err := b.Invitation(ctx, id, "an")
		must(t, err)
		card := briefings.Shown{Message: 9}
		want := &briefings.Stale{Since: noon.Add(time.Minute), Drawn: []briefings.Shown{card}}
		if seat.Standing() != briefings.Accepted || !reflect.DeepEqual(seat.Cards, []briefings.Shown{card}) || seat.Stale == nil ||
			!seat.Stale.Since.Equal(want.Since) || !reflect.DeepEqual(seat.Stale.Drawn, want.Drawn) {
			t.Fatalf("seat %+v, stale %+v", seat, seat.Stale)
		}
		before, err := b.Changes(ctx, id)
		must(t, err)
		_, err = b.UpdateInvitation(ctx, id, "an", func(m *briefings.Meeting, i *briefings.Invitation) error {
			i.DrawnAt(m, briefings.Shown{Message: 5}, 5)
			return nil
		})
		must(t, err)
		if seat, err = b.Invitation(ctx, id, "an"); err != nil || seat.Stale != nil {
			t.Errorf("drawn: %+v, %v", seat.Stale, err)
		}
		if after, err := b.Changes(ctx, id); err != nil || after == before {
			t.Errorf("the planner does not see it: %d, %v", after, err)
		}
		if other, err := b.Invitation(ctx, id, "binh"); err != nil || other.Stale != nil || other.Cards != nil {
			t.Errorf("another seat: %+v, %v", other, err)
		}
	})
}
