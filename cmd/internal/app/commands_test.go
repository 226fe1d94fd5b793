package app_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"

	"briefbot/bot/sandbox"
	"briefbot/briefings"
)

// commands is what a script may say beside the commands of testscript. Text that begins with @ stands in that file.
//
//	person NAME [id=N] [phone=P] [lang=L]   gives somebody a phone
//	sample                                  takes the sample organisation: everybody goes by their code
//	serve [quiet=…] [admins=N,N] [lang=en] [patience=D]
//	                                        starts the service, which waits for Telegram no longer than that;  down  ends it (stop is
//	                                        testscript's own: it ends the script)
//	clock 2026-12-01T09:00 | +2h            moves the clock
//	say NAME TEXT, rich NAME HTML           types, with formatting
//	tap NAME LABEL [N]                      presses a button, of message N; stdout is what flies by over the chat
//	forge NAME LABEL DATA                   presses a button that carries something else
//	open NAME LINK, contact NAME [PHONE]    follows a link, shares a card
//	photo|sticker|location NAME, file NAME FILENAME, upload NAME FILE (with what the script's file says)
//	block|unblock|gone NAME                 what people do to a bot, and to their account
//	expect NAME TEXT, ! expect NAME TEXT    what was said since the person last did something
//	transcript NAME                         the chat; page NAME begins it anew; html NAME is its last message with formatting
//	code NAME RIGHT WRONG                   the check-in code in the chat, and another one;  link NAME VAR
//	invite FILE CODE VAR                    somebody's invite link in an exported roll;  meeting VAR  the newest meeting's id
//	briefbot ARGS                           the command line;  exit N  how it ended
//	fault JSON, fault none                   what goes wrong;  redis away|back;  tolerate REGEXP  in the log
var commands = map[string]func(*testscript.TestScript, bool, []string){
	"person":     person,
	"sample":     loadSample,
	"serve":      serve,
	"down":       down,
	"clock":      moveClock,
	"say":        say,
	"rich":       rich,
	"tap":        tap,
	"forge":      forge,
	"open":       open,
	"contact":    shareContact,
	"photo":      photo,
	"sticker":    sticker,
	"location":   location,
	"file":       file,
	"upload":     upload,
	"block":      block,
	"unblock":    unblock,
	"gone":       gone,
	"expect":     expect,
	"transcript": transcript,
	"page":       page,
	"html":       lastHTML,
	"code":       code,
	"link":       link,
	"invite":     invite,
	"meeting":    meeting,
	"briefbot":   commandLine,
	"exit":       exitCode,
	"fault":      fault,
	"redis":      redisAway,
	"tolerate":   tolerate,
	"sheet":      sheet,
}

// told returns the story of a script, after checking how many words a command was given.
func told(ts *testscript.TestScript, args []string, least, most int) *story {
	if len(args) < least || len(args) > most {
		ts.Fatalf("takes %d to %d words, has %d", least, most, len(args))
	}
	s, ok := ts.Value(storyKey{}).(*story)
	if !ok {
		ts.Fatalf("there is no story")
	}
	return s
}

func (s *story) who(ts *testscript.TestScript, name string) *sandbox.Person {
	p, ok := s.people[name]
	if !ok {
		ts.Fatalf("nobody is called %s", name)
	}
	return p
}

// text is what an argument says, or the file it names.
func text(ts *testscript.TestScript, arg string) string {
	if name, ok := strings.CutPrefix(arg, "@"); ok {
		return strings.TrimRight(ts.ReadFile(name), "\n")
	}
	return arg
}

// settings takes key=value words apart.
func settings(ts *testscript.TestScript, args []string, known ...string) map[string]string {
	m := map[string]string{}
	for _, a := range args {
		key, value, ok := strings.Cut(a, "=")
		if !ok || !contains(known, key) {
			ts.Fatalf("%q is not one of %s", a, strings.Join(known, "=, ")+"=")
		}
		m[key] = value
	}
	return m
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

func number(ts *testscript.TestScript, s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	ts.Check(err)
	return n
}

func person(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 1, 5)
	with := settings(ts, args[1:], "id", "phone", "lang")
	p := sandbox.Person{ID: int64(101 + len(s.people)), FirstName: args[0], Phone: with["phone"], LanguageCode: with["lang"]}
	if with["id"] != "" {
		p.ID = number(ts, with["id"])
	}
	s.stage.AddPerson(p)
	s.people[args[0]] = &p
}

func serve(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 0, 5)
	with := settings(ts, args, "quiet", "admins", "lang", "patience")
	if with["patience"] != "" {
		var err error
		s.config.Patience, err = time.ParseDuration(with["patience"])
		ts.Check(err)
		s.config.Sleep = briefly
	}
	s.config.QuietHours = with["quiet"]
	if with["lang"] != "" {
		s.config.Language = with["lang"]
	}
	s.config.AdminIDs = nil
	for _, id := range strings.FieldsFunc(with["admins"], func(r rune) bool { return r == ',' }) {
		s.config.AdminIDs = append(s.config.AdminIDs, number(ts, id))
	}
	ts.Check(s.serve())
	ts.Check(s.settle())
}

// sheet prints the rows of every sheet of a workbook, a bar between the cells.
func sheet(ts *testscript.TestScript, _ bool, args []string) {
	told(ts, args, 1, 1)
	book, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { _ = book.Close() }()
	for _, name := range book.GetSheetList() {
		rows, err := book.GetRows(name)
		ts.Check(err)
		for _, row := range rows {
			_, err := fmt.Fprintln(ts.Stdout(), strings.Join(row, "|"))
			ts.Check(err)
		}
	}
}

func down(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(told(ts, args, 0, 0).halt())
}

func moveClock(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 1, 1)
	ts.Check(s.settle())
	for _, p := range s.people {
		ts.Check(s.turnPage(p.ID))
	}
	if by, err := time.ParseDuration(args[0]); err == nil {
		s.setClock(s.clock().Add(by))
	} else {
		at, err := time.ParseInLocation("2006-01-02T15:04", args[0], s.zone)
		ts.Check(err)
		s.setClock(at)
	}
	ts.Check(s.settle())
}

func expect(ts *testscript.TestScript, neg bool, args []string) {
	s := told(ts, args, 2, 2)
	p, words := s.who(ts, args[0]), text(ts, args[1])
	wait := 5 * time.Second
	if neg {
		wait = 0
	}
	_, err := s.stage.Await(backdrop, p.ID, words, s.since[p.ID], wait)
	if (err == nil) == neg {
		ts.Logf("%s", s.seen[p.ID].text)
		ts.Fatalf("said to %s: %v; %q", args[0], !neg == (err != nil), words)
	}
}

func transcript(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 1, 1)
	ts.Check(s.settle())
	id := s.who(ts, args[0]).ID
	chat := numbered.ReplaceAllStringFunc(s.seen[id].text, func(number string) string {
		if n, err := strconv.Atoi(strings.Trim(number, "[]")); err == nil && n <= s.seen[id].before {
			return "[…]"
		}
		return number
	})
	_, err := fmt.Fprint(ts.Stdout(), s.masked(ts, chat))
	ts.Check(err)
}

// page begins a person's transcript anew. With "loosely" messages of before lose their numbers: they may have come in any order, such as
// somebody's own notice and the progress of sending it.
func page(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 1, 2)
	p := s.who(ts, args[0])
	ts.Check(s.turnPage(p.ID))
	before := 0
	if len(args) > 1 && args[1] == "loosely" {
		before = s.since[p.ID]
	}
	s.forget(p.ID, before)
}

func lastHTML(ts *testscript.TestScript, _ bool, args []string) {
	s := told(ts, args, 1, 1)
	chat, err := s.stage.Chat(s.who(ts, args[0]).ID, 1)
	ts.Check(err)
	if len(chat.Messages) == 0 {
		ts.Fatalf("the chat is empty")
	}
	_, err = fmt.Fprintln(ts.Stdout(), chat.Messages[0].HTML)
	ts.Check(err)
}

var (
	sixDigits = regexp.MustCompile(`\b\d{6}\b`)
	startLink = regexp.MustCompile(`(/start [jcd]|\?start=d)\S+`)
	onScreen  = regexp.MustCompile(`(màn hình: |on the screen: )\d{6}\b`)
	numbered  = regexp.MustCompile(`(?m)^\[\d+\]`)
	fileSize  = regexp.MustCompile(`(<document .*) \d+ bytes>`)
)

// masked puts words in place of what is drawn by lot.
func (s *story) masked(ts *testscript.TestScript, chat string) string {
	codes := map[string]string{ts.Getenv("WRONG"): "<wrong code>"}
	for _, m := range s.meetings(ts) {
		for _, v := range m.Venues {
			if v.Door != nil {
				codes[v.Door.PIN] = "<code of " + v.Name.Vi + ">"
			}
		}
	}
	chat = onScreen.ReplaceAllString(chat, "$1<code on the screen>")
	chat = sixDigits.ReplaceAllStringFunc(chat, func(d string) string {
		if name, ok := codes[d]; ok {
			return name
		}
		return d
	})
	chat = startLink.ReplaceAllString(chat, "$1<token>")
	return fileSize.ReplaceAllString(chat, "$1 … bytes>")
}

// meetings are those of the store; none while the service is down.
func (s *story) meetings(ts *testscript.TestScript) []briefings.Meeting {
	if s.service == nil {
		return nil
	}
	list, err := s.service.Store.Meetings(backdrop)
	ts.Check(err)
	return list
}
