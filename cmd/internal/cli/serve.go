package cli

import "briefbot/cmd/internal/app"

// serveCommand is the service. Its log goes to standard error, nothing to standard output.
type serveCommand struct{}

// Run serves until the context ends.
func (serveCommand) Run(c *console) error {
	if err := c.check(c.config.Check()); err != nil {
		return err
	}
	service, err := app.New(c.config)
	if err != nil {
		return settings{err}
	}
	return service.Run(c.ctx)
}
