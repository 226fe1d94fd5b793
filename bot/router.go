package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"unicode"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"github.com/redis/go-redis/v9"

	"briefbot/bot/internal/callback"
	"briefbot/bot/internal/telegram"
	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// command is something a person can type. Both names always work.
type command struct {
	name, alias string
	role        briefings.Role // who sees it in the menu and may use it; empty: everybody, joined or not
	run         func(*turn) error
}

// commands lists every command in the order of the menus. What it does is described in the catalogue under cmd.<name>.
func (b *Bot) commands() []command {
	const anybody, member, organizer = briefings.Role(""), briefings.RoleMember, briefings.RoleOrganizer
	return []command{
		{"start", "batdau", anybody, (*turn).start},
		{"meetings", "lichhop", member, (*turn).meetings},
		{"briefings", "bantin", member, (*turn).briefings},
		{"topics", "chuyenmuc", member, (*turn).topics},
		{"ask", "hoi", member, (*turn).askSpeaker},
		{"checkin", "diemdanh", member, (*turn).checkin},
		{"opencheckin", "modiemdanh", briefings.RoleOfficer, (*turn).openCheckIn},
		{"checkinfor", "diemdanhthay", briefings.RoleOfficer, (*turn).checkInFor},
		{"closecheckin", "chot", briefings.RoleOfficer, (*turn).closeCheckIn},
		{"newbriefing", "soantin", organizer, (*turn).newBriefing},
		{"newmeeting", "soanhop", organizer, (*turn).newMeeting},
		{"editmeeting", "suahop", organizer, (*turn).editMeeting},
		{"schedules", "lichphat", organizer, (*turn).schedules},
		{"outbox", "hopgui", organizer, (*turn).outbox},
		{"counts", "thongke", organizer, (*turn).counts},
		{"questions", "cauhoi", organizer, (*turn).questions},
		{"board", "bangtructiep", organizer, (*turn).boards},
		{"remind", "nhac", organizer, (*turn).remind},
		{"leaves", "xinvang", briefings.RoleApprover, (*turn).leaves},
		{"answerfor", "traloithay", briefings.RoleApprover, (*turn).answerFor},
		{"nominate", "cudaibieu", briefings.RoleApprover, (*turn).nominate},
		{"profile", "hoso", member, (*turn).profile},
		{"pause", "tamngung", member, (*turn).pause},
		{"status", "tinhtrang", briefings.RoleAdmin, (*turn).status},
		{"language", "ngonngu", anybody, (*turn).language},
		{"help", "trogiup", anybody, (*turn).help},
		{"cancel", "huy", anybody, (*turn).cancel},
	}
}

// press is what a button of an action does.
type press func(*turn) error

// presses maps the actions of buttons. They are short, because a button holds 64 bytes.
func (b *Bot) presses() map[string]press {
	return map[string]press{
		"join":  (*turn).joinPressed,
		"lang":  (*turn).languagePressed,
		"topic": (*turn).topicPressed,
		"brief": (*turn).briefingPressed,
		"meet":  (*turn).meetingPressed,
		"ans":   onCard((*turn).answerPressed),
		"why":   onCard((*turn).reasonPressed),
		"dep":   onChoice((*turn).deputyPressed),
		"sit":   onCard((*turn).sitPressed),
		"req":   onCard((*turn).requestPressed),
		"judge": (*turn).judgePressed,
		"stead": (*turn).steadPressed,
		"quota": (*turn).quotaPressed,
		"ticks": (*turn).ticksPressed,
		"ics":   onCard((*turn).calendarPressed),
		"draft": (*turn).draftPressed,
		"label": (*turn).labelPressed,
		"sched": (*turn).schedulePressed,
		"chg":   (*turn).changePressed,
		"file":  (*turn).materialsPressed,
		"w":     (*turn).wizardPressed,
		"new":   (*turn).startPressed,
		"week":  (*turn).weekPressed,
		"box":   (*turn).outboxPressed,
		"stat":  (*turn).statusPressed,
		"count": (*turn).countPressed,
		"board": (*turn).boardPressed,
		"chase": (*turn).chasePressed,
		"door":  (*turn).doorPressed,
		"in":    (*turn).inPressed,
		"close": (*turn).closePressed,
		"list":  (*turn).listPressed,
		"ready": (*turn).readyPressed,
		"venue": onCard((*turn).venuePressed),
		"seat":  (*turn).seatPressed,
		"guest": (*turn).guestPressed,
		"bulk":  (*turn).bulkPressed,
		"opine": (*turn).opinePressed,
		"ask":   (*turn).askPressed,
		"quest": (*turn).questionPressed,
		"told":  (*turn).outcomePressed,
	}
}

// dialogues maps where a person is in a dialogue to what the next message means.
func (b *Bot) dialogues() map[string]press {
	return map[string]press{
		"reason":   (*turn).reasonTyped,
		"deputy":   (*turn).deputyTyped,
		"checkin":  (*turn).codeTyped,
		"close":    (*turn).closeTyped,
		"closing":  (*turn).remarkTyped,
		"reopen":   (*turn).reopenTyped,
		"incident": (*turn).incidentTyped,
		"outcome":  (*turn).outcomeTyped,
		"question": (*turn).questionTyped,
		"qreply":   (*turn).questionReplied,
		"list":     (*turn).listTyped,
		"except":   (*turn).exceptTyped,
		"paper":    (*turn).paperTyped,
		"meeting":  (*turn).meetingTyped,
		"briefing": (*turn).briefingTyped,
		"when":     (*turn).whenTyped,
		"change":   (*turn).changeTyped,
		"week":     (*turn).weekTyped,

		"pausenote": (*turn).pauseNoted,
		"recadence": (*turn).cadenceTyped,
		"holidays":  (*turn).holidaysTyped,
		"hours":     (*turn).hoursTyped,
	}
}

// Handle handles one update. It is idempotent: the facts it writes do not change when the same update comes again. It returns an
// error only when not even the person could be told, or the store could not be asked who the person is: then the update must come
// again.
func (b *Bot) Handle(ctx context.Context, u telegram.Update) error {
	switch {
	case u.MyChatMember != nil:
		return b.chatChanged(ctx, u.MyChatMember)
	case u.CallbackQuery != nil && u.CallbackQuery.From != nil:
		t, err := b.turn(ctx, u.UpdateID, *u.CallbackQuery.From)
		if err != nil {
			return err
		}
		t.query = u.CallbackQuery
		defer t.handOver() // before the update is marked as handled
		return t.pressed()
	case u.Message != nil && u.Message.From != nil:
		t, err := b.turn(ctx, u.UpdateID, *u.Message.From)
		if err != nil {
			return err
		}
		t.message = u.Message
		defer t.handOver()
		return t.spoken()
	}
	return nil
}

func (b *Bot) turn(ctx context.Context, update int, user tgbotapi.User) (*turn, error) {
	m, err := b.Store.MemberByUser(ctx, briefings.UserID(user.ID))
	if err != nil && !errors.Is(err, briefings.ErrNotFound) {
		return nil, fmt.Errorf("find who speaks: %w", err)
	}
	return &turn{Bot: b, ctx: ctx, update: update, user: user, member: m, p: b.printer(m, user.LanguageCode)}, nil
}

// pressed finds what a button does, and answers it whatever happens.
func (t *turn) pressed() error {
	err := t.pressedOnce()
	if !t.toasted {
		err = errors.Join(err, t.answer("", false))
	}
	return err
}

func (t *turn) pressedOnce() error {
	switch m := t.query.Message; {
	case m == nil || m.Chat == nil: // too old a message to be named, or none of the bot's
		return t.toast("err.expired")
	case !m.Chat.IsPrivate():
		return t.toast("start.private_only")
	}
	data, err := callback.Decode(t.query.Data)
	if err != nil {
		return t.toast("err.expired")
	}
	do, ok := t.presses()[data.Action]
	if !ok {
		return t.toast("err.expired")
	}
	t.action, t.args = data.Action, data.Args
	return t.settle(do(t))
}

// settle turns the outcome of a flow into what the person reads.
func (t *turn) settle(err error) error {
	if err == nil {
		return nil
	}
	var outside *telegram.Error
	switch {
	case errors.As(err, &outside) && outside.Permanent():
		return nil // the person is gone; the next my_chat_member or send says so
	case briefings.AsRefusal(err) != nil:
		return t.refuse(briefings.AsRefusal(err))
	case errors.Is(err, briefings.ErrNotFound):
		return t.toast("err.expired")
	case outage(err) && t.query != nil:
		t.Log.WarnContext(t.ctx, "tap not stored", "update", t.update, "member", string(t.member.ID), "err", err)
		return t.answer(t.p.Plain("err.not_kept"), true)
	case outage(err):
		return err // the message comes again
	}
	return t.fail(err)
}

// outage reports that the store does not answer, or does not vouch for what was written: nothing is wrong with what the person did.
func outage(err error) bool {
	var outside *telegram.Error
	var network net.Error
	switch {
	case errors.As(err, &outside):
		return false
	case errors.Is(err, briefings.ErrNotKept), errors.Is(err, io.EOF), errors.As(err, &network), errors.Is(err, redis.ErrPoolTimeout):
		return true
	}
	for _, word := range []string{"LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "MOVED", "ASK", "TRYAGAIN", "MISCONF", "NOREPLICAS", "OOM"} {
		if redis.HasErrorPrefix(err, word) {
			return true
		}
	}
	return false
}

// spoken finds what a message means: a command, a shared contact, an answer in a dialogue, a code.
func (t *turn) spoken() error {
	if t.message.Chat == nil || !t.message.Chat.IsPrivate() {
		return nil // the bot speaks in private chats; in a group it stays silent
	}
	if t.message.Contact != nil {
		return t.settle(t.contactShared())
	}
	if why := stamped(t.message); why != nil {
		return t.settle(t.secret(why))
	}
	if name, rest, ok := t.spelled(t.message.Text); ok {
		return t.settle(t.commanded(name, rest))
	}
	if !t.joinedOrAdmin() {
		return t.settle(t.stranger())
	}
	name, err := t.current()
	if err != nil {
		return t.settle(err)
	}
	composes := name == composeMeeting || name == composeWeek || name == composeBriefing || name == composeWhen
	if isCode(t.message.Text) && (name == "" || composes) { // six digits are no part of a draft
		return t.settle(t.codeTyped())
	}
	if next, ok := t.dialogues()[name]; ok {
		return t.settle(next(t))
	}
	if name, err = t.interrupted(); err != nil {
		return t.settle(err)
	}
	if next, ok := t.dialogues()[name]; ok {
		return t.settle(next(t))
	}
	return t.settle(t.loose())
}

func (t *turn) joinedOrAdmin() bool { return t.joined() || t.holds(briefings.RoleAdmin) }

func (t *turn) commanded(name, rest string) error {
	for _, c := range t.commands() {
		if c.name != name && c.alias != name {
			continue
		}
		switch {
		case c.role == "":
		case !t.joinedOrAdmin():
			return t.stranger()
		case !t.allowed(c.role):
			return briefings.Refuse("err.permission")
		}
		switch c.name {
		case "cancel", "language", "help": // who asks for help or changes the language goes on where they were
		default:
			if err := t.setAside(); err != nil { // a command leaves the dialogue it interrupts; a draft stays
				return err
			}
		}
		t.args = nil
		if rest != "" {
			t.args = []string{rest}
		}
		return c.run(t)
	}
	if !t.joinedOrAdmin() {
		return t.stranger()
	}
	return t.tell("err.unknown")
}

// allowed reports whether the person may use what is meant for a role. Venue officers are named by each meeting, so that their
// commands look there; here only their members' standing is asked.
func (t *turn) allowed(role briefings.Role) bool {
	switch role {
	case briefings.RoleMember, briefings.RoleOfficer:
		return t.joinedOrAdmin()
	case briefings.RoleApprover: // whoever organizes decides about what is asked of them
		return t.holds(briefings.RoleApprover) || t.holds(briefings.RoleOrganizer)
	}
	return t.holds(role)
}

// commandOf takes a command apart: its name in lower case without the bot's own name, and the rest of the message, which is its end as
// it was typed. Keyboards and what is pasted bring spaces of other kinds and characters that nobody sees.
func commandOf(text string) (name, rest string, ok bool) {
	text = strings.TrimLeftFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unseen(r) })
	if !strings.HasPrefix(text, "/") {
		return "", "", false
	}
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		end = len(text)
	}
	name, _, _ = strings.Cut(vietnamese.Clean(strings.ToLower(text[1:end])), "@")
	rest = strings.TrimLeftFunc(text[end:], func(r rune) bool { return r != '\n' && unicode.IsSpace(r) || unseen(r) })
	return name, rest, name != ""
}

// unseen reports characters that take no room.
func unseen(r rune) bool { return unicode.Is(unicode.Cf, r) }

// chatChanged notices that somebody blocked or unblocked the bot.
func (b *Bot) chatChanged(ctx context.Context, c *tgbotapi.ChatMemberUpdated) error {
	if !c.Chat.IsPrivate() {
		return nil
	}
	m, err := b.Store.MemberByUser(ctx, briefings.UserID(c.From.ID))
	if errors.Is(err, briefings.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find who blocked: %w", err)
	}
	blocked := briefings.Unreach("")
	if c.NewChatMember.Status == "kicked" {
		blocked = briefings.BlockedBot
	}
	_, err = b.Store.UpdateMember(ctx, m.ID, func(m *briefings.Member) error {
		if m.Blocked == blocked {
			return briefings.ErrUnchanged
		}
		m.Blocked, m.BlockedAt = blocked, b.Now()
		return nil
	})
	return err
}

// Unreachable notes that a member's address stopped working, as the delivery found out.
func (b *Bot) Unreachable(ctx context.Context, id briefings.MemberID, why string) error {
	_, err := b.Store.UpdateMember(ctx, id, func(m *briefings.Member) error {
		reason := briefings.BlockedBot
		switch why {
		case "deactivated":
			reason = briefings.Deactivated
		case "chat":
			// With a wrong token or a wrong roll nobody's chat is found. Only a bot that reached somebody may say so of anybody.
			if !b.spoke.Load() {
				return briefings.ErrUnchanged
			}
			reason = briefings.NoChat
		case "not_started":
			reason = briefings.NoChat
		}
		if m.Blocked == reason {
			return briefings.ErrUnchanged
		}
		m.Blocked, m.BlockedAt = reason, b.Now()
		return nil
	})
	if err != nil && !errors.Is(err, briefings.ErrUnchanged) {
		return fmt.Errorf("note unreachable member: %w", err)
	}
	return nil
}
