package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"briefbot/bot"
	"briefbot/briefings"
	"briefbot/briefings/rosterfile"
	"briefbot/cmd/internal/app"
)

type rosterCommand struct {
	Import importCommand `cmd:"" help:"Import the roll from an XLSX or CSV file: show what it changes, and write it if no row is bad."`
	Export exportCommand `cmd:"" help:"Write the roll to an XLSX or CSV file, with each member's state and invite link."`
}

// previewed is how many people of each sort the preview lists.
const previewed = 100

type importCommand struct {
	File   string `arg:"" help:"The roll as .xlsx or .csv."`
	DryRun bool   `help:"Show what would change and write nothing."`
	Part   bool   `xor:"extent" help:"The file lists a part of the roll only: nobody leaves by it."`
	Whole  bool   `xor:"extent" help:"The file is the whole roll, even where more than half of it leaves by it."`
	All    bool   `help:"List everybody in the preview, however many."`
}

// refusedRows says that nothing was written because some rows are bad.
type refusedRows struct{ n int }

func (r *refusedRows) Error() string { return fmt.Sprintf("%d bad rows", r.n) }

// Run shows what a file changes and writes it.
func (i importCommand) Run(c *console) error {
	rows, err := readRoster(i.File)
	if err != nil {
		return err
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	defer a.Close()
	roster, err := a.Store.Roster(c.ctx)
	if err != nil {
		return err
	}
	change := rosterfile.Plan(rows, roster, rosterfile.Options{Now: a.Config.Now(), Part: i.Part})
	most := previewed
	if i.All {
		most = 0
	}
	fmt.Fprint(c.stdout, rosterfile.Preview(change, c.say(), most))
	if len(change.BadRows) > 0 {
		return &refusedRows{len(change.BadRows)}
	}
	if change.LooksPartial() && !i.Whole && !i.DryRun {
		return briefings.Refuse("cli.part_or_whole", "n", len(change.Left))
	}
	switch {
	case i.DryRun:
		c.print("\n" + c.say().T("cli.dry_run"))
		return nil
	case change.Empty():
		return nil
	}
	apply, err := change.RosterChange()
	if err != nil {
		return err
	}
	if err := a.Store.ApplyRoster(c.ctx, apply); err != nil {
		return err
	}
	c.print("\n" + c.say().T("cli.imported", "n", change.Rows, "new", len(change.New), "moved", len(change.Moved),
		"changed", len(change.Changed), "left", len(change.Left)))
	return nil
}

func readRoster(path string) ([]rosterfile.Row, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, briefings.Refuse("cli.not_read", "file", path, "why", reason(err))
	}
	defer func() { _ = file.Close() }()
	rows, err := rosterfile.Read(file, path)
	var broken *os.PathError
	if errors.As(err, &broken) { // a folder opens and does not read
		return nil, briefings.Refuse("cli.not_read", "file", path, "why", reason(err))
	}
	return rows, err
}

// linkLasts is how long an exported invite link can be used.
const linkLasts = 30 * 24 * time.Hour

type exportCommand struct {
	File  string `arg:"" help:"Where to write: .csv is CSV, everything else XLSX."`
	Links *bool  `negatable:"" help:"Make an invite link for everybody who has not joined, valid 30 days and usable once; earlier links of these people stop working. Without this flag links are made if the bot's name is known."`
}

// Run writes the roll.
func (e exportCommand) Run(c *console) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	defer a.Close()
	roster, err := a.Store.Roster(c.ctx)
	if err != nil {
		return err
	}
	links, err := e.links(c, a, roster)
	if err != nil {
		return err
	}
	rows := rosterfile.Rows(roster, links, c.say())
	err = save(e.File, func(w io.Writer) error { return rosterfile.Write(w, rosterfile.FormatOf(e.File), c.lang(), rows) })
	if err != nil {
		return err
	}
	c.print(c.say().T("cli.exported", "n", len(rows), "file", e.File))
	if len(links) > 0 {
		c.print(c.say().T("cli.links_made", "n", len(links), "until", a.Config.Now().Add(linkLasts)))
	}
	return nil
}

// links makes the invite links. Tokens are kept as hashes only, so an earlier link cannot be written again and is replaced.
func (e exportCommand) links(c *console, a *app.App, roster *briefings.Roster) (map[briefings.MemberID]string, error) {
	if e.Links != nil && !*e.Links {
		return nil, nil
	}
	name, err := a.Username(c.ctx)
	if err != nil {
		return nil, err
	}
	if name == "" {
		missing := briefings.Refuse("cli.no_bot_name")
		if e.Links != nil {
			return nil, missing
		}
		fmt.Fprintf(c.stderr, "briefbot: %s\n", c.plain(missing))
		return nil, nil
	}
	links := map[briefings.MemberID]string{}
	for _, m := range roster.Members {
		if !invitable(m) {
			continue
		}
		token, err := a.Store.NewLink(c.ctx, m.ID, linkLasts)
		if err != nil {
			return nil, err
		}
		links[m.ID] = "https://t.me/" + name + "?start=" + bot.InvitePayload(token)
	}
	return links, nil
}

// invitable reports whether somebody is to join over Telegram and has not.
func invitable(m briefings.Member) bool {
	return !m.Joined() && (m.Status == briefings.Active || m.Status == briefings.Invited) && (m.Channel == "" || m.Channel == briefings.ByTelegram)
}
