package cli

import (
	"context"
	"strconv"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/report"
	"briefbot/briefings/vietnamese"
	"briefbot/cmd/internal/app"
	"briefbot/scheduler/delivery"
)

type outboxCommand struct {
	JSON bool `name:"json" help:"Write one JSON document."`
	All  bool `help:"List finished mailings as well, even if everybody was told."`

	Mailing       string `arg:"" optional:"" help:"One mailing by its key: lists whom it did not reach, after doing what is asked."`
	Pause         bool   `xor:"act" help:"Pause the mailing."`
	Resume        bool   `xor:"act" help:"Let the paused mailing go on."`
	Cancel        bool   `xor:"act" help:"Stop the mailing for good."`
	ResendFailed  bool   `xor:"act" help:"Send the mailing again to those it failed for."`
	ResendUnknown bool   `xor:"act" help:"Send the mailing again to those of whom nobody knows whether it arrived."`
}

// recent is how many of the newest mailings are looked through for failures.
const recent = 300

// mailingRow is one mailing; times are RFC 3339 in the organisation's zone and left out for what has not happened.
type mailingRow struct {
	Key      briefings.Key     `json:"key"`
	Kind     briefings.Kind    `json:"kind"`
	Subject  string            `json:"subject"`
	Title    string            `json:"title"`
	State    delivery.State    `json:"state"`
	Why      string            `json:"why,omitempty"`
	Due      string            `json:"due,omitempty"`
	Started  string            `json:"started,omitempty"`
	Finished string            `json:"finished,omitempty"`
	Total    int               `json:"total"`
	Counts   delivery.Progress `json:"counts"`
}

// Run lists what is being sent, is due, or did not reach everybody, the newest first.
func (k outboxCommand) Run(c *console) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if k.Mailing != "" {
		return k.control(c, a)
	}
	if k.Pause || k.Resume || k.Cancel || k.ResendFailed || k.ResendUnknown {
		return briefings.Refuse("cli.which_mailing")
	}
	list, err := mailings(c.ctx, a, k.All)
	if err != nil {
		return err
	}
	rows := make([]mailingRow, 0, len(list))
	table := report.Table{
		Head: []string{c.say().T("cli.head_due"), c.say().T("cli.head_kind"), c.say().T("cli.head_state"), c.say().T("cli.head_sent"),
			c.say().T("cli.head_failed"), c.say().T("cli.head_unknown"), c.say().T("cli.head_title")},
		Left: []bool{true, true, true, false, false, false, true},
	}
	titles := map[string]briefings.Text{}
	for _, s := range list {
		title, err := titleOf(c.ctx, a, s.Mailing, titles)
		if err != nil {
			return err
		}
		stamp := func(t time.Time) string {
			if t.IsZero() {
				return ""
			}
			return t.In(a.Zone).Format(time.RFC3339)
		}
		rows = append(rows, mailingRow{
			Key: s.Mailing.Key(), Kind: s.Mailing.Kind, Subject: s.Mailing.Subject, Title: title.In(briefings.Vietnamese), State: s.State,
			Why: s.Why, Due: stamp(s.Mailing.Due), Started: stamp(s.Started), Finished: stamp(s.Finished), Total: s.Total, Counts: s.Counts,
		})
		table.Rows = append(table.Rows, []string{
			c.moment(s.Mailing.Due), c.say().T("kind." + string(s.Mailing.Kind)), c.say().T("mailing." + string(s.State)),
			strconv.Itoa(s.Counts.Sent) + "/" + strconv.Itoa(s.Total), strconv.Itoa(s.Counts.Failed), strconv.Itoa(s.Counts.Unknown),
			vietnamese.Clean(title.In(c.lang())),
		})
	}
	if k.JSON {
		return c.json(struct {
			Mailings []mailingRow `json:"mailings"`
		}{rows})
	}
	if len(rows) == 0 {
		c.print(c.say().T("cli.outbox_quiet"))
		return nil
	}
	_, err = table.WriteTo(c.stdout)
	return err
}

// mailings are those not done, whatever their age, and of the newest ones those that did not reach everybody.
func mailings(ctx context.Context, a *app.App, all bool) ([]delivery.Status, error) {
	newest, err := a.Outbox.Mailings(ctx, recent)
	if err != nil {
		return nil, err
	}
	live, err := a.Outbox.Live(ctx)
	if err != nil {
		return nil, err
	}
	seen := map[briefings.Key]bool{}
	var list []delivery.Status
	for _, s := range newest {
		troubled := s.State == delivery.Aborted || s.Counts.Failed+s.Counts.Unknown+s.Counts.Expired > 0
		if all || !s.State.Final() || troubled {
			list = append(list, s)
			seen[s.Mailing.Key()] = true
		}
	}
	for i := len(live) - 1; i >= 0; i-- { // older than the newest ones, oldest first
		if !seen[live[i].Mailing.Key()] {
			list = append(list, live[i])
		}
	}
	return list, nil
}

// titleOf names a mailing's subject; what has gone is named by its id.
func titleOf(ctx context.Context, a *app.App, m briefings.Mailing, known map[string]briefings.Text) (briefings.Text, error) {
	subject := "meeting/" + m.Subject
	if m.Kind == briefings.KindBriefing {
		subject = "briefing/" + m.Subject
	}
	if title, ok := known[subject]; ok {
		return title, nil
	}
	var title briefings.Text
	var err error
	if m.Kind == briefings.KindBriefing {
		var b briefings.Briefing
		b, err = a.Store.Briefing(ctx, briefings.BriefingID(m.Subject))
		title = b.Title
	} else {
		var meeting briefings.Meeting
		meeting, err = a.Store.Meeting(ctx, briefings.MeetingID(m.Subject))
		title = meeting.Title
	}
	if gone(err) {
		title, err = briefings.Text{Vi: m.Subject}, nil
	}
	known[subject] = title
	return title, err
}
