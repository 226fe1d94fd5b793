package sandbox

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// profile is what a bot says about itself, each by language; "" is everybody's.
type profile struct {
	names        map[string]string
	descriptions map[string]string
	shorts       map[string]string
	commands     map[scopeKey][]Command
}

// scopeKey is whom a list of commands is for. chat is 0 unless the scope is one chat.
type scopeKey struct {
	scope    string
	chat     int64
	language string
}

func newProfile(name string) profile {
	return profile{
		names: map[string]string{"": name}, descriptions: map[string]string{},
		shorts: map[string]string{}, commands: map[scopeKey][]Command{},
	}
}

func (s *Server) meLocked() wireUser {
	return wireUser{ID: s.botID, IsBot: true, FirstName: s.bot.names[""], Username: s.config.BotUsername}
}

func (s *Server) getMe(*call) (any, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return wireBot{wireUser: s.meLocked(), CanJoinGroups: true}, nil
}

func (s *Server) getChat(c *call) (any, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, refused := s.chatLocked(c.text("chat_id"))
	if refused != nil {
		return nil, refused
	}
	return struct {
		wireChat
		AccentColor  int `json:"accent_color_id"`
		MaxReactions int `json:"max_reaction_count"`
	}{wireChat: p.chat(), MaxReactions: 11}, nil
}

var languageForm = regexp.MustCompile(`^([a-z]{2})?$`)

func (c *call) language() (string, *refusal) {
	code := c.text("language_code")
	if !languageForm.MatchString(code) {
		return "", badRequest("Invalid language code specified")
	}
	return code, nil
}

// setWord sets one text of the profile; an empty one removes it.
func (s *Server) setWord(c *call, param string, limit int, words func(*profile) map[string]string, tooLong string) (any, *refusal) {
	language, refused := c.language()
	if refused != nil {
		return nil, refused
	}
	text := strings.TrimSpace(c.text(param))
	if utf8.RuneCountInString(text) > limit {
		return nil, badRequest(tooLong)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	table := words(&s.bot)
	switch {
	case text != "":
		table[language] = text
	case param == "name" && language == "":
		table[""] = s.config.BotName // a bot is never without a name
	default:
		delete(table, language)
	}
	return true, nil
}

func (s *Server) word(c *call, param string, words func(*profile) map[string]string) (any, *refusal) {
	language, refused := c.language()
	if refused != nil {
		return nil, refused
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	table := words(&s.bot)
	text, own := table[language]
	if !own {
		text = table[""]
	}
	return map[string]string{param: text}, nil
}

func namesOf(p *profile) map[string]string        { return p.names }
func descriptionsOf(p *profile) map[string]string { return p.descriptions }
func shortsOf(p *profile) map[string]string       { return p.shorts }

func (s *Server) setMyName(c *call) (any, *refusal) {
	return s.setWord(c, "name", 64, namesOf, "BOT_TITLE_INVALID")
}
func (s *Server) getMyName(c *call) (any, *refusal) { return s.word(c, "name", namesOf) }

func (s *Server) setMyDescription(c *call) (any, *refusal) {
	return s.setWord(c, "description", 512, descriptionsOf, "BOT_DESCRIPTION_INVALID")
}
func (s *Server) getMyDescription(c *call) (any, *refusal) {
	return s.word(c, "description", descriptionsOf)
}

func (s *Server) setMyShortDescription(c *call) (any, *refusal) {
	return s.setWord(c, "short_description", 120, shortsOf, "BOT_ABOUT_INVALID")
}
func (s *Server) getMyShortDescription(c *call) (any, *refusal) {
	return s.word(c, "short_description", shortsOf)
}

// scopeLocked reads the scope and language of a list of commands.
func (s *Server) scopeLocked(c *call) (scopeKey, *refusal) {
	key := scopeKey{scope: "default"}
	if raw := c.json("scope"); raw != "" {
		var scope struct {
			Type string          `json:"type"`
			Chat json.RawMessage `json:"chat_id"`
		}
		if !json.Valid([]byte(raw)) {
			return key, badRequest("can't parse BotCommandScope JSON object")
		}
		if json.Unmarshal([]byte(raw), &scope) != nil {
			return key, badRequest("can't parse BotCommandScope: BotCommandScope must be an Object")
		}
		switch scope.Type {
		case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		case "chat":
			id := strings.Trim(string(scope.Chat), `"`)
			if id == "" || id == "null" {
				return key, badRequest("can't parse BotCommandScope: chat_id is empty")
			}
			if id == "0" { // what a client sends that has no chat
				return key, errChatNotFound
			}
			p, refused := s.chatLocked(id)
			if refused != nil {
				return key, refused
			}
			key.chat = p.ID
		case "chat_administrators", "chat_member":
			return key, badRequest("can't use specified scope in private chats")
		case "":
			return key, badRequest(`can't parse BotCommandScope: Can't find field "type"`)
		default:
			return key, badRequest("can't parse BotCommandScope: unsupported type specified")
		}
		key.scope = scope.Type
	}
	var refused *refusal
	key.language, refused = c.language()
	return key, refused
}

var commandForm = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

func readCommands(raw string) ([]Command, *refusal) {
	if raw == "" {
		return nil, nil
	}
	if !json.Valid([]byte(raw)) {
		return nil, badRequest("can't parse commands JSON object")
	}
	var list []json.RawMessage
	if json.Unmarshal([]byte(raw), &list) != nil {
		return nil, badRequest("expected an Array of BotCommand")
	}
	if len(list) > 100 {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	commands := []Command{}
	for _, raw := range list {
		var one map[string]any
		if json.Unmarshal(raw, &one) != nil || one == nil {
			return nil, badRequest("can't parse BotCommand: expected an Object")
		}
		name, ok := one["command"].(string)
		if !ok {
			return nil, badRequest(`can't parse BotCommand: Can't find field "command"`)
		}
		text, ok := one["description"].(string)
		if !ok {
			return nil, badRequest(`can't parse BotCommand: Can't find field "description"`)
		}
		name, text = strings.TrimPrefix(strings.TrimSpace(name), "/"), strings.TrimSpace(text)
		switch {
		case name == "":
			return nil, badRequest("command must be non-empty")
		case utf8.RuneCountInString(name) > 32:
			return nil, badRequest("command length must not exceed 32")
		case text == "":
			return nil, badRequest("command description must be non-empty")
		case utf8.RuneCountInString(text) > 256:
			return nil, badRequest("command description length must not exceed 256")
		case !commandForm.MatchString(name):
			return nil, badRequest("BOT_COMMAND_INVALID")
		}
		commands = append(commands, Command{Command: name, Description: text})
	}
	return commands, nil
}

func (s *Server) setMyCommands(c *call) (any, *refusal) {
	commands, refused := readCommands(c.json("commands"))
	if refused != nil {
		return nil, refused
	}
	return s.putCommands(c, commands)
}

func (s *Server) deleteMyCommands(c *call) (any, *refusal) { return s.putCommands(c, nil) }

func (s *Server) putCommands(c *call, commands []Command) (any, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, refused := s.scopeLocked(c)
	if refused != nil {
		return nil, refused
	}
	if len(commands) == 0 {
		delete(s.bot.commands, key)
	} else {
		s.bot.commands[key] = commands
	}
	if key.chat != 0 {
		s.emitLocked(s.people[key.chat], Event{Kind: "commands"})
	} else {
		for _, p := range s.watchedLocked() {
			s.emitLocked(p, Event{Kind: "commands"})
		}
	}
	return true, nil
}

func (s *Server) getMyCommands(c *call) (any, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, refused := s.scopeLocked(c)
	if refused != nil {
		return nil, refused
	}
	if commands := s.bot.commands[key]; commands != nil {
		return commands, nil
	}
	return []Command{}, nil
}

// menuLocked is the list of commands that the person sees: the narrowest scope that has one,
// in their language before everybody's. Lists are never merged.
func (s *Server) menuLocked(p *person) []Command {
	language, _, _ := strings.Cut(p.LanguageCode, "-")
	for _, key := range []scopeKey{{scope: "chat", chat: p.ID}, {scope: "all_private_chats"}, {scope: "default"}} {
		for _, code := range []string{language, ""} {
			key.language = code
			if commands := s.bot.commands[key]; commands != nil {
				return commands
			}
		}
	}
	return []Command{}
}

func chatNumber(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}
