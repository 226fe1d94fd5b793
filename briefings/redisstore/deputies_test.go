package redisstore

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"

	"briefbot/briefings"
)

// Whatever people do side by side, the index of deputies says what the seats say: nobody sits twice, and nobody is held who is
// free.
func TestDeputiesAreWhatTheSeatsSay(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		const holders, deputies, actors, acts = 6, 4, 4, 40
		var members []briefings.MemberID
		for i := range holders {
			members = append(members, briefings.MemberID(fmt.Sprintf("M%d", i)))
		}
		id := gather(t, b.Store, members...)
		var wg sync.WaitGroup
		for actor := range uint64(actors) {
			wg.Go(func() {
				dice := rand.New(rand.NewPCG(42, actor))
				for range acts {
					member := members[dice.IntN(holders)]
					deputy := briefings.MemberID(fmt.Sprintf("D%d", dice.IntN(deputies)))
					act := dice.IntN(4)
					_, err := b.UpdateInvitation(ctx, id, member, func(m *briefings.Meeting, i *briefings.Invitation) error {
						switch act {
						case 0:
							return i.Accept(m, noon)
						case 1:
							return i.DeputyAnswers(m, deputy, false)
						case 2:
							return i.DeputyAnswers(m, deputy, true)
						}
						return i.Delegate(m, briefings.Deputy{Member: deputy, Name: "D"}, noon)
					})
					if err != nil && briefings.AsRefusal(err) == nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		seats, err := b.Invitations(ctx, id)
		must(t, err)
		want := map[string]string{}
		for _, seat := range seats {
			if d := standingDeputy(&seat); d != "" {
				if other, twice := want[string(d)]; twice {
					t.Errorf("%s sits for %s and %s", d, other, seat.Member)
				}
				want[string(d)] = string(seat.Member)
			}
		}
		if got := b.client.HGetAll(ctx, b.keys.deputies(id)).Val(); !maps.Equal(got, want) {
			t.Fatalf("index %v, seats %v", got, want)
		}
	})
}
