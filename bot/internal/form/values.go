package form

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// World is what a draft is read against.
type World struct {
	Roster *briefings.Roster
	Zone   *time.Location
	Now    time.Time
}

const (
	// TitleLimit, LineLimit and BodyLimit are the longest texts taken, in characters.
	TitleLimit = 500
	LineLimit  = 500
	// NumberLimit is the longest number of a document.
	NumberLimit = 60
	BodyLimit   = 3500 // leaves room for the card's head within Telegram's 4096
)

func (w World) moment(s string) (time.Time, error) {
	m, err := vietnamese.ParseTime(s, w.Zone, w.Now)
	var weekday *vietnamese.WeekdayError
	switch {
	case errors.As(err, &weekday):
		return time.Time{}, briefings.Refuse("form.weekday", "date", weekday.Date, "actual", weekday.Actual)
	case errors.Is(err, vietnamese.ErrNoSuchDay):
		return time.Time{}, briefings.Refuse("form.no_such_day", "value", s)
	case err != nil:
		return time.Time{}, briefings.Refuse("err.date")
	}
	return m.Time, nil
}

// short refuses a text of more than limit characters, and an empty one.
func short(s string, limit int) error {
	switch n := briefings.Length(s); {
	case n == 0:
		return briefings.Refuse("form.empty")
	case n > limit:
		return briefings.Refuse("form.too_long", "n", n, "max", limit)
	}
	return nil
}

func (w World) audience(s string) (briefings.Audience, error) {
	a, err := briefings.ParseAudience(s)
	if err != nil {
		return nil, err
	}
	if err := w.Roster.Check(a); err != nil {
		return nil, err
	}
	if len(w.Roster.Resolve(a)) == 0 {
		return nil, briefings.Refuse("audience.nobody")
	}
	return a, nil
}

func yes(s string) (bool, error) {
	switch vietnamese.Fold(s) {
	case "yes", "co", "y", "duoc", "true", "1":
		return true, nil
	case "no", "khong", "n", "khong duoc", "false", "0":
		return false, nil
	}
	return false, briefings.Refuse("form.yes_or_no", "value", s)
}

// quotas reads how many people units are asked to name: U004 5; U005 3.
func (w World) quotas(s string) ([]briefings.Quota, error) {
	var list []briefings.Quota
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ';' || r == ',' }) {
		words := strings.Fields(part)
		if len(words) != 2 {
			return nil, briefings.Refuse("form.quota", "value", strings.TrimSpace(part))
		}
		unit := briefings.UnitID(strings.ToUpper(words[0]))
		n, err := strconv.Atoi(words[1])
		if err != nil || n < 1 || n > briefings.QuotaLimit {
			return nil, briefings.Refuse("form.quota", "value", strings.TrimSpace(part))
		}
		if _, ok := w.Roster.Tree().Unit(unit); !ok {
			return nil, briefings.Refuse("form.quota_unit", "value", words[0])
		}
		if slices.ContainsFunc(list, func(q briefings.Quota) bool { return q.Unit == unit }) {
			return nil, briefings.Refuse("form.quota", "value", strings.TrimSpace(part))
		}
		list = append(list, briefings.Quota{Unit: unit, Seats: n})
	}
	if len(list) == 0 {
		return nil, briefings.Refuse("form.quota", "value", s)
	}
	return list, nil
}

// leave reads who decides about leave.
func leave(s string) (briefings.LeaveRule, error) {
	switch vietnamese.Fold(s) {
	case "free", "none", "khong can", "khong":
		return briefings.LeaveFree, nil
	case "organizer", "nguoi to chuc", "ban to chuc", "nguoi trieu tap":
		return briefings.LeaveByOrganizer, nil
	case "unit", "don vi", "can bo don vi":
		return briefings.LeaveByUnit, nil
	}
	return briefings.LeaveFree, briefings.Refuse("form.leave_rule", "value", s)
}

// urgency reads the degree that is stamped on a paper.
func urgency(s string) (briefings.Urgency, error) {
	switch vietnamese.Fold(s) {
	case "none", "normal", "usual", "thuong", "khong", "no":
		return briefings.Usual, nil
	case "urgent", "khan", "yes", "co":
		return briefings.Urgent, nil
	case "very urgent", "thuong khan":
		return briefings.VeryUrgent, nil
	case "immediate", "most urgent", "hoa toc":
		return briefings.Immediate, nil
	}
	return briefings.Usual, briefings.Refuse("form.urgency", "value", s)
}

// labels maps what people write to a label. Stamps of secrecy stand here to be refused by name.
func label(s string) (briefings.Label, error) {
	switch vietnamese.Fold(s) {
	case "public", "cong khai":
		return briefings.Public, nil
	case "internal", "pho bien trong don vi", "trong don vi", "noi bo", "luu hanh noi bo":
		return briefings.UnitOnly, nil
	case "mat", "toi mat", "tuyet mat", "secret", "top secret", "confidential":
		return "", briefings.Refuse("send.refused_secret", "label", strings.ToUpper(s))
	}
	return "", briefings.Refuse("send.ask_label")
}

func periods(s string) ([]briefings.Period, error) {
	var out []briefings.Period
	for part := range strings.SplitSeq(s, ",") {
		p, err := briefings.ParsePeriod(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// Documents are the types of papers that call to a meeting, as they are kept; the catalogue names them under doc.
var Documents = []string{"giay_moi", "thong_bao", "cong_van", "thong_bao_trieu_tap"}

func document(s string) (string, error) {
	switch vietnamese.Fold(s) {
	case "giay moi", "invitation":
		return "giay_moi", nil
	case "thong bao", "thong bao hop", "notice":
		return "thong_bao", nil
	case "cong van", "letter", "official letter":
		return "cong_van", nil
	case "thong bao trieu tap", "trieu tap", "summons":
		return "thong_bao_trieu_tap", nil
	}
	return "", briefings.Refuse("form.bad_document", "value", s)
}

// relay reads "where from; meeting m12".
func relay(s string) (*briefings.Relay, error) {
	origin, rest, _ := strings.Cut(s, ";")
	r := &briefings.Relay{Origin: strings.TrimSpace(origin)}
	if err := short(r.Origin, LineLimit); err != nil {
		return nil, err
	}
	if rest = strings.TrimSpace(rest); rest != "" {
		words := strings.Fields(rest)
		r.Parent = briefings.MeetingID(words[len(words)-1])
		if head := vietnamese.Fold(strings.Join(words[:len(words)-1], " ")); head != "meeting" && head != "hoi nghi" {
			return nil, briefings.Refuse("form.bad_relay", "value", rest)
		}
	}
	return r, nil
}

// venueParts are the words that begin a part of a venue line after its name, folded.
var venueParts = []struct {
	name  string
	words []string
}{
	{"main", []string{"main", "chinh", "diem cau chinh"}},
	{"capacity", []string{"capacity", "suc chua"}},
	{"units", []string{"units", "unit", "don vi"}},
	{"officer", []string{"officer", "officers", "can bo"}},
	{"link", []string{"link", "lien ket"}},
	{"chair", []string{"chair", "chu tri"}},
	{"address", []string{"address", "dia chi"}},
	{"technician", []string{"technician", "technicians", "ky thuat", "can bo ky thuat"}},
	{"map", []string{"map", "ban do"}},
}

// venue reads "name; main; capacity 200; units X01 X02; officer M012; technician M013; link https://…; chair …; address …; map …".
func (w World) venue(s string, id briefings.VenueID) (briefings.Venue, error) {
	parts := strings.Split(s, ";")
	v := briefings.Venue{ID: id, Name: briefings.Text{Vi: strings.TrimSpace(parts[0])}}
	if err := short(v.Name.Vi, LineLimit); err != nil {
		return v, err
	}
	for _, part := range parts[1:] {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		name, value := venuePart(part)
		var err error
		switch name {
		case "main":
			v.Main = true
		case "capacity":
			v.Capacity, err = vietnamese.ParseNumber(value)
			if err != nil || v.Capacity <= 0 {
				return v, briefings.Refuse("form.bad_capacity", "value", value)
			}
		case "units":
			v.Units, err = w.units(value)
		case "officer":
			v.Officers, err = w.officers(value)
		case "technician":
			v.Technicians, err = w.officers(value)
		case "map":
			v.Map, err = mapLink(value)
		case "link":
			v.Link, err = link(value)
		case "chair":
			v.Chair, err = value, short(value, LineLimit)
		case "address":
			v.Address, err = value, short(value, LineLimit)
		default:
			err = briefings.Refuse("form.bad_venue_part", "value", part)
		}
		if err != nil {
			return v, err
		}
	}
	return v, nil
}

// venuePart finds which part a text begins, and its value. The longest word wins.
func venuePart(part string) (name, value string) {
	words := strings.Fields(part)
	for n := min(4, len(words)); n > 0; n-- {
		folded := vietnamese.Fold(strings.TrimSuffix(strings.Join(words[:n], " "), ":"))
		for _, p := range venueParts {
			if slices.Contains(p.words, folded) {
				return p.name, strings.Join(words[n:], " ")
			}
		}
	}
	return "", part
}

func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' })
}

func (w World) units(s string) ([]briefings.UnitID, error) {
	var out []briefings.UnitID
	for _, id := range list(s) {
		if _, ok := w.Roster.Tree().Unit(briefings.UnitID(id)); !ok {
			return nil, briefings.Refuse("audience.unknown", "term", id)
		}
		out = append(out, briefings.UnitID(id))
	}
	if len(out) == 0 {
		return nil, briefings.Refuse("form.empty")
	}
	return out, nil
}

func (w World) officers(s string) ([]briefings.MemberID, error) {
	var out []briefings.MemberID
	for _, id := range list(s) {
		if _, ok := w.Roster.Member(briefings.MemberID(id)); !ok {
			return nil, briefings.Refuse("audience.unknown", "term", id)
		}
		out = append(out, briefings.MemberID(id))
	}
	if len(out) == 0 {
		return nil, briefings.Refuse("form.empty")
	}
	return out, nil
}

func link(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || !strings.Contains(u.Host, ".") {
		return "", briefings.Refuse("form.bad_link", "value", s)
	}
	return u.String(), nil
}

// mapLink reads where a venue is on a map: an https address, or its latitude and longitude.
func mapLink(s string) (string, error) {
	at := coordinates.FindStringSubmatch(s)
	if at == nil {
		return link(s)
	}
	lat, err1 := strconv.ParseFloat(at[1], 64)
	lon, err2 := strconv.ParseFloat(at[2], 64)
	if err1 != nil || err2 != nil || lat < -90 || lat > 90 || lon < -180 || lon > 180 {
		return "", briefings.Refuse("form.bad_link", "value", s)
	}
	return "https://www.google.com/maps/search/?api=1&query=" + at[1] + "%2C" + at[2], nil
}

var coordinates = regexp.MustCompile(`^(-?\d{1,3}(?:\.\d{1,10})?)\s*[, ]\s*(-?\d{1,3}(?:\.\d{1,10})?)$`)

// lateLimit is the longest time after the start in which somebody still comes on time, in minutes.
const lateLimit = 240

// minutes reads after how many minutes a check-in counts as late: "10", "10 phút", "10 minutes".
func minutes(s string) (time.Duration, error) {
	number, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	n, err := vietnamese.ParseNumber(number)
	if err != nil || n < 1 || n > lateLimit {
		return 0, briefings.Refuse("form.bad_minutes", "value", s, "max", lateLimit)
	}
	return time.Duration(n) * time.Minute, nil
}

// refusal turns any error of reading a value into a refusal, so that no line fails without a sentence.
func refusal(err error) *briefings.Refusal {
	if r := briefings.AsRefusal(err); r != nil {
		return r
	}
	return briefings.Refuse("form.bad_value", "value", fmt.Sprint(err))
}
