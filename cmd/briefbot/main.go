// Command briefbot brings briefings and meeting notices to the members of an organisation over Telegram, and takes attendance.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"briefbot/cmd/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	code := cli.Main(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
