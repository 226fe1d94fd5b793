package redisstore

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"briefbot/briefings"
)

func TestSeatLivesFromInvitationToCheckIn(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		id := gather(t, b.Store, "M1", "M2", "M3")
		seats, err := b.Invitations(ctx, id)
		if must(t, err); len(seats) != 3 || seats[0].Member != "M1" || seats[2].No != 3 || seats[0].Meeting != id {
			t.Fatalf("seats = %+v", seats)
		}
		before, _ := b.Changes(ctx, id)
		seat, err := b.UpdateInvitation(ctx, id, "M1", func(m *briefings.Meeting, i *briefings.Invitation) error {
			m.Title.Vi = "not kept"
			return i.Decline(m, briefings.WorkTrip, "", noon)
		})
		if must(t, err); seat.Answer.Choice != briefings.Declined {
			t.Fatalf("seat = %+v", seat)
		}
		_, err = b.UpdateInvitation(ctx, id, "M1", func(m *briefings.Meeting, i *briefings.Invitation) error { return i.Accept(m, noon) })
		must(t, err)
		seat, err = b.UpdateInvitation(ctx, id, "M1", func(m *briefings.Meeting, i *briefings.Invitation) error {
			i.Venue = "nowhere"
			return i.Accept(m, noon)
		})
		if must(t, err); len(seat.History) != 1 || seat.Venue != "v1" {
			t.Fatalf("a second tap changed the seat: %+v", seat)
		}
		if after, _ := b.Changes(ctx, id); after != before+2 {
			t.Fatalf("changes from %d to %d", before, after)
		}
		if m, _ := b.Meeting(ctx, id); m.Title.Vi != "Hội nghị" {
			t.Fatalf("title = %q", m.Title.Vi)
		}
		_, err = b.UpdateMeeting(ctx, id, func(m *briefings.Meeting) error {
			return m.OpenDoor("v1", "M9", "123456", "token", m.Starts)
		})
		must(t, err)
		come := func(m *briefings.Meeting, i *briefings.Invitation) error {
			return i.Present(m, briefings.CheckIn{At: m.Starts, Venue: "v1", Method: briefings.ByCode})
		}
		_, err = b.UpdateInvitation(ctx, id, "M1", come)
		must(t, err)
		_, err = b.UpdateInvitation(ctx, id, "M1", come)
		wantRefusal(t, err, "checkin.already")
		seat, err = b.Invitation(ctx, id, "M1")
		if must(t, err); seat.CheckIn == nil || !seat.CheckIn.At.Equal(noon.Add(24*time.Hour)) {
			t.Fatalf("check-in = %+v", seat.CheckIn)
		}
		_, err = b.Invitation(ctx, id, "M9")
		wantErr(t, err, briefings.ErrNotFound)
		_, err = b.UpdateInvitation(ctx, id, "M1", func(_ *briefings.Meeting, i *briefings.Invitation) error { i.Member = "M2"; return nil })
		wantErr(t, err, errMoved)
	})
}

func TestSeatsWritersAllCount(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		id := gather(t, b.Store, "M1")
		const writers, each = 2, 25
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range each {
					_, err := b.UpdateInvitation(t.Context(), id, "M1", func(_ *briefings.Meeting, i *briefings.Invitation) error {
						i.Update++
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		seat, err := b.Invitation(t.Context(), id, "M1")
		if must(t, err); seat.Update != writers*each {
			t.Fatalf("%d of %d increments", seat.Update, writers*each)
		}
	})
}

// An answer is judged by the meeting as it stands when it is written: one that was being judged while the meeting was cancelled is
// judged again.
func TestAnswerIsNotWrittenIntoAMeetingThatMoved(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		id := gather(t, b.Store, "M1")
		judged := 0
		_, err := b.UpdateInvitation(ctx, id, "M1", func(m *briefings.Meeting, i *briefings.Invitation) error {
			if judged++; judged == 1 {
				_, err := b.UpdateMeeting(ctx, id, func(m *briefings.Meeting) error { return m.Cancel(briefings.Why{}, time.Now()) })
				must(t, err)
			}
			return i.Accept(m, noon)
		})
		wantRefusal(t, err, "rsvp.cancelled")
		if seat, _ := b.Invitation(ctx, id, "M1"); seat.Answer.Choice != briefings.NoAnswer || judged != 2 {
			t.Fatalf("judged %d times, answer %+v", judged, seat.Answer)
		}
	})
}

func delegate(to briefings.MemberID) func(*briefings.Meeting, *briefings.Invitation) error {
	return func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Delegate(m, briefings.Deputy{Member: to, Name: "Trần Mẫu"}, noon)
	}
}

func TestDeputySitsForOneSeatOnly(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		var members []briefings.MemberID
		for i := range 8 {
			members = append(members, briefings.MemberID(fmt.Sprintf("M%d", i+1)))
		}
		id := gather(t, b.Store, members...)
		var won, taken atomic.Int32
		var wg sync.WaitGroup
		for _, member := range members {
			wg.Go(func() {
				_, err := b.UpdateInvitation(ctx, id, member, delegate("D1"))
				switch r := briefings.AsRefusal(err); {
				case err == nil:
					won.Add(1)
				case r != nil && r.Key == "proxy.taken" && r.Args["proxy_name"] == "Trần Mẫu":
					taken.Add(1)
				default:
					t.Errorf("%s: %v", member, err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || taken.Load() != 7 {
			t.Fatalf("%d seats have the deputy, %d were refused", won.Load(), taken.Load())
		}
		seat, deputy, err := b.SeatOf(ctx, id, "D1")
		if must(t, err); !deputy || seat.Answer.Deputy.Member != "D1" {
			t.Fatalf("seat of the deputy = %+v", seat)
		}
	})
}

func TestDeputyIsFreeAgainWhenNotNeeded(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		id := gather(t, b.Store, "M1", "M2")
		_, err := b.UpdateInvitation(ctx, id, "M1", delegate("M2"))
		wantRefusal(t, err, "proxy.already_invited")
		_, err = b.UpdateInvitation(ctx, id, "M1", delegate("D1"))
		must(t, err)

		sits := func(who briefings.MemberID, want bool) {
			t.Helper()
			_, deputy, err := b.SeatOf(ctx, id, who)
			if want {
				if must(t, err); !deputy {
					t.Fatalf("%s holds a seat", who)
				}
				return
			}
			wantErr(t, err, briefings.ErrNotFound)
		}
		sits("D1", true)
		// Another deputy: the first is free.
		_, err = b.UpdateInvitation(ctx, id, "M1", delegate("D2"))
		must(t, err)
		sits("D1", false)
		sits("D2", true)
		_, err = b.UpdateInvitation(ctx, id, "M2", delegate("D1"))
		must(t, err)
		// The deputy agrees and stays, then steps back and is free.
		says := func(comes bool) {
			t.Helper()
			_, err := b.UpdateInvitation(ctx, id, "M1", func(m *briefings.Meeting, i *briefings.Invitation) error {
				return i.DeputyAnswers(m, "D2", comes)
			})
			must(t, err)
		}
		says(true)
		sits("D2", true)
		says(false)
		sits("D2", false)
		// Asked again, then the invitee comes in person.
		_, err = b.UpdateInvitation(ctx, id, "M1", delegate("D2"))
		must(t, err)
		sits("D2", true)
		_, err = b.UpdateInvitation(ctx, id, "M1", func(m *briefings.Meeting, i *briefings.Invitation) error { return i.Accept(m, noon) })
		must(t, err)
		sits("D2", false)
		// Somebody outside the roll is a name only.
		_, err = b.UpdateInvitation(ctx, id, "M1", delegate(""))
		must(t, err)
		own, deputy, err := b.SeatOf(ctx, id, "M1")
		if must(t, err); deputy || own.Member != "M1" {
			t.Fatalf("own seat = %+v, %v", own, deputy)
		}
		if n := b.client.HLen(ctx, b.keys.deputies(id)).Val(); n != 1 {
			t.Fatalf("%d deputies noted; want D1 alone", n)
		}
	})
}

func TestManySeatsAreReadInParts(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		var members []briefings.MemberID
		for i := range 1300 {
			members = append(members, briefings.MemberID(fmt.Sprintf("M%d", i+1)))
		}
		id := gather(t, b.Store, members...)
		whole, err := b.seatRows(ctx, b.keys.seats(id), seatsWhole)
		must(t, err)
		parts, err := b.seatRows(ctx, b.keys.seats(id), 10)
		must(t, err)
		if len(whole) != 1300 || len(parts) != 1300 {
			t.Fatalf("%d whole, %d in parts", len(whole), len(parts))
		}
		seats, err := b.Invitations(ctx, id)
		must(t, err)
		for i, seat := range seats {
			if seat.No != briefings.MemberNo(i+1) {
				t.Fatalf("at %d: number %d", i, seat.No)
			}
		}
	})
}

func TestWrongCodesAreCountedPerAccountAndWindow(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		id := gather(t, b.Store)
		for want := 1; want <= 3; want++ {
			if n, err := b.Attempts(ctx, id, 7, time.Minute); err != nil || n != want {
				t.Fatalf("attempt %d = %d, %v", want, n, err)
			}
		}
		if n, err := b.Attempts(ctx, id, 8, time.Minute); err != nil || n != 1 {
			t.Fatalf("another account = %d, %v", n, err)
		}
		must(t, b.ResetAttempts(ctx, id, 7))
		if n, err := b.Attempts(ctx, id, 7, time.Minute); err != nil || n != 1 {
			t.Fatalf("after reset = %d, %v", n, err)
		}
	})
}
