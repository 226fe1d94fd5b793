package callback

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limit is the most bytes Telegram carries.
const Limit = 64

// version is the first byte of every button. Another writing takes another
// byte, and buttons that are already in people's chats stay readable.
const version = '1'

// The separator stands between the parts; the mark makes it harmless inside
// one: "~:" is written "~~~.".
const (
	separator = ":"
	mark      = "~"
)

// Errors of this package; errors.Is finds them.
var (
	// ErrTooLong means that the meaning does not fit into Limit bytes.
	ErrTooLong = errors.New("button is longer than 64 bytes")
	// ErrMalformed means text that no Encode of this version wrote, or parts
	// that cannot be written.
	ErrMalformed = errors.New("button is malformed")
	// ErrUnknownAction means a well-formed button whose action is not
	// registered: an old one, or one of somebody else's making.
	ErrUnknownAction = errors.New("button has an unknown action")
)

// action is a short verb.
var action = regexp.MustCompile(`^[a-z][a-z0-9_]{0,15}$`)

// Press is what a button means.
type Press struct {
	// Action is the verb: a to z, 0 to 9 and _, at most 16.
	Action string
	// Args are what the verb is about: ids and choices, no secrets. They are
	// UTF-8 without control characters.
	Args []string
}

// Arg returns the argument at i, or "" when there are fewer.
func (p Press) Arg(i int) string {
	if i < 0 || i >= len(p.Args) {
		return ""
	}
	return p.Args[i]
}

// Encode writes p, or returns ErrTooLong or ErrMalformed.
func Encode(p Press) (string, error) {
	if !action.MatchString(p.Action) {
		return "", fmt.Errorf("encode action %q: %w", p.Action, ErrMalformed)
	}
	var b strings.Builder
	b.WriteByte(version)
	b.WriteString(p.Action)
	for i, arg := range p.Args {
		if !clean(arg) {
			return "", fmt.Errorf("encode %s: argument %d: %w", p.Action, i+1, ErrMalformed)
		}
		b.WriteString(separator)
		b.WriteString(escape.Replace(arg))
	}
	if b.Len() > Limit {
		return "", fmt.Errorf("encode %s: %d bytes: %w", p.Action, b.Len(), ErrTooLong)
	}
	return b.String(), nil
}

// Decode reads what Encode wrote and refuses everything else with
// ErrMalformed. Its errors do not repeat the text.
func Decode(text string) (Press, error) {
	if len(text) > Limit || len(text) < 2 || text[0] != version || !clean(text) {
		return Press{}, fmt.Errorf("decode button: %w", ErrMalformed)
	}
	parts := strings.Split(text[1:], separator)
	if !action.MatchString(parts[0]) {
		return Press{}, fmt.Errorf("decode button: %w", ErrMalformed)
	}
	p := Press{Action: parts[0]}
	for _, part := range parts[1:] {
		arg := unescape.Replace(part)
		// Only one writing of an argument is right.
		if escape.Replace(arg) != part {
			return Press{}, fmt.Errorf("decode button: %w", ErrMalformed)
		}
		p.Args = append(p.Args, arg)
	}
	return p, nil
}

var (
	escape   = strings.NewReplacer(mark, mark+mark, separator, mark+".")
	unescape = strings.NewReplacer(mark+mark, mark, mark+".", separator)
)

// clean reports UTF-8 without control characters.
func clean(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// Verbs are the actions a bot knows.
type Verbs map[string]struct{}

// Register returns the set of actions, or an error naming those that cannot
// be written or stand twice.
func Register(actions ...string) (Verbs, error) {
	verbs := make(Verbs, len(actions))
	var complaints []error
	for _, a := range actions {
		if !action.MatchString(a) {
			complaints = append(complaints, fmt.Errorf("register action %q: %w", a, ErrMalformed))
		}
		if _, twice := verbs[a]; twice {
			complaints = append(complaints, fmt.Errorf("register action %q: registered twice", a))
		}
		verbs[a] = struct{}{}
	}
	if len(complaints) > 0 {
		return nil, errors.Join(complaints...)
	}
	return verbs, nil
}

// Encode is Encode for registered actions only.
func (v Verbs) Encode(p Press) (string, error) {
	if _, known := v[p.Action]; !known {
		return "", fmt.Errorf("encode action %q: %w", p.Action, ErrUnknownAction)
	}
	return Encode(p)
}

// Decode is Decode for registered actions only.
func (v Verbs) Decode(text string) (Press, error) {
	p, err := Decode(text)
	if err != nil {
		return Press{}, err
	}
	if _, known := v[p.Action]; !known {
		return Press{}, fmt.Errorf("decode button: %w", ErrUnknownAction)
	}
	return p, nil
}
