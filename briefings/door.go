package briefings

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"time"
)

// Door is an open check-in at a venue. What its screen shows, a six-digit code and a token that the QR of a deep link carries, turns
// over every CodeStep, so that a photograph of the screen soon opens nothing. Beside it stands a PIN that never changes, for the chair
// to read out where there is no screen.
type Door struct {
	PIN    string    `json:"code"`
	Secret string    `json:"secret"` // what the screen's codes are made of; empty: there is only the PIN
	Opened time.Time `json:"opened"`
	By     MemberID  `json:"by"`
	Round  int       `json:"round,omitempty"` // how often the venue had been opened again by then
}

const (
	// CodeStep is how long a screen shows one code.
	CodeStep = 30 * time.Second
	// CodeGrace is how long a code is still taken after its step: it has to be read, and typed by an unhurried hand.
	CodeGrace = time.Minute
	// codeSkew is how far the clocks of two replicas may stand apart.
	codeSkew = 5 * time.Second
)

// Screen is what a venue's screen shows during one step.
type Screen struct {
	Code  string    // six digits
	Token string    // what a deep link carries, see DoorByToken
	Until time.Time // when the next step begins
}

// Screen returns what the screen of an open venue shows at a moment; false when its door is not open.
func (m *Meeting) Screen(id VenueID, now time.Time) (Screen, bool) {
	v := m.Venue(id)
	if v == nil || !m.takes(v, now) || v.Door.Secret == "" {
		return Screen{}, false
	}
	step := stepOf(now)
	return Screen{
		Code: v.Door.code(m.ID, id, step), Token: v.Door.token(m.ID, id, step),
		Until: time.Unix((step+1)*int64(CodeStep/time.Second), 0).In(now.Location()),
	}, true
}

func stepOf(at time.Time) int64 { return at.Unix() / int64(CodeStep/time.Second) }

// mac signs one step of one door for one use, so that neither says anything of the other.
func (d *Door) mac(use string, meeting MeetingID, venue VenueID, step int64) []byte {
	h := hmac.New(sha256.New, []byte(d.Secret))
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00%d", use, meeting, venue, step)
	return h.Sum(nil)
}

func (d *Door) code(meeting MeetingID, venue VenueID, step int64) string {
	n := binary.BigEndian.Uint64(d.mac("code", meeting, venue, step)) % 1_000_000
	return fmt.Sprintf("%06s", strconv.FormatUint(n, 10))
}

func (d *Door) token(meeting MeetingID, venue VenueID, step int64) string {
	return base64.RawURLEncoding.EncodeToString(d.mac("token", meeting, venue, step)[:12])
}

// OpenDoor starts check-in at a venue with a PIN and a secret. Opening an open door changes nothing and keeps both; where the venue was
// closed and opened again, the new ones take the place of those that everybody has seen.
func (m *Meeting) OpenDoor(id VenueID, by MemberID, pin, secret string, now time.Time) error {
	v := m.Venue(id)
	switch {
	case v == nil:
		return Refuse("err.expired")
	case m.Status != MeetingOpen:
		return Refuse("checkin.meeting_closed")
	case v.Closing != nil:
		return Refuse("checkin.venue_closed", "venue", v.Name)
	case v.Door != nil && v.Door.Round == len(v.Earlier):
		return ErrUnchanged
	}
	if from, to := m.CheckInWindow(); now.Before(from) || now.After(to) {
		return Refuse("checkin.window", "from", from, "to", to)
	}
	v.Door = &Door{PIN: pin, Secret: secret, Opened: now, By: by, Round: len(v.Earlier)}
	return nil
}

// takes reports whether people can check themselves in at a venue: its door is open, and the window has not passed. A door that was open
// when the venue closed stays shut when the venue is opened again, until it is opened as well.
func (m *Meeting) takes(v *Venue, now time.Time) bool {
	_, to := m.CheckInWindow()
	return m.Status == MeetingOpen && v.Door != nil && v.Closing == nil && v.Door.Round == len(v.Earlier) && !now.After(to)
}

// Shut reports whether a venue closed its door: people who come now are written down by its officer, or by nobody.
func (m *Meeting) Shut(v *Venue, now time.Time) bool {
	from, to := m.CheckInWindow()
	called := m.Status == MeetingOpen || m.Status == MeetingClosed
	return called && !now.Before(from) && !now.After(to) && (v.Closing != nil || v.Door != nil && v.Door.Round != len(v.Earlier))
}

// ShutByCode returns the venue that closed and whose PIN, code or token this was; nil when there is none. Whoever shows it is right, only
// late.
func (m *Meeting) ShutByCode(shown string, now time.Time) *Venue {
	for i := range m.Venues {
		v := &m.Venues[i]
		if shown == "" || v.Door == nil || !m.Shut(v, now) {
			continue
		}
		if shown == v.Door.PIN || v.Door.shows(now, func(step int64) bool {
			return shown == v.Door.code(m.ID, v.ID, step) || shown == v.Door.token(m.ID, v.ID, step)
		}) {
			return v
		}
	}
	return nil
}

// TakesCodes reports whether people can check themselves in at some venue now.
func (m *Meeting) TakesCodes(now time.Time) bool {
	for i := range m.Venues {
		if m.takes(&m.Venues[i], now) {
			return true
		}
	}
	return false
}

// DoorByCode returns the open venue whose PIN or screen code was typed, and which of the two it was; nil when there is none. Of two
// venues that happen to show the same digits it is the person's own.
func (m *Meeting) DoorByCode(typed string, own VenueID, now time.Time) (*Venue, Method) {
	var found *Venue
	var how Method
	for i := range m.Venues {
		v := &m.Venues[i]
		if !m.takes(v, now) || found != nil && v.ID != own {
			continue
		}
		switch {
		case typed != "" && typed == v.Door.PIN:
			found, how = v, ByPIN
		case v.Door.shows(now, func(step int64) bool { return typed == v.Door.code(m.ID, v.ID, step) }):
			found, how = v, ByCode
		}
	}
	return found, how
}

// DoorByToken returns the open venue whose QR was scanned; nil when there is none, or the QR is an old one.
func (m *Meeting) DoorByToken(token string, now time.Time) *Venue {
	for i := range m.Venues {
		v := &m.Venues[i]
		if m.takes(v, now) && v.Door.shows(now, func(step int64) bool {
			return hmac.Equal([]byte(token), []byte(v.Door.token(m.ID, v.ID, step)))
		}) {
			return v
		}
	}
	return nil
}

// shows reports whether a step that is taken now matches.
func (d *Door) shows(now time.Time, match func(step int64) bool) bool {
	if d.Secret == "" {
		return false
	}
	for step := stepOf(now.Add(-CodeGrace)); step <= stepOf(now.Add(codeSkew)); step++ {
		if match(step) {
			return true
		}
	}
	return false
}

// Ticket is given to a person who showed a venue's code or QR and is asked something before they are checked in. It says nothing of
// the code, is of no use to anybody else, and holds as long as the door is open; "" when it is not.
func (m *Meeting) Ticket(id VenueID, who MemberID, how Method, now time.Time) string {
	v := m.Venue(id)
	if v == nil || !m.takes(v, now) {
		return ""
	}
	h := hmac.New(sha256.New, []byte(v.Door.Secret+v.Door.PIN))
	fmt.Fprintf(h, "ticket\x00%s\x00%s\x00%s\x00%s", m.ID, id, who, how)
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:9])
}

// Honours reports whether a ticket is the one that the person was given at the venue's open door.
func (m *Meeting) Honours(ticket string, id VenueID, who MemberID, how Method, now time.Time) bool {
	given := m.Ticket(id, who, how, now)
	return given != "" && hmac.Equal([]byte(ticket), []byte(given))
}
