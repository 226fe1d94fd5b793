package bot

import (
	"context"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/pace"
	"briefbot/bot/internal/telegram"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/vietnamese"
)

var scopeAll = telegram.Scope{}

// menu lists commands for setMyCommands, by their name in the person's language.
func (b *Bot) menu(p view.Voice, show func(command) bool) []tgbotapi.BotCommand {
	var list []tgbotapi.BotCommand
	for _, c := range b.commands() {
		if show(c) {
			list = append(list, tgbotapi.BotCommand{Command: c.in(p.Lang()), Description: p.Plain("cmd." + c.name)})
		}
	}
	return list
}

// in is the command's name in a language.
func (c command) in(lang briefings.Lang) string {
	if lang == briefings.English {
		return c.name
	}
	return c.alias
}

// publishMenu puts a member's own menu in place: their language, and only what they may use.
func (b *Bot) publishMenu(ctx context.Context, chat int64, m briefings.Member) error {
	p := b.printer(m, "")
	list := b.menu(p, func(c command) bool { return b.serves(ctx, m, c.role) })
	return b.paced(ctx, pace.Replies, chat, func() error {
		return b.door.SetMyCommands(ctx, telegram.Scope{Chat: chat}, "", list)
	})
}

// serves reports whether a command of a role belongs in a member's menu. A venue officer is one whom the roll or a meeting to come
// names so.
func (b *Bot) serves(ctx context.Context, m briefings.Member, role briefings.Role) bool {
	switch {
	case role == "" || role == briefings.RoleMember || m.Has(role):
		return true
	case b.admin(m.User):
		return role == briefings.RoleOrganizer || role == briefings.RoleOfficer || role == briefings.RoleApprover
	case role == briefings.RoleApprover: // whoever organizes decides about what is asked of them
		return m.Has(briefings.RoleOrganizer)
	case role != briefings.RoleOfficer:
		return false
	case m.Has(briefings.RoleOrganizer):
		return true
	}
	list, err := b.Store.Meetings(ctx)
	if err != nil {
		return false
	}
	for _, meeting := range list {
		if _, ok := meeting.Officer(m.ID); ok && meeting.Status == briefings.MeetingOpen {
			return true
		}
	}
	return false
}

// help lists what this person can do, and whom to ask.
func (t *turn) help() error {
	var lines []string
	for _, c := range t.commands() {
		if c.name == "start" || (c.role != "" && !t.joinedOrAdmin()) || !t.serves(t.ctx, t.self(), c.role) {
			continue
		}
		lines = append(lines, "/"+c.in(t.p.Lang())+" – "+i18n.Escape(t.p.Plain("cmd."+c.name)))
	}
	return t.tell("help.member", "lines", i18n.HTML(strings.Join(lines, "\n")))
}

// self is the member, with the account of an administrator who is on no roll.
func (t *turn) self() briefings.Member {
	m := t.member
	m.User = briefings.UserID(t.user.ID)
	return m
}

// profile shows what is kept of the person.
func (t *turn) profile() error {
	if !t.joined() {
		return t.tell("profile.admin")
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	phone := "–"
	if t.member.Phone != "" {
		phone = vietnamese.PrintPhone(t.member.Phone)
	}
	path := []string{}
	for _, id := range roster.Tree().Path(t.member.Unit) {
		path = append(path, roster.Tree().Short(id).In(t.p.Lang()))
	}
	var topics []string
	for _, topic := range roster.Topics {
		if t.member.Follows(topic) {
			topics = append(topics, topic.Name.In(t.p.Lang()))
		}
	}
	var roles []string
	for _, g := range t.member.Roles {
		role := t.p.Plain("role." + string(g.Role))
		if g.Scope != "" {
			role += " (" + roster.Tree().Short(g.Scope).In(t.p.Lang()) + ")"
		}
		roles = append(roles, role)
	}
	if len(roles) == 0 {
		roles = []string{t.p.Plain("role.member")}
	}
	_, err = t.say(t.p.Lines("profile.card", "name", t.member.Name, "position", t.member.Position, "unit", strings.Join(path, " / "),
		"phone", phone, "roles", strings.Join(roles, ", "), "topics", strings.Join(topics, ", "), "code", string(t.member.ID)), nil)
	return err
}

// language offers the languages.
func (t *turn) language() error {
	_, err := t.say(t.p.T("lang.choose"), grid(2, button("Tiếng Việt", "lang", "vi"), button("English", "lang", "en")))
	return err
}

func (t *turn) languagePressed() error {
	lang := language(t.args0())
	if lang == "" {
		return t.toast("err.expired")
	}
	if !t.joined() { // nothing is kept of strangers: they are spoken to in their app's language
		return t.toast("lang.join_first")
	}
	m, err := t.Store.UpdateMember(t.ctx, t.member.ID, func(m *briefings.Member) error {
		if m.Lang == lang {
			return briefings.ErrUnchanged
		}
		m.Lang = lang
		return nil
	})
	if err != nil {
		return err
	}
	t.member, t.p = m, t.printer(m, t.user.LanguageCode)
	if err := t.show(t.p.T("lang.choose"), grid(2, button("Tiếng Việt", "lang", "vi"), button("English", "lang", "en"))); err != nil {
		return err
	}
	t.menuAgain()
	return t.toast("lang.changed")
}

// args0 is the first argument, or nothing.
func (t *turn) args0() string {
	if len(t.args) == 0 {
		return ""
	}
	return t.args[0]
}

// arg is the n-th argument, or nothing.
func (t *turn) arg(n int) string {
	if n >= len(t.args) {
		return ""
	}
	return t.args[n]
}

// topics lists what can be followed.
func (t *turn) topics() error {
	html, markup, err := t.topicMenu()
	if err != nil {
		return err
	}
	_, err = t.say(html, markup)
	return err
}

func (t *turn) topicMenu() (string, *tgbotapi.InlineKeyboardMarkup, error) {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return "", nil, err
	}
	if len(roster.Topics) == 0 {
		return t.p.T("topics.none"), nil, nil
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, topic := range roster.Topics {
		mark := "▫️ "
		if t.member.Follows(topic) {
			mark = "✔️ "
		}
		if topic.Mandatory {
			mark = "🔒 "
		}
		buttons = append(buttons, button(mark+topic.Name.In(t.p.Lang()), "topic", string(topic.ID)))
	}
	return t.p.T("topics.menu"), rows(buttons...), nil
}

func (t *turn) topicPressed() error {
	if !t.joined() {
		return briefings.Refuse("err.permission")
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	topic, ok := roster.Topic(t.args0())
	if !ok {
		return t.toast("err.expired")
	}
	if topic.Mandatory {
		return t.toast("topics.required", "topic", topic.Name.In(t.p.Lang()), "unit", t.Org)
	}
	on := !t.member.Follows(topic)
	m, err := t.Store.UpdateMember(t.ctx, t.member.ID, func(m *briefings.Member) error { return m.Follow(topic, on) })
	if err != nil {
		return err
	}
	t.member = m
	html, markup, err := t.topicMenu()
	if err != nil {
		return err
	}
	if err := t.show(html, markup); err != nil {
		return err
	}
	key := "topics.off"
	if on {
		key = "topics.on"
	}
	return t.toast(key, "topic", topic.Name.In(t.p.Lang()))
}

// pause asks for silence until the member types /start. Meeting notices still come.
func (t *turn) pause() error {
	if !t.joined() {
		return briefings.Refuse("err.permission")
	}
	_, err := t.Store.UpdateMember(t.ctx, t.member.ID, func(m *briefings.Member) error {
		if m.Paused {
			return briefings.ErrUnchanged
		}
		m.Paused = true
		return nil
	})
	if err != nil {
		return err
	}
	return t.tell("pause.done")
}
