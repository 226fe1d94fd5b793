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
	Author   MemberID       `json:"author"`
	Created  time.Time      `json:"created"`
	Status   BriefingStatus `json:"status"`
	Cadence  Cadence        `json:"cadence,omitzero"`
	Planned  time.Time      `json:"planned,omitzero"`    // every slot up to here was judged: sent or missed
	SkipNext bool           `json:"skip_next,omitempty"` // the next slot passes in silence
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

// Edition is one issue of a briefing.
type Edition struct {
	Occasion Occasion     `json:"occasion"`
	Due      time.Time    `json:"due"`
	State    EditionState `json:"state"`
	Mailing  Key          `json:"mailing,omitempty"`
}

// EditionState is what became of a slot.
type EditionState string

const (
	EditionPut     EditionState = "put"     // in the outbox
	EditionMissed  EditionState = "missed"  // past its grace when the service looked
	EditionSkipped EditionState = "skipped" // left out on request
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

// Pause stops the slots; Resume goes on with those after now.
func (b *Briefing) Pause(note string) error {
	if b.Status != BriefingActive {
		return Refuse("err.already_done")
	}
	b.Status, b.Note = BriefingPaused, note
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
	return nil
}

// Record notes what became of a slot and moves the cursor; a slot that was already judged changes nothing.
func (b *Briefing) Record(e Edition) error {
	if slices.ContainsFunc(b.Editions, func(old Edition) bool { return old.Occasion == e.Occasion }) && !e.Due.After(b.Planned) {
		return ErrUnchanged
	}
	b.Editions = append(b.Editions, e)
	if n := len(b.Editions) - EditionsKept; n > 0 {
		b.Editions = slices.Delete(b.Editions, 0, n)
	}
	if e.Due.After(b.Planned) {
		b.Planned = e.Due
	}
	b.SkipNext = false
	if b.Cadence.Every == Once && b.Status == BriefingActive {
		b.Status = BriefingFinished
	}
	return nil
}
