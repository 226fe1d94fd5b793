package telegram

import (
	"errors"
	"log/slog"
	"net/url"
	"strings"
)

// hidden is what is printed in place of a secret.
const hidden = "[hidden]"

// Secret is a text that is used and never printed: fmt, slog and JSON show a
// placeholder.
//
// The text sits inside a function because fmt reads the unexported fields of
// a struct without asking its methods: a plain string would show as soon as
// somebody prints the struct around it.
type Secret struct{ reveal func() string }

// NewSecret keeps text.
func NewSecret(text string) Secret {
	return Secret{reveal: func() string { return text }}
}

// Reveal returns the text, to be put on the wire and nowhere else.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// Empty reports that there is nothing to hide.
func (s Secret) Empty() bool { return s.Reveal() == "" }

// String implements fmt.Stringer.
func (s Secret) String() string { return hidden }

// GoString implements fmt.GoStringer.
func (s Secret) GoString() string { return hidden }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText implements encoding.TextMarshaler.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// redact replaces the secret in text, as it is and as a URL would write it.
func (s Secret) redact(text string) string {
	plain := s.Reveal()
	if plain == "" {
		return text
	}
	for _, form := range []string{plain, url.PathEscape(plain), url.QueryEscape(plain)} {
		text = strings.ReplaceAll(text, form, hidden)
	}
	return text
}

// redactError returns err without the URL that net/http puts around every
// failure, and without the secret wherever else it may stand. errors.Is still
// finds what it found before.
func (s Secret) redactError(err error) error {
	if err == nil {
		return nil
	}
	var outer *url.Error
	for errors.As(err, &outer) {
		err = outer.Err
	}
	if text := err.Error(); s.redact(text) != text {
		return redacted{text: s.redact(text), cause: err}
	}
	return err
}

// redacted stands for an error whose text would give a secret away.
type redacted struct {
	text  string
	cause error
}

func (r redacted) Error() string { return r.text }

// Is keeps errors.Is working; there is no Unwrap, so that nothing prints the
// cause.
func (r redacted) Is(target error) bool { return errors.Is(r.cause, target) }
