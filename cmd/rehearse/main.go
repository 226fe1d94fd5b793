package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// options is what can be typed. The two hidden commands are this program's own child processes.
type options struct {
	Play     play     `cmd:"" default:"withargs" help:"Play a conference (the default)."`
	Sandbox  sandboxd `cmd:"" hidden:""`
	Embedded redisd   `cmd:"" name:"embedded-redis" hidden:""`
}

// play is the rehearsal itself.
type play struct {
	Members  int           `default:"1300" help:"How many members are called, 20 to 20000."`
	Venues   int           `default:"18" help:"At how many venues, 2 to 40."`
	Seed     uint64        `default:"1" help:"Who there is and what they do follows from this number."`
	Rate     float64       `default:"1000" help:"BROADCAST_RATE of the service, messages a second."`
	Crowd    int           `default:"32" help:"How many people act at the same time."`
	Within   time.Duration `default:"20m" help:"Give up after this long."`
	Embedded bool          `help:"Use the embedded Redis even where there is a redis-server."`
	Keep     bool          `help:"Keep the folder with logs and files, and say where it is."`
}

// Validate refuses what cannot be played.
func (p *play) Validate() error {
	switch {
	case p.Venues < 2 || p.Venues > 40:
		return errors.New("--venues is not between 2 and 40")
	case p.Members < 20 || p.Members > 20000:
		return errors.New("--members is not between 20 and 20000")
	case p.Members < 5*p.Venues:
		return errors.New("--members: there must be at least five a venue")
	case p.Crowd < 1 || p.Crowd > 256:
		return errors.New("--crowd is not between 1 and 256")
	case p.Rate <= 0 || p.Rate > 1000:
		return errors.New("--rate is not between 0 and 1000")
	}
	return nil
}

// errDiffers says that the rehearsal ran to its end and something was not as it must be; it has been printed.
var errDiffers = errors.New("the service's figures and the own tally differ")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run parses the arguments and does what they ask: 0 done, 1 something differs or failed, 2 wrong usage.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var o options
	exit := -1
	parser, err := kong.New(&o, kong.Name("rehearse"), kong.Writers(stdout, stderr), kong.Exit(func(code int) { exit = code }),
		kong.Description("Plays a conference of any size through the built service and keeps its own tally."))
	if err != nil {
		fmt.Fprintf(stderr, "rehearse: %v\n", err)
		return 1
	}
	chosen, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintf(stderr, "rehearse: %v\nTry: go run ./cmd/rehearse --help\n", err)
		return 2
	}
	if err := chosen.Run(&streams{ctx, stdin, stdout, stderr}); err != nil {
		fmt.Fprintf(stderr, "rehearse: %v\n", err)
		return 1
	}
	return 0
}

// streams are what a command works with.
type streams struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
}
