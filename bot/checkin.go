package bot

import (
	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
	"errors"
	"strings"
	"time"
)

const (
	codeLength  = 6
	guesses     = 5                // wrong codes a person may type
	guessWindow = 15 * time.Minute // in so much time
)

// isCode reports whether a text is a check-in code: six digits, whatever stands between them.
func isCode(text string) bool {
	return len(digits(text)) == codeLength && len([]rune(text)) <= 2*codeLength
}

// digits keeps the digits of a text that holds nothing but digits and spaces; otherwise nothing.
func digits(text string) string {
	var b strings.Builder
	for _, r := range vietnamese.Clean(text) {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == ' ' || r == '-' || r == '.':
		default:
			return ""
		}
	}
	return b.String()
}

// doors lists the meetings at which people can check themselves in now.
func (t *turn) doors() ([]briefings.Meeting, error) {
	list, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return nil, err
	}
	var open []briefings.Meeting
	for _, m := range list {
		if m.TakesCodes(t.Now()) {
			open = append(open, m)
		}
	}
	return open, nil
}

// checkin asks for the code, or takes it at once.
func (t *turn) checkin() error {
	if !t.joined() {
		return briefings.Refuse("err.permission")
	}
	if t.args0() != "" {
		return t.code(t.args0())
	}
	open, err := t.doors()
	if err != nil {
		return err
	}
	var already, shut *briefings.Refusal
	for _, m := range open {
		seat, _, err := t.Store.SeatOf(t.ctx, m.ID, t.member.ID)
		if errors.Is(err, briefings.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if seat.CheckIn != nil { // of two meetings at a time the other one may be meant
			if already == nil {
				already = briefings.AsRefusal(t.alreadyIn(m, seat))
			}
			continue
		}
		if v := m.Venue(seat.Venue); v != nil && m.Shut(v, t.Now()) { // it shows no code any more
			shut = briefings.AsRefusal(briefings.Refuse("checkin.shut", "venue", v.Name))
			continue
		}
		if err := t.enter("checkin", asked{Meeting: m.ID}); err != nil {
			return err
		}
		return t.tell("checkin.prompt", "n", codeLength, "venue", venueOf(m, seat.Venue).In(t.p.Lang()))
	}
	switch {
	case shut != nil: // where the person is still expected comes before where they have been
		return t.refuse(shut)
	case already != nil:
		return t.refuse(already)
	}
	return t.noDoor()
}

// noDoor answers whoever has no open door: what became of the one of today, where there is one.
func (t *turn) noDoor() error {
	list, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return err
	}
	for _, m := range list {
		if from, to := m.CheckInWindow(); t.Now().Before(from) || t.Now().After(to) || m.Status != briefings.MeetingOpen && m.Status != briefings.MeetingClosed {
			continue
		}
		seat, _, err := t.Store.SeatOf(t.ctx, m.ID, t.member.ID)
		if errors.Is(err, briefings.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if seat.CheckIn != nil {
			return t.alreadyIn(m, seat)
		}
		if v := m.Venue(seat.Venue); v != nil && m.Shut(v, t.Now()) {
			return briefings.Refuse("checkin.shut", "venue", v.Name)
		}
	}
	return t.tell("checkin.none")
}

// alreadyIn tells somebody who is checked in when and where that was.
func (t *turn) alreadyIn(m briefings.Meeting, seat briefings.Invitation) error {
	return briefings.Refuse("checkin.already", "time", t.p.Clock(seat.CheckIn.At), "venue", venueOf(m, seat.CheckIn.Venue))
}

func venueOf(m briefings.Meeting, id briefings.VenueID) briefings.Text {
	if v := m.Venue(id); v != nil {
		return v.Name
	}
	return briefings.Text{Vi: string(id)}
}

// codeTyped takes six digits, typed in a dialogue or out of the blue.
func (t *turn) codeTyped() error {
	if !t.joined() {
		return briefings.Refuse("err.permission")
	}
	return t.code(t.message.Text)
}

// code checks a typed code against the open doors of the person's meetings.
func (t *turn) code(text string) error {
	typed := digits(text)
	if len(typed) != codeLength {
		return t.tell("checkin.six_digits", "n", codeLength)
	}
	open, err := t.doors()
	if err != nil {
		return err
	}
	var mine []briefings.Meeting
	var in error // where the person is checked in
	for _, m := range open {
		seat, _, err := t.Store.SeatOf(t.ctx, m.ID, t.member.ID)
		if errors.Is(err, briefings.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if seat.CheckIn != nil {
			in = t.alreadyIn(m, seat)
			if v, _ := m.DoorByCode(typed, seat.Venue, t.Now()); v != nil || m.ShutByCode(typed, t.Now()) != nil {
				return in
			}
			continue
		}
		if open, _ := m.DoorByCode(typed, seat.Venue, t.Now()); open == nil { // a right code that is late says nothing of an open door: no guess
			if v := m.ShutByCode(typed, t.Now()); v != nil {
				return briefings.Refuse("checkin.shut", "venue", v.Name)
			}
		}
		mine = append(mine, m)
	}
	switch {
	case len(mine) == 0 && in != nil:
		return in
	case len(mine) == 0:
		return t.noDoor()
	}
	at := mine[0]
	// The guess is counted before it is judged, so that side-by-side guesses cannot slip through.
	n, err := t.Store.Attempts(t.ctx, at.ID, t.member.User, guessWindow)
	if err != nil {
		return err
	}
	seat, _, err := t.Store.SeatOf(t.ctx, at.ID, t.member.ID)
	if err != nil {
		return err
	}
	if n > guesses {
		return t.tell("checkin.locked", "venue", venueOf(at, seat.Venue).In(t.p.Lang()))
	}
	for _, m := range mine {
		seat, _, err := t.Store.SeatOf(t.ctx, m.ID, t.member.ID)
		if err != nil {
			return err
		}
		if v, how := m.DoorByCode(typed, seat.Venue, t.Now()); v != nil {
			if err := t.Store.ResetAttempts(t.ctx, at.ID, t.member.User); err != nil {
				return err
			}
			return t.arrive(m, v.ID, how)
		}
	}
	if n == guesses {
		return t.tell("checkin.locked", "venue", venueOf(at, seat.Venue).In(t.p.Lang()))
	}
	return t.tell("checkin.wrong", "left", guesses-n)
}

// doorLink takes the scanned QR of a venue: c<meeting>_<token>.
func (t *turn) doorLink(payload string) error {
	id, token, _ := strings.Cut(payload, "_")
	m, err := t.Store.Meeting(t.ctx, briefings.MeetingID(id))
	if errors.Is(err, briefings.ErrNotFound) {
		return briefings.Refuse("checkin.bad_link")
	}
	if err != nil {
		return err
	}
	v := m.DoorByToken(token, t.Now())
	if shut := m.ShutByCode(token, t.Now()); v == nil && shut != nil {
		return briefings.Refuse("checkin.shut", "venue", shut.Name)
	}
	if v == nil {
		return briefings.Refuse("checkin.bad_link")
	}
	return t.arrive(m, v.ID, briefings.ByQR)
}

// arrive checks a person in at a venue; at another than their own it asks first.
func (t *turn) arrive(m briefings.Meeting, at briefings.VenueID, how briefings.Method) error {
	seat, _, err := t.Store.SeatOf(t.ctx, m.ID, t.member.ID)
	if errors.Is(err, briefings.ErrNotFound) {
		return briefings.Refuse("rsvp.not_invited")
	}
	if err != nil {
		return err
	}
	if seat.CheckIn == nil && seat.Venue != at {
		_, err := t.say(t.p.T("checkin.other_venue", "assigned", venueOf(m, seat.Venue).In(t.p.Lang()), "actual", venueOf(m, at).In(t.p.Lang())),
			grid(2, button(t.p.Plain("btn.check_in_here"), "in", string(m.ID), string(at), string(how), m.Ticket(at, t.member.ID, how, t.Now())), button(t.p.Plain("btn.back"), "in", string(m.ID), "-")))
		return err
	}
	return t.present(m, at, how)
}

// inPressed confirms a check-in at another venue than one's own. The press itself proves nothing, as anybody can make one up: what
// the person showed at the door is proven by the ticket in it, and the door must still be open.
func (t *turn) inPressed() error {
	if t.arg(1) == "-" {
		return t.show(t.p.T("cancel.checkin"), nil)
	}
	if !t.joined() {
		return briefings.Refuse("rsvp.not_invited")
	}
	m, err := t.Store.Meeting(t.ctx, briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	at, how := briefings.VenueID(t.arg(1)), briefings.Method(t.arg(2))
	if !m.Honours(t.arg(3), at, t.member.ID, how, t.Now()) {
		return briefings.Refuse("err.expired")
	}
	return t.present(m, at, how)
}

func (t *turn) present(m briefings.Meeting, at briefings.VenueID, how briefings.Method) error {
	seat, deputy, err := t.Store.SeatOf(t.ctx, m.ID, t.member.ID)
	if errors.Is(err, briefings.ErrNotFound) {
		return briefings.Refuse("rsvp.not_invited")
	}
	if err != nil {
		return err
	}
	seat, err = t.change(m, seat.Member, 0, func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Present(m, briefings.CheckIn{At: t.Now(), Venue: at, Method: how, Deputy: deputy})
	})
	if err != nil {
		return err
	}
	t.Nudge()
	key, principal := "checkin.ok", ""
	if deputy {
		key = "checkin.ok_proxy"
		roster, err := t.Store.Roster(t.ctx)
		if err != nil {
			return err
		}
		p, _ := roster.Member(seat.Member)
		principal = p.Name
	}
	text := t.p.T(key, "time", t.p.Clock(seat.CheckIn.At), "venue", venueOf(m, at).In(t.p.Lang()), "name", principal)
	if s, err := t.sessions.Load(t.ctx, t.user.ID); err == nil && s.Name == "checkin" {
		if err := t.leave(); err != nil {
			return err
		}
	}
	return t.show(text, nil)
}
