package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

type part struct {
	field, name string
	content     []byte
}

// upload makes a multipart call.
func (g *stage) upload(method string, params map[string]string, parts ...part) answer {
	g.t.Helper()
	return g.read(g.form("/bot"+g.Token()+"/"+method, params, parts...))
}

func (g *stage) form(path string, params map[string]string, parts ...part) *http.Response {
	g.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range params {
		_ = w.WriteField(name, value)
	}
	for _, p := range parts {
		f, _ := w.CreateFormFile(p.field, p.name)
		_, _ = f.Write(p.content)
	}
	_ = w.Close()
	response, err := http.Post(g.url+path, w.FormDataContentType(), &body)
	if err != nil {
		g.t.Fatal(err)
	}
	return response
}

func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (g *stage) message(a answer) wireMessage {
	g.t.Helper()
	var m wireMessage
	if !a.OK || json.Unmarshal(a.Result, &m) != nil {
		g.t.Fatalf("%d %s", a.Code, a.Description)
	}
	return m
}

func TestAFileIsUploadedOnceAndSentByID(t *testing.T) {
	g := setStage(t, Config{})
	sheet := []byte("a spreadsheet")
	to := map[string]string{"chat_id": "1001", "caption": "<b>Roll</b>", "parse_mode": "HTML"}
	m := g.message(g.upload("sendDocument", to, part{"document", "/home/me/Sổ điểm danh.xlsx", sheet}))
	if m.Document.Name != "Sổ điểm danh.xlsx" || m.Document.Size != len(sheet) || m.Caption != "Roll" || len(m.CaptionEntities) != 1 {
		t.Fatalf("%+v", m)
	}
	var again wireMessage
	g.ok(&again, "sendDocument", "chat_id", "1001", "document", m.Document.FileID)
	if again.Document.FileID != m.Document.FileID {
		t.Error("the same file has another id")
	}
	if a := g.call("sendPhoto", "chat_id", "1001", "photo", m.Document.FileID); a.Description != "Bad Request: can't use file of type Document as Photo" {
		t.Error(a.Description)
	}
	var f wireFile
	g.ok(&f, "getFile", "file_id", m.Document.FileID)
	if status, body := g.get("/file/bot" + g.Token() + "/" + f.Path); status != 200 || body != string(sheet) {
		t.Errorf("%d %q", status, body)
	}
	if status, _ := g.get("/file/bot1:wrong/" + f.Path); status != 401 {
		t.Errorf("a wrong token downloads: %d", status)
	}
	response, err := http.Get(g.url + "/sim/files/" + m.Document.FileID)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if got := response.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename*=utf-8''S") {
		t.Error(got)
	}
	if response.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Error("the file may be sniffed")
	}
	g.message(g.upload("sendDocument", to, part{"document", "other.xlsx", sheet}))
	if r := g.Report(); r.Uploads != 2 || r.RepeatedUploads != 1 {
		t.Errorf("%d uploads, %d repeated", r.Uploads, r.RepeatedUploads)
	}
}

func TestAPhotoIsAPicture(t *testing.T) {
	g := setStage(t, Config{})
	to := map[string]string{"chat_id": "1001"}
	m := g.message(g.upload("sendPhoto", to, part{"photo", "qr.png", picture(t, 30, 20)}))
	if m.Photo[0].Width != 30 || m.Photo[0].Height != 20 {
		t.Errorf("%+v", m.Photo)
	}
	for words, content := range map[string][]byte{
		"Bad Request: IMAGE_PROCESS_FAILED":     []byte("text"),
		"Bad Request: PHOTO_INVALID_DIMENSIONS": picture(t, 210, 10),
		"Bad Request: file must be non-empty":   {},
	} {
		if a := g.upload("sendPhoto", to, part{"photo", "x.png", content}); a.Description != words {
			t.Errorf("%q, want %q", a.Description, words)
		}
	}
	if a := g.upload("sendPhoto", to, part{"photo", "x.png", make([]byte, maxPhotoBytes+1)}); a.status != 413 || a.Description != "" {
		t.Errorf("%+v", a)
	}
	if a := g.upload("sendPhoto", map[string]string{"chat_id": "1001", "caption": strings.Repeat("a", 1025)}, part{"photo", "x.png", picture(t, 9, 9)}); a.Description != "Bad Request: message caption is too long" {
		t.Errorf("%+v", a)
	}
}

func TestAnAlbumIsOfOneKind(t *testing.T) {
	g := setStage(t, Config{})
	photo, sheet := part{"p", "p.png", picture(t, 9, 9)}, part{"d", "d.txt", []byte("d")}
	media := func(kinds ...string) map[string]string {
		var list []string
		for _, kind := range kinds {
			list = append(list, fmt.Sprintf(`{"type":%q,"media":"attach://%s","caption":"c"}`, kind, kind[:1]))
		}
		return map[string]string{"chat_id": "1001", "media": "[" + strings.Join(list, ",") + "]"}
	}
	a := g.upload("sendMediaGroup", media("photo", "photo"), photo)
	var album []wireMessage
	if json.Unmarshal(a.Result, &album) != nil || len(album) != 2 || album[0].MediaGroupID == "" || album[0].MediaGroupID != album[1].MediaGroupID {
		t.Errorf("%+v %s", a, a.Result)
	}
	for words, params := range map[string]map[string]string{
		"Bad Request: Document can't be mixed with other media types": media("photo", "document"),
		"Bad Request: albums must include 2-10 items":                 media("photo"),
		"Bad Request: too many messages to send as an album":          media(strings.Fields(strings.Repeat("photo ", 11))...),
		`Bad Request: type "animation" can't be used here`:            media("animation", "photo"),
		"Bad Request: can't parse InputMedia: media not found":        {"chat_id": "1001", "media": `[{"type":"photo","media":"attach://x"}]`},
	} {
		if a := g.upload("sendMediaGroup", params, photo, sheet); !strings.EqualFold(a.Description, words) {
			t.Errorf("%q, want %q", a.Description, words)
		}
	}
}

func TestAPictureIsReplacedInPlace(t *testing.T) {
	g := setStage(t, Config{})
	m := g.message(g.upload("sendPhoto", map[string]string{"chat_id": "1001"}, part{"photo", "a.png", picture(t, 9, 9)}))
	edit := map[string]string{"chat_id": "1001", "message_id": fmt.Sprint(m.MessageID), "media": `{"type":"photo","media":"attach://new","caption":"now"}`}
	changed := g.message(g.upload("editMessageMedia", edit, part{"new", "b.png", picture(t, 8, 8)}))
	if changed.Photo[0].Width != 8 || changed.Caption != "now" || changed.EditDate == 0 {
		t.Errorf("%+v", changed)
	}
	if a := g.upload("editMessageMedia", edit, part{"new", "b.png", picture(t, 8, 8)}); a.Description != errNotModified.words {
		t.Error(a.Description)
	}
	g.ok(nil, "editMessageCaption", "chat_id", "1001", "message_id", fmt.Sprint(m.MessageID), "caption", "then")
	if a := g.call("editMessageText", "chat_id", "1001", "message_id", fmt.Sprint(m.MessageID), "text", "t"); a.Description != errEditNoText.words {
		t.Error(a.Description)
	}
}

func TestSameSizedUploadsAreHeldBack(t *testing.T) {
	g := setStage(t, Config{Limits: Limits{PerSecond: 1000}})
	sheet := make([]byte, throttledUpload+1)
	for i := range 40 {
		sheet[0] = byte(i)
		a := g.upload("sendDocument", map[string]string{"chat_id": "1001"}, part{"document", "a.bin", sheet})
		if a.status == 429 && a.Parameters.RetryAfter == 60 && i > 20 {
			return
		}
		g.message(a)
	}
	t.Error("forty uploads of one size at one moment are taken")
}

func TestCopiesAndForwards(t *testing.T) {
	g := setStage(t, Config{})
	id := fmt.Sprint(g.send("<b>news</b>", "parse_mode", "HTML"))
	var copied map[string]int
	g.ok(&copied, "copyMessage", "chat_id", "1001", "from_chat_id", "1001", "message_id", id)
	if len(copied) != 1 || copied["message_id"] == 0 {
		t.Errorf("%+v", copied)
	}
	var m wireMessage
	g.ok(&m, "forwardMessage", "chat_id", "1001", "from_chat_id", "1001", "message_id", id)
	if m.ForwardOrigin == nil || m.Text != "news" || len(m.Entities) != 1 {
		t.Errorf("%+v", m)
	}
	secret := fmt.Sprint(g.send("secret", "protect_content", "true"))
	if a := g.call("forwardMessage", "chat_id", "1001", "from_chat_id", "1001", "message_id", secret); a.OK {
		t.Error("protected content is forwarded")
	}
}

func TestAPersonSendsFiles(t *testing.T) {
	g := setStage(t, Config{})
	response := g.form("/sim/file", map[string]string{"person": "1001", "caption": "the roster"}, part{"file", "roster.csv", []byte("code;name")})
	raw, _ := io.ReadAll(response.Body)
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", response.StatusCode, raw)
	}
	m := g.confirm()[0].Message
	if m.Document == nil || m.Document.Name != "roster.csv" || m.Caption != "the roster" {
		t.Fatalf("%+v", m)
	}
	response = g.form("/sim/photo", map[string]string{"person": "1001"}, part{"file", "p.png", picture(t, 9, 9)})
	response.Body.Close()
	if m := g.confirm()[0].Message; len(m.Photo) != 1 {
		t.Errorf("%+v", m)
	}
	var f wireFile
	g.ok(&f, "getFile", "file_id", m.Document.FileID)
}

func TestTheOldestFilesGoFirst(t *testing.T) {
	h := newShelf("1:t", 25)
	var ids []string
	for _, text := range []string{"0123456789", "abcdefghij", "ABCDEFGHIJ"} {
		f, refused := prepare("1:t", &upload{name: "a", bytes: []byte(text)}, documentFile)
		if refused != nil {
			t.Fatal(refused)
		}
		ids = append(ids, h.put(f).id)
	}
	if h.byID[ids[0]] != nil || h.byID[ids[2]] == nil || h.total != 20 {
		t.Errorf("%d files, %d bytes", len(h.byID), h.total)
	}
}
