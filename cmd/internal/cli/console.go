package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/redisstore"
	"briefbot/cmd/internal/app"
)

// console is what a command works with: where it writes, in which language, and by which settings.
type console struct {
	ctx            context.Context
	stdout, stderr io.Writer
	texts          *i18n.Catalogue
	config         app.Config
	complaints     []error // about the environment
}

// say speaks the language of the settings.
func (c *console) say() i18n.Printer {
	p := i18n.Printer{Catalogue: c.texts, Lang: i18n.Lang(c.config.Language), Org: c.config.OrgName, Contact: c.config.Contact}
	if p.Lang != i18n.En {
		p.Lang = i18n.Vi
	}
	if zone, err := time.LoadLocation(c.config.Timezone); err == nil {
		p.Location = zone
	}
	return p
}

// lang is the language of documents.
func (c *console) lang() briefings.Lang { return briefings.Lang(c.say().Lang) }

// print says a sentence on standard output.
func (c *console) print(text string) { fmt.Fprintln(c.stdout, text) }

// plain is a refusal as a terminal shows it.
func (c *console) plain(r *briefings.Refusal) string {
	text := c.say().Refusal(r)
	if c.texts.Kind(r.Key) == i18n.Message {
		return c.say().T("cli.plain", "text", i18n.HTML(text))
	}
	return text
}

// check joins every complaint about the settings.
func (c *console) check(config error) error {
	if err := errors.Join(append(c.complaints, config)...); err != nil {
		return settings{err}
	}
	return nil
}

// open reaches the store for a command and makes sure that it is one this program knows.
func (c *console) open() (*app.App, error) {
	a, err := c.reach()
	if err != nil {
		return nil, err
	}
	if err := a.Store.CheckSchema(c.ctx); err != nil {
		a.Close()
		if errors.Is(err, redisstore.ErrSchema) {
			return nil, briefings.Refuse("cli.schema", "why", err.Error())
		}
		return nil, err
	}
	return a, nil
}

// reach connects to Redis, whatever it holds.
func (c *console) reach() (*app.App, error) {
	if err := c.check(c.config.CheckStore()); err != nil {
		return nil, err
	}
	a, err := app.Open(c.config)
	if err != nil {
		return nil, settings{err}
	}
	if err := a.Store.Ping(c.ctx); err != nil {
		a.Close()
		if c.ctx.Err() != nil {
			return nil, c.ctx.Err()
		}
		return nil, briefings.Refuse("cli.no_redis", "why", err.Error())
	}
	return a, nil
}

// gone reports that something is not there.
func gone(err error) bool { return errors.Is(err, briefings.ErrNotFound) }

// json writes one document to standard output.
func (c *console) json(document any) error {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false) // names stay readable; the document goes into no page
	if err := e.Encode(document); err != nil {
		return fmt.Errorf("encode document: %w", err)
	}
	if _, err := c.stdout.Write(text.Bytes()); err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	return nil
}

// save writes a file as a whole or not at all; only its owner may read it, because rolls name people. What is no regular file, such
// as a pipe, is written to directly.
func save(path string, write func(io.Writer) error) (err error) {
	if kept, err := os.Stat(path); err == nil && !kept.Mode().IsRegular() {
		return pour(path, write)
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return unwritable(path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	if err := write(file); err != nil {
		_ = file.Close()
		return err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return unwritable(path, err)
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return unwritable(path, err)
	}
	return nil
}

func pour(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return unwritable(path, err)
	}
	if err := write(file); err != nil {
		_ = file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return unwritable(path, err)
	}
	return nil
}

func unwritable(path string, err error) error {
	return briefings.Refuse("cli.not_written", "file", path, "why", reason(err))
}

// reason is what the system says, without the path, which the sentence names already.
func reason(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err.Error()
	}
	return err.Error()
}
