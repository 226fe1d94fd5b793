package sandbox

import "slices"

// ChatView is one person's chat as that person sees it. Deleted messages are gone.
type ChatView struct {
	Person   PersonView    `json:"person"`
	Messages []MessageView `json:"messages"`
	Keyboard *Keyboard     `json:"keyboard"` // nil: none is shown
	Hint     string        `json:"placeholder,omitempty"`
	Commands []Command     `json:"commands"` // the menu by scope and language
	Typing   bool          `json:"typing"`
	Blocked  bool          `json:"blocked"`

	notes []note
}

// PersonView is a person in the list of chats.
type PersonView struct {
	Person
	Blocked bool      `json:"blocked"`
	Last    *LastView `json:"last"` // nil: nothing was said yet
	Unread  int       `json:"unread"`
}

// LastView is the newest message of a chat in one line.
type LastView struct {
	Text    string `json:"text"`
	Date    int64  `json:"date"` // Unix seconds
	FromBot bool   `json:"from_bot"`
}

// MessageView is one message. HTML is safe: escaped, with a handful of tags.
type MessageView struct {
	ID              int            `json:"id"`
	Date            int64          `json:"date"`   // Unix seconds
	Edited          int64          `json:"edited"` // Unix seconds; 0: never
	From            string         `json:"from"`   // bot, person or service
	Text            string         `json:"text"`
	Entities        []Entity       `json:"entities"`
	Caption         string         `json:"caption"`
	CaptionEntities []Entity       `json:"caption_entities"`
	HTML            string         `json:"html"`
	Photo           *FileView      `json:"photo"`
	Document        *FileView      `json:"document"`
	Contact         *Contact       `json:"contact"`
	Sticker         string         `json:"sticker,omitempty"` // its emoji
	Location        *wireLocation  `json:"location,omitempty"`
	Forwarded       string         `json:"forwarded,omitempty"` // from whom
	Buttons         [][]ButtonView `json:"buttons"`
	ReplyTo         int            `json:"reply_to"`

	born uint64
}

// FileView is a photo or a document with the address of its bytes.
type FileView struct {
	FileID string `json:"file_id"`
	Name   string `json:"file_name,omitempty"`
	Mime   string `json:"mime_type,omitempty"`
	Size   int    `json:"size"` // bytes
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
	URL    string `json:"url"`
}

// ButtonView is an inline button. Kind is callback, url or other.
type ButtonView struct {
	Text string `json:"text"`
	Kind string `json:"kind"`
	URL  string `json:"url,omitempty"`
}

// Chat is the chat of a person; limit bounds the number of messages, the newest are kept;
// 0: all.
func (s *Server) Chat(person int64, limit int) (ChatView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.personLocked(person)
	if err != nil {
		return ChatView{}, err
	}
	log := p.log
	if limit > 0 && len(log) > limit {
		log = log[len(log)-limit:]
	}
	view := ChatView{
		Person: s.personViewLocked(p), Messages: make([]MessageView, 0, len(log)), Keyboard: p.keyboard, Hint: p.hint,
		Commands: s.menuLocked(p), Typing: p.typing.After(s.now()), Blocked: p.blocked,
		notes: slices.Clone(p.notes),
	}
	for _, m := range log {
		view.Messages = append(view.Messages, s.messageViewLocked(m))
	}
	return view, nil
}

// People lists everybody in order of arrival.
func (s *Server) People() []PersonView {
	s.mu.Lock()
	defer s.mu.Unlock()
	views := make([]PersonView, 0, len(s.order))
	for _, p := range s.order {
		views = append(views, s.personViewLocked(p))
	}
	return views
}

func (s *Server) personViewLocked(p *person) PersonView {
	view := PersonView{Person: p.Person, Blocked: p.blocked, Unread: p.unread}
	if len(p.log) > 0 {
		m := p.log[len(p.log)-1]
		view.Last = &LastView{Text: m.summary(), Date: m.Date, FromBot: m.bot}
	}
	return view
}

// summary is the message in one line.
func (m *message) summary() string {
	switch {
	case m.Text != "":
		return m.Text
	case m.Caption != "":
		return m.Caption
	case m.Document != nil:
		return m.Document.Name
	case m.Photo != nil:
		return "🖼"
	case m.Contact != nil:
		return "📞 " + m.Contact.Phone
	case m.Sticker != nil:
		return m.Sticker.Emoji
	}
	return "📍"
}

func (s *Server) messageViewLocked(m *message) MessageView {
	v := MessageView{
		ID: m.MessageID, Date: m.Date, Edited: m.EditDate, From: "person", Text: m.Text, Entities: orEmpty(m.Entities),
		Caption: m.Caption, CaptionEntities: orEmpty(m.CaptionEntities), Contact: m.Contact, Location: m.Location,
		Buttons: [][]ButtonView{}, ReplyTo: m.replyTo, born: m.born,
	}
	if m.bot {
		v.From = "bot"
	}
	if v.HTML = renderHTML(m.Text, m.Entities); m.Text == "" {
		v.HTML = renderHTML(m.Caption, m.CaptionEntities)
	}
	if len(m.Photo) > 0 {
		photo := m.Photo[len(m.Photo)-1]
		v.Photo = &FileView{FileID: photo.FileID, Size: photo.Size, Width: photo.Width, Height: photo.Height, URL: "/sim/files/" + photo.FileID}
	}
	if d := m.Document; d != nil {
		v.Document = &FileView{FileID: d.FileID, Name: d.Name, Mime: d.Mime, Size: d.Size, URL: "/sim/files/" + d.FileID}
	}
	if m.Sticker != nil {
		v.Sticker = m.Sticker.Emoji
	}
	if m.ForwardFrom != nil {
		v.Forwarded = m.ForwardFrom.FirstName
	}
	if m.ReplyMarkup != nil {
		for _, row := range m.ReplyMarkup.Rows {
			buttons := make([]ButtonView, len(row))
			for i, b := range row {
				buttons[i] = ButtonView{Text: b.Text, Kind: b.kind(), URL: b.URL}
			}
			v.Buttons = append(v.Buttons, buttons)
		}
	}
	return v
}

func orEmpty(list []Entity) []Entity {
	if list == nil {
		return []Entity{}
	}
	return list
}
