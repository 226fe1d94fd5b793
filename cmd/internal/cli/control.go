package cli

import (
	"errors"

	"briefbot/briefings"
	"briefbot/briefings/report"
	"briefbot/briefings/vietnamese"
	"briefbot/cmd/internal/app"
	"briefbot/scheduler/delivery"
)

// control does what was asked to one mailing, then lists whom it did not reach, with the way to reach them otherwise.
func (k outboxCommand) control(c *console, a *app.App) error {
	key := briefings.Key(k.Mailing)
	var err error
	switch {
	case k.Pause:
		err = a.Outbox.Pause(c.ctx, key)
	case k.Resume:
		err = a.Outbox.Resume(c.ctx, key)
	case k.Cancel:
		err = a.Outbox.Cancel(c.ctx, key)
	case k.ResendFailed:
		_, err = a.Outbox.Resend(c.ctx, key, delivery.Failed)
	case k.ResendUnknown:
		_, err = a.Outbox.Resend(c.ctx, key, delivery.Unknown)
	}
	switch {
	case gone(err):
		return briefings.Refuse("cli.no_mailing", "mailing", k.Mailing)
	case errors.Is(err, delivery.ErrMove):
		return briefings.Refuse("outbox.cannot")
	case err != nil:
		return err
	}
	return k.untold(c, a, key)
}

// untoldRow is somebody a mailing did not reach.
type untoldRow struct {
	Member briefings.MemberID `json:"member"`
	Name   string             `json:"name"`
	Phone  string             `json:"phone,omitempty"`
	Why    string             `json:"why"`
}

func (k outboxCommand) untold(c *console, a *app.App, key briefings.Key) error {
	status, err := a.Outbox.Mailing(c.ctx, key)
	if gone(err) {
		return briefings.Refuse("cli.no_mailing", "mailing", k.Mailing)
	}
	if err != nil {
		return err
	}
	list, err := a.Untold(c.ctx, key)
	if err != nil {
		return err
	}
	roster, err := a.Store.Roster(c.ctx)
	if err != nil {
		return err
	}
	rows := make([]untoldRow, 0, len(list))
	table := report.Table{
		Head: []string{c.say().T("cli.head_name"), c.say().T("cli.head_phone"), c.say().T("cli.head_why")}, Left: []bool{true, true, true},
	}
	for _, u := range list {
		m, ok := roster.MemberByNo(u.No)
		if !ok {
			continue
		}
		rows = append(rows, untoldRow{Member: m.ID, Name: m.Name, Phone: m.Phone, Why: u.Why})
		table.Rows = append(table.Rows, []string{vietnamese.Clean(m.Name), m.Phone, c.say().T("why." + u.Why)})
	}
	if k.JSON {
		return c.json(struct {
			Key    briefings.Key     `json:"key"`
			State  delivery.State    `json:"state"`
			Why    string            `json:"why,omitempty"`
			Total  int               `json:"total"`
			Counts delivery.Progress `json:"counts"`
			Untold []untoldRow       `json:"untold"`
		}{key, status.State, status.Why, status.Total, status.Counts, rows})
	}
	c.print(c.say().T("cli.mailing", "mailing", k.Mailing, "state", c.say().T("mailing."+string(status.State)), "sent", status.Counts.Sent, "total", status.Total))
	if len(rows) == 0 {
		return nil
	}
	_, err = table.WriteTo(c.stdout)
	return err
}
