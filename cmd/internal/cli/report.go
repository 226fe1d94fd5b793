package cli

import (
	"context"
	"slices"
	"strconv"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/report"
	"briefbot/briefings/vietnamese"
	"briefbot/cmd/internal/app"
)

type reportCommand struct {
	Period string `arg:"" help:"A month, quarter, half-year or year: 2026-11, 2026-Q4, 2026-H1 or 2026; 11/2026, Q4/2026 and H1/2026 too."`
	Unit   string `help:"Only this unit and what is below it." placeholder:"ID"`
	JSON   bool   `name:"json" help:"Write one JSON document."`
	XLSX   string `name:"xlsx" placeholder:"FILE" help:"Write the tables to a workbook as well."`
}

// periodic is the report: conferences that the service counted, and activities that people logged. The two are never added together,
// and neither are the two families of activities.
type periodic struct {
	Period     briefings.Period `json:"period"`
	From       string           `json:"from"` // first day
	To         string           `json:"to"`   // last day
	Unit       briefings.UnitID `json:"unit,omitempty"`
	UnitName   string           `json:"unit_name,omitempty"`
	AsOf       string           `json:"as_of"`
	Meetings   held             `json:"meetings"`
	Activities activities       `json:"activities"`
}

// held are the closed meetings of the period. Attended counts participations of invitees, present or represented; guests stand beside
// it. Under a unit, guests are those of the venues that serve nobody but it.
type held struct {
	Conferences int `json:"conferences"`
	Venues      int `json:"venues"`
	briefings.Tally
	Attended int           `json:"attended"`
	Guests   int           `json:"guests"`
	Rate     *float64      `json:"rate"` // percent with one decimal; null where nobody was invited
	List     []heldMeeting `json:"list"`
}

type heldMeeting struct {
	Meeting  briefings.MeetingID `json:"meeting"`
	Title    string              `json:"title"`
	StartsAt string              `json:"starts_at"`
	Venues   int                 `json:"venues"`
	briefings.Tally
	Attended int `json:"attended"`
	Guests   int `json:"guests"`

	starts time.Time
	name   briefings.Text
}

type activities struct {
	Conferences map[briefings.Form]briefings.Sum `json:"conferences"`
	OralWork    briefings.Sum                    `json:"oral_work"`
}

// any reports whether anything was logged.
func (a activities) any() bool { return a.OralWork.Sessions > 0 || len(a.Conferences) > 0 }

// Run reports on a period.
func (k reportCommand) Run(c *console) error {
	period, err := briefings.ParsePeriod(k.Period)
	if err != nil {
		return err
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	defer a.Close()
	r, err := periodReport(c.ctx, a, period, briefings.UnitID(k.Unit))
	if err != nil {
		return err
	}
	if k.XLSX != "" {
		if err := saveReport(k.XLSX, c, r); err != nil {
			return err
		}
	}
	if k.JSON {
		return c.json(r)
	}
	return c.printReport(r)
}

// periodReport counts everything of a period.
func periodReport(ctx context.Context, a *app.App, period briefings.Period, unit briefings.UnitID) (periodic, error) {
	from, to, err := period.Days(a.Zone)
	if err != nil {
		return periodic{}, err
	}
	roster, err := a.Store.Roster(ctx)
	if err != nil {
		return periodic{}, err
	}
	tree, now := roster.Tree(), a.Config.Now()
	r := periodic{
		Period: period, From: from.Format(time.DateOnly), To: to.AddDate(0, 0, -1).Format(time.DateOnly), Unit: unit,
		AsOf: now.In(a.Zone).Format(time.RFC3339),
	}
	if unit != "" {
		if _, ok := tree.Unit(unit); !ok {
			return periodic{}, briefings.Refuse("cli.no_unit", "unit", string(unit))
		}
		r.UnitName = tree.Name(unit).In(briefings.Vietnamese)
	}
	within := func(id briefings.UnitID) bool { return unit == "" || tree.Contains(unit, id) }
	list, err := a.Store.Meetings(ctx)
	if err != nil {
		return periodic{}, err
	}
	r.Meetings.List = []heldMeeting{}
	for i := len(list) - 1; i >= 0; i-- { // the earliest first
		m := list[i]
		if m.Status != briefings.MeetingClosed || !serves(&m, from, to, a.Zone) {
			continue
		}
		seats, err := a.Store.Invitations(ctx, m.ID)
		if err != nil {
			return periodic{}, err
		}
		if h, ok := hold(&m, seats, tree, within, unit == "", now); ok {
			h.StartsAt = m.Starts.In(a.Zone).Format(time.RFC3339)
			r.Meetings.add(h)
		}
	}
	if per := r.Meetings.Tally.Rate(); per >= 0 {
		rate := float64(per) / 10
		r.Meetings.Rate = &rate
	}
	logged, err := a.Store.Activities(ctx, from, to)
	if err != nil {
		return periodic{}, err
	}
	logged = slices.DeleteFunc(logged, func(l briefings.Activity) bool { return !within(l.Unit) })
	r.Activities = activities(briefings.SumActivities(logged, from, to))
	return r, nil
}

// serves reports whether a meeting belongs to [from, to): by the periods it names, where a quarter belongs to its year as well, or,
// when it names none, by its start.
func serves(m *briefings.Meeting, from, to time.Time, zone *time.Location) bool {
	if len(m.Periods) == 0 {
		return !m.Starts.Before(from) && m.Starts.Before(to)
	}
	return slices.ContainsFunc(m.Periods, func(p briefings.Period) bool {
		first, end, err := p.Days(zone)
		return err == nil && !first.Before(from) && !end.After(to)
	})
}

// hold counts a meeting's part within some units; ok is false when it has none. Whole says that the units are all there are.
func hold(m *briefings.Meeting, seats []briefings.Invitation, tree *briefings.Tree, within func(briefings.UnitID) bool, whole bool,
	now time.Time) (h heldMeeting, ok bool) {
	seats = slices.DeleteFunc(seats, func(s briefings.Invitation) bool { return !within(s.Unit) })
	if len(seats) == 0 && !whole {
		return h, false
	}
	roll := briefings.Count(m, seats, tree, now)
	h = heldMeeting{Meeting: m.ID, Title: m.Title.In(briefings.Vietnamese), Tally: roll.Total, Attended: roll.Total.Attended(), starts: m.Starts, name: m.Title}
	for i, v := range m.Venues {
		own := len(v.Units) > 0 && !slices.ContainsFunc(v.Units, func(id briefings.UnitID) bool { return !within(id) })
		if whole || own || roll.Venues[i].Invited > 0 {
			h.Venues++
		}
		if whole || own {
			h.Guests += roll.Venues[i].Guests
		}
	}
	return h, true
}

func (t *held) add(h heldMeeting) {
	t.List = append(t.List, h)
	t.Conferences++
	t.Venues += h.Venues
	t.Invited += h.Invited
	t.Present += h.Present
	t.Represented += h.Represented
	t.Excused += h.Excused
	t.Unexcused += h.Unexcused
	t.Attended += h.Attended
	t.Guests += h.Guests
}

// printReport writes a report for a terminal.
func (c *console) printReport(r periodic) error {
	t := r.Meetings
	c.print(c.title(r))
	c.print("")
	c.print(c.say().T("cli.report_meetings", "conferences", t.Conferences, "venues", t.Venues, "attended", t.Attended, "invited", t.Invited,
		"pct", i18n.Percent{N: t.Attended, Of: t.Invited}, "represented", t.Represented, "guests", t.Guests))
	if len(t.List) > 0 {
		if _, err := c.meetingTable(r).WriteTo(c.stdout); err != nil {
			return err
		}
	}
	c.print("")
	if !r.Activities.any() { // nothing was logged: a table of zeros would say that nothing was done
		c.print(c.say().T("cli.no_activities"))
		return nil
	}
	_, err := c.activityTable(r).WriteTo(c.stdout)
	return err
}

func (c *console) meetingTable(r periodic) report.Table {
	say := c.say()
	table := report.Table{
		Head: []string{say.T("cli.head_start"), say.T("cli.head_title"), say.T("cli.head_venues"), say.T("cli.head_invited"), say.T("sheet.short_present"),
			say.T("sheet.short_represented"), say.T("sheet.short_excused"), say.T("sheet.short_unexcused"), say.T("sheet.short_guests")},
		Left: []bool{true, true},
	}
	for _, m := range r.Meetings.List {
		table.Rows = append(table.Rows, append([]string{c.moment(m.starts), vietnamese.Clean(m.name.In(c.lang()))},
			figures(m.Venues, m.Invited, m.Present, m.Represented, m.Excused, m.Unexcused, m.Guests)...))
	}
	t := r.Meetings
	table.Foot = append([]string{say.T("sheet.total"), ""}, figures(t.Venues, t.Invited, t.Present, t.Represented, t.Excused, t.Unexcused, t.Guests)...)
	return table
}

// activityTable has no total: the families are not added together.
func (c *console) activityTable(r periodic) report.Table {
	say := c.say()
	table := report.Table{Head: []string{say.T("cli.head_activity"), say.T("cli.head_sessions"), say.T("cli.head_attendances")}}
	for _, form := range []briefings.Form{briefings.Online, briefings.InPerson, briefings.InCell} {
		sum := r.Activities.Conferences[form]
		table.Rows = append(table.Rows, append([]string{say.T("cli.form_" + string(form))}, figures(sum.Sessions, sum.Attendances)...))
	}
	oral := r.Activities.OralWork
	table.Rows = append(table.Rows, append([]string{say.T("cli.oral_work")}, figures(oral.Sessions, oral.Attendances)...))
	return table
}

func figures(list ...int) []string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = strconv.Itoa(n)
	}
	return out
}

// title is the report's heading in a document.
func (c *console) title(r periodic) string {
	return c.say().T("cli.report_title", "period", string(r.Period), "unit", r.UnitName)
}
