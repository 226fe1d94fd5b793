package bot

import (
	"context"
	"fmt"

	"briefbot/bot/internal/telegram"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// materialWords is what stands below a document or a picture of a meeting.
func (b *Bot) materialWords(p view.Voice, m briefings.Meeting, f briefings.Material) string {
	name := f.Title
	if name == "" {
		name = f.Name
	}
	return p.T("material.caption", "name", name, "title", m.Title)
}

// sendMaterial sends one file of a meeting by the name that the channel has for it.
func (b *Bot) sendMaterial(ctx context.Context, n briefings.Notice, caption string) (int, error) {
	m, err := b.Store.Meeting(ctx, briefings.MeetingID(n.Mailing.Subject))
	if err != nil {
		return 0, b.gone(err)
	}
	if i := n.Mailing.Revision; i < 1 || i > len(m.Materials) {
		return 0, moot{"the material is gone"}
	}
	id := 0
	err = b.reach(ctx, int64(n.To.Chat), func(chat int64) error {
		return b.slotted(ctx, chat, n.Mailing.Class(), func(ctx context.Context, opts ...telegram.Option) (err error) {
			id, err = b.sendFile(ctx, chat, m, m.Materials[n.Mailing.Revision-1], caption, opts...)
			return err
		})
	})
	return id, err
}

// sendFile sends a material. What is for the unit alone can be neither forwarded nor saved from the chat.
func (b *Bot) sendFile(ctx context.Context, chat int64, m briefings.Meeting, f briefings.Material, caption string, opts ...telegram.Option) (int, error) {
	if m.Label != briefings.Public {
		opts = append(opts, telegram.Protect())
	}
	send := b.door.SendDocument
	if f.Kind == briefings.Picture {
		send = b.door.SendPhoto
	}
	sent, err := send(ctx, chat, telegram.File{ID: f.File, Name: f.Name}, caption, nil, opts...)
	return sent.ID, err
}

// materialsPressed sends the materials of a meeting to somebody who has a seat in it.
func (t *turn) materialsPressed() error {
	m, _, err := t.seat(briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	for _, f := range m.Materials {
		if err := t.reply(func() error {
			_, err := t.sendFile(t.ctx, t.chat(), m, f, t.materialWords(t.p, m, f))
			return err
		}); err != nil {
			return fmt.Errorf("send material: %w", err)
		}
	}
	return nil
}
