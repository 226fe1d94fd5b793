package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"briefbot/briefings"
)

// counts is the document; the order of the fields is the order in which they are written.
type counts struct {
	Meeting    briefings.MeetingID   `json:"meeting"`
	Title      string                `json:"title"`
	StartsAt   string                `json:"starts_at"`
	AsOf       string                `json:"as_of"`
	Invited    int                   `json:"invited"`
	Answers    briefings.AnswerTally `json:"answers"`
	Waiting    int                   `json:"waiting,omitempty"` // of accepted and delegated: have no place yet; given where somebody waits
	Attendance attendance            `json:"attendance"`
	Rate       rate                  `json:"rate"`
	Venues     []venueRow            `json:"venues"`
	Units      []unitRow             `json:"units"`
}

type attendance struct {
	Present     int  `json:"present"`
	Represented int  `json:"represented"`
	Excused     int  `json:"excused"`
	Unexcused   int  `json:"unexcused"`
	Pending     *int `json:"pending,omitempty"` // given until the meeting is closed
	Late        int  `json:"late"`
	Guests      int  `json:"guests"`
}

type seats struct {
	Invited     int  `json:"invited"`
	Present     int  `json:"present"`
	Represented int  `json:"represented"`
	Excused     int  `json:"excused"`
	Unexcused   int  `json:"unexcused"`
	Pending     *int `json:"pending,omitempty"`
}

type venueRow struct {
	ID   briefings.VenueID `json:"id"`
	Name string            `json:"name"`
	seats
	Waiting   int  `json:"waiting,omitempty"`
	CheckedIn int  `json:"checked_in"`
	Headcount int  `json:"headcount"`
	Guests    int  `json:"guests"`
	Closed    bool `json:"closed"`
}

type unitRow struct {
	ID   briefings.UnitID `json:"id"`
	Name string           `json:"name"`
	seats
	Waiting int `json:"waiting,omitempty"`
}

// rate is tenths of a percent, written with one decimal; below 0 there is none and it is null.
type rate int

func (r rate) MarshalJSON() ([]byte, error) {
	if r < 0 {
		return []byte("null"), nil
	}
	return fmt.Appendf(nil, "%d.%d", r/10, r%10), nil
}

// CountsJSON writes a roll as one JSON document on one line. Times are RFC 3339 in loc, names are Vietnamese, the rate is a number
// of percent with one decimal, or null where nobody was invited.
func CountsJSON(w io.Writer, roll briefings.Roll, loc *time.Location) error {
	open := !roll.Closed
	doc := counts{
		Meeting: roll.Meeting, Title: roll.Title.In(briefings.Vietnamese),
		StartsAt: roll.Starts.In(loc).Format(time.RFC3339), AsOf: roll.AsOf.In(loc).Format(time.RFC3339),
		Invited: roll.Total.Invited, Answers: roll.Answers, Waiting: roll.Total.Waiting, Rate: rate(roll.Total.Rate()),
		Attendance: attendance{
			Present: roll.Total.Present, Represented: roll.Total.Represented, Excused: roll.Total.Excused,
			Unexcused: roll.Total.Unexcused, Pending: pending(roll.Total, open), Late: roll.Late, Guests: roll.Guests,
		},
		Venues: make([]venueRow, 0, len(roll.Venues)), Units: make([]unitRow, 0, len(roll.Units)),
	}
	for _, v := range roll.Venues {
		doc.Venues = append(doc.Venues, venueRow{
			ID: v.ID, Name: v.Name.In(briefings.Vietnamese), seats: seatsOf(v.Tally, open),
			Waiting: v.Waiting, CheckedIn: v.CheckedIn, Headcount: v.Headcount, Guests: v.Guests, Closed: v.Closed,
		})
	}
	for _, u := range roll.Units {
		doc.Units = append(doc.Units, unitRow{ID: u.ID, Name: u.Name.In(briefings.Vietnamese), seats: seatsOf(u.Tally, open), Waiting: u.Waiting})
	}
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false) // names stay readable; the document goes into no page
	if err := e.Encode(doc); err != nil {
		return fmt.Errorf("encode counts: %w", err)
	}
	if _, err := w.Write(buf.Bytes()); err != nil {
		return fmt.Errorf("write counts: %w", err)
	}
	return nil
}

func seatsOf(t briefings.Tally, open bool) seats {
	return seats{t.Invited, t.Present, t.Represented, t.Excused, t.Unexcused, pending(t, open)}
}

func pending(t briefings.Tally, open bool) *int {
	if !open {
		return nil
	}
	return &t.Pending
}
