package bot

import (
	"slices"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/form"
	"briefbot/briefings"
)

// shownAtOnce is how many units, groups or members a screen offers.
const shownAtOnce = 8

// heads is how many a unit with everything below it, or the unit alone, has on the roll.
type heads struct{ below, alone int }

// heads counts the active members of every unit.
func (g *page) heads() map[briefings.UnitID]heads {
	out := map[briefings.UnitID]heads{}
	for _, m := range g.w.Roster.Members {
		if m.Status != briefings.Active {
			continue
		}
		for _, id := range g.w.Roster.Tree().Path(m.Unit) {
			h := out[id]
			h.below++
			if id == m.Unit {
				h.alone++
			}
			out[id] = h
		}
	}
	return out
}

// realm are the units at which the person begins: those they organize, or the whole organisation.
func (g *page) realm() []briefings.UnitID {
	if g.admin(briefings.UserID(g.user.ID)) {
		return g.w.Roster.Tree().Roots()
	}
	var tops []briefings.UnitID
	for _, grant := range g.member.Roles {
		if grant.Role != briefings.RoleOrganizer && grant.Role != briefings.RoleAdmin {
			continue
		}
		if grant.Scope == "" {
			return g.w.Roster.Tree().Roots()
		}
		tops = append(tops, grant.Scope)
	}
	return tops
}

// chosen says the choice so far and whom it comes to.
func (g *page) chosen() {
	at := g.c.At
	if at.Field == "venue" {
		venues := g.c.Draft.Values(briefings.FieldVenue)
		line := ""
		if at.Index < len(venues) {
			line = venues[at.Index]
		}
		value, _ := form.VenuePart(line, at.Part)
		g.html = g.p.T("wiz.chosen_part", "venue", form.VenueName(line), "field", g.p.Plain("wiz.part_"+at.Part), "value", orDash(g.partSaid(at.Part, value)))
		return
	}
	terms := g.terms(at.Field)
	who := g.w.Roster.Resolve(terms)
	reachable, otherwise := briefings.Reach(who)
	g.html = g.p.T("wiz.chosen", "field", g.name(at.Field), "who", orDash(clip(scopeWords(g.w.Roster, terms, g.p), 600)),
		"n", len(who), "reachable", len(reachable), "offline", len(otherwise))
	if invited := g.c.Draft.Value(briefings.FieldInvited); invited != "" {
		g.html += "\n" + g.p.T("wiz.chosen_words", "words", clip(invited, 400))
	}
}

// tree walks the units.
func (g *page) tree() {
	g.chosen()
	tree, count := g.w.Roster.Tree(), g.heads()
	node := briefings.UnitID(g.c.At.Node)
	tops := g.realm()
	if node != "" && !slices.ContainsFunc(tops, func(top briefings.UnitID) bool { return tree.Contains(top, node) }) {
		node = "" // the role has shrunk since
	}
	shown := tops
	if node == "" && len(tops) == 1 && len(tree.Children(tops[0])) > 0 {
		node = tops[0]
	}
	if node != "" {
		shown = tree.Children(node)
		g.html += "\n\n" + g.p.T("wiz.path", "path", g.path(node))
		g.row(g.unit(node, count[node].below, g.p.Plain("wiz.whole_unit", "unit", tree.Short(node), "n", count[node].below)))
		if g.c.At.Field != "venue" && len(shown) > 0 {
			g.row(g.term(briefings.TermOnly, string(node), g.p.Plain("wiz.only_unit", "n", count[node].alone)))
		}
	}
	first, last := g.window(len(shown))
	for _, id := range shown[first:last] {
		row := []tgbotapi.InlineKeyboardButton{g.unit(id, count[id].below, g.p.Plain("wiz.unit", "unit", tree.Short(id), "n", count[id].below))}
		if len(tree.Children(id)) > 0 {
			row = append(row, g.c.key(g.p.Plain("btn.wiz_into"), "node", string(id)))
		}
		g.row(row...)
	}
	g.pager(len(shown))
	if up := g.above(node, tops); up != "-" {
		g.row(g.c.key(g.p.Plain("btn.wiz_up"), "node", up))
	}
	g.otherWays("tree")
}

// above is the unit over a node that the person may see; "-" at the top.
func (g *page) above(node briefings.UnitID, tops []briefings.UnitID) string {
	if node == "" || len(tops) == 1 && node == tops[0] {
		return "-"
	}
	if slices.Contains(tops, node) {
		return ""
	}
	path := g.w.Roster.Tree().Path(node)
	if len(path) < 2 {
		return ""
	}
	return string(path[len(path)-2])
}

func (g *page) path(node briefings.UnitID) string {
	var names []string
	for _, id := range g.w.Roster.Tree().Path(node) {
		names = append(names, g.w.Roster.Tree().Short(id).In(g.p.Lang()))
	}
	return strings.Join(names, " › ")
}

// unit is the button of a unit with everything below it.
func (g *page) unit(id briefings.UnitID, n int, label string) tgbotapi.InlineKeyboardButton {
	if g.c.At.Field != "venue" {
		return g.term(briefings.TermUnit, string(id), label)
	}
	return g.part(string(id), label)
}

// term is the button of a term: it puts it in or takes it away, whichever is not the case, as an exclusion where the person takes away.
func (g *page) term(kind briefings.TermKind, name, label string) tgbotapi.InlineKeyboardButton {
	list := g.c.Draft.Value(briefings.Field(g.c.At.Field))
	plus := briefings.Term{Kind: kind, Name: name}
	minus := plus
	minus.Exclude = true
	mark, verb, sign := "☐ ", "+", ""
	if g.c.At.Minus {
		sign = "1"
	}
	switch {
	case form.HasTerm(list, minus.String()):
		mark = "⛔ "
		if g.c.At.Minus {
			verb = "x"
		}
	case form.HasTerm(list, plus.String()):
		mark = "☑ "
		if !g.c.At.Minus {
			verb = "x"
		}
	}
	return g.c.key(clip(mark+label, 60), verb, string(kind), name, sign)
}

// part is the button of a unit or an officer of a venue.
func (g *page) part(id, label string) tgbotapi.InlineKeyboardButton {
	line := ""
	if venues := g.c.Draft.Values(briefings.FieldVenue); g.c.At.Index < len(venues) {
		line = venues[g.c.At.Index]
	}
	value, _ := form.VenuePart(line, g.c.At.Part)
	mark, verb := "☐ ", "+"
	if slices.Contains(strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' }), id) {
		mark, verb = "☑ ", "x"
	}
	return g.c.key(clip(mark+label, 60), verb, "id", id)
}

// sets offers everybody, groups, followers of topics and holders of roles.
func (g *page) sets() {
	g.chosen()
	r := g.w.Roster
	type set struct {
		term briefings.Term
		name string
	}
	list := []set{{briefings.Term{Kind: briefings.TermAll}, g.p.Plain("audience.all")}}
	all := len(r.Resolve(briefings.Audience{list[0].term}))
	add := func(term briefings.Term, name string) { // a set of everybody stands there already
		if len(r.Resolve(briefings.Audience{term})) < all {
			list = append(list, set{term, name})
		}
	}
	for _, group := range r.Groups {
		add(briefings.Term{Kind: briefings.TermGroup, Name: string(group.ID)}, group.Name.In(g.p.Lang()))
	}
	for _, role := range briefings.Roles {
		add(briefings.Term{Kind: briefings.TermRole, Name: string(role)}, g.p.Plain("role."+string(role)))
	}
	for _, topic := range r.Topics {
		list = append(list, set{briefings.Term{Kind: briefings.TermTopic, Name: topic.Slug}, g.p.Plain("audience.followers", "topic", topic.Name)})
	}
	first, last := g.window(len(list))
	for _, s := range list[first:last] {
		n := len(r.Resolve(briefings.Audience{s.term}))
		g.row(g.term(s.term.Kind, s.term.Name, g.p.Plain("wiz.unit", "unit", s.name, "n", n)))
	}
	g.pager(len(list))
	g.otherWays("sets")
}

// people finds members by name, code or telephone.
func (g *page) people() {
	g.chosen()
	query := g.c.At.Query
	var found []briefings.Member
	if query != "" {
		found = search(g.w.Roster, query, 40)
	}
	if g.c.At.Field != "venue" { // officers may come from outside the units that one organizes
		found = slices.DeleteFunc(found, func(m briefings.Member) bool { return !g.over(briefings.RoleOrganizer, m.Unit, g.w.Roster.Tree()) })
	}
	switch {
	case query == "":
		g.html += "\n\n" + g.p.T("wiz.ask_people")
	case len(found) == 0:
		g.html += "\n\n" + g.p.T("wiz.nobody_found", "query", clip(query, 60))
	default:
		g.html += "\n\n" + g.p.T("wiz.found", "query", clip(query, 60))
	}
	first, last := g.window(len(found))
	for _, m := range found[first:last] {
		label := m.Name + " · " + g.w.Roster.Tree().Short(m.Unit).In(g.p.Lang())
		if g.c.At.Field == "venue" {
			g.row(g.part(string(m.ID), label))
		} else {
			g.row(g.term(briefings.TermMember, string(m.ID), label))
		}
	}
	g.pager(len(found))
	g.otherWays("people")
}

// window is the part of a list that the page shows.
func (g *page) window(n int) (first, last int) {
	first = min(g.c.At.Page*shownAtOnce, max(0, (n-1)/shownAtOnce*shownAtOnce))
	return first, min(n, first+shownAtOnce)
}

// pager turns the pages of a long list.
func (g *page) pager(n int) {
	pages := (n + shownAtOnce - 1) / shownAtOnce
	if pages < 2 {
		return
	}
	at := min(g.c.At.Page, pages-1)
	prev, next := g.c.key(blank, "-"), g.c.key(blank, "-")
	if at > 0 {
		prev = g.c.key("‹", "page", strconv.Itoa(at-1))
	}
	if at+1 < pages {
		next = g.c.key("›", "page", strconv.Itoa(at+1))
	}
	g.row(prev, g.c.key(strconv.Itoa(at+1)+"/"+strconv.Itoa(pages), "-"), next)
}

// otherWays leads to the other ways of choosing, and out.
func (g *page) otherWays(here string) {
	if g.c.At.Field == "venue" {
		g.row(g.c.key(g.p.Plain("btn.wiz_done"), "venue", strconv.Itoa(g.c.At.Index)))
		return
	}
	hint, minus := "wiz.adding", "1"
	if g.c.At.Minus {
		hint, minus = "wiz.taking", "0"
	}
	g.html += "\n" + g.p.T(hint)
	g.row(g.c.key(g.p.Plain("btn.wiz_minus_"+minus), "minus", minus))
	var ways []tgbotapi.InlineKeyboardButton
	for _, way := range []string{"tree", "sets", "people"} {
		if way != here {
			ways = append(ways, g.c.key(g.p.Plain("btn.wiz_"+way), way))
		}
	}
	g.row(ways...)
	done := "btn.wiz_done"
	verb := "hub"
	if g.c.At.Tour && g.has(g.c.At.Field) {
		done, verb = "btn.wiz_next", "next"
	}
	// The count stands where the finger is: on a small screen the text above is out of sight while one chooses.
	g.row(g.c.key(g.p.Plain(done)+" · 👥 "+strconv.Itoa(len(g.w.Roster.Resolve(g.terms(g.c.At.Field)))), verb))
}
