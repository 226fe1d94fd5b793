package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// day is a rehearsal under way.
type day struct {
	*stage
	*conference // the main one
	w           *world
	out         io.Writer
	crowd       int
	acts        []act
	pasted      *conference     // from an official letter
	parent      *conference     // the main one, repeated
	child       *conference     // relays the parent
	childCards  map[*person]int // its notices
	weekly      []*weekMeeting
	seen        map[*person]bool // who was there when the roll was closed first
	notes       []string         // what the act that is being played has to say, in sentences

	urged map[*person]bool // whose leave was put once more to those who decide

	mu         sync.Mutex
	complaints []string
}

// act is one part of the story, as the table at the end shows it.
type act struct {
	name     string
	people   int
	took     time.Duration
	messages int // the bot's, new ones and edits of them not counted
}

// enough complaints end the rehearsal: the rest would say the same.
const enough = 25

// errEnough ends it.
var errEnough = errors.New("too much is wrong to go on")

// note says in a sentence what an act did, with its figures.
func (d *day) note(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notes = append(d.notes, fmt.Sprintf(format, args...))
}

// complain notes something that is not as it must be.
func (d *day) complain(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.complaints = append(d.complaints, fmt.Sprintf(format, args...))
}

func (d *day) wrong() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.complaints)
}

// Run builds, plays, compares and cleans up.
func (p *play) Run(s *streams) (err error) {
	ctx, cancel := context.WithTimeoutCause(s.ctx, p.Within, fmt.Errorf("not done within %s", p.Within))
	defer cancel()
	w, err := newWorld(p.Members, p.Venues, p.Seed)
	if err != nil {
		return err
	}
	began := time.Now()
	st, err := openStage(ctx, p.Rate, p.Embedded)
	if err != nil {
		return err
	}
	d := &day{stage: st, w: w, conference: &conference{title: title, tally: newTally(w)}, out: s.stdout, crowd: p.Crowd}
	defer func() {
		stopped := s.ctx.Err() != nil // by hand: then the logs explain nothing
		keep := p.Keep || err != nil && !stopped
		if closing := st.close(keep); closing != nil && !stopped {
			err = errors.Join(err, closing)
		}
		if keep {
			fmt.Fprintf(s.stdout, "\nLogs and files: %s\n", st.dir)
		}
	}()
	fmt.Fprintf(s.stdout, "Seed %d: %d members are called to %d venues, %d stand by. State in %s.\n", p.Seed, len(w.called), len(w.venues), len(w.spares), st.store)
	if err := d.play(ctx); err != nil {
		d.blame()
		if ctx.Err() != nil { // what broke off is only the consequence
			return fmt.Errorf("stopped: %w", context.Cause(ctx))
		}
		return err
	}
	r, err := d.verdict(ctx)
	if err != nil {
		return err
	}
	if err := st.stopServing(); err != nil {
		d.complain("%v", err)
	}
	d.table(r, time.Since(began))
	if d.wrong() > 0 {
		d.blame()
		return errDiffers
	}
	fmt.Fprintln(s.stdout, "\nEverything is as it must be.")
	return nil
}

// play is the story.
func (d *day) play(ctx context.Context) error {
	w := d.w
	w.starts = time.Now().In(w.zone).Add(72 * time.Hour).Truncate(5 * time.Minute)
	w.deadline = w.starts.Add(-24 * time.Hour)
	for _, part := range []struct {
		name   string
		people int
		play   func(context.Context) error
	}{
		{"import the roll", len(w.people), d.importRoll},
		{"start the service", 0, func(ctx context.Context) error { return d.serveFrom(ctx, time.Time{}) }},
		{"join", len(w.people), d.join},
		{"strangers are refused", len(w.strangers), d.refuse},
		{"compose by buttons and send", len(w.called), d.call},
		{"restart, send the paper", len(w.called), d.sendPaper},
		{"open the board", 0, d.openBoard},
		{"answer", len(w.called), d.answer},
		{"name delegates", places, d.nominate},
		{"count the answers", 0, func(ctx context.Context) error { return d.count(ctx, "before the reminders") }},
		{"decide about leave", 0, d.judge},
		{"count with the leave granted", 0, func(ctx context.Context) error { return d.count(ctx, "with the leave granted") }},
		{"postpone by an hour", len(w.called), d.postpone},
		{"answer anew", 0, d.answerAnew},
		{"count after the new hour", 0, func(ctx context.Context) error { return d.count(ctx, "after the new hour") }},
		{"move a venue", 0, d.moveVenue},
		{"count what is asked again", 0, func(ctx context.Context) error { return d.count(ctx, "after the new venue") }},
		{"answer once more", 0, d.answerAnew},
		{"fill a hall", 0, d.fillHall},
		{"count where all are expected", 0, func(ctx context.Context) error { return d.count(ctx, "with those who changed the venue") }},
		{"restart, remind the silent", len(w.called), d.remindSilent},
		{"answer after the reminder", 0, d.answerLate},
		{"answer for others", 0, d.answerForOthers},
		{"count with the answers for others", 0, func(ctx context.Context) error { return d.count(ctx, "with the answers for others") }},
		{"restart, remind those coming", len(w.called), d.remindComing},
		{"ask for changes after the deadline", 0, d.changeLate},
		{"count with the late changes", 0, func(ctx context.Context) error { return d.count(ctx, "with the late changes") }},
		{"restart, make the halls ready", len(w.venues), d.makeReady},
		{"open the doors", len(w.venues), d.openDoors},
		{"check in", len(w.called), d.checkIn},
		{"count those present", 0, func(ctx context.Context) error { return d.count(ctx, "while people come") }},
		{"keep the lists at the doors", len(w.venues), d.keepLists},
		{"count with the lists", 0, func(ctx context.Context) error { return d.count(ctx, "with the lists of the doors") }},
		{"ask the speaker", 12, d.askSpeaker},
		{"restart, ask the halls again", len(w.venues), d.readyAgain},
		{"count with the halls ready", 0, func(ctx context.Context) error { return d.count(ctx, "with the halls ready") }},
		{"restart, come late", 0, d.comeLate},
		{"close with headcounts", len(w.venues), d.closeDoors},
		{"count the result", 0, func(ctx context.Context) error { return d.count(ctx, "of the closed roll") }},
		{"open again", 0, d.reopen},
		{"count what is open again", 0, func(ctx context.Context) error { return d.count(ctx, "of the roll that is open again") }},
		{"bring lists from paper", 0, d.bringPaper},
		{"count with the paper", 0, func(ctx context.Context) error { return d.count(ctx, "with the lists from paper") }},
		{"close again", 0, d.closeAgain},
		{"count the corrected result", 0, func(ctx context.Context) error { return d.count(ctx, "of the corrected roll") }},
		{"read the corrections", 0, d.lookAtCorrections},
		{"say how it was", 0, d.askOpinions},
		{"tell what came of it", 0, d.conclude},
		{"paste a letter, with papers", 0, d.pasteLetter},
		{"count the answers to the letter", 0, func(ctx context.Context) error { return d.follow(ctx, d.pasted, "of the letter") }},
		{"repeat the conference", 0, d.repeat},
		{"count what was repeated", 0, func(ctx context.Context) error { return d.follow(ctx, d.parent, "of the repeated conference") }},
		{"relay it in a commune", 0, d.relay},
		{"count the relay", 0, func(ctx context.Context) error { return d.follow(ctx, d.child, "of the relaying meeting") }},
		{"move it, the relay follows", 0, d.moveParent},
		{"count what moved", 0, func(ctx context.Context) error {
			return d.follow(ctx, d.parent, "of the upper meeting at its new hour")
		}},
		{"count what followed", 0, func(ctx context.Context) error {
			return d.follow(ctx, d.child, "of the relaying meeting at its new hour")
		}},
		{"send the week", 0, d.sendWeek},
		{"count the week", 0, d.countWeek},
		{"move one of the week", 0, d.moveOne},
		{"count what moved of the week", 0, func(ctx context.Context) error {
			return d.follow(ctx, d.weekly[0].conference, "of the meeting of the week that moved")
		}},
	} {
		if err := d.perform(ctx, part.name, part.people, part.play); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		if d.wrong() >= enough {
			return errEnough
		}
	}
	return nil
}

// perform plays one part and notes how long it took and what the bot said in it.
func (d *day) perform(ctx context.Context, name string, people int, play func(context.Context) error) error {
	before, err := d.phones.report(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := play(ctx); err != nil {
		return err
	}
	a := act{name: name, people: people, took: time.Since(began)}
	after, err := d.phones.report(ctx)
	if err != nil {
		return err
	}
	a.messages = after.SentTotal - before.SentTotal
	if n := after.RefusedTotal - after.unchanged() - before.RefusedTotal + before.unchanged(); n > 0 {
		d.note("%d calls were refused", n)
	}
	if n := after.unchanged() - before.unchanged(); n > 0 {
		d.note("%d edits would have changed nothing", n)
	}
	d.acts = append(d.acts, a)
	fmt.Fprintf(d.out, "· %s: %s\n", name, a.took.Round(10*time.Millisecond))
	for _, said := range d.notes {
		fmt.Fprintf(d.out, "    %s\n", said)
	}
	d.notes = nil
	return nil
}

// each lets people act side by side. What goes wrong for one is noted and does not stop the others, up to a point.
func (d *day) each(ctx context.Context, people []*person, do func(context.Context, *person) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(d.crowd)
	for _, p := range people {
		group.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			err := do(ctx, p)
			if err == nil {
				return nil
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			d.complain("%s (%s): %v", p.name, p.code, err)
			if d.wrong() >= enough {
				return errEnough
			}
			return nil
		})
	}
	return group.Wait()
}

// some are the people for whom something holds.
func some(people []*person, holds func(*person) bool) []*person {
	var out []*person
	for _, p := range people {
		if holds(p) {
			out = append(out, p)
		}
	}
	return out
}
