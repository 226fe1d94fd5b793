package briefings

import "time"

// Rules say what becomes of a slot over which the service was down, and of one that meets the edition before it.
type Rules struct {
	Window  time.Duration `json:"window,omitempty"`   // how late an edition may start; 0: six hours, a day for what comes once
	CatchUp CatchUp       `json:"catch_up,omitempty"` // of several slots within the window; empty: the latest
	Most    int           `json:"most,omitempty"`     // for CatchUpAll: how many at once; 0: three
	Overlap Overlap       `json:"overlap,omitempty"`  // when the edition before is still being sent; empty: wait
}

// CatchUp is what is sent of the slots that were due while nobody looked.
type CatchUp string

// The ways to catch up.
const (
	CatchUpLatest CatchUp = "latest"
	CatchUpAll    CatchUp = "all"
	CatchUpSkip   CatchUp = "skip" // nothing: a slot is sent on time or not at all
)

// Overlap is what a slot does while the edition before it is still being sent.
type Overlap string

// The ways to overlap.
const (
	OverlapWait   Overlap = "wait"   // until the other is done; of several that wait the newest
	OverlapSkip   Overlap = "skip"   // it is left out
	OverlapAllow  Overlap = "allow"  // both go out
	OverlapCancel Overlap = "cancel" // the other is cancelled
)

const (
	// OnTime is how late an edition may start without telling its readers, and at all where nothing is caught up.
	OnTime = 15 * time.Minute

	windowRepeating = 6 * time.Hour
	windowOnce      = 24 * time.Hour
	most            = 3
	mostLimit       = 10
	windowLimit     = 365 * 24 * time.Hour
)

// Usual fills in what the rules leave open.
func (r Rules) Usual(every Every) Rules {
	if r.Window == 0 {
		r.Window = windowRepeating
		if every == Once {
			r.Window = windowOnce
		}
	}
	if r.CatchUp == "" {
		r.CatchUp = CatchUpLatest
	}
	if r.Most == 0 {
		r.Most = most
	}
	if r.Overlap == "" {
		r.Overlap = OverlapWait
	}
	if r.CatchUp == CatchUpSkip {
		r.Window = min(r.Window, OnTime)
	}
	return r
}

// Check refuses rules that say nothing sensible.
func (r Rules) Check() error {
	u := r.Usual(EveryDay)
	fits := r.Window >= 0 && r.Window <= windowLimit && u.Most >= 1 && u.Most <= mostLimit
	fits = fits && (u.CatchUp == CatchUpLatest || u.CatchUp == CatchUpAll || u.CatchUp == CatchUpSkip)
	fits = fits && (u.Overlap == OverlapWait || u.Overlap == OverlapSkip || u.Overlap == OverlapAllow || u.Overlap == OverlapCancel)
	if !fits {
		return Refuse("err.expired")
	}
	return nil
}
