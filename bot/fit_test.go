package bot

import (
	"strings"
	"testing"
	"time"

	"briefbot/bot/internal/form"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/richtext"
)

// full is a text of as many characters as a limit allows, all of them emoji, which count twice.
func full(limit int) string { return strings.Repeat("😀", limit/2) }

// Whatever a person may type within its limit, emoji or letters, the messages that quote it are messages that Telegram takes, counted in
// UTF-16.
func TestWhatIsWithinItsLimitFitsAMessage(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	title := briefings.Text{Vi: full(form.TitleLimit)}
	venue := briefings.Text{Vi: full(form.LineLimit)}
	question, reply := full(briefings.InquiryLong), full(briefings.InquiryReplyLong)
	note := full(briefings.NoteLimit)
	now := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	m := briefings.Meeting{
		ID: "m1", Title: title, Starts: now, Ends: now.Add(time.Hour), Status: briefings.MeetingOpen, Venues: []briefings.Venue{{ID: "v1", Name: venue, Main: true}},
	}
	own := briefings.Inquiry{N: 1, Text: question, State: briefings.InquiryReplied, Reply: reply}
	for _, lang := range []i18n.Lang{i18n.Vi, i18n.En} {
		p := view.NewVoice(i18n.Printer{Catalogue: texts, Lang: lang, Location: time.UTC})
		for name, html := range map[string]string{
			"the question before it is sent": p.T("question.confirm", "title", title, "text", question, "name", full(200), "venue", venue),
			"the question that was sent":     p.T("question.sent", "title", title, "text", question),
			"the question's card": p.T("question.card", "n", 1, "title", title, "text", question, "name", full(300), "venue", venue, "at", now,
				"state", p.Plain("question.state_replied")) + "\n" + p.T("question.reply_line", "text", reply),
			"the reply before it is sent": p.T("question.reply_confirm", "question", question, "text", reply),
			"the reply to whoever asked":  fateText(p, m, own, own),
			"the reminder of the silent":  p.T("remind.rsvp", "title", title, "time_text", now, "deadline", now),
			"the incident": p.Lines("ready.red", "venue", venue, "title", title, "time", now, "bad", full(200), "incident", note,
				"staff", full(600)),
			"the reason of an opening": p.T("reopen.done", "venue", venue, "reason", note),
			"the remark of a closing": p.T("close.confirm", "venue", venue, "heads", 1, "guests", 1, "n", 1) + "\n\n" +
				p.T("close.remark", "remark", note),
			"a new time": view.Change(p, m, &briefings.Change{Kind: briefings.ChangedTime, Is: briefings.Particulars{Starts: now}, Was: briefings.Particulars{Starts: now},
				Reason: full(briefings.ReasonLimit)}, &m.Venues[0], briefings.Invitation{}, true),
			"a new venue": view.Change(p, m, &briefings.Change{Kind: briefings.ChangedVenue, Reason: full(briefings.ReasonLimit),
				Is:  briefings.Particulars{Place: briefings.Place{Name: venue, Address: full(form.LineLimit)}},
				Was: briefings.Particulars{Place: briefings.Place{Name: venue, Address: full(form.LineLimit)}}}, &m.Venues[0], briefings.Invitation{}, true),
			"an answer for others": p.T("stead.told", "name", full(200), "answer", "x"),
		} {
			text, err := richtext.ParseHTML(html)
			if err != nil {
				t.Fatalf("%s in %s: %v", name, lang, err)
			}
			if n := text.Units(); n > messageLimit {
				t.Errorf("%s in %s has %d characters", name, lang, n)
			}
		}
	}
}

func TestWhatIsTooLongGoesInPiecesThatFit(t *testing.T) {
	for name, html := range map[string]string{
		"emoji": "<b>" + strings.Repeat("😀", 4096) + "</b>", "emoji of parts": strings.Repeat("👩‍💻", 2000), "words of emoji": strings.Repeat("😀😀 ", 2000),
		"letters": strings.Repeat("chữ ", 3000), "one too many": strings.Repeat("😀", 2048) + "a",
	} {
		whole := ""
		for _, piece := range pieces(html) {
			text, err := richtext.ParseHTML(piece)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if text.Units() > messageLimit {
				t.Errorf("%s: a piece of %d", name, text.Units())
			}
			whole += text.Plain()
		}
		all, err := richtext.ParseHTML(html)
		if err != nil {
			t.Fatal(err)
		}
		if squeeze(whole) != squeeze(all.Plain()) {
			t.Errorf("%s: the pieces are not the whole", name)
		}
	}
	if got := pieces(strings.Repeat("😀", 2048)); len(got) != 1 {
		t.Errorf("what fits goes in %d pieces", len(got))
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// An old button names a command that there is, and every button has a sentence.
func TestEveryOldButtonSaysWhereToGo(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	b := &Bot{}
	known := map[string]bool{}
	for _, c := range b.commands() {
		known[c.name] = true
	}
	presses := b.presses()
	for action, fit := range outlived {
		if presses[action] == nil || !known[fit.command] {
			t.Errorf("%s leads to /%s", action, fit.command)
		}
		key := fit.key
		if key == "" {
			key = "err.reopen"
		}
		if !texts.Has(key) {
			t.Errorf("%s: %s is no sentence", action, key)
		}
	}
	member := []string{"meet", "ans", "why", "sit", "req", "ics", "file", "venue", "opine"} // opened by /meetings
	for action := range presses {
		if _, ok := outlived[action]; !ok && !strings.Contains(" "+strings.Join(member, " ")+" ", " "+action+" ") {
			t.Errorf("%s has no sentence for when its time is over", action)
		}
	}
}

// Leaving any dialogue says what was not done, in a sentence of its own.
func TestEveryDialogueSaysWhatIsLeft(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for name := range (&Bot{}).dialogues() {
		switch name {
		case composeMeeting, composeBriefing, composeWhen, composeWeek: // drafts, which are named
			continue
		case "close":
			name = "closing"
		}
		if !texts.Has("cancel." + name) {
			t.Errorf("nothing is said of %s", name)
		}
	}
}
