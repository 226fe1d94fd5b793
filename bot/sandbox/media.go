package sandbox

import (
	"encoding/json"
	"fmt"
	"strconv"
)

func (s *Server) sendPhoto(c *call) (any, *refusal) { return s.sendFile(c, "photo", photoFile) }

func (s *Server) sendDocument(c *call) (any, *refusal) {
	return s.sendFile(c, "document", documentFile)
}

func (s *Server) sendFile(c *call, param string, kind fileKind) (any, *refusal) {
	src, refused := s.readSource(c, param, c.text(param), kind)
	if refused != nil {
		return nil, refused
	}
	caption, refused := c.readFormatted("caption", "caption_entities")
	if refused != nil {
		return nil, refused
	}
	return s.send(c, s.fileDraft(inputMedia{source: src, caption: caption}))
}

func (s *Server) fileDraft(media inputMedia) draft {
	d := draft{message: wireMessage{Caption: media.caption.text, CaptionEntities: media.caption.entities}}
	d.content = func(m *wireMessage) *refusal {
		if refused := checkCaption(m.Caption); refused != nil {
			return refused
		}
		return s.attachLocked(m, media.source)
	}
	return d
}

// inputMedia is one entry of an album, or the new content of an edited message.
type inputMedia struct {
	kind    string
	source  source
	caption formatted
}

var mediaFields = fields("type media thumbnail thumb caption parse_mode caption_entities " +
	"show_caption_above_media has_spoiler disable_content_type_detection")

func (s *Server) readMedia(c *call, raw json.RawMessage) (inputMedia, *refusal) {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || object == nil {
		return inputMedia{}, badRequest("can't parse InputMedia: expected an Object")
	}
	for name := range object {
		if !mediaFields[name] {
			return inputMedia{}, badRequestf("can't parse InputMedia: unknown field %q", name)
		}
	}
	var one struct {
		Type     string          `json:"type"`
		Media    string          `json:"media"`
		Caption  string          `json:"caption"`
		Mode     string          `json:"parse_mode"`
		Entities json.RawMessage `json:"caption_entities"`
	}
	if err := json.Unmarshal(raw, &one); err != nil {
		return inputMedia{}, badRequest("can't parse InputMedia: a field has a wrong type")
	}
	if one.Type == "" {
		return inputMedia{}, badRequest(`can't parse InputMedia: Can't find field "type"`)
	}
	var kind fileKind
	switch one.Type {
	case "photo":
		kind = photoFile
	case "document":
		kind = documentFile
	default:
		return inputMedia{}, badRequestf("type %q can't be used here", one.Type)
	}
	if one.Media == "" {
		return inputMedia{}, badRequest("can't parse InputMedia: media not found")
	}
	explicit := string(one.Entities)
	if explicit == "null" {
		explicit = ""
	}
	caption, refused := readFormatted(one.Caption, one.Mode, explicit)
	if refused != nil {
		return inputMedia{}, refused
	}
	src, refused := s.readSource(c, "media", one.Media, kind)
	if refused != nil {
		return inputMedia{}, badRequest("can't parse InputMedia: media not found")
	}
	return inputMedia{kind: one.Type, source: src, caption: caption}, nil
}

func (s *Server) sendMediaGroup(c *call) (any, *refusal) {
	raw := c.json("media")
	if raw == "" {
		return nil, badRequest(`parameter "media" is required`)
	}
	if !json.Valid([]byte(raw)) {
		return nil, badRequest("can't parse media JSON object")
	}
	var list []json.RawMessage
	if json.Unmarshal([]byte(raw), &list) != nil {
		return nil, badRequest("expected an Array of InputMedia")
	}
	var album []inputMedia
	for _, one := range list {
		media, refused := s.readMedia(c, one)
		if refused != nil {
			return nil, refused
		}
		album = append(album, media)
	}
	drafts := make([]draft, len(album))
	for i, media := range album {
		drafts[i] = s.fileDraft(media)
	}
	if refused := checkAlbum(album); refused != nil {
		drafts = []draft{{content: func(*wireMessage) *refusal { return refused }}}
	}
	s.mu.Lock()
	s.albums++
	id := strconv.Itoa(13_000_000_000 + s.albums)
	s.mu.Unlock()
	for i := range drafts {
		drafts[i].message.MediaGroupID = id
	}
	return s.sendAllNumbered(c, drafts)
}

func checkAlbum(album []inputMedia) *refusal {
	switch {
	case len(album) == 0:
		return badRequest("there are no messages to send")
	case len(album) > 10:
		return badRequest("too many messages to send as an album")
	case len(album) == 1:
		return badRequest("albums must include 2-10 items") // Telegram's documentation says so
	}
	for _, media := range album[1:] {
		if media.kind != album[0].kind {
			return badRequestf("%s can't be mixed with other media types", documentFile)
		}
	}
	return nil
}

// sendAllNumbered names the entry of an album that was refused, as Telegram does.
func (s *Server) sendAllNumbered(c *call, drafts []draft) (any, *refusal) {
	if len(drafts) > 1 {
		for i := range drafts {
			check := drafts[i].content
			drafts[i].content = func(m *wireMessage) *refusal {
				refused := check(m)
				if refused == nil || refused.code != 400 {
					return refused
				}
				return badRequest(fmt.Sprintf("Failed to send message #%d with the error message %q", i+1, refused.plainReason()))
			}
		}
	}
	return s.sendAll(c, drafts)
}

// origin finds the message that is to be copied or forwarded.
func (s *Server) originLocked(c *call, verb string) (*person, *message, *refusal) {
	from, refused := s.chatLocked(c.text("from_chat_id"))
	if refused != nil {
		return nil, nil, refused
	}
	m := from.find(c.number("message_id", 0, 0, 1<<31-1))
	if m == nil {
		return nil, nil, badRequest("message to " + verb + " not found")
	}
	return from, m, nil
}

func (s *Server) copyMessage(c *call) (any, *refusal) {
	if c.text("from_chat_id") == "" {
		return nil, badRequest(`parameter "from_chat_id" is required`)
	}
	caption, refused := c.readFormatted("caption", "caption_entities")
	if refused != nil {
		return nil, refused
	}
	d := draft{content: func(w *wireMessage) *refusal {
		_, m, refused := s.originLocked(c, "copy")
		if refused != nil {
			return refused
		}
		w.Text, w.Entities, w.Photo, w.Document = m.Text, m.Entities, m.Photo, m.Document
		w.Sticker, w.Contact, w.Location = m.Sticker, m.Contact, m.Location
		w.Caption, w.CaptionEntities = m.Caption, m.CaptionEntities
		if c.has("caption") && (m.Photo != nil || m.Document != nil) {
			w.Caption, w.CaptionEntities = caption.text, caption.entities
		}
		return checkCaption(w.Caption)
	}}
	sent, refused := s.sendAll(c, []draft{d})
	if refused != nil {
		return nil, refused
	}
	return struct {
		ID int `json:"message_id"`
	}{sent[0].MessageID}, nil
}

func (s *Server) forwardMessage(c *call) (any, *refusal) {
	if c.text("from_chat_id") == "" {
		return nil, badRequest(`parameter "from_chat_id" is required`)
	}
	return s.send(c, draft{content: func(w *wireMessage) *refusal {
		_, m, refused := s.originLocked(c, "forward")
		switch {
		case refused != nil:
			return refused
		case m.Protected:
			return badRequest("message has protected content and can't be forwarded")
		}
		*w = m.wireMessage
		w.MessageID, w.EditDate, w.ReplyTo, w.ReplyMarkup = 0, 0, nil, nil
		if m.ForwardOrigin == nil {
			w.ForwardOrigin = &wireOrigin{Type: "user", Date: m.Date, SenderUser: m.From}
			w.ForwardFrom, w.ForwardDate = m.From, m.Date
		}
		return nil
	}})
}
