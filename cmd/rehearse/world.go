package main

import (
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the organisation's zone must be known everywhere

	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/rosterfile"
	"briefbot/briefings/vietnamese"
)

const (
	orgName   = "Ban Tuyên giáo và Dân vận Tỉnh ủy Minh Giang"
	contact   = "Văn phòng Tỉnh ủy, số máy 0100 000 000"
	zoneName  = "Asia/Ho_Chi_Minh"
	rootUnit  = "Tỉnh ủy Minh Giang"
	spare     = "Tổ dự bị" // the unit of those who are not called and may sit for somebody
	title     = "Hội nghị thông tin thời sự và triển khai nhiệm vụ quý IV"
	delegates = "Tổ đại biểu"           // the unit, below the first commune, that names people of its own choice
	places    = 5                       // how many it is asked for
	group     = "Báo cáo viên cấp tỉnh" // those of it are not invited but summoned
	phones84  = 999                     // telephone numbers that belong to nobody: 0100 000 001 to 999
)

// world is everybody there is, and what each of them is going to do.
type world struct {
	texts     *i18n.Catalogue
	zone      *time.Location
	heads     []string // names of the units members are reported under; the first is the root
	venues    []*venue
	people    []*person // in the order of the roster file
	called    []*person
	spares    []*person
	quota     []*person // the people of the unit that names delegates; the first of them does so
	small     int       // the venue with few places, in which some wait for one; 0: none
	room      int       // how many places it has
	strangers []*person
	organizer *person
	admin     *person
	units     map[string]briefings.UnitID // by path, once imported
	starts    time.Time
	deadline  time.Time
}

// venue is a place of the conference.
type venue struct {
	name    string
	head    int // whose members come here; 0 the root's
	officer *person
	code    string // to be read out while the door is open

	screen sync.Mutex // guards what is below: the screen is shared by everybody in the room
	shown  int        // the message with the QR
	link   string     // in the QR
	drawn  time.Time

	heads  int // the officer's closing number
	guests int
	shut   int // the message that says it is closed
}

// person is somebody with a telephone.
type person struct {
	code     string
	name     string // as the roll keeps it
	typed    string // as the file has it
	phone    string // E.164; empty: none on the roll
	unit     string // path
	head     int
	venue    int
	position string
	role     string
	lang     briefings.Lang
	address  string
	user     int64
	link     string // of the invitation to join
	card     int    // the message with the notice that is answered on
	notice   int    // the message by which the notice came
	waits    bool   // said yes and waits for a place in a full hall
	summoned bool   // belongs to the group that is summoned
	plan
}

// newWorld makes everybody up. The same numbers make the same world.
func newWorld(members, venues int, seed uint64) (*world, error) {
	texts, err := i18n.Load()
	if err != nil {
		return nil, fmt.Errorf("load texts: %w", err)
	}
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return nil, fmt.Errorf("load zone: %w", err)
	}
	w := &world{texts: texts, zone: zone, heads: []string{rootUnit}, units: map[string]briefings.UnitID{}}
	dice := rand.New(rand.NewPCG(seed, 2026)) //nolint:gosec // it makes people up, no secrets
	names := newNames(dice)
	w.venues = append(w.venues, &venue{name: "Hội trường Tỉnh ủy"})
	for i := 1; i < venues; i++ {
		place := commune(i)
		w.heads = append(w.heads, "Đảng ủy xã "+place)
		w.venues = append(w.venues, &venue{name: "Hội trường xã " + place, head: i})
	}
	for i := range members {
		p := &person{code: fmt.Sprintf("M%05d", i+1), head: w.headOf(i, members, dice)}
		p.venue, p.unit = p.head, rootUnit
		if p.head > 0 {
			p.unit = fmt.Sprintf("%s / %s / Chi bộ thôn %d", rootUnit, w.heads[p.head], 1+dice.IntN(4))
		}
		p.name, p.summoned = names.next(), i%11 == 4
		w.called = append(w.called, p)
	}
	for i := range max(4, members/20+members/100+2) + helpers {
		w.spares = append(w.spares, &person{
			code: fmt.Sprintf("D%05d", i+1), name: names.spare(), unit: rootUnit + " / " + spare, position: "Cán bộ dự bị", head: -1,
		})
	}
	for i := range places + 3 {
		w.quota = append(w.quota, &person{
			code: fmt.Sprintf("Q%05d", i+1), name: names.spare(), unit: w.delegation(), position: "Đại biểu", head: 1, venue: 1,
		})
	}
	w.people = append(append(append(w.people, w.called...), w.spares...), w.quota...)
	w.cast()
	w.decorate(dice)
	w.plan(dice)
	for i := range 6 {
		w.strangers = append(w.strangers, &person{name: fmt.Sprintf("Khách lạ %d", i+1), user: 7_000_000_001 + int64(i), lang: briefings.Vietnamese,
			phone: fmt.Sprintf("+84100000%03d", 0)})
	}
	return w, nil
}

// ends is when the conference ends.
func (w *world) ends() time.Time { return w.starts.Add(150 * time.Minute) }

// headOf spreads the members unevenly: a twentieth stands at the root, every commune has at least three, some are twice as large.
func (w *world) headOf(i, members int, dice *rand.Rand) int {
	n := len(w.heads)
	switch root := max(3, members/20); {
	case i < root:
		return 0
	case i < root+3*(n-1):
		return 1 + (i-root)%(n-1)
	}
	return 1 + min(dice.IntN(n-1), dice.IntN(n-1))
}

// delegation is the path of the unit that names people of its own choice.
func (w *world) delegation() string { return rootUnit + " / " + w.heads[1] + " / " + delegates }

// cast gives out the parts: who organizes, who keeps which door, who decides about leave. Every other commune has somebody who does;
// for the others the organizer decides.
func (w *world) cast() {
	for _, p := range w.called {
		switch v := w.venues[p.venue]; {
		case w.organizer == nil:
			w.organizer, p.role, p.position = p, "organizer@"+rootUnit, "Trưởng phòng Tuyên truyền"
		case w.admin == nil:
			w.admin, p.role, p.position = p, "admin@"+rootUnit, "Chánh Văn phòng"
		case v.officer == nil:
			v.officer, p.position = p, "Cán bộ điểm cầu"
			if p.head%2 == 1 {
				p.role = "approver@" + rootUnit + " / " + w.heads[p.head]
				if p.head == 1 { // holds meetings of the commune's own as well
					p.role += "; organizer@" + rootUnit + " / " + w.heads[p.head]
				}
			}
		}
	}
	w.quota[0].role = "approver@" + w.delegation()
}

// official reports whether the person has a part that must go as the story needs it.
func (w *world) official(p *person) bool {
	return p == w.organizer || p == w.admin || w.venues[p.venue].officer == p
}

// awkward are names that have broken software before.
var awkward = []string{
	`Lê <b>Mẫu</b> Góc & Cạnh`,
	"Trần Mẫu Sao 🌟👩‍🌾",
	"Nguyễn Mẫu Thuỷ Tiễn", // typed decomposed, see decorate
	"Công Tằng Tôn Nữ Mẫu" + strings.Repeat(" Dài Tên", 22) + " Hết",
	"O'Mẫu _Gạch_ *Sao* `Nháy` [Ngoặc](x)",
	"Vi",
}

// decorate gives everybody an account, a telephone where there is one left, a language, and to some an awkward name.
func (w *world) decorate(dice *rand.Rand) {
	next := 0
	for _, p := range w.called {
		if !w.official(p) && next < len(awkward) && dice.IntN(3) == 0 {
			p.name = awkward[next]
			next++
		}
	}
	phone := 0
	for i, p := range w.people {
		p.user = 6_000_000_001 + int64(i)
		p.typed = p.name
		if strings.Contains(p.name, "Thuỷ") {
			p.typed = decomposed(p.name)
		}
		for len([]rune(p.typed)) > rosterfile.NameLimit { // exactly the limit
			p.typed = string([]rune(p.typed)[:rosterfile.NameLimit])
		}
		p.name = vietnamese.Clean(p.typed)
		if i%2 == 1 && phone < phones84 {
			phone++
			p.phone = fmt.Sprintf("+84100000%03d", phone)
		}
		p.lang = briefings.Vietnamese
		if dice.IntN(20) == 0 && p != w.organizer {
			p.lang = briefings.English
		}
		if dice.IntN(10) == 0 {
			p.address = []string{"ông", "bà"}[dice.IntN(2)]
		}
		if p.position == "" && dice.IntN(3) == 0 {
			p.position = []string{"Bí thư chi bộ", "Phó Bí thư", "Ủy viên Ban Thường vụ", "Báo cáo viên"}[dice.IntN(4)]
		}
	}
}

// account is the person's Telegram.
func (p *person) account() account {
	return account{ID: p.user, FirstName: p.name, Phone: strings.TrimPrefix(p.phone, "+"), LanguageCode: string(p.lang)}
}

// writeRoster writes the roll as the office would send it.
func (w *world) writeRoster(path string) error {
	var rows []rosterfile.Row
	for i, p := range w.people {
		row := rosterfile.Row{Number: i + 2, Columns: rosterfile.AllColumns}
		for column, cell := range map[rosterfile.Column]string{
			rosterfile.Code: p.code, rosterfile.FullName: p.typed, rosterfile.Phone: vietnamese.PrintPhone(p.phone), rosterfile.Unit: p.unit,
			rosterfile.Groups: map[bool]string{true: group}[p.summoned], rosterfile.Position: p.position, rosterfile.Role: p.role, rosterfile.Language: string(p.lang), rosterfile.Address: p.address,
		} {
			row.Cells[column] = cell
		}
		rows = append(rows, row)
	}
	return writeFile(path, func(out io.Writer) error {
		return rosterfile.Write(out, rosterfile.FormatOf(path), briefings.Vietnamese, rows)
	})
}

func writeFile(path string, write func(io.Writer) error) error {
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("make file: %w", err)
	}
	if err := write(file); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

// voice speaks as the bot does to this person.
func (w *world) voice(p *person) i18n.Printer {
	return i18n.Printer{Catalogue: w.texts, Lang: i18n.Lang(p.lang), Location: w.zone, Addr: p.address, Org: orgName, Contact: contact}
}

var tag = regexp.MustCompile(`</?[a-z][^>]*>`)

// text is a sentence as the person reads it.
func (w *world) text(p *person, key string, pairs ...any) string {
	s := w.voice(p).T(key, pairs...)
	if w.texts.Kind(key) == i18n.Message {
		s = html.UnescapeString(tag.ReplaceAllString(s, ""))
	}
	return s
}

// gap stands where a sentence holds a value that is not known here.
const gap = "\x01"

// opening is the sentence up to its first gap.
func (w *world) opening(p *person, key string, pairs ...any) string {
	s, _, _ := strings.Cut(w.text(p, key, pairs...), gap)
	return s
}

// helpers are as many of those who stand by as lend a hand at a door.
const helpers = 2
