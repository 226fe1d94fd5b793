package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Bounds of one request, as Telegram's HTTP reader has them. Bytes, except the count of files.
const (
	maxParams     = 1 << 20
	maxFiles      = 50
	maxFileBytes  = 50 << 20
	maxPhotoBytes = 10 << 20
)

// upload is a file that came in a multipart request.
type upload struct {
	name  string
	mime  string
	bytes []byte
}

// call is one request of the bot, read whole before anything is decided.
type call struct {
	method string // in its canonical spelling
	params url.Values
	files  map[string]*upload
}

func (c *call) has(name string) bool { return len(c.params[name]) > 0 }

// text is the first value of the parameter: the first one wins.
func (c *call) text(name string) string { return c.params.Get(name) }

// json is the value of a parameter that holds JSON. A literal null counts as absent:
// clients send it for a list they do not have.
func (c *call) json(name string) string {
	if value := c.params.Get(name); value != "null" {
		return value
	}
	return ""
}

// flag reads a boolean; whatever is not a clear yes is no, and never an error.
func (c *call) flag(name string) bool {
	switch strings.ToLower(c.params.Get(name)) {
	case "true", "yes", "1":
		return true
	}
	return false
}

// number reads an integer, clamped to low and high; what is not a number is absent.
func (c *call) number(name string, absent, low, high int) int {
	n, err := strconv.Atoi(strings.TrimSpace(c.params.Get(name)))
	if err != nil {
		return absent
	}
	return min(max(n, low), high)
}

// readCall reads query, form, JSON or multipart body into one list of parameters.
func readCall(r *http.Request) (*call, *refusal) {
	c := &call{params: url.Values{}}
	if r.URL.RawQuery != "" {
		c.params = r.URL.Query()
	}
	if r.Method != http.MethodPost {
		return c, nil
	}
	kind, args, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "multipart/form-data":
		if args["boundary"] == "" {
			return nil, &refusal{code: http.StatusBadRequest, words: "bad boundary", mute: true}
		}
		return c, c.readParts(multipart.NewReader(r.Body, args["boundary"]))
	case "application/json":
		return c, c.readJSON(r.Body)
	default:
		return c, c.readForm(r.Body)
	}
}

// unreadable refuses a body that cannot be read. When the caller went away in the middle of it, there is no call to speak of.
func unreadable(err error, words string) *refusal {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) {
		return errCutOff
	}
	return &refusal{code: http.StatusBadRequest, words: words, mute: true}
}

func readBounded(body io.Reader, limit int64) ([]byte, *refusal) {
	raw, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return nil, unreadable(err, "unreadable body")
	}
	if int64(len(raw)) > limit {
		return nil, errTooLarge
	}
	return raw, nil
}

func (c *call) readForm(body io.Reader) *refusal {
	raw, refused := readBounded(body, maxParams)
	if refused != nil {
		return refused
	}
	values, err := url.ParseQuery(string(raw))
	if err != nil && len(values) == 0 {
		return &refusal{code: http.StatusBadRequest, words: "unreadable form", mute: true}
	}
	for name, list := range values {
		c.params[name] = append(c.params[name], list...)
	}
	return nil
}

// readJSON keeps values that are not strings as their raw text.
func (c *call) readJSON(body io.Reader) *refusal {
	raw, refused := readBounded(body, maxParams)
	if refused != nil {
		return refused
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return badRequest("can't parse JSON object")
	}
	for name, value := range object {
		var text string
		if json.Unmarshal(value, &text) != nil || string(value) == "null" {
			text = string(value)
		}
		c.params.Add(name, text)
	}
	return nil
}

// readParts reads a multipart body: a part with a file name is a file, one without is a parameter.
func (c *call) readParts(reader *multipart.Reader) *refusal {
	c.files = map[string]*upload{}
	budget := int64(maxParams)
	for count := 0; ; {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &refusal{code: http.StatusBadRequest, words: "broken multipart body", mute: true}
		}
		if part.FileName() == "" {
			raw, refused := readBounded(part, budget)
			if refused != nil {
				return refused
			}
			budget -= int64(len(raw))
			c.params.Add(part.FormName(), string(raw))
			continue
		}
		if count++; count > maxFiles {
			return errTooLarge
		}
		raw, refused := readBounded(part, maxFileBytes)
		if refused != nil {
			return refused
		}
		if _, taken := c.files[part.FormName()]; taken {
			continue // the first part of a name wins
		}
		c.files[part.FormName()] = &upload{name: baseName(part.FileName()), mime: part.Header.Get("Content-Type"), bytes: raw}
	}
}

func baseName(name string) string {
	return path.Base(strings.ReplaceAll(name, `\`, "/"))
}

// unknownParam names the first parameter, in alphabetical order, that is not in known.
func (c *call) unknownParam(known map[string]bool) string {
	var strange []string
	for name := range c.params {
		if !known[name] {
			strange = append(strange, name)
		}
	}
	if len(strange) == 0 {
		return ""
	}
	return slices.Min(strange)
}
