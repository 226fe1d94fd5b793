package backup

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// version is the number of the file's format.
const version = 1

const format = "briefbot-backup"

// ErrFile says that a file is not a backup, or not a whole one.
var ErrFile = errors.New("not a whole backup")

// Header says what a file holds.
type Header struct {
	Format  string    `json:"format"`
	Version int       `json:"version"`
	Schema  int       `json:"schema"` // the layout of the store
	Taken   time.Time `json:"taken"`
	Keys    int       `json:"keys"`
}

type seal struct {
	SHA256 string `json:"sha256"`
}

// File is a backup in memory.
type File struct {
	Header Header
	keys   []entry
}

// Write writes the file, compressed and sealed.
func (f *File) Write(w io.Writer) error {
	zip := gzip.NewWriter(w)
	sum := sha256.New()
	out := bufio.NewWriter(io.MultiWriter(zip, sum))
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(f.Header); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	for _, e := range f.keys {
		if err := lines.Encode(e); err != nil {
			return fmt.Errorf("write backup: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	if err := json.NewEncoder(zip).Encode(seal{hex.EncodeToString(sum.Sum(nil))}); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	if err := zip.Close(); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	return nil
}

// Read reads a file and proves that it is whole before anything is done with it. The error wraps ErrFile when it is not.
func Read(r io.Reader) (*File, error) {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("read backup: %w: %w", ErrFile, err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		return nil, fmt.Errorf("read backup: %w: %w", ErrFile, err)
	}
	body, last, ok := cutLast(text)
	var end seal
	if !ok || json.Unmarshal(last, &end) != nil {
		return nil, fmt.Errorf("read backup: %w: it has no seal", ErrFile)
	}
	if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != end.SHA256 {
		return nil, fmt.Errorf("read backup: %w: its seal is broken", ErrFile)
	}
	f := &File{}
	lines := json.NewDecoder(bytes.NewReader(body))
	if err := lines.Decode(&f.Header); err != nil || f.Header.Format != format {
		return nil, fmt.Errorf("read backup: %w: it has no header", ErrFile)
	}
	if f.Header.Version != version {
		return nil, fmt.Errorf("read backup: %w: its format is %d, this program knows %d", ErrFile, f.Header.Version, version)
	}
	for lines.More() {
		var e entry
		if err := lines.Decode(&e); err != nil {
			return nil, fmt.Errorf("read backup: %w: %w", ErrFile, err)
		}
		f.keys = append(f.keys, e)
	}
	if len(f.keys) != f.Header.Keys {
		return nil, fmt.Errorf("read backup: %w: it names %d keys and holds %d", ErrFile, f.Header.Keys, len(f.keys))
	}
	return f, nil
}

// cutLast takes the last line off a text.
func cutLast(text []byte) (body, last []byte, ok bool) {
	if len(text) == 0 || text[len(text)-1] != '\n' {
		return nil, nil, false
	}
	at := bytes.LastIndexByte(text[:len(text)-1], '\n')
	if at < 0 {
		return nil, nil, false
	}
	return text[:at+1], text[at+1:], true
}
