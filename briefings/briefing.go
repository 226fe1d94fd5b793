package briefings

import (
	"slices"
	"time"
)

// Briefing is a publication: its text, whom it concerns and when it comes. What was sent at one occasion is an Edition.
type Briefing struct {
	ID       BriefingID     `json:"id"`
	Rev      int64          `json:"rev"` // moved by the store at every write
	Title    Text           `json:"title"`
	Topic    TopicID        `json:"topic,omitempty"`
	Audience Audience       `json:"audience,omitempty"`
	Label    Label          `json:"label"`
	Body     Text           `json:"body"` // Telegram's HTML subset, checked before it is stored
	Source   string         `json:"source,omitempty"`
	Urgency  Urgency        `json:"urgency,omitempty"`
	AtOnce   bool           `json:"at_once,omitempty"` // the organizer let it go out in quiet hours
	Author   MemberID       `json:"author"`
	Created  time.Time      `json:"created"`
	Status   BriefingStatus `json:"status"`
	Cadence  Cadence        `json:"cadence,omitzero"`
	Rules    Rules          `json:"rules,omitzero"`      // what becomes of late slots and of slots that meet; zero: the usual
	Planned  time.Time      `json:"planned,omitzero"`    // every slot up to here was judged
	SkipNext bool           `json:"skip_next,omitempty"` // the next slot passes in silence, whichever it is
	Skips    []Occasion     `json:"skips,omitempty"`     // slots to come that pass in silence
	Note     string         `json:"note,omitempty"`      // why it is paused
	Editions []Edition      `json:"editions,omitempty"`  // newest last, the last EditionsKept of them
}

// EditionsKept is how many editions a briefing remembers; older ones live on in the outbox's ledger.
const EditionsKept = 50

// BriefingStatus is where a briefing stands.
type BriefingStatus string

const (
	BriefingDraft    BriefingStatus = "draft"
	BriefingActive   BriefingStatus = "active" // comes when its cadence says
	BriefingPaused   BriefingStatus = "paused"
	BriefingFinished BriefingStatus = "finished" // its only slot has passed
	BriefingRecalled BriefingStatus = "recalled"
)

// Edition is one issue of a briefing. It is made under compare-and-set when its slot is judged, so that of several planners one
// decides; what is due is then put into the outbox under a key that any of them may put again.
//
//	slot ──judged──┬──▶ due ──┬──▶ going ──▶ put
//	               │          ├──▶ missed    its window passed while it waited, or a newer one took its place
//	               │          └──▶ skipped   on request, or because the one before was still being sent
//	               ├──▶ missed
//	               └──▶ skipped
type Edition struct {
	Occasion Occasion     `json:"occasion"`
	Due      time.Time    `json:"due"`
	State    EditionState `json:"state"`
	Mailing  Key          `json:"mailing,omitempty"`
	Put      time.Time    `json:"put,omitzero"`    // when it went into the outbox
	Late     bool         `json:"late,omitempty"`  // it says so to its readers
	Going    bool         `json:"going,omitempty"` // decided: it is or will be in the outbox, and nothing takes that back
	Extra    bool         `json:"extra,omitempty"` // asked for by a person; no slot of the cadence
	Why      Cause        `json:"why,omitempty"`   // of an edition that was not sent
}

// EditionState is what became of a slot.
type EditionState string

// The states of an edition.
const (
	EditionDue     EditionState = "due"     // judged, and waiting to be put: for the end of quiet hours, for the one before
	EditionPut     EditionState = "put"     // in the outbox
	EditionMissed  EditionState = "missed"  // past its window when the service looked
	EditionSkipped EditionState = "skipped" // left out by a person or by a rule
)

// Cause says why an edition was not sent.
type Cause string

// The reasons; an empty one is explained by the state alone.
const (
	WhyAsked   Cause = "asked"   // a person skipped it
	WhyDown    Cause = "down"    // the service looked too late
	WhyNewer   Cause = "newer"   // a newer one was due as well
	WhyOverlap Cause = "overlap" // the one before was still being sent
	WhyPaused  Cause = "paused"  // the briefing was paused, stopped or withdrawn while it waited
)

// To is whom the briefing goes to: the audience it names, else the followers of its topic.
func (b *Briefing) To() Audience {
	if len(b.Audience) > 0 {
		return b.Audience
	}
	return Audience{{Kind: TermTopic, Name: string(b.Topic)}}
}

// Activate makes a draft come by its cadence from now on. Now itself is a slot for a cadence that says once and now.
func (b *Briefing) Activate(c Cadence, now time.Time) error {
	if err := c.Check(); err != nil {
		return err
	}
	if b.Status != BriefingDraft {
		return Refuse("err.already_done")
	}
	if c.Every == Once && c.At.Before(now.Add(-time.Minute)) {
		return Refuse("form.past_time")
	}
	b.Cadence, b.Status = c, BriefingActive
	b.Planned = now.Add(-time.Second)
	if c.Every == Once && c.At.Before(b.Planned) {
		b.Planned = c.At.Add(-time.Second)
	}
	return nil
}

// Pause stops the slots; Resume goes on with those after now. What still waits to be sent is left out, unless a person asked for it.
func (b *Briefing) Pause(note string) error {
	if b.Status != BriefingActive {
		return Refuse("err.already_done")
	}
	b.Status, b.Note = BriefingPaused, note
	b.leaveOut()
	return nil
}

// Explain notes why a briefing is paused.
func (b *Briefing) Explain(note string) error {
	if b.Status != BriefingPaused {
		return Refuse("err.already_done")
	}
	b.Note = note
	return nil
}

// Resume lets a paused briefing come again; what would have come meanwhile does not.
func (b *Briefing) Resume(now time.Time) error {
	if b.Status != BriefingPaused {
		return Refuse("err.already_done")
	}
	b.Status, b.Note, b.Planned = BriefingActive, "", now
	return nil
}

// Stop ends a briefing's slots for good.
func (b *Briefing) Stop() error {
	if b.Status != BriefingActive && b.Status != BriefingPaused && b.Status != BriefingDraft {
		return Refuse("err.already_done")
	}
	b.Status = BriefingFinished
	b.leaveOut()
	return nil
}

// leaveOut skips the slots that wait.
func (b *Briefing) leaveOut() {
	for i := range b.Editions {
		if e := &b.Editions[i]; e.State == EditionDue && !e.Extra && !e.Going {
			e.State, e.Why = EditionSkipped, WhyPaused
		}
	}
}

// Skip leaves a slot to come out, or takes that back. A slot that was judged and still waits is left out for good.
func (b *Briefing) Skip(o Occasion) error {
	if b.Status != BriefingActive {
		return Refuse("err.already_done")
	}
	if e := b.Edition(o); e != nil {
		if e.State != EditionDue || e.Going {
			return Refuse("err.already_done")
		}
		e.State, e.Why = EditionSkipped, WhyAsked
		return nil
	}
	if i := slices.Index(b.Skips, o); i >= 0 {
		b.Skips = slices.Delete(b.Skips, i, i+1)
		return nil
	}
	if len(b.Skips) == skipsKept {
		return Refuse("schedules.too_many_skips", "n", skipsKept)
	}
	b.Skips = append(b.Skips, o)
	slices.Sort(b.Skips) // they sort as their times do
	return nil
}

// Skipped reports whether a slot to come is to be left out.
func (b *Briefing) Skipped(o Occasion) bool { return slices.Contains(b.Skips, o) }

// skipsKept is how many slots ahead may be skipped at once.
const skipsKept = 10

// Reschedule gives the briefing another cadence from now on. Slots of the old one that wait still go out.
func (b *Briefing) Reschedule(c Cadence, now time.Time) error {
	switch err := c.Check(); {
	case err != nil:
		return err
	case b.Status != BriefingActive && b.Status != BriefingPaused:
		return Refuse("err.already_done")
	case c.Every == Once && !c.At.After(now):
		return Refuse("form.past_time")
	case c == b.Cadence:
		return ErrUnchanged
	}
	b.Cadence, b.Planned, b.Skips, b.SkipNext = c, now, nil, false
	return nil
}

// Obey changes what becomes of late slots and of slots that meet.
func (b *Briefing) Obey(r Rules) error {
	if err := r.Check(); err != nil {
		return err
	}
	b.Rules = r
	return nil
}

// Missed reports whether a slot was missed since a moment, for whatever reason but a newer one.
func (b *Briefing) Missed(since time.Time) bool {
	return slices.ContainsFunc(b.Editions, func(e Edition) bool {
		return e.State == EditionMissed && e.Why != WhyNewer && e.Due.After(since)
	})
}

// RunNow asks for an edition beside the cadence. Asking twice within a minute, or in the minute of a slot, makes one.
func (b *Briefing) RunNow(now time.Time) error {
	switch {
	case b.Status != BriefingActive && b.Status != BriefingPaused && b.Status != BriefingFinished:
		return Refuse("err.already_done")
	case b.Edition(OccasionAt(now)) != nil:
		return ErrUnchanged
	}
	b.add(Edition{Occasion: OccasionAt(now), Due: now, State: EditionDue, Extra: true})
	return nil
}

// Edition finds what became of an occasion; nil when it was not judged, or so long ago that it is forgotten.
func (b *Briefing) Edition(o Occasion) *Edition {
	if i := slices.IndexFunc(b.Editions, func(e Edition) bool { return e.Occasion == o }); i >= 0 {
		return &b.Editions[i]
	}
	return nil
}

// Watched reports whether the planner has to look at the briefing: it comes by its cadence, or an edition waits to be put.
func (b *Briefing) Watched() bool {
	return b.Status == BriefingActive || slices.ContainsFunc(b.Editions, func(e Edition) bool { return e.State == EditionDue })
}

// Record notes what became of a slot and moves the cursor; a slot that was already judged changes nothing.
func (b *Briefing) Record(e Edition) error {
	if b.Edition(e.Occasion) != nil || !e.Due.After(b.Planned) {
		return ErrUnchanged
	}
	b.add(e)
	b.Planned = e.Due
	b.SkipNext = false
	b.Skips = slices.DeleteFunc(b.Skips, func(o Occasion) bool { return o <= e.Occasion })
	b.finish()
	return nil
}

// Go decides that an edition that waits goes out now, before the outbox hears of it: from then on nobody can leave it out, and everybody
// who puts it puts the same.
func (b *Briefing) Go(o Occasion, now time.Time, late bool) error {
	e := b.Edition(o)
	if e == nil || e.State != EditionDue || e.Going {
		return ErrUnchanged
	}
	e.Going, e.Put, e.Late = true, now, late
	return nil
}

// Settle says what became of an edition that waited. One that somebody else settled changes nothing, and one that goes can only have
// gone.
func (b *Briefing) Settle(e Edition) error {
	old := b.Edition(e.Occasion)
	if old == nil || old.State != EditionDue || old.Going != (e.State == EditionPut) {
		return ErrUnchanged
	}
	old.Going = false
	old.State, old.Mailing, old.Why = e.State, e.Mailing, e.Why
	b.finish()
	return nil
}

// add keeps the newest editions, and all that wait.
func (b *Briefing) add(e Edition) {
	b.Editions = append(b.Editions, e)
	if n := len(b.Editions) - EditionsKept; n > 0 {
		b.Editions = slices.DeleteFunc(b.Editions, func(old Edition) bool {
			n--
			return n >= 0 && old.State != EditionDue
		})
	}
}

// finish ends a briefing whose only slot has been dealt with.
func (b *Briefing) finish() {
	if b.Cadence.Every != Once || b.Status != BriefingActive || len(b.Editions) == 0 {
		return
	}
	if e := b.Editions[len(b.Editions)-1]; e.State != EditionDue {
		b.Status = BriefingFinished
	}
}
