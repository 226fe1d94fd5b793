package sandbox

import (
	"encoding/json"
	"hash/maphash"
	"strconv"
	"strings"
	"unicode/utf8"
)

// draft is a message on its way out. content checks it, and completes it where a file or
// another message is its source; that comes after the chat and the buttons were looked at.
type draft struct {
	message wireMessage
	content func(*wireMessage) *refusal // runs with the mutex held
}

func (s *Server) sendMessage(c *call) (any, *refusal) {
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
	d := draft{message: wireMessage{Text: body.text, Entities: body.entities}}
	d.content = func(*wireMessage) *refusal { return checkText(body.text) }
	return s.send(c, d)
}

func checkLinkPreview(c *call) *refusal {
	raw := c.json("link_preview_options")
	if raw == "" {
		return nil
	}
	if !json.Valid([]byte(raw)) {
		return badRequest("can't parse link preview options JSON object")
	}
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(raw), &object) != nil {
		return badRequest("object expected as link preview options")
	}
	return nil
}

func checkText(text string) *refusal {
	switch {
	case text == "":
		return errTextBlank
	case utf8.RuneCountInString(text) > maxText:
		return errMessageLong
	}
	return nil
}

func checkCaption(caption string) *refusal {
	if utf8.RuneCountInString(caption) > maxCaption {
		return errCaptionLong
	}
	return nil
}

// readReply reads what the message answers to: reply_parameters, or the two old parameters.
func (c *call) readReply() (id int, optional bool, refused *refusal) {
	raw := c.json("reply_parameters")
	if raw == "" {
		return c.number("reply_to_message_id", 0, 0, 1<<31-1), c.flag("allow_sending_without_reply"), nil
	}
	var reply struct {
		ID       int  `json:"message_id"`
		Optional bool `json:"allow_sending_without_reply"`
	}
	if err := json.Unmarshal([]byte(raw), &reply); err != nil {
		return 0, false, badRequest("can't parse reply parameters JSON object")
	}
	return reply.ID, reply.Optional, nil
}

// send checks a draft in Telegram's order and posts it.
func (s *Server) send(c *call, d draft) (any, *refusal) {
	sent, refused := s.sendAll(c, []draft{d})
	if refused != nil {
		return nil, refused
	}
	return sent[0], nil
}

// sendAll posts one message, or an album of several that is accepted or refused as one.
func (s *Server) sendAll(c *call, drafts []draft) ([]*wireMessage, *refusal) {
	replyTo, optional, refused := c.readReply()
	if refused != nil {
		return nil, refused
	}
	m, refused := readMarkup(c.text("reply_markup"))
	if refused != nil {
		return nil, refused
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, refused := s.chatLocked(c.text("chat_id"))
	if refused != nil {
		return nil, refused
	}
	if c.number("message_thread_id", 0, 0, 1<<31-1) != 0 {
		return nil, badRequest("message thread not found")
	}
	if replyTo != 0 && p.find(replyTo) == nil {
		if !optional {
			return nil, errReplyMissing
		}
		replyTo = 0
	}
	if refused := m.checkButtons(); refused != nil {
		return nil, refused
	}
	for i := range drafts {
		if refused := drafts[i].content(&drafts[i].message); refused != nil {
			return nil, refused
		}
	}
	if refused := m.checkBackend(); refused != nil {
		return nil, refused
	}
	if refused := s.reachLocked(p); refused != nil {
		return nil, refused
	}
	if refused := s.floodLocked(p, len(drafts)); refused != nil {
		return nil, refused
	}
	sent := make([]*wireMessage, len(drafts))
	for i, d := range drafts {
		d.message.Protected = c.flag("protect_content")
		sent[i] = s.postLocked(p, d.message, m, replyTo)
	}
	return sent, nil
}

// chatLocked finds the chat that chat_id names. Only private chats exist here.
func (s *Server) chatLocked(id string) (*person, *refusal) {
	if id == "" {
		return nil, errChatEmpty
	}
	number, err := strconv.ParseInt(strings.TrimSpace(id), 10, 64)
	if err != nil {
		return nil, errChatNotFound
	}
	p := s.people[number]
	switch {
	case p == nil:
		return nil, errChatNotFound
	case p.deactivated:
		return nil, errDeactivated
	}
	return p, nil
}

// reachLocked is what the backend says of a person who cannot be written to.
func (s *Server) reachLocked(p *person) *refusal {
	switch {
	case p.blocked:
		return errBlocked
	case !p.started:
		return errNeverStarted
	}
	return nil
}

// postLocked puts a message of the bot into the chat and returns it as the bot sees it.
func (s *Server) postLocked(p *person, body wireMessage, m markup, replyTo int) *wireMessage {
	now := s.now()
	one := &message{wireMessage: body, bot: true, replyTo: replyTo}
	me := s.meLocked()
	one.From, one.Chat, one.Date = &me, p.chat(), now.Unix()
	if m.kind == inlineKeyboard {
		one.ReplyMarkup = m.inline
	}
	one.keyed = m.kind > inlineKeyboard
	p.append(one, s.config.Kept)
	p.unread++
	p.sent++
	p.typing = now
	s.countLocked(p, one)
	switch m.kind {
	case replyKeyboard:
		p.keyboard, p.hint = m.keyboard, ""
	case removeKeyboard:
		p.keyboard, p.hint = nil, ""
	case forceReply:
		p.hint = m.hint
	}
	s.emitLocked(p, Event{Kind: "message", message: one})
	if m.kind > inlineKeyboard {
		s.emitLocked(p, Event{Kind: "keyboard"})
	}
	return p.wireOf(one)
}

// wireOf is the message with what it answers to.
func (p *person) wireOf(m *message) *wireMessage {
	w := m.wireMessage
	if m.replyTo != 0 {
		if target := p.find(m.replyTo); target != nil {
			quoted := target.wireMessage
			quoted.ReplyTo = nil
			w.ReplyTo = &quoted
		}
	}
	return &w
}

var textSeed = maphash.MakeSeed()

const maxTextsRemembered = 256

// countLocked keeps the tally of what was sent, and notices a text that is sent twice.
func (s *Server) countLocked(p *person, m *message) {
	s.report.sent++
	text := m.Text + m.Caption
	if text == "" {
		return
	}
	if p.texts == nil || len(p.texts) >= maxTextsRemembered {
		p.texts = map[uint64]int{}
	}
	hash := maphash.String(textSeed, text)
	p.texts[hash]++
	if n := p.texts[hash]; n > 1 {
		s.report.duplicate(p.ID, text, n)
	}
}

func (s *Server) sendChatAction(c *call) (any, *refusal) {
	known := fields("typing upload_photo record_video upload_video record_voice upload_voice " +
		"upload_document choose_sticker find_location record_video_note upload_video_note")
	if !known[strings.ToLower(c.text("action"))] {
		return nil, badRequest("wrong parameter action in request")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, refused := s.chatLocked(c.text("chat_id"))
	if refused != nil {
		return nil, refused
	}
	if refused := s.reachLocked(p); refused != nil {
		return nil, refused
	}
	p.typing = s.now().Add(typingLasts)
	s.emitLocked(p, Event{Kind: "typing"})
	return true, nil
}
