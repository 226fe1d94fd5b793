package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// conference is a meeting that is played, and the own tally of it.
type conference struct {
	title string
	id    string
	board string // the address of the live board
	tally *tally
}

// begin asks the service which meetings there are, and finds the one with this title.
func (d *day) begin(ctx context.Context, title string, t *tally) (*conference, error) {
	raw, err := d.command(ctx, "meetings", "--json")
	if err != nil {
		return nil, err
	}
	var doc struct {
		Meetings []struct{ ID, Title string }
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("read meetings: %w", err)
	}
	c := &conference{title: title, tally: t}
	for _, m := range doc.Meetings {
		if m.Title != title {
			continue
		}
		if c.id != "" {
			return nil, fmt.Errorf("meetings --json has %q twice", title)
		}
		c.id = m.ID
	}
	if c.id == "" {
		return nil, fmt.Errorf("meetings --json has no %q: %s", title, tail(string(raw), 500))
	}
	return c, nil
}

// choose taps the meeting with this title on a list of meetings. A long title is cut on a button.
func (d *day) choose(ctx context.Context, p *person, list message, title string) error {
	short := title
	if r := []rune(title); len(r) > 34 {
		short = string(r[:34])
	}
	var found []string
	for _, row := range list.Buttons {
		if strings.Contains(row[0].Text, short) {
			found = append(found, row[0].Text)
		}
	}
	if len(found) != 1 {
		return fmt.Errorf("%d meetings on the list are called %q", len(found), title)
	}
	_, err := d.phones.tap(ctx, p.user, found[0], list.ID)
	return err
}

// sources asks the service for its figures everywhere it gives them.
func (d *day) sources(ctx context.Context, c *conference) ([]source, error) {
	if err := d.phones.quiet(ctx, settled); err != nil {
		return nil, err
	}
	book := filepath.Join(d.dir, "counts.xlsx")
	raw, err := d.command(ctx, "counts", c.id, "--json", "--xlsx", book)
	if err != nil {
		return nil, err
	}
	document, err := fromJSON(raw)
	if err != nil {
		return nil, err
	}
	written, err := readBook(d.w, "counts --xlsx", book)
	if err != nil {
		return nil, err
	}
	said, sent, err := d.countInChat(ctx, c)
	if err != nil {
		return nil, err
	}
	return []source{said, document, sent, written}, nil
}

// countInChat asks the bot as the organizer: the message with the figures, and the workbook behind its button.
func (d *day) countInChat(ctx context.Context, c *conference) (said, sent source, err error) {
	w, o := d.w, d.w.organizer
	pick, err := d.tell(ctx, o, "/thongke", "counts.pick")
	if err != nil {
		return said, sent, err
	}
	if err := d.choose(ctx, o, pick, c.title); err != nil {
		return said, sent, err
	}
	if err := d.phones.quiet(ctx, settled); err != nil {
		return said, sent, err
	}
	chat, err := d.phones.chat(ctx, o.user, 0)
	if err != nil {
		return said, sent, err
	}
	var text strings.Builder
	last := message{}
	for _, m := range chat {
		if m.From == "bot" && m.ID > pick.ID {
			text.WriteString(m.Text + "\n")
			last = m
		}
	}
	if last.ID == 0 {
		return said, sent, errors.New("/thongke said nothing")
	}
	said = w.fromChat(c.tally, text.String())
	if _, err := d.press(ctx, o, last.ID, "btn.xlsx"); err != nil {
		return said, sent, err
	}
	file, err := d.phones.await(ctx, o.user, w.text(o, "counts.file", "title", c.title), last.ID)
	if err != nil {
		return said, sent, err
	}
	if file.Document == nil {
		return said, sent, errors.New("the workbook is no document")
	}
	raw, err := d.phones.file(ctx, file.Document.URL)
	if err != nil {
		return said, sent, err
	}
	sent, err = w.fromWorkbook("XLSX in chat", raw)
	return said, sent, err
}
