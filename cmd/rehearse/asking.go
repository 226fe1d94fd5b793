package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// meetingID asks the service which meeting there is.
func (d *day) meetingID(ctx context.Context) (string, error) {
	raw, err := d.command(ctx, "meetings", "--json")
	if err != nil {
		return "", err
	}
	ids := identities(raw)
	if len(ids) != 1 {
		return "", fmt.Errorf("meetings --json lists %d meetings, must list 1", len(ids))
	}
	return ids[0], nil
}

// sources asks the service for its figures everywhere it gives them.
func (d *day) sources(ctx context.Context) ([]source, error) {
	if err := d.phones.quiet(ctx, 200*time.Millisecond); err != nil {
		return nil, err
	}
	book := filepath.Join(d.dir, "counts.xlsx")
	raw, err := d.command(ctx, "counts", d.meeting, "--json", "--xlsx", book)
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
	said, sent, err := d.countInChat(ctx)
	if err != nil {
		return nil, err
	}
	return []source{said, document, sent, written}, nil
}

// countInChat asks the bot as the organizer: the message with the figures, and the workbook behind its button.
func (d *day) countInChat(ctx context.Context) (said, sent source, err error) {
	w, o := d.w, d.w.organizer
	pick, err := d.tell(ctx, o, "/thongke", "counts.pick")
	if err != nil {
		return said, sent, err
	}
	if len(pick.Buttons) != 1 {
		return said, sent, fmt.Errorf("/thongke offers %d meetings, must offer 1", len(pick.Buttons))
	}
	if _, err := d.phones.tap(ctx, o.user, pick.Buttons[0][0].Text, pick.ID); err != nil {
		return said, sent, err
	}
	if err := d.phones.quiet(ctx, 200*time.Millisecond); err != nil {
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
	said = w.fromChat(text.String())
	if _, err := d.press(ctx, o, last.ID, "btn.xlsx"); err != nil {
		return said, sent, err
	}
	file, err := d.phones.await(ctx, o.user, w.text(o, "counts.file", "title", title), last.ID)
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

// identities are the ids of the meetings of a document, in its order.
func identities(raw []byte) []string {
	type one struct {
		ID string `json:"id"`
	}
	var list []one
	if json.Unmarshal(raw, &list) != nil {
		var doc struct {
			Meetings []one `json:"meetings"`
		}
		if json.Unmarshal(raw, &doc) != nil {
			return nil
		}
		list = doc.Meetings
	}
	var ids []string
	for _, m := range list {
		ids = append(ids, m.ID)
	}
	return ids
}
