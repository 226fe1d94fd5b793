package sandbox

import (
	"encoding/json"
	"time"
)

// deletable is how long after its sending a message may be deleted.
const deletable = 48 * time.Hour

// edition is a change on its way: apply writes it into a copy of the message.
type edition struct {
	fits   func(*message) *refusal     // is it a message of the right kind?
	apply  func(*wireMessage) *refusal // runs with the mutex held
	markup bool                        // only the keyboard changes
}

func (s *Server) editMessageText(c *call) (any, *refusal) {
	if refused := checkLinkPreview(c); refused != nil {
		return nil, refused
	}
	if c.text("text") == "" {
		return nil, errTextEmpty
	}
	body, refused := c.readFormatted("text", "entities")
	if refused != nil {
		return nil, refused
	}
	return s.edit(c, edition{
		fits: func(m *message) *refusal {
			if m.Text == "" {
				return errEditNoText
			}
			return nil
		},
		apply: func(m *wireMessage) *refusal {
			m.Text, m.Entities = body.text, body.entities
			return checkText(body.text)
		},
	})
}

func (s *Server) editMessageCaption(c *call) (any, *refusal) {
	body, refused := c.readFormatted("caption", "caption_entities")
	if refused != nil {
		return nil, refused
	}
	return s.edit(c, edition{
		fits: func(m *message) *refusal {
			if m.Photo == nil && m.Document == nil {
				return errEditNoCaption
			}
			return nil
		},
		apply: func(m *wireMessage) *refusal {
			m.Caption, m.CaptionEntities = body.text, body.entities
			return checkCaption(body.text)
		},
	})
}

func (s *Server) editMessageReplyMarkup(c *call) (any, *refusal) {
	return s.edit(c, edition{markup: true})
}

func (s *Server) editMessageMedia(c *call) (any, *refusal) {
	raw := c.json("media")
	if raw == "" {
		return nil, badRequest(`parameter "media" is required`)
	}
	media, refused := s.readMedia(c, json.RawMessage(raw))
	if refused != nil {
		return nil, refused
	}
	return s.edit(c, edition{
		apply: func(m *wireMessage) *refusal {
			m.Text, m.Entities = "", nil
			m.Caption, m.CaptionEntities = media.caption.text, media.caption.entities
			if refused := s.attachLocked(m, media.source); refused != nil {
				return refused
			}
			return checkCaption(m.Caption)
		},
	})
}

// edit checks an edition in Telegram's order and applies it.
func (s *Server) edit(c *call, e edition) (any, *refusal) {
	m, refused := readMarkup(c.text("reply_markup"))
	if refused != nil {
		return nil, refused
	}
	if c.text("inline_message_id") != "" {
		return nil, badRequest("MESSAGE_ID_INVALID")
	}
	id := c.number("message_id", 0, 0, 1<<31-1)
	if c.text("chat_id") == "" && id == 0 {
		return nil, errEditNoID
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, refused := s.chatLocked(c.text("chat_id"))
	if refused != nil {
		return nil, refused
	}
	old := p.find(id)
	switch {
	case old == nil:
		return nil, errEditMissing
	case !old.bot || old.keyed || old.ForwardOrigin != nil:
		return nil, errEditForbidden
	}
	if e.fits != nil {
		if refused := e.fits(old); refused != nil {
			return nil, refused
		}
	}
	if m.kind > inlineKeyboard {
		return nil, errInlineOnly
	}
	if refused := m.checkButtons(); refused != nil {
		return nil, refused
	}
	changed := old.wireMessage
	changed.ReplyMarkup = m.inline
	if e.apply != nil {
		if refused := e.apply(&changed); refused != nil {
			return nil, refused
		}
	}
	if refused := m.checkBackend(); refused != nil {
		return nil, refused
	}
	if refused := s.reachLocked(p); refused != nil {
		return nil, refused
	}
	if sameContent(&old.wireMessage, &changed) {
		return nil, errNotModified
	}
	if refused := s.floodLocked(p, 1); refused != nil {
		return nil, refused
	}
	p.seq++
	old.wireMessage, old.changed = changed, p.seq
	if !e.markup {
		old.EditDate = s.now().Unix()
	}
	s.emitLocked(p, Event{Kind: "edit", message: old})
	return p.wireOf(old), nil
}

func sameContent(a, b *wireMessage) bool {
	return a.Text == b.Text && a.Caption == b.Caption && fileOf(a) == fileOf(b) &&
		sameEntities(a.Entities, b.Entities) && sameEntities(a.CaptionEntities, b.CaptionEntities) &&
		sameMarkup(a.ReplyMarkup, b.ReplyMarkup)
}

// fileOf is the id of the photo or document, or "".
func fileOf(m *wireMessage) string {
	switch {
	case m.Document != nil:
		return m.Document.FileID
	case len(m.Photo) > 0:
		return m.Photo[len(m.Photo)-1].FileID
	}
	return ""
}

func (s *Server) deleteMessage(c *call) (any, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, refused := s.chatLocked(c.text("chat_id"))
	if refused != nil {
		return nil, refused
	}
	id := c.number("message_id", 0, 0, 1<<31-1)
	if id == 0 {
		return nil, errEditNoID
	}
	m := p.find(id)
	switch {
	case m == nil:
		return nil, badRequest("message to delete not found")
	case s.now().Unix()-m.Date > int64(deletable/time.Second):
		return nil, badRequest("message can't be deleted for everyone")
	}
	s.removeLocked(p, m)
	return true, nil
}

// deleteMessages deletes what it finds and says nothing of what it does not.
func (s *Server) deleteMessages(c *call) (any, *refusal) {
	raw := c.json("message_ids")
	var ids []int
	switch err := json.Unmarshal([]byte(raw), &ids); {
	case raw != "" && !json.Valid([]byte(raw)):
		return nil, badRequest("can't parse message_ids JSON object")
	case raw != "" && err != nil:
		return nil, badRequest("expected an Array of message identifiers")
	case len(ids) == 0:
		return nil, badRequest("message identifiers are not specified")
	case len(ids) > 100:
		return nil, badRequest("too many message identifiers specified")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, refused := s.chatLocked(c.text("chat_id"))
	if refused != nil {
		return nil, refused
	}
	for _, id := range ids {
		m := p.find(id)
		if m != nil && s.now().Unix()-m.Date <= int64(deletable/time.Second) {
			s.removeLocked(p, m)
		}
	}
	return true, nil
}

func (s *Server) removeLocked(p *person, m *message) {
	p.remove(m)
	if m.bot && p.unread > 0 {
		p.unread--
	}
	s.emitLocked(p, Event{Kind: "delete", MessageID: m.MessageID})
}
