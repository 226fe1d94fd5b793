package cli

import (
	"errors"
	"fmt"
	"os"

	"briefbot/briefings"
	"briefbot/briefings/redisstore"
	"briefbot/cmd/internal/backup"
)

type backupCommand struct {
	File string `arg:"" help:"Where to write. Only you may read the file: it names people."`
}

// Run writes all state into a file.
func (k backupCommand) Run(c *console) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	defer a.Close()
	file, err := backup.Take(c.ctx, a.Redis(), c.config.RedisPrefix)
	if err != nil {
		return err
	}
	if err := save(k.File, file.Write); err != nil {
		return err
	}
	c.print(c.say().T("cli.backup_done", "n", file.Header.Keys, "file", k.File, "time", file.Header.Taken))
	return nil
}

type restoreCommand struct {
	File  string `arg:"" help:"A file that the command backup wrote."`
	Force bool   `help:"Replace what the store holds."`
}

// Run brings a backup back into an empty store. The file is proved to be whole before anything is touched.
func (k restoreCommand) Run(c *console) error {
	opened, err := os.Open(k.File)
	if err != nil {
		return briefings.Refuse("cli.not_read", "file", k.File, "why", reason(err))
	}
	defer func() { _ = opened.Close() }()
	file, err := backup.Read(opened)
	if err != nil {
		return briefings.Refuse("cli.not_backup", "file", k.File, "why", err.Error())
	}
	a, err := c.reach()
	if err != nil {
		return err
	}
	defer a.Close()
	running, err := backup.Running(c.ctx, a.Redis(), c.config.RedisPrefix)
	if err != nil {
		return err
	}
	if running {
		return briefings.Refuse("cli.running")
	}
	empty, err := a.Store.Empty(c.ctx)
	if err != nil {
		return err
	}
	if !empty && !k.Force {
		return briefings.Refuse("cli.not_empty")
	}
	err = file.Restore(c.ctx, a.Redis(), c.config.RedisPrefix)
	if errors.Is(err, redisstore.ErrSchema) {
		return briefings.Refuse("cli.not_backup", "file", k.File, "why", err.Error())
	}
	if err != nil {
		return fmt.Errorf("%w; run the command again with --force", err)
	}
	c.print(c.say().T("cli.restored", "n", file.Header.Keys, "time", file.Header.Taken))
	return nil
}
