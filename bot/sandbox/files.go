package sandbox

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"image"
	_ "image/gif" // formats that a photo may have
	_ "image/jpeg"
	_ "image/png"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// maxDownload is the largest file that getFile hands out, in bytes.
const maxDownload = 20 << 20

type fileKind string

const (
	photoFile    fileKind = "Photo"
	documentFile fileKind = "Document"
)

// storedFile is a file that Telegram keeps. Its id belongs to this bot and this kind; the
// same bytes under the same name have the same id.
type storedFile struct {
	id, unique    string
	kind          fileKind
	name, mime    string
	path          string // of the download, below /file/bot<token>/
	bytes         []byte
	sum           [sha256.Size]byte
	width, height int
}

// shelf keeps files up to a number of bytes; the oldest go first.
type shelf struct {
	token    string
	limit    int64
	total    int64
	byID     map[string]*storedFile
	byPath   map[string]*storedFile
	order    []*storedFile
	uploads  int
	repeated int                       // uploads of bytes that were uploaded before
	seen     map[[sha256.Size]byte]int // uploads by content
}

func newShelf(token string, limit int64) shelf {
	return shelf{
		token: token, limit: limit, byID: map[string]*storedFile{},
		byPath: map[string]*storedFile{}, seen: map[[sha256.Size]byte]int{},
	}
}

// prepare measures and names an upload. It touches no shared state, so that hashing fifty
// megabytes holds nobody up.
func prepare(token string, up *upload, kind fileKind) (*storedFile, *refusal) {
	if len(up.bytes) == 0 {
		return nil, badRequest("file must be non-empty")
	}
	f := &storedFile{kind: kind, name: up.name, mime: up.mime, bytes: up.bytes, sum: sha256.Sum256(up.bytes)}
	if f.mime == "" || f.mime == "application/octet-stream" {
		f.mime = mime.TypeByExtension(path.Ext(up.name))
		f.mime, _, _ = strings.Cut(f.mime, ";")
	}
	if f.mime == "" {
		f.mime = "application/octet-stream"
	}
	folder, prefix := "documents", "BQACAgU"
	if kind == photoFile {
		if len(up.bytes) > maxPhotoBytes {
			return nil, errTooLarge
		}
		folder, prefix = "photos", "AgACAgU"
		size, format, err := image.DecodeConfig(bytes.NewReader(up.bytes))
		if err != nil {
			return nil, badRequest("IMAGE_PROCESS_FAILED")
		}
		f.mime = "image/" + format
		f.width, f.height = size.Width, size.Height
	}
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte(string(kind) + "\x00" + up.name + "\x00"))
	mac.Write(f.sum[:])
	digest := mac.Sum(nil)
	f.id = prefix + base64.RawURLEncoding.EncodeToString(digest)
	f.unique = "AgAD" + base64.RawURLEncoding.EncodeToString(f.sum[:8])
	f.path = folder + "/file_" + base64.RawURLEncoding.EncodeToString(digest[:6]) + strings.ToLower(path.Ext(up.name))
	return f, nil
}

// badShape says that Telegram takes no photo of these measures.
func (f *storedFile) badShape() bool {
	long, short := max(f.width, f.height), max(min(f.width, f.height), 1)
	return f.kind == photoFile && (f.width+f.height > 10000 || long > 20*short)
}

func (h *shelf) put(f *storedFile) *storedFile {
	if known := h.byID[f.id]; known != nil {
		return known
	}
	h.byID[f.id], h.byPath[f.path] = f, f
	h.order = append(h.order, f)
	h.total += int64(len(f.bytes))
	for h.total > h.limit && len(h.order) > 1 {
		oldest := h.order[0]
		h.order[0], h.order = nil, h.order[1:]
		h.total -= int64(len(oldest.bytes))
		delete(h.byID, oldest.id)
		delete(h.byPath, oldest.path)
	}
	return f
}

// count notes an upload by the bot and whether the same bytes came before.
func (h *shelf) count(f *storedFile) {
	h.uploads++
	h.seen[f.sum]++
	if h.seen[f.sum] > 1 {
		h.repeated++
	}
}

// source is where a message takes its file from: an upload, or a reference to a file that
// Telegram has already.
type source struct {
	kind   fileKind
	upload *storedFile
	ref    string
}

// readSource reads the value of a file parameter: attach://part, an id, an address, or
// nothing, and then the part that has the parameter's name.
func (s *Server) readSource(c *call, name, value string, kind fileKind) (source, *refusal) {
	part := name
	if after, attached := strings.CutPrefix(value, "attach://"); attached {
		part = after
	} else if value != "" {
		return source{kind: kind, ref: value}, nil
	}
	up := c.files[part]
	if up == nil {
		return source{}, badRequest("there is no " + strings.ToLower(string(kind)) + " in the request")
	}
	f, refused := prepare(s.config.Token, up, kind)
	return source{kind: kind, upload: f}, refused
}

// attachLocked gives the message the file of the source.
func (s *Server) attachLocked(m *wireMessage, src source) *refusal {
	f := src.upload
	switch {
	case f != nil:
		if f.badShape() {
			return badRequest("PHOTO_INVALID_DIMENSIONS")
		}
		if refused := s.uploadFloodLocked(len(f.bytes)); refused != nil {
			return refused
		}
		s.files.count(f)
		f = s.files.put(f)
	case strings.HasPrefix(src.ref, "http://"), strings.HasPrefix(src.ref, "https://"):
		return badRequest("failed to get HTTP URL content") // nothing is fetched from here
	default:
		if f = s.files.byID[src.ref]; f == nil {
			return errWrongFile
		}
		if f.kind != src.kind {
			return badRequestf("can't use file of type %s as %s", f.kind, src.kind)
		}
	}
	f.fill(m)
	return nil
}

// fill sets the one file of the message.
func (f *storedFile) fill(m *wireMessage) {
	m.Photo, m.Document = nil, nil
	if f.kind == photoFile {
		m.Photo = []wirePhoto{{FileID: f.id, UniqueID: f.unique, Width: f.width, Height: f.height, Size: len(f.bytes)}}
		return
	}
	m.Document = &wireDocument{FileID: f.id, UniqueID: f.unique, Name: f.name, Mime: f.mime, Size: len(f.bytes)}
}

func (s *Server) getFile(c *call) (any, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files.byID[c.text("file_id")]
	switch {
	case f == nil:
		return nil, badRequest("wrong file_id or the file is temporarily unavailable")
	case len(f.bytes) > maxDownload:
		return nil, badRequest("file is too big")
	}
	return wireFile{FileID: f.id, UniqueID: f.unique, Size: len(f.bytes), Path: f.path}, nil
}

// serveFile is the download of Telegram's side: /file/bot<token>/<path>.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	token, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/file/bot"), "/")
	if refused := s.checkToken(token); refused != nil {
		writeRefusal(w, refused)
		return
	}
	s.mu.Lock()
	f := s.files.byPath[rest]
	s.mu.Unlock()
	if f == nil {
		writeRefusal(w, errNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(f.bytes)))
	_, _ = w.Write(f.bytes)
}
