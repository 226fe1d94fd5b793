package main_test

import (
	"context"
	"flag"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"briefbot/briefings"
)

// floodAnswers is how many answers come while the board is watched; 10,000 of 2,000 people take about half a minute on two cores.
var floodAnswers = flag.Int("flood.answers", 1000, "how many answers are given while twenty screens show the board")

const (
	floodScreens = 20
	floodVenues  = 18
	floodCrowd   = 64 // people who press at the same time
	floodEach    = 5  // answers a person gives, the last of which counts
)

// conference calls everybody to one meeting at many venues, which is on now, and returns the key of the notice.
func (w *town) conference() briefings.Key {
	w.Helper()
	now := time.Now().In(w.zone)
	m := briefings.Meeting{
		ID: "m1", Title: briefings.Text{Vi: "Hội nghị thông tin thời sự", En: "Current affairs conference"},
		Starts: now.AddDate(0, 0, 20), Deadline: now.AddDate(0, 0, 15),
		Audience: briefings.Audience{{Kind: briefings.TermUnit, Name: string(ward)}},
		Label:    briefings.Public, Author: "M0", Created: now, Status: briefings.MeetingDraft,
	}
	for i := range floodVenues {
		m.Venues = append(m.Venues, briefings.Venue{
			ID: briefings.VenueID(fmt.Sprintf("v%d", i)), Main: i == 0,
			Name: briefings.Text{Vi: fmt.Sprintf("Điểm cầu %d", i+1), En: fmt.Sprintf("Venue %d", i+1)},
		})
	}
	if err := m.AnnounceAt(now, now); err != nil {
		w.Fatal(err)
	}
	m.Invites = now // the seats are made here, spread over the venues
	var seats []briefings.Invitation
	for i := range w.people {
		seats = append(seats, briefings.Invitation{
			Meeting: m.ID, Member: briefings.MemberID(fmt.Sprintf("M%d", i+1)), No: briefings.MemberNo(i + 2), Venue: m.Venues[i%floodVenues].ID,
		})
	}
	if err := w.store.AddMeeting(w.Context(), &m); err != nil {
		w.Fatal(err)
	}
	if _, err := w.store.Invite(w.Context(), m.ID, seats); err != nil {
		w.Fatal(err)
	}
	return briefings.Mailing{Kind: briefings.KindInvitation, Subject: "m1", Revision: 1}.Key()
}

// hang makes links to the board as different halls have them, and returns the addresses below the service.
func (w *town) hang(screens int) []string {
	w.Helper()
	var paths []string
	for i := range screens {
		venue := briefings.VenueID("") // the whole
		if i >= 2 {
			venue = briefings.VenueID(fmt.Sprintf("v%d", i-2))
		}
		var link briefings.BoardLink
		m, err := w.store.UpdateMeeting(w.Context(), "m1", func(m *briefings.Meeting) (err error) {
			link, err = m.Watch(venue, "M0", "a secret of the town", time.Now())
			return err
		})
		if err != nil && i != 1 { // the second screen uses the link of the first
			w.Fatal(err)
		}
		if i == 1 {
			link = m.Boards[0]
		}
		lang := []string{"vi", "en"}[i%2]
		paths = append(paths, "/board/"+m.BoardToken(link)+"/events?lang="+lang)
	}
	return paths
}

// flood is the answers of many people at once and what they know themselves.
type flood struct {
	*town
	postman *postman

	mu      sync.Mutex
	answers map[int64]briefings.Choice
	given   int
	last    time.Time // when the bot confirmed the last of them
	longest time.Duration
}

// give presses as one person does who thinks again: yes, leave, yes, and so on. Some press twice before the first press is answered.
func (f *flood) give(ctx context.Context, user int64, plan []briefings.Choice, hasty bool) error {
	press := func(label string) error {
		began := time.Now()
		card := touch(user, label)
		card.NoWait, card.Within = false, int(patience.Milliseconds()) // the card is drawn after the toast
		toast, err := f.stage.TapOn(ctx, card)
		if err == nil && !toast.Answered {
			err = fmt.Errorf("the press on %s is not answered", label)
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.longest = max(f.longest, time.Since(began))
		return err
	}
	for i, choice := range plan {
		var labels []string
		if i > 0 {
			labels = append(labels, "Đổi lựa chọn")
		}
		if choice == briefings.Accepted {
			labels = append(labels, attendLabel)
		} else {
			labels = append(labels, "Xin vắng", "Đi công tác")
		}
		for k, label := range labels {
			if hasty && i == 0 && k == 0 {
				if _, err := f.stage.TapOn(ctx, touch(user, label)); err != nil {
					return err
				}
			}
			if err := press(label); err != nil {
				return fmt.Errorf("answer %d, %s: %w", i+1, label, err)
			}
		}
		f.mu.Lock()
		f.answers[user], f.last = choice, time.Now()
		f.given++
		f.mu.Unlock()
	}
	return nil
}

// truth is what every screen must show in the end, by the key of its place.
func (f *flood) truth() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	want := map[string]int{"t.expected": len(f.people), "t.accepted": 0, "t.excused": 0, "t.silent": 0, "t.present": 0}
	for i := range floodVenues {
		for _, what := range []string{"expected", "accepted", "excused", "silent"} {
			want[fmt.Sprintf("v%d.%s", i, what)] = 0
		}
	}
	for i, user := range f.people {
		what := map[briefings.Choice]string{briefings.Accepted: "accepted", briefings.Declined: "excused"}[f.answers[user]]
		if what == "" {
			what = "silent"
		}
		want["t."+what]++
		want[fmt.Sprintf("v%d.%s", i%floodVenues, what)]++
		want[fmt.Sprintf("v%d.expected", i%floodVenues)]++
	}
	return want
}

// Thousands of answers come within a minute, changed again and again, every fifth update twice and some of them late, while twenty
// screens show the board: the store, every screen and what the people know themselves are the same in the end.
func TestTheBoardShowsTheTruthOfAFloodOfAnswers(t *testing.T) {
	shorten(t)
	w := newTown(t, max(floodVenues, *floodAnswers*21/100), 1000) // some answer less often, and some not at all
	port, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := port.Addr().String()
	_ = port.Close()
	p := newPostman(t, "http://"+address, w.dice.Uint64())
	w.env = append(w.env, "HTTP_ADDR="+address, "PUBLIC_URL="+p.URL, "UPDATES=webhook", "WEBHOOK_SECRET=a-secret-of-the-town")
	key := w.conference()
	w.serve()
	w.done(key)

	screens := make([]*screen, floodScreens)
	for i, path := range w.hang(floodScreens) {
		screens[i] = w.watch("http://" + address + path)
	}
	for _, s := range screens {
		await(t, "a screen to show the board", func() bool { return s.shows(map[string]int{"t.expected": len(w.people)}) })
	}

	f := &flood{town: w, postman: p, answers: map[int64]briefings.Choice{}}
	p.repeat(true)
	began := time.Now()
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(floodCrowd)
	for i, user := range w.people {
		if i%50 == 49 { // they say nothing
			continue
		}
		var plan []briefings.Choice
		for k := range floodEach {
			plan = append(plan, []briefings.Choice{briefings.Accepted, briefings.Declined}[k%2])
		}
		if w.dice.IntN(3) == 0 {
			plan = plan[1:]
		} else if w.dice.IntN(3) == 0 {
			plan = append(plan, briefings.Declined)
		}
		hasty := w.dice.IntN(10) == 0
		group.Go(func() error { return f.give(ctx, user, plan, hasty) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	took := f.last.Sub(began)

	want := f.truth()
	for i, s := range screens {
		await(t, fmt.Sprintf("screen %d to show the truth", i), func() bool { return s.shows(want) })
	}
	var slowest time.Duration
	for _, s := range screens {
		slowest = max(slowest, s.shownSince(want).Sub(f.last))
	}

	p.flush() // what comes late comes after everything
	w.answered()
	if err := w.stage.Quiet(t.Context(), 200*time.Millisecond, patience); err != nil {
		t.Fatal(err)
	}
	people, _ := w.accepted()
	for _, user := range w.people {
		if people[user] != (f.answers[user] == briefings.Accepted) {
			t.Errorf("%d comes: %v, and the last answer that was confirmed was %q", user, people[user], f.answers[user])
		}
	}
	report := w.stage.Report()
	if c := report.Callbacks; c.Twice > 0 || c.Late > 0 {
		t.Errorf("%d presses were answered twice and %d late", c.Twice, c.Late)
	}
	w.refusals(0)
	for i, s := range screens {
		s.leave()
		if !s.shows(want) {
			t.Errorf("screen %d does not show the truth after the late repeats: %s", i, s.differs(want))
		}
	}
	frames := make([]int, 0, len(screens))
	for _, s := range screens {
		frames = append(frames, s.frames)
	}
	repeats, late := p.count()
	t.Logf("RESULT %d answers of %d people in %s (%.0f/s) by %d presses, %d updates repeated, %d of them late; longest press %s; "+
		"%d screens, %d to %d frames each; the last screen showed the truth %s after the last answer was confirmed",
		f.given, len(w.people), took.Round(10*time.Millisecond), float64(f.given)/took.Seconds(), report.Callbacks.Pressed, repeats, late,
		f.longest.Round(time.Millisecond), len(screens), slices.Min(frames), slices.Max(frames), slowest.Round(time.Millisecond))
}
