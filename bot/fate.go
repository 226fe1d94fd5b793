package bot

import (
	"context"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// inquiryWords are what the organizer reads of new questions, and whoever asked of what became of theirs.
func (b *Bot) inquiryWords(ctx context.Context, p view.Voice, m briefings.Meeting, to briefings.Member, mailing briefings.Mailing) (string, *tgbotapi.InlineKeyboardMarkup, error) {
	q, err := b.Store.Inquiries(ctx, m.ID)
	if err != nil {
		return "", nil, b.gone(err)
	}
	if mailing.Kind == briefings.KindInquiries {
		_, in := q.Count()
		if in[briefings.InquiryNew] == 0 {
			return "", nil, moot{"all questions are decided"}
		}
		return p.T("question.came", "n", in[briefings.InquiryNew], "title", m.Title), rows(button(p.Plain("btn.question_all"), "quest", string(m.ID), "l")), nil
	}
	for _, own := range q.Of(to.ID) {
		if own.Told == mailing.Revision {
			return fateText(p, m, own, *q.Fate(own.N)), nil, nil
		}
	}
	return "", nil, moot{"something else became of the question since"}
}

// fateText is what whoever asked reads of what became of it.
func fateText(p view.Voice, m briefings.Meeting, own briefings.Inquiry, fate briefings.Inquiry) string {
	text := p.T("question.told_"+string(fate.State), "title", m.Title, "text", own.Text)
	if fate.State == briefings.InquiryReplied {
		text += "\n\n" + p.T("question.reply_line", "text", fate.Reply)
	}
	if own.N != fate.N {
		text += "\n\n" + p.T("question.with_others")
	}
	return strings.TrimSpace(text)
}
