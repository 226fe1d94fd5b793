package briefings

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// BoardLink opens the live board of a meeting to whoever holds its address: the screen of a hall has no account. It shows numbers and no
// names, and the codes of one venue at most.
type BoardLink struct {
	N       int       `json:"n"`               // which link of the meeting it is, from 1
	Venue   VenueID   `json:"venue,omitempty"` // whose codes it shows; empty: none
	Made    time.Time `json:"made"`
	By      MemberID  `json:"by,omitempty"`
	Until   time.Time `json:"until"`          // as it was made, which its address is signed for
	Moved   time.Time `json:"moved,omitzero"` // until when it holds since the meeting moved; zero: as it was made
	Revoked time.Time `json:"revoked,omitzero"`
}

const (
	// BoardLinks is how many links of a meeting hold at once: a screen in each hall, and a few more.
	BoardLinks = 60
	// BoardAfter is how long after its end a meeting can be watched.
	BoardAfter = 24 * time.Hour
)

// Over is the moment from which the link opens nothing.
func (l BoardLink) Over() time.Time {
	if l.Moved.IsZero() {
		return l.Until
	}
	return l.Moved
}

// Holds reports whether the link opens the board at a moment.
func (l BoardLink) Holds(now time.Time) bool { return l.Revoked.IsZero() && now.Before(l.Over()) }

// Watch makes a link to the board of a meeting; a venue that has one already keeps it. Secret signs all links of the meeting and is only
// used for the first.
func (m *Meeting) Watch(venue VenueID, by MemberID, secret string, now time.Time) (BoardLink, error) {
	switch {
	case m.Status != MeetingOpen && m.Status != MeetingClosed, m.Revision == 0, !now.Before(m.Held().Add(BoardAfter)):
		return BoardLink{}, Refuse("board.not_now")
	case venue != "" && m.Venue(venue) == nil:
		return BoardLink{}, Refuse("err.expired")
	}
	holding := 0
	for _, l := range m.Boards {
		if !l.Holds(now) {
			continue
		}
		if l.Venue == venue {
			return l, ErrUnchanged
		}
		holding++
	}
	if holding >= BoardLinks {
		return BoardLink{}, Refuse("board.too_many", "max", BoardLinks)
	}
	if m.BoardSecret == "" {
		m.BoardSecret = secret
	}
	n := 1
	if len(m.Boards) > 0 {
		n = m.Boards[len(m.Boards)-1].N + 1
	}
	l := BoardLink{N: n, Venue: venue, Made: now, By: by, Until: m.Held().Add(BoardAfter)}
	if len(m.Boards) >= boardsKept { // what was taken back is forgotten, but for the last number
		m.Boards = slices.DeleteFunc(slices.Clone(m.Boards), func(l BoardLink) bool { return !l.Holds(now) })
	}
	m.Boards = append(m.Boards, l)
	return l, nil
}

// boardsKept is how many links a meeting remembers, those that were taken back among them. It is more than hold at once.
const boardsKept = 2 * BoardLinks

// moveBoards lets the links to the board hold as long after a meeting that moved as they would have before. Their addresses stay: they
// stand in the browsers of the halls.
func (m *Meeting) moveBoards() {
	m.Boards = slices.Clone(m.Boards)
	for i := range m.Boards {
		m.Boards[i].Moved = m.Held().Add(BoardAfter)
	}
}

// Unwatch takes back a link to the board, or all of them when n is 0. The screens that use them go dark within seconds.
func (m *Meeting) Unwatch(n int, now time.Time) error {
	found := false
	boards := append([]BoardLink(nil), m.Boards...)
	for i := range boards {
		if l := &boards[i]; (n == 0 || l.N == n) && l.Holds(now) {
			l.Revoked, found = now, true
		}
	}
	if !found {
		return ErrUnchanged
	}
	m.Boards = boards
	return nil
}

// Watched returns the links to the board that hold.
func (m *Meeting) Watched(now time.Time) []BoardLink {
	var list []BoardLink
	for _, l := range m.Boards {
		if l.Holds(now) {
			list = append(list, l)
		}
	}
	return list
}

// BoardToken is what the address of a link carries: which meeting, which link, and a signature over all that the link allows.
func (m *Meeting) BoardToken(l BoardLink) string {
	return base64.RawURLEncoding.EncodeToString([]byte(m.ID)) + "." + strconv.Itoa(l.N) + "." + m.signBoard(l)
}

func (m *Meeting) signBoard(l BoardLink) string {
	h := hmac.New(sha256.New, []byte(m.BoardSecret))
	fmt.Fprintf(h, "board\x00%s\x00%d\x00%s\x00%d", m.ID, l.N, l.Venue, l.Until.Unix())
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// boardTokenLimit is longer than any token that this program makes.
const boardTokenLimit = 200

// ReadBoardToken says which meeting a token speaks of; whether it is genuine only the meeting knows, see BoardLink.
func ReadBoardToken(token string) (MeetingID, bool) {
	parts := strings.Split(token, ".")
	if len(token) > boardTokenLimit || len(parts) != 3 {
		return "", false
	}
	id, err := base64.RawURLEncoding.Strict().DecodeString(parts[0])
	if err != nil || len(id) == 0 || bytes.ContainsAny(id, "/{}\n\r\t ") {
		return "", false
	}
	return MeetingID(id), true
}

// BoardLink returns the link that a token opens the board by; false when it is forged, expired or taken back.
func (m *Meeting) BoardLink(token string, now time.Time) (BoardLink, bool) {
	if m.BoardSecret == "" || m.Status == MeetingDraft {
		return BoardLink{}, false
	}
	for _, l := range m.Boards {
		if l.Holds(now) && hmac.Equal([]byte(token), []byte(m.BoardToken(l))) {
			return l, true
		}
	}
	return BoardLink{}, false
}
