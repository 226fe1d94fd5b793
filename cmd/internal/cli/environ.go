package cli

import (
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// environ gives flags their values from the environment that Main was handed. The parser would read the process's own, at a moment
// when nothing can be said about it, so the names of the variables are taken off the flags before it does.
type environ struct {
	lookup     Lookup
	names      map[*kong.Value]string
	complaints []error // all of them, so that a person mends the settings once
}

// take moves the variables' names from the parser's model to here.
func (e *environ) take(k *kong.Kong) error {
	for _, flag := range k.Model.Flags {
		if len(flag.Value.Tag.Envs) > 0 {
			e.names[flag.Value] = flag.Value.Tag.Envs[0]
			flag.Value.Tag.Envs, flag.Envs = nil, nil
		}
	}
	return nil
}

// describe adds the variable to a flag's help.
func (e *environ) describe(v *kong.Value) string {
	name := e.names[v]
	if name == "" {
		return v.Help
	}
	return strings.TrimSuffix(v.Help, ".") + " ($" + name + ")."
}

// Validate accepts every grammar.
func (e *environ) Validate(*kong.Application) error { return nil }

// Resolve returns the value of a flag that was not given, or nil.
func (e *environ) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	name := e.names[flag.Value]
	if name == "" {
		return nil, nil
	}
	value, ok := e.read(name)
	switch {
	case !ok:
		return nil, nil
	case value == "" && !flag.Tag.Has("blank"):
		return nil, nil
	case name == "LANGUAGE" && strings.ContainsAny(value, "_:"):
		return nil, nil // a desktop's list of languages such as vi_VN:vi:en, which is about its own menus
	}
	if err := fits(flag.Target.Type(), &value); err != nil {
		e.complaints = append(e.complaints, fmt.Errorf("%s %q %w", name, value, err))
		return nil, nil
	}
	return value, nil
}

// read returns a variable, or what the file named by its _FILE twin holds.
func (e *environ) read(name string) (string, bool) {
	value, ok := e.lookup(name)
	path, filed := e.lookup(name + "_FILE")
	if !filed || path == "" {
		return value, ok
	}
	if ok && value != "" {
		e.complaints = append(e.complaints, fmt.Errorf("%s and %s_FILE are both set: keep one", name, name))
		return value, true
	}
	content, err := os.ReadFile(path)
	if err != nil {
		e.complaints = append(e.complaints, fmt.Errorf("%s_FILE cannot be read: %w", name, err))
		return "", false
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r"), true
}

// fits checks that a text can become a number where one is wanted. The parser would stop at the first that cannot, naming a flag
// that nobody typed.
func fits(t reflect.Type, value *string) error {
	if t == reflect.TypeFor[time.Duration]() {
		if _, err := time.ParseDuration(*value); err != nil {
			return errDuration
		}
		return nil
	}
	switch t.Kind() {
	case reflect.Float64:
		if _, err := strconv.ParseFloat(*value, 64); err != nil {
			return errNumber
		}
	case reflect.Int:
		if _, err := strconv.Atoi(*value); err != nil {
			return errNumber
		}
	case reflect.Slice:
		list := strings.FieldsFunc(*value, func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
		for _, one := range list {
			if _, err := strconv.ParseInt(one, 10, 64); err != nil {
				return errNumbers
			}
		}
		*value = strings.Join(list, ",")
	}
	return nil
}

// problem is a short reason why a value is no good.
type problem string

func (p problem) Error() string { return string(p) }

const (
	errNumber   problem = "is not a number"
	errNumbers  problem = "is not a list of numbers separated by commas"
	errDuration problem = "is not a length of time such as 46h30m"
)
