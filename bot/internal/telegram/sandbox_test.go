package telegram_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/telegram"
	"briefbot/bot/sandbox"
	"briefbot/briefings/redistest"
)

// stage is a door that leads to a sandbox.
type stage struct {
	*sandbox.Server
	door *telegram.Door
}

func newStage(t *testing.T) stage {
	t.Helper()
	s := sandbox.New(sandbox.Config{})
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		s.Close()
		server.Close()
	})
	d, err := telegram.New(telegram.Config{Token: telegram.NewSecret(s.Token()), BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return stage{Server: s, door: d}
}

// person joins and says something.
func (s stage) person(t *testing.T) int64 {
	t.Helper()
	id := s.AddPerson(sandbox.Person{FirstName: "Lan", Phone: "+84900000001"}).ID
	if _, err := s.Say(id, "/start"); err != nil {
		t.Fatal(err)
	}
	return id
}

// transcript is what the person reads.
func (s stage) transcript(t *testing.T, person int64) string {
	t.Helper()
	view, err := s.Chat(person, 100)
	if err != nil {
		t.Fatal(err)
	}
	return view.Text()
}

func TestTheSandboxTakesEveryCallOfTheDoor(t *testing.T) {
	s := newStage(t)
	lan := s.person(t)
	ctx := t.Context()
	if me, err := s.door.Me(ctx); err != nil || !me.IsBot {
		t.Fatalf("Me = %+v, %v", me, err)
	}
	keyboard := tgbotapi.NewInlineKeyboardMarkup(tgbotapi.NewInlineKeyboardRow(
		tgbotapi.NewInlineKeyboardButtonData("Có mặt", "1rsvp:m1:yes")))
	id, err := s.door.SendText(ctx, lan, "Kính mời đồng chí <b>Lan</b>", keyboard, telegram.Silent(), telegram.Protect())
	if err != nil || id == 0 {
		t.Fatalf("SendText = %d, %v", id, err)
	}
	for range 2 {
		if err := s.door.EditText(ctx, lan, id, "Đồng chí đã xác nhận", keyboard); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.door.EditMarkup(ctx, lan, id, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.door.SendAction(ctx, lan, "typing"); err != nil {
		t.Fatal(err)
	}
	sent, err := s.door.SendDocument(ctx, lan, telegram.File{Name: "/x/điểm danh.csv", Bytes: []byte("a;b")}, "<i>Bảng</i>", nil)
	if err != nil || sent.FileID == "" {
		t.Fatalf("SendDocument = %+v, %v", sent, err)
	}
	if content, err := s.door.FileBytes(ctx, sent.FileID, 100); err != nil || string(content) != "a;b" {
		t.Fatalf("FileBytes = %q, %v", content, err)
	}
	if _, err := s.door.FileBytes(ctx, sent.FileID, 2); !errors.Is(err, telegram.ErrTooBig) {
		t.Fatalf("FileBytes over the limit: %v", err)
	}
	if _, err := s.door.SendDocument(ctx, lan, telegram.File{ID: sent.FileID}, "", nil); err != nil {
		t.Fatal(err)
	}
	menu := []tgbotapi.BotCommand{{Command: "help", Description: "Trợ giúp"}}
	for _, scope := range []telegram.Scope{{}, {Chat: lan}} {
		if err := s.door.SetMyCommands(ctx, scope, "vi", menu); err != nil {
			t.Fatal(err)
		}
		if err := s.door.SetMyCommands(ctx, scope, "vi", nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.door.DeleteWebhook(ctx); err != nil {
		t.Fatal(err)
	}
	text := s.transcript(t, lan)
	for _, part := range []string{"Đồng chí đã xác nhận", "điểm danh.csv"} {
		if !strings.Contains(text, part) {
			t.Errorf("the transcript lacks %q:\n%s", part, text)
		}
	}
	if err := s.door.Delete(ctx, lan, id); err != nil {
		t.Fatal(err)
	}
	if err := s.door.Delete(ctx, lan, id); err != nil {
		t.Errorf("a second deletion: %v", err)
	}
}

func TestTheSandboxsRefusalsAreUnderstood(t *testing.T) {
	s := newStage(t)
	lan := s.person(t)
	send := func(chat int64, html string) *telegram.Error {
		t.Helper()
		_, err := s.door.SendText(t.Context(), chat, html, nil)
		var e *telegram.Error
		if !errors.As(err, &e) {
			t.Fatalf("SendText = %v", err)
		}
		return e
	}
	if e := send(lan, "<b>x"); !e.Content() {
		t.Errorf("broken HTML: %v", e)
	}
	if _, err := s.door.SendText(t.Context(), lan, strings.Repeat("x ", 2500), nil); err != nil {
		t.Errorf("a long text is not cut: %v", err)
	}
	if e := send(lan+999, "x"); !e.Permanent() {
		t.Errorf("a stranger: %v", e)
	}
	if err := s.Block(lan); err != nil {
		t.Fatal(err)
	}
	if e := send(lan, "x"); !e.Permanent() || e.Reason() != "blocked" {
		t.Errorf("a person who blocked: %v", e)
	}
}

func TestAPressIsPolledHandledAndAnswered(t *testing.T) {
	s := newStage(t)
	lan := s.person(t)
	keyboard := tgbotapi.NewInlineKeyboardMarkup(tgbotapi.NewInlineKeyboardRow(
		tgbotapi.NewInlineKeyboardButtonData("Có mặt", "1rsvp:m1:yes")))
	if _, err := s.door.SendText(t.Context(), lan, "Kính mời", keyboard); err != nil {
		t.Fatal(err)
	}
	redis := redistest.Client(t, redistest.URL(t))
	d := telegram.NewDispatcher(telegram.DispatcherConfig{
		Seen: telegram.NewRedisSeen(redis, "t", "a"),
		Handle: func(ctx context.Context, u telegram.Update) error {
			if u.CallbackQuery == nil {
				return nil
			}
			if u.CallbackQuery.Data != "1rsvp:m1:yes" || u.Person() != lan {
				t.Errorf("pressed %q by %d", u.CallbackQuery.Data, u.Person())
			}
			return s.door.AnswerCallback(ctx, u.CallbackQuery.ID, "Đã ghi nhận", false)
		},
	})
	p := telegram.NewPoller(telegram.PollerConfig{
		Door: s.door, Offsets: telegram.NewRedisOffsets(redis, "t:offset", 1), Handle: d.Handle, Timeout: 5 * time.Second,
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	tapped, err := s.Tap(t.Context(), lan, "Có mặt")
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run = %v", err)
	}
	if err != nil || tapped.Text != "Đã ghi nhận" {
		t.Fatalf("Tap = %+v, %v", tapped, err)
	}
}
