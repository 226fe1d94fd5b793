package sandbox

import (
	"io"
	"mime"
	"net/http"
	"strconv"
	"unicode/utf8"
)

func (s *Server) simFile(r *http.Request, asPhoto bool) (any, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxFileBytes+2*maxParams)
	if err := r.ParseMultipartForm(maxFileBytes + maxParams); err != nil {
		return nil, cannot("read form: %v", err)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	person, err := strconv.ParseInt(r.FormValue("person"), 10, 64)
	if err != nil {
		return nil, cannot("person is not a number")
	}
	file, header, err := r.FormFile("file")
	if err != nil {
		return nil, cannot("there is no file in the request")
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	switch {
	case err != nil:
		return nil, cannot("read file: %v", err)
	case len(content) > maxFileBytes:
		return nil, cannot("the file is larger than 50 MB")
	case !utf8.ValidString(header.Filename):
		return nil, cannot("the file name is not UTF-8")
	}
	return sentAs(s.SendFile(person, header.Filename, header.Header.Get("Content-Type"), r.FormValue("caption"), content, asPhoto))
}

// serveSimFile hands a file to a person. It is never shown as a page of this server.
func (s *Server) serveSimFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.files.byID[r.PathValue("id")]
	s.mu.Unlock()
	if f == nil {
		writeActError(w, missing("no such file"))
		return
	}
	kind := "application/octet-stream"
	if f.kind == photoFile {
		kind = f.mime // decoded as an image before it was kept
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
	w.Header().Set("Content-Length", strconv.Itoa(len(f.bytes)))
	_, _ = w.Write(f.bytes)
}
