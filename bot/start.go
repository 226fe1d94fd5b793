package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// Payloads of deep links begin with a letter that says what they open.
const (
	payloadJoin = "j" // j<token>: an invite link
	payloadDoor = "c" // c<meeting>_<token>: the QR of a venue
)

// start greets: a stranger is asked who they are, a member comes back, a link does what it is for.
func (t *turn) start() error {
	payload := ""
	if len(t.args) > 0 {
		payload = strings.TrimSpace(t.args[0])
	}
	switch {
	case strings.HasPrefix(payload, payloadDoor) && t.joined():
		return t.doorLink(payload[1:])
	case strings.HasPrefix(payload, payloadPass) && t.joined():
		return t.passLink(payload[1:])
	case t.joined():
		return t.comeBack(payload)
	case strings.HasPrefix(payload, payloadJoin):
		return t.joinLink(payload[1:])
	}
	if t.holds(briefings.RoleAdmin) {
		return t.greetAdmin()
	}
	return t.stranger()
}

// greetAdmin greets an administrator by configuration who is on no roll, or has not joined.
func (t *turn) greetAdmin() error {
	if _, err := t.say(t.p.T("start.admin"), t.shareButton()); err != nil {
		return err
	}
	t.menuAgain()
	return t.help()
}

// InvitePayload is the deep-link payload of an invite token.
func InvitePayload(token string) string { return payloadJoin + token }

// stranger tells somebody who is not linked to the roll how to join, and whom to ask.
func (t *turn) stranger() error {
	_, err := t.say(t.p.T("start.stranger"), t.shareButton())
	return err
}

// shareButton is the button by which somebody shares their own number.
func (t *turn) shareButton() tgbotapi.ReplyKeyboardMarkup {
	share := tgbotapi.NewReplyKeyboard(tgbotapi.NewKeyboardButtonRow(tgbotapi.NewKeyboardButtonContact(t.p.Plain("btn.share_phone"))))
	share.OneTimeKeyboard = true
	return share
}

// comeBack greets a member who types /start again: silence ends, a broken address works again.
func (t *turn) comeBack(payload string) error {
	paused := t.member.Paused
	_, err := t.Store.UpdateMember(t.ctx, t.member.ID, func(m *briefings.Member) error {
		if !m.Paused && m.Blocked == "" {
			return briefings.ErrUnchanged
		}
		m.Paused, m.Blocked = false, ""
		return nil
	})
	if err != nil {
		return err
	}
	if strings.HasPrefix(payload, payloadJoin) {
		if err := t.tell("start.already_joined", "name", t.member.Name); err != nil {
			return err
		}
	}
	if paused {
		if err := t.tell("pause.over"); err != nil {
			return err
		}
	}
	t.menuAgain()
	return t.help()
}

// joinLink shows whose invite link was opened, and asks whether that is the person.
func (t *turn) joinLink(token string) error {
	id, err := t.Store.PeekLink(t.ctx, token)
	if errors.Is(err, briefings.ErrNotFound) {
		return briefings.Refuse("start.code_invalid")
	}
	if err != nil {
		return fmt.Errorf("look at invite link: %w", err)
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	m, ok := roster.Member(id)
	if !ok {
		return briefings.Refuse("start.code_invalid")
	}
	t.p = t.printer(m, t.user.LanguageCode)
	_, err = t.say(t.p.T("start.link_found", "name", m.Name, "position", position(t.p, m), "unit", unitName(roster, m.Unit, t.p)),
		grid(2, button(t.p.Plain("btn.correct"), "join", "yes", token), button(t.p.Plain("btn.not_me"), "join", "no")))
	return err
}

// position is what a member is called in a list; a member without a title is a member.
func position(p view.Voice, m briefings.Member) string {
	if m.Position == "" {
		return p.Plain("member.plain")
	}
	return m.Position
}

func unitName(r *briefings.Roster, id briefings.UnitID, p view.Voice) string {
	return r.Tree().Name(id).In(p.Lang())
}

// joinPressed takes the answer to "is this you".
func (t *turn) joinPressed() error {
	if len(t.args) != 2 || t.args[0] != "yes" {
		return t.show(t.p.T("start.not_me"), nil)
	}
	if t.joined() {
		return t.toast("start.already_joined", "name", t.member.Name)
	}
	var linked briefings.Member
	_, err := t.Store.ClaimLink(t.ctx, t.args[1], func(id briefings.MemberID) error {
		m, err := t.link1(id)
		linked = m
		return err
	})
	if errors.Is(err, briefings.ErrNotFound) {
		return briefings.Refuse("start.code_invalid")
	}
	if err != nil {
		return err
	}
	return t.welcome(linked)
}

// link1 links this account to a member of the roll.
func (t *turn) link1(id briefings.MemberID) (briefings.Member, error) {
	m, err := t.Store.UpdateMember(t.ctx, id, func(m *briefings.Member) error {
		return m.Join(briefings.UserID(t.user.ID), language(t.user.LanguageCode), t.Now())
	})
	if errors.Is(err, briefings.ErrExists) {
		return m, briefings.Refuse("start.already_linked")
	}
	return m, err
}

// language is the catalogue's language for an app's, or none.
func language(app string) briefings.Lang {
	switch {
	case strings.HasPrefix(app, "en"):
		return briefings.English
	case strings.HasPrefix(app, "vi"):
		return briefings.Vietnamese
	}
	return ""
}

// contactShared takes a shared phone number: only the person's own proves anything, and only when it is on the roll.
func (t *turn) contactShared() error {
	c := t.message.Contact
	if c.UserID != t.user.ID || t.message.ForwardDate != 0 {
		return briefings.Refuse("start.not_your_phone")
	}
	if t.joined() {
		return t.tell("start.already_joined", "name", t.member.Name)
	}
	phone, err := vietnamese.ParsePhone(c.PhoneNumber)
	if err != nil {
		return t.unknownPhone()
	}
	found, err := t.Store.MemberByPhone(t.ctx, phone)
	if errors.Is(err, briefings.ErrNotFound) {
		return t.unknownPhone()
	}
	if err != nil {
		return fmt.Errorf("find member by phone: %w", err)
	}
	if found.Status == briefings.Left || found.Status == briefings.Withdrawn {
		return t.unknownPhone()
	}
	m, err := t.link1(found.ID)
	if err != nil {
		return err
	}
	return t.welcome(m)
}

func (t *turn) unknownPhone() error {
	_, err := t.say(t.p.T("start.not_on_roll"), tgbotapi.NewRemoveKeyboard(false))
	return err
}

// welcome tells a new member what comes here from now on, and puts their menu in place.
func (t *turn) welcome(m briefings.Member) error {
	t.member, t.p = m, t.printer(m, t.user.LanguageCode)
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	t.Nudge()
	if t.query != nil { // the question is answered: its buttons go
		if err := t.show(t.p.T("start.linked", "name", m.Name, "position", position(t.p, m), "unit", unitName(roster, m.Unit, t.p)), nil); err != nil {
			return err
		}
	}
	if _, err := t.say(t.p.T("start.approved", "unit", unitName(roster, m.Unit, t.p)), tgbotapi.NewRemoveKeyboard(false)); err != nil {
		return err
	}
	t.menuAgain()
	return nil
}

// menuAgain puts the person's menu in place. Without it the commands still work, so a failure is only logged.
func (t *turn) menuAgain() {
	if err := t.publishMenu(t.ctx, t.chat(), t.self()); err != nil {
		t.Log.WarnContext(t.ctx, "menu not published", "member", string(t.member.ID), "err", err)
	}
}

// publishMenus puts the menu of strangers in place, in every language.
func (b *Bot) publishMenus(ctx context.Context) error {
	for _, lang := range []briefings.Lang{"", briefings.Vietnamese, briefings.English} {
		p := b.printer(briefings.Member{Lang: lang}, "")
		list := b.menu(p, func(c command) bool { return c.role == "" })
		if err := b.door.SetMyCommands(ctx, scopeAll, string(lang), list); err != nil {
			return fmt.Errorf("publish menu: %w", err)
		}
	}
	return nil
}
