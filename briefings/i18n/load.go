package i18n

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"golang.org/x/text/feature/plural"
)

// add reads one file into the catalogue.
func (c *Catalogue) add(files fs.FS, name string) error {
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var complaints []error
	err = eachField(b, func(key string, value json.RawMessage) {
		if c.Has(key) {
			complaints = append(complaints, fmt.Errorf("%s: the key is there already", key))
			return
		}
		c.sentences[key] = &entry{raw: value}
	})
	return errors.Join(append(complaints, err)...)
}

// eachField walks a JSON object in its order. A map would hide a field that
// occurs twice.
func eachField(b []byte, do func(key string, value json.RawMessage)) error {
	d := json.NewDecoder(bytes.NewReader(b))
	open, err := d.Token()
	if err != nil {
		return err
	}
	if open != json.Delim('{') {
		return errors.New("not an object")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return fmt.Errorf("%v: %w", key, err)
		}
		do(key.(string), value)
	}
	_, err = d.Token()
	return err
}

func newSentence(b json.RawMessage) (sentence, error) {
	var w wire
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&w); err != nil {
		return sentence{}, err
	}
	if !slices.Contains([]Kind{Message, Toast, Button, Plain}, w.Kind) {
		return sentence{}, fmt.Errorf("unknown kind %q", w.Kind)
	}
	s := sentence{kind: w.Kind, counts: w.Plural, forms: map[Lang]map[plural.Form]template{}}
	for l, text := range map[Lang]json.RawMessage{Vi: w.Vi, En: w.En} {
		forms, err := newForms(text)
		if err != nil {
			return sentence{}, fmt.Errorf("%s: %w", l, err)
		}
		if len(forms) > 1 && s.counts == "" {
			return sentence{}, fmt.Errorf("%s: forms without a value that decides", l)
		}
		s.forms[l] = forms
	}
	return s, nil
}

var formNames = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// newForms reads a text, or an object of plural forms that holds at least other.
func newForms(b json.RawMessage) (map[plural.Form]template, error) {
	if len(b) == 0 {
		return nil, errors.New("no text")
	}
	texts := map[string]string{}
	if b[0] == '"' {
		var text string
		if err := json.Unmarshal(b, &text); err != nil {
			return nil, err
		}
		texts["other"] = text
	} else if err := json.Unmarshal(b, &texts); err != nil {
		return nil, err
	}
	forms := map[plural.Form]template{}
	for name, text := range texts {
		form, ok := formNames[name]
		if !ok {
			return nil, fmt.Errorf("unknown plural form %q", name)
		}
		if text == "" {
			return nil, fmt.Errorf("empty text")
		}
		t, err := compile(text)
		if err != nil {
			return nil, err
		}
		forms[form] = t
	}
	if _, ok := forms[plural.Other]; !ok {
		return nil, errors.New("no form other")
	}
	return forms, nil
}
