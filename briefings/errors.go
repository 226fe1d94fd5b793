package briefings

import "errors"

var (
	// ErrNotFound says that the named thing does not exist.
	ErrNotFound = errors.New("not found")
	// ErrConflict says that somebody else changed the thing first and retrying did not help.
	ErrConflict = errors.New("conflict")
	// ErrExists says that a thing with this identity is already there.
	ErrExists = errors.New("already exists")
	// ErrUnchanged is returned by an update function that found nothing to change; a store then writes nothing and
	// returns nil.
	ErrUnchanged = errors.New("unchanged")
	// ErrNotKept says that a change was made, but that nobody vouches for it to outlive a crash of the store. The same change
	// once more is safe.
	ErrNotKept = errors.New("not kept for good yet")
)

// Args are the values a sentence of the catalogue is filled with.
type Args map[string]any

// Refusal is a rule saying no. It carries the key of a sentence in the catalogue, so that the person reads why in their own
// language, while logs show the key.
type Refusal struct {
	Key  string
	Args Args
}

func (r *Refusal) Error() string { return "refused: " + r.Key }

// Refuse returns a Refusal with the sentence's key and its values as pairs of name and value.
func Refuse(key string, pairs ...any) *Refusal {
	r := &Refusal{Key: key, Args: Args{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			r.Args[name] = pairs[i+1]
		}
	}
	return r
}

// AsRefusal returns the refusal inside err, or nil.
func AsRefusal(err error) *Refusal {
	var r *Refusal
	if errors.As(err, &r) {
		return r
	}
	return nil
}
