package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"
	"unicode"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/briefings/richtext"
)

// File is what to send: bytes under a name, or the file_id of an earlier
// sending. Upload once and send by ID: the server spaces equal uploads.
type File struct {
	// Name is what people see; folders in front of it are cut off.
	Name string
	// Bytes is the content. It is kept until the call returns, and read anew
	// for every call.
	Bytes []byte
	// ID is a file_id; Bytes are then not looked at.
	ID string
}

// Sent is a message that went out with a file.
type Sent struct {
	// ID is the message's id.
	ID int
	// FileID sends the same file again without an upload; for photos it names
	// the largest size. It belongs to this bot.
	FileID string
}

// SendDocument sends a file with an HTML caption of up to 1024 characters.
func (d *Door) SendDocument(ctx context.Context, chat int64, file File, caption string, markup any, opts ...Option) (Sent, error) {
	return d.sendFile(ctx, "sendDocument", "document", chat, file, caption, markup, opts)
}

// SendPhoto sends a picture with an HTML caption of up to 1024 characters.
func (d *Door) SendPhoto(ctx context.Context, chat int64, file File, caption string, markup any, opts ...Option) (Sent, error) {
	return d.sendFile(ctx, "sendPhoto", "photo", chat, file, caption, markup, opts)
}

func (d *Door) sendFile(ctx context.Context, method, field string, chat int64, file File, caption string, markup any, opts []Option) (Sent, error) {
	if d.kept != nil && file.ID == "" && len(file.Bytes) > 0 {
		return d.sendMade(ctx, method, file, func(file File) (Sent, error) {
			return d.postFile(ctx, method, field, chat, file, caption, markup, opts)
		})
	}
	return d.postFile(ctx, method, field, chat, file, caption, markup, opts)
}

func (d *Door) postFile(ctx context.Context, method, field string, chat int64, file File, caption string, markup any, opts []Option) (Sent, error) {
	params := Params{"chat_id": id(chat)}
	if caption != "" {
		params["caption"], params["parse_mode"] = cut(caption, richtext.CaptionLimit), tgbotapi.ModeHTML
	}
	if err := addMarkup(params, markup); err != nil {
		return Sent{}, broken(method, err)
	}
	for _, opt := range opts {
		opt(params)
	}
	var uploads []tgbotapi.RequestFile
	switch {
	case file.ID != "":
		params[field] = file.ID
	case len(file.Bytes) > 0:
		uploads = []tgbotapi.RequestFile{{
			Name: field,
			Data: tgbotapi.FileBytes{Name: cleanName(file.Name), Bytes: file.Bytes},
		}}
	default:
		return Sent{}, broken(method, errors.New("file is empty"))
	}
	raw, err := d.Call(ctx, method, params, uploads...)
	if err != nil {
		return Sent{}, err
	}
	var m struct {
		ID       int `json:"message_id"`
		Document *struct {
			FileID string `json:"file_id"`
		} `json:"document"`
		Photo []struct {
			FileID string `json:"file_id"`
			Width  int    `json:"width"`
		} `json:"photo"`
	}
	if err := d.decode(method, raw, &m); err != nil {
		return Sent{}, err
	}
	sent := Sent{ID: m.ID}
	if m.Document != nil {
		sent.FileID = m.Document.FileID
	}
	widest := -1
	for _, p := range m.Photo {
		if p.Width > widest {
			widest, sent.FileID = p.Width, p.FileID
		}
	}
	return sent, nil
}

// EditPhoto replaces the picture of a message, its HTML caption and its inline
// keyboard; a nil markup takes the keyboard away.
func (d *Door) EditPhoto(ctx context.Context, chat int64, message int, file File, caption string, markup any) error {
	const part = "picture"
	media := map[string]string{"type": "photo", "media": file.ID, "caption": cut(caption, richtext.CaptionLimit), "parse_mode": tgbotapi.ModeHTML}
	var uploads []tgbotapi.RequestFile
	if file.ID == "" {
		media["media"] = "attach://" + part
		uploads = []tgbotapi.RequestFile{{Name: part, Data: tgbotapi.FileBytes{Name: cleanName(file.Name), Bytes: file.Bytes}}}
	}
	params := Params{"chat_id": id(chat), "message_id": strconv.Itoa(message)}
	if err := errors.Join(addJSON(params, "media", media), addMarkup(params, markup)); err != nil {
		return broken("editMessageMedia", err)
	}
	_, err := d.Call(ctx, "editMessageMedia", params, uploads...)
	var e *Error
	if errors.As(err, &e) && e.NotModified() {
		return nil
	}
	return err
}

// FileBytes downloads a file that somebody sent, if it has no more than max
// bytes; otherwise errors.Is finds ErrTooBig. The server itself gives out at
// most 20 MB.
func (d *Door) FileBytes(ctx context.Context, fileID string, max int64) ([]byte, error) {
	raw, err := d.Call(ctx, "getFile", Params{"file_id": fileID})
	if err != nil {
		return nil, err
	}
	var file struct {
		Path string `json:"file_path"`
		Size int64  `json:"file_size"`
	}
	if err := d.decode("getFile", raw, &file); err != nil {
		return nil, err
	}
	if file.Size > max {
		return nil, tooBig(max)
	}
	return d.download(ctx, file.Path, max)
}

// download fetches a file's content from the configured server, never from
// elsewhere: its address carries the token.
func (d *Door) download(ctx context.Context, filePath string, max int64) (content []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeouts.Upload)
	defer cancel()
	start := d.now()
	defer func() { d.finished(ctx, methodDownload, d.now().Sub(start), err) }()

	if filePath == "" || path.IsAbs(filePath) || strings.Contains(filePath, "..") {
		return nil, broken(methodDownload, errors.New("the server gives no path to download"))
	}
	address := *d.base
	address.Path += "/file/bot" + d.token.Reveal() + "/" + filePath
	var p progress
	req, err := http.NewRequestWithContext(p.watch(ctx), http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, broken(methodDownload, d.token.redactError(err))
	}
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, d.unanswered(methodDownload, err, &p)
	}
	defer func() { _ = resp.Body.Close() }()
	content, err = io.ReadAll(io.LimitReader(resp.Body, max+1))
	if err != nil {
		return nil, d.unanswered(methodDownload, fmt.Errorf("read file: %w", err), &p)
	}
	if resp.StatusCode != http.StatusOK {
		answer := tgbotapi.APIResponse{}
		foreign := json.Unmarshal(content, &answer) != nil || answer.ErrorCode == 0
		if foreign {
			answer = tgbotapi.APIResponse{ErrorCode: resp.StatusCode, Description: http.StatusText(resp.StatusCode)}
		}
		return nil, d.refusal(methodDownload, reply{
			status: resp.StatusCode, retryHeader: resp.Header.Get("Retry-After"), foreign: foreign,
		}, answer)
	}
	if int64(len(content)) > max {
		return nil, tooBig(max)
	}
	return content, nil
}

// methodDownload names the fetching of a file's content in errors.
const methodDownload = "download"

func tooBig(max int64) *Error {
	return &Error{
		Method: methodDownload, Description: fmt.Sprintf("file has more than %d bytes", max),
		kind: kindContent, reason: reasonTooBig,
	}
}

// cleanName keeps what is fit to be shown as a file's name: no folders, no
// control characters, never nothing.
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, name)
	if name == "" || name == "." || name == "/" || name == ".." {
		return "file"
	}
	return name
}
