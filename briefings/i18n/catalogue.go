package i18n

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sync"

	"golang.org/x/text/feature/plural"
)

// Kind says where a sentence is shown, and so how it is written.
type Kind string

const (
	Message Kind = "msg"   // Telegram's HTML
	Toast   Kind = "toast" // plain, at most 160 characters
	Button  Kind = "btn"   // plain, at most 24 characters
	Plain   Kind = "text"  // plain: documents, file names, descriptions of commands
)

// Catalogue is every sentence in every language. It is not changed after it is
// made and serves any number of goroutines.
type Catalogue struct{ sentences map[string]*entry }

// entry is a sentence that is read when it is first asked for: a program that starts has something better to do than to read all of them.
type entry struct {
	once sync.Once
	raw  json.RawMessage
	said sentence
	err  error
}

func (e *entry) read() (sentence, error) {
	e.once.Do(func() {
		e.said, e.err = newSentence(e.raw)
		e.raw = nil
	})
	return e.said, e.err
}

// sentence returns what stands under a key. One that cannot be read is not there.
func (c *Catalogue) sentence(key string) (sentence, bool) {
	e, ok := c.sentences[key]
	if !ok {
		return sentence{}, false
	}
	s, err := e.read()
	return s, err == nil
}

type sentence struct {
	kind   Kind
	counts string // the value that decides the plural form; empty: none
	forms  map[Lang]map[plural.Form]template
}

//go:embed messages/*.json
var embedded embed.FS

// Load reads the catalogue built into the program. Its sentences were all read by the tests and are read again when they are needed.
func Load() (*Catalogue, error) { return list(embedded, "messages") }

// MustLoad is Load for a program that has passed its tests: it panics where
// the built-in catalogue cannot be read.
func MustLoad() *Catalogue {
	c, err := Load()
	if err != nil {
		panic(err)
	}
	return c
}

// LoadFS reads every JSON file of a folder. A key that occurs twice, in one file
// or in two, an unknown kind or field and a template that cannot be read are
// errors; all of them are returned together.
func LoadFS(files fs.FS, folder string) (*Catalogue, error) {
	c, err := list(files, folder)
	complaints := []error{err}
	if c != nil {
		for _, key := range c.Keys() {
			if _, err := c.sentences[key].read(); err != nil {
				complaints = append(complaints, fmt.Errorf("read catalogue: %s: %w", key, err))
			}
		}
	}
	if err := errors.Join(complaints...); err != nil {
		return nil, err
	}
	return c, nil
}

// list reads which sentences there are. What it returns beside complaints holds the others.
func list(files fs.FS, folder string) (*Catalogue, error) {
	names, err := fs.Glob(files, path.Join(folder, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list catalogue: %w", err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("list catalogue: no file in %s", folder)
	}
	c := &Catalogue{sentences: map[string]*entry{}}
	var complaints []error
	for _, name := range names {
		if err := c.add(files, name); err != nil {
			complaints = append(complaints, fmt.Errorf("read catalogue %s: %w", name, err))
		}
	}
	return c, errors.Join(complaints...)
}

// Keys lists all keys, sorted.
func (c *Catalogue) Keys() []string { return slices.Sorted(maps.Keys(c.sentences)) }

// Kind says where the sentence is shown; empty for an unknown key.
func (c *Catalogue) Kind(key string) Kind {
	s, _ := c.sentence(key)
	return s.kind
}

// Has reports whether the catalogue knows the key.
func (c *Catalogue) Has(key string) bool { _, ok := c.sentences[key]; return ok }

// Values lists the names of the values that a sentence takes, sorted.
func (c *Catalogue) Values(l Lang, key string) []string {
	var names []string
	s, _ := c.sentence(key)
	for _, t := range s.forms[l] {
		names = append(names, t.names()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// form picks the template of a sentence for the language and the count.
func (s sentence) form(l Lang, count func(name string) int) template {
	forms, ok := s.forms[l]
	if !ok {
		forms = s.forms[Vi]
	}
	if len(forms) > 1 {
		n := count(s.counts)
		if n < 0 {
			n = -n
		}
		if t, ok := forms[plural.Cardinal.MatchPlural(l.tag(), n, 0, 0, 0, 0)]; ok {
			return t
		}
	}
	return forms[plural.Other]
}

// wire is a sentence as its file holds it.
type wire struct {
	Kind   Kind            `json:"kind"`
	Plural string          `json:"plural"`
	Vi     json.RawMessage `json:"vi"`
	En     json.RawMessage `json:"en"`
}
