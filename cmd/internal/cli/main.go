package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/cmd/internal/app"
)

// The exit codes.
const (
	exitDone    = 0
	exitRefused = 1
	exitUsage   = 2
)

// program is what can be typed: the settings, which every command takes, and the commands.
type program struct {
	app.Config `embed:"" group:"settings"`

	Serve    serveCommand    `cmd:"" default:"1" help:"Run the service until it is stopped (the default)."`
	Roster   rosterCommand   `cmd:"" help:"Bring the roll in and out as a file."`
	Meetings meetingsCommand `cmd:"" help:"List the meetings."`
	Counts   countsCommand   `cmd:"" help:"Attendance counts of a meeting."`
	Report   reportCommand   `cmd:"" help:"Periodic report: closed meetings and logged activities of a month, quarter, half-year or year."`
	Outbox   outboxCommand   `cmd:"" help:"List what is being sent, is due, or did not reach everybody."`
	Backup   backupCommand   `cmd:"" help:"Write all state into one portable file. For the state of one moment stop the service first."`
	Restore  restoreCommand  `cmd:"" help:"Bring all state back from a file. The service must not be running."`
	Doctor   doctorCommand   `cmd:"" help:"Check settings, Redis, clocks and Telegram; say what is wrong and what to do."`
}

// Lookup returns the value of an environment variable and whether it is set, as os.LookupEnv does.
type Lookup func(name string) (string, bool)

// Main runs one command and returns the exit code. Args are without the program's name. It returns when the command is done, or soon
// after ctx ended.
func Main(ctx context.Context, args []string, env Lookup, stdout, stderr io.Writer) int {
	texts, err := i18n.Load()
	if err != nil {
		fmt.Fprintf(stderr, "briefbot: %v\n", err)
		return exitRefused
	}
	var p program
	c := &console{ctx: ctx, stdout: stdout, stderr: stderr, texts: texts}
	variables := &environ{lookup: env, names: map[*kong.Value]string{}}
	exit := -1
	parser, err := kong.New(&p,
		kong.Name("briefbot"),
		kong.Description("Brings briefings and meeting notices to the members of an organisation over Telegram, and takes attendance."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exit = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: false}),
		kong.Groups{"settings": "Settings\nA flag, else the environment, else the default. X_FILE names a file that holds the value of X."},
		kong.PostBuild(variables.take),
		kong.ValueFormatter(variables.describe),
		kong.Resolvers(variables),
	)
	if err != nil {
		fmt.Fprintf(stderr, "briefbot: %v\n", err)
		return exitRefused
	}
	chosen, err := parser.Parse(args)
	if exit >= 0 { // --help has been printed
		return exit
	}
	if err != nil {
		fmt.Fprintf(stderr, "briefbot: %v\nTry: briefbot --help\n", err)
		return exitUsage
	}
	p.Config.LogTo = stderr
	c.config, c.complaints = p.Config, variables.complaints
	if err := chosen.Run(c); err != nil {
		c.complain(err)
		return exitRefused
	}
	return exitDone
}

// settings are complaints about the settings, all of them at once.
type settings struct{ error }

// complain says on standard error why a command is refused or has failed.
func (c *console) complain(err error) {
	var bad settings
	var rows *refusedRows
	switch refusal := briefings.AsRefusal(err); {
	case errors.As(err, &rows): // the rows stand in the preview
		fmt.Fprintf(c.stderr, "briefbot: %s\n", c.say().T("cli.bad_rows", "n", rows.n))
	case errors.As(err, &bad):
		fmt.Fprintf(c.stderr, "briefbot: %s\n", c.say().T("cli.settings"))
		for line := range strings.Lines(bad.Error()) {
			fmt.Fprintf(c.stderr, "  %s\n", strings.TrimSpace(line))
		}
	case errors.Is(err, errSick):
		fmt.Fprintf(c.stderr, "briefbot: %s\n", c.say().T("cli.sick"))
	case refusal != nil:
		fmt.Fprintf(c.stderr, "briefbot: %s\n", c.plain(refusal))
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(c.stderr, "briefbot: %s\n", c.say().T("cli.interrupted"))
	default:
		fmt.Fprintf(c.stderr, "briefbot: %v\n", err)
	}
}
