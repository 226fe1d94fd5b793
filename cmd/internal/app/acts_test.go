package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"briefbot/bot/sandbox"
	"briefbot/briefings"
	"briefbot/briefings/richtext"
	"briefbot/cmd/internal/cli"
	"briefbot/cmd/internal/sample"
)

// backdrop is the context of what a script does itself.
var backdrop = context.Background()

// does makes a command of something that a person does without words; line describes what leaves no message.
func does(line string, do func(s *story, p *sandbox.Person) error) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		s := told(ts, args, 1, 1)
		p := s.who(ts, args[0])
		ts.Check(s.act(p, line, func() error { return do(s, p) }))
	}
}

var (
	sticker  = does("", func(s *story, p *sandbox.Person) error { _, err := s.stage.SendSticker(p.ID); return err })
	location = does("", func(s *story, p *sandbox.Person) error {
		_, err := s.stage.SendLocation(p.ID, 21.0285, 105.8542)
		return err
	})
	block   = does("blocks the bot", func(s *story, p *sandbox.Person) error { return s.stage.Block(p.ID) })
	unblock = does("unblocks the bot", func(s *story, p *sandbox.Person) error { return s.stage.Unblock(p.ID) })
	gone    = does("deletes the account", func(s *story, p *sandbox.Person) error { return s.stage.Deactivate(p.ID) })
	photo   = does("", func(s *story, p *sandbox.Person) error {
		var picture bytes.Buffer
		if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
			return err
		}
		_, err := s.stage.SendFile(p.ID, "photo.png", "image/png", "", picture.Bytes(), true)
		return err
	})
)

func say(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 2, 2)
	p, words := s.who(ts, args[0]), text(ts, args[1])
	ts.Check(s.act(p, "", func() error { _, err := s.stage.Say(p.ID, words); return err }))
}

func rich(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 2, 2)
	p := s.who(ts, args[0])
	formatted, err := richtext.ParseHTML(text(ts, args[1]))
	ts.Check(err)
	speech := sandbox.Speech{Person: p.ID, Text: formatted.Plain()}
	for _, e := range formatted.Entities() {
		speech.Entities = append(speech.Entities, sandbox.Entity{Type: e.Type, Offset: e.Offset, Length: e.Length, URL: e.URL, Language: e.Language})
	}
	ts.Check(s.act(p, "", func() error { _, err := s.stage.Speak(speech); return err }))
}

func tap(ts *testscript.TestScript, neg bool, args []string) {
	s := told(ts, args, 2, 3)
	p := s.who(ts, args[0])
	touch := sandbox.Touch{Person: p.ID, Label: args[1]}
	if len(args) == 3 {
		touch.Message = int(number(ts, args[2]))
	}
	ts.Check(s.turnPage(p.ID))
	tapped, err := s.stage.TapOn(backdrop, touch)
	if (err != nil) != neg {
		ts.Logf("%s", s.seen[p.ID].text)
		ts.Fatalf("tap %s: %v", args[1], err)
	}
	if err != nil {
		return
	}
	if tapped.CallbackID != "" && !tapped.Answered {
		ts.Fatalf("nobody answers the button %s", args[1])
	}
	s.note(p.ID, pressed(args[1], tapped))
	fmt.Fprintln(ts.Stdout(), tapped.Text)
	ts.Check(s.settle())
}

func forge(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 3, 3)
	s.forger.forge(s.who(ts, args[0]).ID, args[2])
	tap(ts, false, args[:2])
}

func open(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 2, 2)
	p := s.who(ts, args[0])
	ts.Check(s.act(p, "", func() error { _, err := s.stage.Open(p.ID, args[1]); return err }))
}

// shareContact shares the person's own card, or that of somebody who is not on Telegram.
func shareContact(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 1, 2)
	p := s.who(ts, args[0])
	phone, account := "", int64(0)
	if len(args) == 2 {
		phone, account = args[1], -1
	}
	ts.Check(s.act(p, "", func() error { _, err := s.stage.ShareContact(p.ID, phone, account); return err }))
}

func file(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 2, 2)
	p := s.who(ts, args[0])
	ts.Check(s.act(p, "", func() error {
		_, err := s.stage.SendFile(p.ID, args[1], "application/octet-stream", "", []byte("some bytes"), false)
		return err
	}))
}

func upload(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 2, 2)
	p := s.who(ts, args[0])
	content := ts.ReadFile(args[1])
	ts.Check(s.act(p, "", func() error {
		_, err := s.stage.SendFile(p.ID, args[1], "text/csv", "", []byte(content), false)
		return err
	}))
}

// loadSample puts the sample's roll into the store and lets those who are linked open the chat.
func loadSample(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 0, 0)
	people, err := sample.Load(s.zone)
	ts.Check(err)
	ts.Check(s.service.Store.ApplyRoster(backdrop, people.Roster))
	ts.Check(s.service.Store.SetHolidays(backdrop, people.Holidays))
	for _, m := range people.Roster.Members {
		p := sandbox.Person{ID: int64(m.User), FirstName: m.Name, Phone: m.Phone, LanguageCode: string(m.Lang)}
		p = s.stage.AddPerson(p)
		s.people[string(m.ID)] = &p
		if m.Joined() && m.Status == briefings.Active {
			_, err := s.stage.Say(p.ID, "/start")
			ts.Check(err)
		}
	}
	ts.Check(s.settle())
	for name := range s.people {
		page(ts, false, []string{name})
	}
}

// code reads the check-in code off the newest photo in a chat.
func code(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 3, 3)
	chat, err := s.stage.Chat(s.who(ts, args[0]).ID, 0)
	ts.Check(err)
	for _, m := range slices.Backward(chat.Messages) {
		if right := sixDigits.FindString(m.Caption); m.Photo != nil && right != "" {
			wrong := "314159"
			if right == wrong {
				wrong = "271828"
			}
			ts.Setenv(args[1], right)
			ts.Setenv(args[2], wrong)
			return
		}
	}
	ts.Fatalf("there is no code in the chat")
}

// link reads the newest deep link in a chat.
func link(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 2, 2)
	chat, err := s.stage.Chat(s.who(ts, args[0]).ID, 0)
	ts.Check(err)
	for _, m := range slices.Backward(chat.Messages) {
		for _, e := range append(m.Entities, m.CaptionEntities...) {
			if strings.HasPrefix(e.URL, "https://t.me/") {
				ts.Setenv(args[1], e.URL)
				return
			}
		}
		if found := inviteLink.FindString(m.Text); found != "" { // as plain text, to be forwarded
			ts.Setenv(args[1], found)
			return
		}
	}
	ts.Fatalf("there is no link in the chat")
}

// inviteLink is a link in a CSV, whatever separates its columns.
var inviteLink = regexp.MustCompile(`https://t\.me/[\w?=-]+`)

func invite(ts *testscript.TestScript, _ bool, args []string) {
	told(ts, args, 3, 3)
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if found := inviteLink.FindString(line); found != "" && strings.HasPrefix(line, args[1]) {
			ts.Setenv(args[2], found)
			return
		}
	}
	ts.Fatalf("there is no link for %s", args[1])
}

func meeting(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 1, 1)
	list := s.meetings(ts)
	if len(list) == 0 {
		ts.Fatalf("there is no meeting")
	}
	newest := slices.MaxFunc(list, func(a, b briefings.Meeting) int { return strings.Compare(string(a.ID), string(b.ID)) })
	ts.Setenv(args[0], string(newest.ID))
}

// moment is the time at which a command line was run: its clock goes on, so that the seconds differ from run to run.
var moment = regexp.MustCompile(`("as_of":)"[^"]*"`)

// commandLine runs a command of the program on the story's store, with the story's clock.
func commandLine(ts *testscript.TestScript, neg bool, args []string) {
	s := told(ts, args, 1, 20)
	variables := map[string]string{
		"REDIS_URL": s.config.RedisURL, "REDIS_PREFIX": s.config.RedisPrefix, "TELEGRAM_TOKEN": s.config.TelegramToken,
		"TELEGRAM_API_URL": s.config.TelegramAPIURL, "ORG_NAME": org, "CONTACT": contact, "LANGUAGE": s.config.Language,
		"BRIEFBOT_CLOCK_OFFSET": time.Until(s.clock()).String(),
	}
	for i, a := range args {
		if strings.HasSuffix(a, ".csv") || strings.HasSuffix(a, ".xlsx") {
			args[i] = ts.MkAbs(a)
		}
	}
	var stdout, stderr bytes.Buffer
	lookup := func(name string) (string, bool) { v, ok := variables[name]; return v, ok }
	s.exit = cli.Main(backdrop, args, lookup, &stdout, &stderr)
	clean := func(b *bytes.Buffer) string {
		return moment.ReplaceAllString(strings.ReplaceAll(b.String(), ts.MkAbs(".")+"/", ""), `$1"…"`)
	}
	fmt.Fprint(ts.Stdout(), clean(&stdout))
	fmt.Fprint(ts.Stderr(), clean(&stderr))
	if (s.exit != 0) != neg {
		ts.Fatalf("briefbot %s: exit %d: %s", strings.Join(args, " "), s.exit, stderr.String())
	}
	ts.Check(s.settle())
}

func exitCode(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 1, 1)
	if args[0] != strconv.Itoa(s.exit) {
		ts.Fatalf("the command ended with %d", s.exit)
	}
}

// fault adds something that goes wrong, as JSON, or ends it all: fault none.
func fault(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 1, 1)
	if args[0] == "none" {
		s.stage.ClearFaults()
		return
	}
	var f sandbox.Fault
	ts.Check(json.Unmarshal([]byte(args[0]), &f))
	_, err := s.stage.AddFault(f)
	ts.Check(err)
}

func redisAway(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 1, 1)
	switch {
	case s.redis.away == nil:
		ts.Fatalf("this Redis is not ours alone")
	case args[0] == "away":
		s.redis.away()
		s.gone = true
	default:
		s.redis.back()
		s.gone = false
		ts.Check(s.settle())
	}
}

func tolerate(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 1, 1)
	r, err := regexp.Compile(args[0])
	ts.Check(err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tolerated = append(s.tolerated, r)
}
