package telegram_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/telegram"
	"briefbot/bot/sandbox"
)

// An album is refused as a whole. What its refusal means is judged as that of any message: by what stands within, where the refusal of
// one of its pictures is quoted.
func TestTheRefusalsOfAnAlbumAreUnderstood(t *testing.T) {
	s := newStage(t)
	lan := s.person(t)
	sheet := tgbotapi.RequestFile{Name: "d", Data: tgbotapi.FileBytes{Name: "d.txt", Bytes: []byte("d")}}
	entry := `{"type":"document","media":"attach://d"}`
	two := "[" + entry + "," + entry + "]"
	album := func(media string) *telegram.Error {
		t.Helper()
		_, err := s.door.Call(t.Context(), "sendMediaGroup", telegram.Params{"chat_id": strconv.FormatInt(lan, 10), "media": media}, sheet)
		var refused *telegram.Error
		if err != nil && !errors.As(err, &refused) {
			t.Fatalf("%v", err)
		}
		return refused
	}
	if e := album(two); e != nil {
		t.Fatalf("a good album is refused: %v", e)
	}
	for name, media := range map[string]string{
		"none": "", "no list": "{}", "empty": "[]", "one": "[" + entry + "]",
		"eleven":         "[" + strings.Repeat(entry+",", 10) + entry + "]",
		"nothing behind": `[{"type":"document","media":"attach://x"},` + entry + "]",
		"a long caption": `[{"type":"document","media":"attach://d","caption":"` + strings.Repeat("x", 1025) + `"},` + entry + "]",
		"broken markup":  `[{"type":"document","media":"attach://d","caption":"<b>","parse_mode":"HTML"},` + entry + "]",
	} {
		if e := album(media); e == nil || !e.Content() {
			t.Errorf("%s: %v; want the album itself refused", name, e)
		}
	}
	for _, c := range []struct {
		fault sandbox.Fault
		want  func(*telegram.Error) bool
	}{
		{sandbox.Fault{Code: 400, Description: `Bad Request: Failed to send message #2 with the error message "PHOTO_INVALID_DIMENSIONS"`}, (*telegram.Error).Content},
		{sandbox.Fault{Code: 400, Description: `Bad Request: Failed to send message #1 with the error message "wrong file identifier/HTTP URL specified"`}, (*telegram.Error).StaleFile},
		{sandbox.Fault{Code: 400, Description: `Bad Request: Failed to send message #1 with the error message "CHAT_WRITE_FORBIDDEN"`}, (*telegram.Error).Permanent},
		{sandbox.Fault{Code: 403}, (*telegram.Error).Permanent},
		{sandbox.Fault{Code: 429, RetryAfter: 7}, func(e *telegram.Error) bool { return e.RetryAfter().Seconds() == 7 }},
		{sandbox.Fault{Code: 401, Description: "Unauthorized"}, (*telegram.Error).Halted},
		{sandbox.Fault{Kind: sandbox.FaultHTML}, (*telegram.Error).Ambiguous},
		{sandbox.Fault{Kind: sandbox.FaultDrop}, (*telegram.Error).Ambiguous},
		{sandbox.Fault{Kind: sandbox.FaultEmpty}, (*telegram.Error).Content},
	} {
		c.fault.Method, c.fault.Times = "sendMediaGroup", 1
		if _, err := s.AddFault(c.fault); err != nil {
			t.Fatal(err)
		}
		if e := album(two); e == nil || !c.want(e) {
			t.Errorf("%s %d %s: %v is not understood", c.fault.Kind, c.fault.Code, c.fault.Description, e)
		}
	}
}
