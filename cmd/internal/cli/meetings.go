package cli

import (
	"strconv"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/report"
	"briefbot/briefings/vietnamese"
)

type meetingsCommand struct {
	JSON bool `name:"json" help:"Write one JSON document."`
}

// meetingRow is one meeting of the list; times are RFC 3339 in the organisation's zone.
type meetingRow struct {
	ID       briefings.MeetingID     `json:"id"`
	Title    string                  `json:"title"`
	StartsAt string                  `json:"starts_at"`
	Status   briefings.MeetingStatus `json:"status"`
	Invited  int                     `json:"invited"`
	Accepted int                     `json:"accepted"`
	Waiting  int                     `json:"waiting,omitempty"` // of those who come, or send somebody: have no place yet
}

// Run lists the meetings, the latest first.
func (k meetingsCommand) Run(c *console) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	defer a.Close()
	list, err := a.Store.Meetings(c.ctx)
	if err != nil {
		return err
	}
	rows := make([]meetingRow, 0, len(list))
	table := report.Table{
		Head: []string{c.say().T("cli.head_id"), c.say().T("cli.head_start"), c.say().T("cli.head_status"), c.say().T("cli.head_invited"),
			c.say().T("cli.head_accepted"), c.say().T("cli.head_title")},
		Left: []bool{true, true, true, false, false, true},
	}
	for _, m := range list {
		seats, err := a.Store.Invitations(c.ctx, m.ID)
		if err != nil {
			return err
		}
		row := meetingRow{m.ID, m.Title.In(briefings.Vietnamese), m.Starts.In(a.Zone).Format(time.RFC3339), m.Status, len(seats), 0, len(m.Waits(seats))}
		for i := range seats {
			if seats[i].Standing() == briefings.Accepted {
				row.Accepted++
			}
		}
		rows = append(rows, row)
		accepted := strconv.Itoa(row.Accepted)
		if row.Waiting > 0 {
			accepted += " (" + c.say().T("board.waiting", "n", row.Waiting) + ")"
		}
		table.Rows = append(table.Rows, []string{string(m.ID), c.moment(m.Starts), c.say().T("cli.meeting_" + string(m.Status)),
			strconv.Itoa(row.Invited), accepted, vietnamese.Clean(m.Title.In(c.lang()))})
	}
	if k.JSON {
		return c.json(struct {
			Meetings []meetingRow `json:"meetings"`
		}{rows})
	}
	if len(rows) == 0 {
		c.print(c.say().T("cli.no_meetings"))
		return nil
	}
	_, err = table.WriteTo(c.stdout)
	return err
}

// moment is a time as a table shows it: it sorts, and is as wide as every other.
func (c *console) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if zone := c.say().Location; zone != nil {
		t = t.In(zone)
	}
	return t.Format("2006-01-02 15:04")
}
