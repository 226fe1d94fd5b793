package bot

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/briefings"
)

// ticks is a list of people, each with a mark, that waits for the last word: those somebody answers for, or those a unit names.
type ticks struct {
	For     string               `json:"for"` // forStead or forQuota
	Meeting briefings.MeetingID  `json:"meeting"`
	Unit    briefings.UnitID     `json:"unit"`
	People  []briefings.MemberID `json:"people"`
	Marks   []byte               `json:"marks"` // beside People
	Page    int                  `json:"page"`
	Limit   int                  `json:"limit,omitempty"` // how many may be marked yes; zero: all
}

const (
	forStead = "stead"
	forQuota = "quota"

	markYes  = 'y'
	markNo   = 'n'
	markOpen = '-'

	ticksPage = 8
)

// marks are the signs of the marks on buttons.
var marks = map[byte]string{markYes: "✅", markNo: "🙏", markOpen: "▫️"}

// next is the mark that a press makes of another.
func (k *ticks) next(mark byte) byte {
	switch {
	case k.For == forQuota && mark == markYes:
		return markOpen
	case mark == markYes:
		return markNo
	case mark == markNo:
		return markOpen
	}
	return markYes
}

// marked lists the people with a mark.
func (k *ticks) marked(mark byte) (ids []briefings.MemberID) {
	for i, id := range k.People {
		if k.Marks[i] == mark {
			ids = append(ids, id)
		}
	}
	return ids
}

// ticksPressed takes the presses on the list and on its confirmation. The list itself stands in the dialogue, so that a button carries
// no more than a place in it.
func (t *turn) ticksPressed() error {
	var k ticks
	if err := t.recall("ticks", &k); err != nil {
		return err
	}
	m, roster, err := t.ticking(k)
	if err != nil {
		return err
	}
	switch t.args0() {
	case "t":
		i, err := strconv.Atoi(t.arg(1))
		if err != nil || i < 0 || i >= len(k.People) || len(t.arg(2)) != 1 {
			return t.toast("err.expired")
		}
		k.Marks[i] = t.arg(2)[0] // the button says what shall be, so that a press that comes twice does nothing twice
		if marks[k.Marks[i]] == "" {
			return t.toast("err.expired")
		}
		if n := len(k.marked(markYes)); k.Limit > 0 && n > k.Limit {
			return briefings.Refuse("quota.too_many", "left", k.Limit, "n", n)
		}
	case "p":
		k.Page, _ = strconv.Atoi(t.arg(1))
	case "c":
		return t.confirmTicks(m, roster, k)
	case "y":
		if k.For == forQuota {
			return t.nominateMarked(m, roster, k)
		}
		return t.answerMarked(m, roster, k)
	case "b":
	case "x":
		said := t.leaving("ticks")
		return errors.Join(t.leave(), t.show(said, nil))
	default:
		return t.toast("err.expired")
	}
	if err := t.enter("ticks", k); err != nil {
		return err
	}
	return t.showTicks(m, roster, k)
}

// ticking reads what a list is about and judges again whether the person may act on it.
func (t *turn) ticking(k ticks) (briefings.Meeting, *briefings.Roster, error) {
	m, err := t.Store.Meeting(t.ctx, k.Meeting)
	if err != nil {
		return m, nil, err
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return m, nil, err
	}
	if !t.officerOver(k.Unit, roster) && !t.seesCounts(m, roster) {
		return m, nil, briefings.Refuse("err.permission")
	}
	return m, roster, nil
}

// officerOver reports whether the person looks after a unit: as its organizer or its approver.
func (t *turn) officerOver(unit briefings.UnitID, roster *briefings.Roster) bool {
	return t.over(briefings.RoleOrganizer, unit, roster.Tree()) || t.over(briefings.RoleApprover, unit, roster.Tree())
}

func (t *turn) showTicks(m briefings.Meeting, roster *briefings.Roster, k ticks) error {
	pages := max(1, (len(k.People)+ticksPage-1)/ticksPage)
	k.Page = (k.Page%pages + pages) % pages
	markup := &tgbotapi.InlineKeyboardMarkup{InlineKeyboard: [][]tgbotapi.InlineKeyboardButton{}}
	add := func(row ...tgbotapi.InlineKeyboardButton) { markup.InlineKeyboard = append(markup.InlineKeyboard, row) }
	for i := k.Page * ticksPage; i < min(len(k.People), (k.Page+1)*ticksPage); i++ {
		who, _ := roster.Member(k.People[i])
		label := marks[k.Marks[i]] + " " + who.Name
		if who.Position != "" {
			label += " · " + who.Position
		}
		add(button(clip(label, 56), "ticks", "t", strconv.Itoa(i), string(rune(k.next(k.Marks[i])))))
	}
	if pages > 1 {
		add(button("‹", "ticks", "p", strconv.Itoa(k.Page-1)), button(fmt.Sprintf("%d/%d", k.Page+1, pages), "ticks", "p", strconv.Itoa(k.Page)),
			button("›", "ticks", "p", strconv.Itoa(k.Page+1)))
	}
	add(button(t.p.Plain("btn.cancel"), "ticks", "x"), button(t.p.Plain("btn.review"), "ticks", "c"))
	unit := roster.Tree().Name(k.Unit)
	text := t.p.T("stead.list", "unit", unit, "title", m.Title)
	if k.For == forQuota {
		text = t.p.T("quota.list", "unit", unit, "title", m.Title, "left", k.Limit-len(k.marked(markYes)))
	}
	return t.show(text, markup)
}

// confirmTicks shows what will be recorded, with the names that differ from the rule.
func (t *turn) confirmTicks(m briefings.Meeting, roster *briefings.Roster, k ticks) error {
	unit := roster.Tree().Name(k.Unit)
	yes, no, open := k.marked(markYes), k.marked(markNo), k.marked(markOpen)
	var text string
	if k.For == forQuota {
		if len(yes) == 0 {
			return t.toast("quota.nobody")
		}
		text = t.p.T("quota.confirm", "unit", unit, "title", m.Title, "n", len(yes), "names", names(roster, yes, 40))
	} else {
		text = t.p.T("stead.confirm", "unit", unit, "title", m.Title, "yes", len(yes), "no", len(no), "open", len(open))
		if len(no) > 0 {
			text += "\n" + t.p.T("stead.who", "mark", marks[markNo], "names", names(roster, no, 40))
		}
		if len(open) > 0 {
			text += "\n" + t.p.T("stead.who", "mark", marks[markOpen], "names", names(roster, open, 40))
		}
	}
	return t.show(text, grid(2, button(t.p.Plain("btn.record"), "ticks", "y"), button(t.p.Plain("btn.more_choice"), "ticks", "b")))
}

// names lists people by name in the order of the language, the first few of many.
func names(roster *briefings.Roster, ids []briefings.MemberID, limit int) string {
	var people []briefings.Member
	for _, id := range ids {
		if m, ok := roster.Member(id); ok {
			people = append(people, m)
		}
	}
	slices.SortFunc(people, byName)
	var list []string
	for i, m := range people {
		if i == limit {
			list = append(list, "…")
			break
		}
		list = append(list, m.Name)
	}
	return strings.Join(list, ", ")
}
