package bot

import (
	"context"
	"errors"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// relayed says to the organizer of a meeting that what it relays has moved, and offers to do likewise.
func (b *Bot) relayed(ctx context.Context, p view.Voice, m briefings.Meeting, revision int) (string, *tgbotapi.InlineKeyboardMarkup, error) {
	if m.Relay == nil {
		return "", nil, moot{"it relays nothing"}
	}
	parent, err := b.Store.Meeting(ctx, m.Relay.Parent)
	if err != nil {
		return "", nil, b.gone(err)
	}
	c := parent.Moved()
	if c == nil || c.Revision != revision {
		return "", nil, moot{"the upper meeting moved again"}
	}
	if own := m.Moved(); own != nil && own.At.After(c.At) {
		return "", nil, moot{"it was moved since"}
	}
	id, n := string(m.ID), strconv.Itoa(revision)
	return p.T("relay."+string(c.Kind), "parent", parent.Title, "new", parent.Starts, "title", m.Title, "time_text", m.Starts),
		grid(2, button(p.Plain("btn.relay_follow"), "chg", "follow", id, n), button(p.Plain("btn.relay_stay"), "chg", "stay", id, n)), nil
}

// followParent opens the preview of the same change of a meeting that relays another. It is confirmed as every change is.
func (t *turn) followParent(m briefings.Meeting, revision string) error {
	if m.Relay == nil || m.Relay.Parent == "" {
		return t.toast("stale.relay", "command", t.command("editmeeting"))
	}
	parent, err := t.Store.Meeting(t.ctx, m.Relay.Parent)
	if errors.Is(err, briefings.ErrNotFound) {
		return t.toast("stale.relay", "command", t.command("editmeeting"))
	}
	if err != nil {
		return err
	}
	c := parent.Moved()
	if c == nil || strconv.Itoa(c.Revision) != revision {
		return t.toast("stale.relay", "command", t.command("editmeeting"))
	}
	switch c.Kind {
	case briefings.Postponed:
		return t.beginChange(m, "off")
	case briefings.CalledOff:
		return t.beginChange(m, "cancel")
	}
	if !m.Expected(t.Now()) {
		return briefings.Refuse("err.already_done")
	}
	return t.newTime(m, changing{Meeting: m.ID, Revision: m.Revision, Kind: briefings.ChangedTime}, m.Starts.Add(c.Is.Starts.Sub(c.Was.Starts)))
}
