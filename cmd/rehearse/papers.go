package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"strings"
	"time"
)

// programme is the name of the paper that goes out with the notice.
const programme = "chuong-trinh.pdf"

// pdf is a small document that says whose it is.
func pdf(name string) []byte { return []byte("%PDF-1.4\n% " + name + "\n%%EOF\n") }

// picture is a photograph, as far as a bot can tell.
func picture() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64))) // into memory
	return b.Bytes()
}

// attachPaper sends a document into the dialogue, and goes back to the whole.
func (c *composer) attachPaper(ctx context.Context, name string) error {
	c.lines++
	if _, err := c.phones.attach(ctx, c.who.user, name, pdf(name), false); err != nil {
		return err
	}
	if err := c.turned(ctx); err != nil {
		return err
	}
	return c.leave(ctx)
}

// attachPicture sends a photograph likewise.
func (c *composer) attachPicture(ctx context.Context) error {
	c.lines++
	if _, err := c.phones.attach(ctx, c.who.user, "anh.png", picture(), true); err != nil {
		return err
	}
	if err := c.turned(ctx); err != nil {
		return err
	}
	return c.leave(ctx)
}

// papers are the files in a chat whose caption says that they belong to a meeting.
func (d *day) papers(ctx context.Context, p *person, title string) (documents, pictures []message, err error) {
	chat, err := d.phones.chat(ctx, p.user, 0)
	if err != nil {
		return nil, nil, err
	}
	_, of, _ := strings.Cut(d.w.text(p, "material.caption", "name", gap, "title", title), gap)
	for _, m := range chat {
		switch {
		case m.From != "bot" || !strings.HasSuffix(m.Caption, of):
		case m.Document != nil:
			documents = append(documents, m)
		case m.Photo != nil:
			pictures = append(pictures, m)
		}
	}
	return documents, pictures, nil
}

// havePapers wants so many documents and pictures of a meeting in the chats of those who are called, and none in the others.
func (d *day) havePapers(ctx context.Context, title string, called map[*person]bool, documents, pictures int) error {
	return d.each(ctx, d.w.people, func(ctx context.Context, p *person) error {
		docs, pics, err := d.papers(ctx, p, title)
		if err != nil {
			return err
		}
		wantDocs, wantPics := 0, 0
		if called[p] && !p.blocks {
			wantDocs, wantPics = documents, pictures
		}
		if len(docs) != wantDocs || len(pics) != wantPics {
			return fmt.Errorf("has %d documents and %d pictures of “%s”, must have %d and %d", len(docs), len(pics), title, wantDocs, wantPics)
		}
		return nil
	})
}

// awaitPapers moves the clock by so many minutes, a paper a minute, and waits until everybody called has all of them.
func (d *day) awaitPapers(ctx context.Context, title string, called []*person, files int) error {
	if err := d.serveFrom(ctx, time.Now().Add(d.offset+time.Duration(files)*time.Minute+time.Second)); err != nil {
		return err
	}
	d.w.fade()
	if err := d.each(ctx, some(called, func(p *person) bool { return !p.blocks }), func(ctx context.Context, p *person) error {
		for until := time.Now().Add(patience); ; {
			documents, pictures, err := d.papers(ctx, p, title)
			if err != nil || len(documents)+len(pictures) >= files {
				return err
			}
			if time.Now().After(until) {
				return fmt.Errorf("has %d of %d papers", len(documents)+len(pictures), files)
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(50 * time.Millisecond):
			}
		}
	}); err != nil {
		return err
	}
	return d.phones.quiet(ctx, 300*time.Millisecond)
}

// sendPaper is a minute later: the paper of the conference goes out to everybody called.
func (d *day) sendPaper(ctx context.Context) error {
	if err := d.awaitPapers(ctx, title, d.w.called, 1); err != nil {
		return err
	}
	called := map[*person]bool{}
	for _, p := range d.w.called {
		called[p] = true
	}
	if err := d.havePapers(ctx, title, called, 1, 0); err != nil {
		return err
	}
	d.note("%s went to the %d who can be reached, once to each and to nobody else", programme,
		len(some(d.w.called, func(p *person) bool { return !p.blocks })))
	return nil
}

// askPaper lets somebody who was called later take the paper from the notice.
func (d *day) askPaper(ctx context.Context, p *person) error {
	if _, err := d.press(ctx, p, p.card, "btn.materials", "n", 1); err != nil {
		return err
	}
	_, of, _ := strings.Cut(d.w.text(p, "material.caption", "name", gap, "title", title), gap)
	m, err := d.phones.await(ctx, p.user, of, p.card)
	if err != nil {
		return err
	}
	if m.Document == nil || m.Document.Name != programme {
		return fmt.Errorf("the paper is %+v", m.Document)
	}
	content, err := d.phones.file(ctx, m.Document.URL)
	if err == nil && !bytes.Equal(content, pdf(programme)) {
		err = fmt.Errorf("the paper holds %q", content)
	}
	return err
}
