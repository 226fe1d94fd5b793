package bot

import (
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/form"
	"briefbot/briefings"
)

// venueParts are the parts of a venue in the order of their buttons, without its name.
var venueParts = []string{"main", "capacity", "units", "officer", "technician", "address", "map", "link", "chair"}

// venues lists the venues. What is typed is one more, or several, a line each.
func (g *page) venues() {
	g.html = g.p.T("wiz.ask_venue")
	for i, v := range g.c.Draft.Values(briefings.FieldVenue) {
		g.html += "\n" + g.p.T("wiz.numbered", "i", i+1, "value", v)
		mark := "📍"
		if _, main := form.VenuePart(v, "main"); main {
			mark = "⭐"
		}
		n := strconv.Itoa(i)
		g.row(g.c.key(mark+" "+strconv.Itoa(i+1)+". "+clip(form.VenueName(v), 34), "venue", n), g.c.key("🗑", "del", n))
	}
	g.ways()
}

// venue shows one venue and its parts.
func (g *page) venue() {
	venues := g.c.Draft.Values(briefings.FieldVenue)
	i := g.c.At.Index
	if i >= len(venues) {
		g.venues()
		return
	}
	line := venues[i]
	g.html = g.p.T("wiz.venue", "i", i+1, "n", len(venues), "name", form.VenueName(line))
	for _, part := range venueParts {
		if value, has := form.VenuePart(line, part); has {
			g.html += "\n" + g.p.T("wiz.line", "mark", "✅", "field", g.p.Plain("wiz.part_"+part), "value", g.partSaid(part, value))
		}
	}
	if part := g.c.At.Part; part != "" {
		g.html += "\n\n" + g.p.T("wiz.ask_part_"+part)
		if part == "capacity" {
			var sizes []tgbotapi.InlineKeyboardButton
			for _, n := range []string{"30", "50", "100", "150", "200", "300", "500", "1000"} {
				sizes = append(sizes, g.c.key(n, "set", n))
			}
			g.rows(grid(4, sizes...).InlineKeyboard)
		}
		if _, has := form.VenuePart(line, part); has {
			g.row(g.c.key(g.p.Plain("btn.wiz_clear"), "unpart", part))
		}
		g.row(g.c.key(g.p.Plain("btn.back"), "venue", strconv.Itoa(i)))
		return
	}
	buttons := []tgbotapi.InlineKeyboardButton{g.c.key("✏️ "+g.p.Plain("wiz.part_name"), "part", "name")}
	for _, part := range venueParts {
		mark := "▫️ "
		if _, has := form.VenuePart(line, part); has {
			mark = "✅ "
		}
		buttons = append(buttons, g.c.key(mark+g.p.Plain("wiz.part_"+part), "part", part))
	}
	g.rows(grid(2, buttons...).InlineKeyboard)
	g.row(g.c.key(g.p.Plain("btn.wiz_delete"), "del", strconv.Itoa(i)), g.c.key(g.p.Plain("btn.wiz_venues"), "venues"))
}

// partSaid is a part of a venue in words: units and officers by their names.
func (g *page) partSaid(part, value string) string {
	switch part {
	case "main":
		return g.p.Plain("wiz.value_y")
	case "units", "officer", "technician":
	default:
		return value
	}
	var names []string
	for _, id := range strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' }) {
		if part == "units" {
			names = append(names, g.w.Roster.Tree().Name(briefings.UnitID(id)).In(g.p.Lang()))
		} else if m, ok := g.w.Roster.Member(briefings.MemberID(id)); ok {
			names = append(names, m.Name)
		}
	}
	return strings.Join(names, ", ")
}
