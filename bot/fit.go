package bot

import (
	"fmt"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/richtext"
)

// messageLimit is how many characters Telegram takes in a message, after the formatting is parsed.
const messageLimit = 4096

// cardRoom is what a notice leaves free below it for the answer that counts: a reason or a deputy of 200 characters, with words.
const cardRoom = 600

// allFit refuses a meeting whose notice would be too long for somebody: every hall has its own line, every reader a name and a
// position, and the two languages are not equally long.
func (t *turn) allFit(m briefings.Meeting, roster *briefings.Roster, audience []briefings.Member) error {
	longest := map[briefings.VenueID]briefings.Member{}
	for _, a := range audience {
		at := m.VenueFor(a.Unit, roster.Tree())
		if l := longest[at]; l.ID == "" || len(a.Name)+len(a.Position) > len(l.Name)+len(l.Position) {
			longest[at] = a
		}
	}
	for _, v := range m.Venues {
		reader, called := longest[v.ID]
		if !called {
			reader = t.member
		}
		for _, lang := range []briefings.Lang{briefings.Vietnamese, briefings.English} {
			reader.Lang = lang
			p := t.printer(reader, "")
			card := view.Notice(p, view.Card{Meeting: m, Venue: &v, To: reader, Org: t.Org, Issuer: issuer(roster, m, p)})
			if err := t.fits(card, messageLimit-cardRoom); err != nil {
				return err
			}
		}
	}
	return nil
}

// stillFits refuses a change that makes the card of a meeting too long for somebody: what changed is marked on it, and it is put right
// in place, as one message.
func (t *turn) stillFits(after briefings.Meeting) error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	return t.allFit(after, roster, roster.Resolve(after.Audience))
}

// fits refuses a text of more than limit characters, counted as Telegram counts them: in units of UTF-16.
func (t *turn) fits(html string, limit int) error {
	text, err := richtext.ParseHTML(html)
	if err != nil {
		return fmt.Errorf("check card: %w", err)
	}
	if n := text.Units(); n > limit {
		return briefings.Refuse("form.card_too_long", "n", n, "max", limit)
	}
	return nil
}

// pieces parts what is too long for one message.
func pieces(html string) []string {
	if len(html) <= richtext.MessageLimit { // bytes of HTML are never fewer than the characters that count
		return []string{html}
	}
	text, err := richtext.ParseHTML(html)
	if err != nil || text.Units() <= richtext.MessageLimit {
		return []string{html}
	}
	var out []string
	for _, piece := range text.Split(richtext.MessageLimit) {
		out = append(out, piece.HTML())
	}
	return out
}
