package sandbox

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// actError is why something a person wanted to do cannot be done.
type actError struct {
	status int
	words  string
}

func (e *actError) Error() string { return e.words }

func missing(format string, args ...any) error {
	return &actError{http.StatusNotFound, fmt.Sprintf(format, args...)}
}

func cannot(format string, args ...any) error {
	return &actError{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// Speech is what a person types. Entities are what their client marked; commands are marked
// by the sandbox. ReplyTo is 0 or the id of a message of the chat.
type Speech struct {
	Person   int64    `json:"person"`
	Text     string   `json:"text"`
	Entities []Entity `json:"entities"`
	ReplyTo  int      `json:"reply_to"`
}

// Acquaint makes the person one who wrote to the bot before: the bot may write to them, and hears nothing of it.
func (s *Server) Acquaint(person int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.personLocked(person)
	if err != nil {
		return err
	}
	p.started = true
	return nil
}

// Say types a text and returns the id of the message.
func (s *Server) Say(person int64, text string) (int, error) {
	return s.Speak(Speech{Person: person, Text: text})
}

// Speak types a text with formatting, or as an answer to a message. A person who blocked the
// bot cannot write to it, except /start, which unblocks it as the client's button does.
func (s *Server) Speak(speech Speech) (int, error) {
	if !utf8.ValidString(speech.Text) {
		return 0, cannot("the text is not UTF-8")
	}
	text, entities := tidy(speech.Text, speech.Entities)
	switch {
	case text == "":
		return 0, cannot("the text is empty")
	case utf8.RuneCountInString(text) > maxText:
		return 0, cannot("the text is longer than %d characters", maxText)
	}
	if payload, deep := strings.CutPrefix(text, "/start "); deep && cleanPayload(strings.TrimSpace(payload)) == "" {
		text, entities = "/start", nil // the client drops what a link may not carry
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.personLocked(speech.Person)
	if err != nil {
		return 0, err
	}
	if p.blocked && strings.HasPrefix(text, "/start") {
		s.setBlockedLocked(p, false)
	}
	return s.writeLocked(p, wireMessage{Text: text, Entities: detect(text, entities)}, speech.ReplyTo)
}

// writeLocked puts a message of the person into the chat and queues it for the bot.
func (s *Server) writeLocked(p *person, body wireMessage, replyTo int) (int, error) {
	switch {
	case p.deactivated:
		return 0, cannot("person %d has no account any more", p.ID)
	case p.blocked:
		return 0, cannot("person %d blocked the bot; unblock it first", p.ID)
	case replyTo != 0 && p.find(replyTo) == nil:
		return 0, missing("message %d is not in the chat", replyTo)
	}
	m := &message{wireMessage: body, replyTo: replyTo}
	from := p.wire()
	m.From, m.Chat, m.Date = &from, p.chat(), s.now().Unix()
	p.started = true
	p.append(m, s.config.Kept)
	p.unread = 0
	p.hint = ""
	s.pushLocked("message", "chat"+strconv.FormatInt(p.ID, 10), messageLife, wireUpdate{Message: p.wireOf(m)})
	s.emitLocked(p, Event{Kind: "message", message: m})
	if p.keyboard != nil && p.keyboard.OneTime && p.keyboard.sends(body) {
		p.keyboard = nil
		s.emitLocked(p, Event{Kind: "keyboard"})
	}
	return m.MessageID, nil
}

// Open follows a t.me/<bot>?start=… link: it sends /start with the payload.
func (s *Server) Open(person int64, link string) (int, error) {
	payload, own := startPayload(link, s.config.BotUsername)
	if !own {
		return 0, cannot("the link does not lead to @%s", s.config.BotUsername)
	}
	return s.Say(person, strings.TrimSpace("/start "+payload))
}

// ShareContact shares a card. userID 0 means the person's own account and phone, a negative one
// a card of somebody who is not on Telegram; phone "" means the phone of the account that is
// shared.
func (s *Server) ShareContact(person int64, phone string, userID int64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shareLocked(person, phone, userID)
}

func (s *Server) shareLocked(person int64, phone string, userID int64) (int, error) {
	p, err := s.personLocked(person)
	if err != nil {
		return 0, err
	}
	card := Contact{Phone: phone, UserID: userID, FirstName: p.FirstName, LastName: p.LastName}
	switch {
	case userID == 0:
		card.UserID = p.ID
	case userID < 0:
		card.UserID, card.FirstName, card.LastName = 0, phone, ""
	}
	if other := s.people[card.UserID]; other != nil {
		card.FirstName, card.LastName = other.FirstName, other.LastName
		if phone == "" {
			card.Phone = other.Phone
		}
	}
	if card.Phone == "" {
		return 0, cannot("person %d has no phone number to share", card.UserID)
	}
	body := wireMessage{Contact: &card}
	return s.writeLocked(p, body, 0)
}

// SendFile sends a document, or a photo when asPhoto is true.
func (s *Server) SendFile(person int64, name, mime, caption string, content []byte, asPhoto bool) (int, error) {
	kind := documentFile
	if asPhoto {
		kind = photoFile
	}
	f, refused := prepare(s.config.Token, &upload{name: baseName(name), mime: mime, bytes: content}, kind)
	if refused != nil {
		return 0, cannot("%s", refused.plainReason())
	}
	if f.badShape() {
		return 0, cannot("a photo of %d×%d is not sent", f.width, f.height)
	}
	caption, entities := tidy(caption, nil)
	if utf8.RuneCountInString(caption) > maxCaption {
		return 0, cannot("the caption is longer than %d characters", maxCaption)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.personLocked(person)
	if err != nil {
		return 0, err
	}
	body := wireMessage{Caption: caption, CaptionEntities: detect(caption, entities)}
	s.files.put(f).fill(&body)
	return s.writeLocked(p, body, 0)
}

// SendSticker sends a sticker: a kind of message that a bot may not expect.
func (s *Server) SendSticker(person int64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.personLocked(person)
	if err != nil {
		return 0, err
	}
	return s.writeLocked(p, wireMessage{Sticker: &wireSticker{
		FileID: "CAACAgUAAxkBAAsandboxsticker", UniqueID: "AgADsticker", Type: "regular", Width: 512, Height: 512, Emoji: "👍",
	}}, 0)
}

// SendLocation sends a place: a kind of message that a bot may not expect.
func (s *Server) SendLocation(person int64, latitude, longitude float64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.personLocked(person)
	if err != nil {
		return 0, err
	}
	return s.writeLocked(p, wireMessage{Location: &wireLocation{Latitude: latitude, Longitude: longitude}}, 0)
}

// Block makes the person block the bot, which is told so.
func (s *Server) Block(person int64) error { return s.setBlocked(person, true) }

// Unblock takes the block back, of which the bot is told too.
func (s *Server) Unblock(person int64) error { return s.setBlocked(person, false) }

func (s *Server) setBlocked(person int64, blocked bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.personLocked(person)
	if err != nil {
		return err
	}
	s.setBlockedLocked(p, blocked)
	return nil
}

func (s *Server) setBlockedLocked(p *person, blocked bool) {
	if p.blocked == blocked {
		return
	}
	p.blocked = blocked
	me := s.meLocked()
	forever := int64(0)
	member, kicked := wireMember{User: me, Status: "member"}, wireMember{User: me, Status: "kicked", Until: &forever}
	change := wireMemberChange{Chat: p.chat(), From: p.wire(), Date: s.now().Unix(), Old: kicked, New: member}
	line := "bot unblocked"
	if blocked {
		change.Old, change.New, line = member, kicked, "bot blocked"
	}
	p.note(line, false)
	s.pushLocked("my_chat_member", "member"+strconv.FormatInt(p.ID, 10), messageLife, wireUpdate{MyChatMember: &change})
	s.emitLocked(p, Event{Kind: "blocked"})
}

// Read marks the chat as read.
func (s *Server) Read(person int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.personLocked(person)
	if err != nil {
		return err
	}
	p.unread = 0
	return nil
}
