package board

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/skip2/go-qrcode"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// face is a board in one language, ready to be shown: as a page, as an event or as a picture.
type face struct {
	Title  string
	When   string
	State  string // whether it has begun, is over
	AsOf   string
	Venue  string // whose screen it is; empty: nobody's
	Totals []figure
	Tiles  []tile
	Screen *screen
	NoCode string // why the viewer's venue shows no code
}

// figure is a number and what it counts.
type figure struct {
	Key, Label, Value string
	Note              string // beside it, small
}

// tile is one venue.
type tile struct {
	Key      string // "v0"
	Name     string
	Present  string
	Expected string
	Fill     string // a class for the bar: how many of those expected are there, in steps of five percent
	Light    string // a class: green, yellow, red, dark, or closed
	Ready    string // the same in words
	Own      bool
	Rows     []figure
}

// screen is the code of the viewer's venue.
type screen struct {
	Code string `json:"code"`
	QR   string `json:"qr"`   // a picture as a data address
	Left int    `json:"left"` // milliseconds until the next one
	Step int    `json:"step"` // how long each stays, in milliseconds
	link string // behind the QR
}

// compose puts a meeting's figures into words. Venue is whose screen it is, and may be empty.
func compose(p i18n.Printer, m *briefings.Meeting, r briefings.Roll, venue briefings.VenueID, now time.Time) face {
	lang := briefings.Lang(p.Lang)
	t := r.Total
	f := face{
		Title: m.Title.In(lang), When: p.T("board.when", "time", m.Starts), State: state(p, m, now), AsOf: p.T("board.as_of", "time", r.AsOf), NoCode: p.T("board.no_code"),
		Totals: []figure{
			{"t.present", p.T("board.present"), number(p, t.Attended()), percent(p, t.Attended(), t.Invited)},
			{"t.expected", p.T("board.expected"), number(p, t.Invited), ""},
			{"t.accepted", p.T("board.accepted"), number(p, r.Answers.Accepted+r.Answers.Delegated), waiting(p, t.Waiting)},
			{"t.late", p.T("board.late"), number(p, r.Late), ""},
			{"t.excused", p.T("board.excused"), number(p, t.Excused), ""},
			{"t.silent", p.T("board.silent"), number(p, r.Silent), unannounced(p, r.Unannounced())},
		},
	}
	for i, v := range r.Venues {
		light := string(v.Light)
		switch {
		case v.Closed:
			light = "closed"
		case v.Light == briefings.Dark:
			light = "dark"
		}
		key := "v" + strconv.Itoa(i)
		f.Tiles = append(f.Tiles, tile{
			Key: key, Name: v.Name.In(lang), Present: number(p, v.Attended()), Expected: number(p, v.Invited),
			Fill: fill(v.Attended(), v.Invited), Light: light, Ready: p.T("board.light_" + light), Own: v.ID == venue,
			Rows: []figure{
				{key + ".accepted", p.T("board.accepted"), number(p, v.Accepted), waiting(p, v.Waiting)},
				{key + ".late", p.T("board.late"), number(p, v.Late), ""},
				{key + ".excused", p.T("board.excused"), number(p, v.Excused), ""},
				{key + ".silent", p.T("board.silent"), number(p, v.Silent), ""},
			},
		})
		if v.ID == venue {
			f.Venue = v.Name.In(lang)
			if v.Closed {
				f.NoCode = p.T("board.code_closed")
			}
		}
	}
	return f
}

func state(p i18n.Printer, m *briefings.Meeting, now time.Time) string {
	switch {
	case m.Status == briefings.MeetingCancelled:
		return p.T("board.cancelled")
	case m.Status == briefings.MeetingPostponed:
		return p.T("board.postponed")
	case m.Status == briefings.MeetingClosed:
		return p.T("board.closed")
	case now.Before(m.Starts):
		return p.T("board.before")
	case now.Before(m.Held()) || m.Ends.IsZero():
		return p.T("board.running")
	}
	return p.T("board.over")
}

func number(p i18n.Printer, n int) string { return p.T("board.number", "n", n) }

// waiting says beside those who come how many of them have no place yet; nothing where everybody has one.
func waiting(p i18n.Printer, n int) string {
	if n == 0 {
		return ""
	}
	return p.T("board.waiting", "n", n)
}

// unannounced says beside those of whom nothing is known how many came without a word, so that the figures add up to those expected.
func unannounced(p i18n.Printer, n int) string {
	if n == 0 {
		return ""
	}
	return p.T("board.unannounced", "n", n)
}

func percent(p i18n.Printer, n, of int) string {
	if of == 0 {
		return ""
	}
	return p.T("board.percent", "pct", i18n.Percent{N: n, Of: of})
}

// fill is the class of a bar. Nobody is nothing, and whoever came is seen.
func fill(n, of int) string {
	switch {
	case n <= 0 || of <= 0:
		return "p0"
	case n >= of:
		return "p100"
	}
	return "p" + strconv.Itoa(max(5, n*20/of*5))
}

// onScreen draws the code that the viewer's venue shows now; nil when its door is not open.
func (b *Board) onScreen(m *briefings.Meeting, venue briefings.VenueID, now time.Time) (*screen, error) {
	shown, open := m.Screen(venue, now)
	if !open {
		return nil, nil
	}
	link := b.Link(m.ID, shown.Token)
	if link == "" { // nobody knows yet where it would lead
		return nil, nil
	}
	png, err := qr(link)
	if err != nil {
		return nil, err
	}
	return &screen{
		Code: shown.Code, QR: "data:image/png;base64," + base64.StdEncoding.EncodeToString(png), link: link,
		Left: int(shown.Until.Sub(now).Milliseconds()), Step: int(briefings.CodeStep.Milliseconds()),
	}, nil
}

// qr draws a QR of whole pixels, which a screen may enlarge.
func qr(link string) ([]byte, error) {
	png, err := qrcode.Encode(link, qrcode.Medium, -8)
	if err != nil {
		return nil, fmt.Errorf("draw QR: %w", err)
	}
	return png, nil
}

// event is what a page is told: texts by the key of their place, classes by the key of theirs. A page whose shape differs loads itself
// anew.
type event struct {
	Seq     int64             `json:"seq"`
	Shape   string            `json:"shape"`
	Texts   map[string]string `json:"texts"`
	Classes map[string]string `json:"classes"`
	Screen  *screen           `json:"screen"`
}

func (f *face) event(seq int64) event {
	e := event{
		Seq: seq, Shape: f.shape(), Screen: f.Screen,
		Texts: map[string]string{"state": f.State, "asof": f.AsOf, "when": f.When, "nocode": f.NoCode}, Classes: map[string]string{},
	}
	for _, n := range f.Totals {
		e.Texts[n.Key], e.Texts[n.Key+".note"] = n.Value, n.Note
	}
	for _, t := range f.Tiles {
		e.Texts[t.Key+".present"], e.Texts[t.Key+".expected"], e.Texts[t.Key+".ready"] = t.Present, t.Expected, t.Ready
		e.Classes[t.Key+".bar"], e.Classes[t.Key] = "fill "+t.Fill, t.Class()
		for _, n := range t.Rows {
			e.Texts[n.Key], e.Texts[n.Key+".note"] = n.Value, n.Note
		}
	}
	return e
}

// Class is what a tile looks like.
func (t tile) Class() string {
	if t.Own {
		return "tile own " + t.Light
	}
	return "tile " + t.Light
}

// shape names what a page is built of.
func (f *face) shape() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q%q", f.Title, f.Venue)
	for _, t := range f.Tiles {
		fmt.Fprintf(h, "%q", t.Name)
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// face composes a snapshot for one screen.
func (b *Board) face(s *snapshot, v view) (face, error) {
	now := b.Now().In(b.Zone)
	f := compose(b.printer(v.lang), &s.meeting, s.roll, v.venue, now)
	var err error
	f.Screen, err = b.onScreen(&s.meeting, v.venue, now)
	return f, err
}

// draw returns the event of a snapshot, made once for all screens alike.
func (b *Board) draw(s *snapshot, v view) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if bytes, done := s.drawn[v]; done {
		return bytes, nil
	}
	f, err := b.face(s, v)
	if err != nil {
		return nil, err
	}
	bytes, err := json.Marshal(f.event(s.seq))
	if err != nil {
		return nil, fmt.Errorf("write event: %w", err)
	}
	s.drawn[v] = bytes
	return bytes, nil
}
