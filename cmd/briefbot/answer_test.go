package main_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"briefbot/bot/sandbox"
	"briefbot/briefings"
)

const attendLabel = "✅ Tham dự"

// taps are the answers to buttons that many people press at once.
type taps struct {
	mu    sync.Mutex
	ended map[int64]sandbox.Tapped
	all   sync.WaitGroup
}

// press lets people tap the button side by side. It returns at once.
func (w *town) press(people []int64, label string) *taps {
	w.Helper()
	p := &taps{ended: map[int64]sandbox.Tapped{}}
	for _, user := range people {
		p.all.Go(func() {
			toast, err := w.stage.Tap(w.Context(), user, label)
			if err != nil {
				w.Errorf("%d taps %s: %v", user, label, err)
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			p.ended[user] = toast
		})
	}
	return p
}

// recorded lists those who read that their answer is recorded.
func (p *taps) recorded() (people []int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for user, toast := range p.ended {
		if toast.Answered && strings.Contains(toast.Text, "Đã ghi nhận") {
			people = append(people, user)
		}
	}
	return people
}

// accepted reads from the store who comes, by account, and how many answers stand there in all, earlier ones included. A store that
// fails over is waited for.
func (w *town) accepted() (people map[int64]bool, answers int) {
	w.Helper()
	var seats []briefings.Invitation
	await(w.T, "the store", func() (ok bool) {
		var err error
		seats, err = w.store.Invitations(w.Context(), "m1")
		return err == nil
	})
	people = map[int64]bool{}
	for _, s := range seats {
		if s.Answer.Choice == briefings.Accepted {
			people[firstUser+int64(s.No)-1] = true
			answers++
		}
		answers += len(s.History)
	}
	return people, answers
}

func TestAnswerThatWasConfirmedSurvivesAKill(t *testing.T) {
	shorten(t)
	w := newTown(t, 100, 400)
	key := w.announce()
	s := w.serve()
	w.done(key)
	w.slow("editMessageText", 20*time.Millisecond) // the card is drawn anew before the button is answered
	p := w.press(w.people, attendLabel)
	const kills = 2
	for round := range kills {
		enough := 15 + 30*round + w.dice.IntN(20)
		await(t, "some to be answered", func() bool { return len(p.recorded()) >= enough })
		s.kill()
		// What was confirmed before the kill stands in the store before anything else happens.
		confirmed := p.recorded()
		people, answers := w.accepted()
		for _, user := range confirmed {
			if !people[user] {
				t.Errorf("%d read that the answer is recorded, and it is not", user)
			}
		}
		t.Logf("killed with %d answers confirmed, %d in the store", len(confirmed), answers)
		s = w.serve()
	}
	p.all.Wait()
	confirmed := p.recorded()
	t.Logf("%d of %d read that their answer is recorded without tapping again", len(confirmed), len(w.people))

	// Whoever was not answered taps again, where the button is still there.
	var again []int64
	for user, toast := range p.ended {
		if !toast.Answered {
			again = append(again, user)
		}
	}
	second := w.press(again, attendLabel)
	second.all.Wait()

	people, answers := w.accepted()
	if len(people) != len(w.people) || answers != len(w.people) {
		t.Errorf("%d people come by %d answers; %d tapped", len(people), answers, len(w.people))
	}
	var counts struct {
		Invited int            `json:"invited"`
		Answers map[string]int `json:"answers"`
	}
	if err := json.Unmarshal(run(t, w.env, "counts", "m1", "--json"), &counts); err != nil {
		t.Fatal(err)
	}
	if counts.Invited != len(w.people) || counts.Answers["accepted"] != len(w.people) || counts.Answers["none"] != 0 {
		t.Errorf("counted %+v; %d people accepted", counts, len(w.people))
	}
	w.answered()
	w.refusals(kills)
}
