package calendar

import (
	"fmt"
	"time"

	ics "github.com/arran4/golang-ical"
)

// clock writes moments in a zone, or in UTC where the zone has no name that a reader would know.
type clock struct {
	loc *time.Location
	id  string // of the zone; empty: UTC
}

func newClock(loc *time.Location) clock {
	if loc == nil || loc == time.Local || loc == time.UTC || loc.String() == "UTC" || line(loc.String()) == "" {
		return clock{loc: time.UTC}
	}
	return clock{loc: loc, id: line(loc.String())}
}

// set writes a moment: wall time with the zone's name, or UTC.
func (c clock) set(to *ics.ComponentBase, name ics.ComponentProperty, t time.Time) {
	if c.id == "" {
		to.SetProperty(name, t.UTC().Format(utc))
		return
	}
	to.SetProperty(name, t.In(c.loc).Format(local), ics.WithTZID(c.id))
}

// zone describes the zone for the days of one event, so that a reader without a zone database shows the right hour. It is nil in
// UTC, which needs no description.
func (c clock) zone(from, to time.Time) *ics.VTimezone {
	if c.id == "" {
		return nil
	}
	z := ics.NewTimezone(c.id)
	t := from.In(c.loc)
	for {
		begins, ends := t.ZoneBounds()
		z.Components = append(z.Components, observance(t, begins))
		if ends.IsZero() || ends.After(to) {
			return z
		}
		t = ends
	}
}

// observance is the rule in force at t since begins: the offset, and the one before it.
func observance(t, begins time.Time) ics.Component {
	name, offset := t.Zone()
	before := offset
	onset := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	if !begins.IsZero() {
		_, before = begins.Add(-time.Second).Zone()
		onset = begins.UTC().Add(time.Duration(before) * time.Second) // what the clock showed when it was changed
	}
	set := func(b *ics.ComponentBase) {
		b.SetProperty(ics.ComponentPropertyDtStart, onset.Format(local))
		b.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), offsetText(before))
		b.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), offsetText(offset))
		b.SetProperty(ics.ComponentProperty(ics.PropertyTzname), line(name))
	}
	if t.IsDST() {
		d := &ics.Daylight{}
		set(&d.ComponentBase)
		return d
	}
	s := ics.NewStandard()
	set(&s.ComponentBase)
	return s
}

// offsetText writes seconds east of UTC as +0700, with seconds only where there are any.
func offsetText(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if s := seconds % 60; s != 0 {
		text += fmt.Sprintf("%02d", s)
	}
	return text
}
