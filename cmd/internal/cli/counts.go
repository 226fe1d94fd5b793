package cli

import (
	"io"

	"briefbot/briefings"
	"briefbot/briefings/report"
	"briefbot/cmd/internal/app"
)

type countsCommand struct {
	Meeting string `arg:"" help:"The meeting's id, as the command meetings lists it."`
	JSON    bool   `name:"json" help:"Write one JSON document."`
	XLSX    string `name:"xlsx" placeholder:"FILE" help:"Write the workbook with the roll by person to a file as well."`
}

// Run counts the attendance of a meeting.
func (k countsCommand) Run(c *console) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	defer a.Close()
	roster, err := a.Store.Roster(c.ctx)
	if err != nil {
		return err
	}
	m, seats, err := rolls(c, a, briefings.MeetingID(k.Meeting))
	if err != nil {
		return err
	}
	roll := briefings.Count(&m, seats, roster.Tree(), a.Config.Now())
	if k.XLSX != "" {
		sheet := report.Sheet{Roll: roll, Meeting: &m, Seats: report.Seats(&m, seats, roster, c.lang()), Org: c.config.OrgName, Say: c.say()}
		if err := save(k.XLSX, func(w io.Writer) error { return report.CountsXLSX(w, sheet) }); err != nil {
			return err
		}
	}
	if k.JSON {
		return report.CountsJSON(c.stdout, roll, a.Zone)
	}
	return report.CountsText(c.stdout, roll, c.say())
}

// rolls reads a meeting and its seats.
func rolls(c *console, a *app.App, id briefings.MeetingID) (briefings.Meeting, []briefings.Invitation, error) {
	m, err := a.Store.Meeting(c.ctx, id)
	if gone(err) {
		return m, nil, briefings.Refuse("cli.no_meeting", "meeting", string(id))
	}
	if err != nil {
		return m, nil, err
	}
	seats, err := a.Store.Invitations(c.ctx, id)
	return m, seats, err
}
