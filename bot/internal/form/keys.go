package form

import (
	"slices"
	"strings"
	"unicode"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// keys lists how each field may be called, folded: the English key of the documentation, the Vietnamese one, and what people write in
// their place. Two fields of one form share no name.
var keys = []struct {
	field   briefings.Field
	names   []string // as documented
	aliases []string // taken likewise
}{
	{briefings.FieldTitle, []string{"title", "ten"}, []string{"tieu de", "ten hoi nghi", "ten cuoc hop", "ten hop", "ten thong tin", "ten ban tin", "subject", "name"}},
	{briefings.FieldTime, []string{"time", "thoi gian"}, []string{"thoi gian bat dau", "thoi gian hop", "gio bat dau", "bat dau", "ngay gio", "start", "starts", "when"}},
	{briefings.FieldEnd, []string{"end", "ket thuc"}, []string{"gio ket thuc", "thoi gian ket thuc", "ket thuc luc", "ends"}},
	{briefings.FieldDeadline, []string{"deadline", "han xac nhan"}, []string{"han", "han tra loi", "han chot", "thoi han", "han dang ky", "han phan hoi",
		"thoi han xac nhan", "tra loi truoc", "xac nhan truoc", "reply by", "rsvp", "due"}},
	{briefings.FieldVenue, []string{"venue", "diem cau", "dia diem"}, []string{"dia diem hop", "dia diem to chuc", "noi hop", "hoi truong", "diem hop", "place", "where", "location", "hall"}},
	{briefings.FieldAudience, []string{"audience", "thanh phan"}, []string{"thanh phan du", "thanh phan du hop", "thanh phan tham du", "thanh phan moi", "doi tuong", "nguoi nhan",
		"recipients", "attendees", "participants"}},
	{briefings.FieldChair, []string{"chair", "chu tri"}, []string{"nguoi chu tri", "chu toa", "chairman", "chairperson", "chaired by"}},
	{briefings.FieldSpeaker, []string{"speaker", "bao cao vien"}, []string{"nguoi trinh bay", "nguoi bao cao", "dien gia", "speakers", "presenter"}},
	{briefings.FieldAgenda, []string{"agenda", "noi dung"}, []string{"chuong trinh", "noi dung hop", "noi dung chuong trinh", "programme", "program"}},
	{briefings.FieldDeputies, []string{"deputies", "du thay"}, []string{"cho du thay", "duoc du thay", "cu nguoi du thay", "nguoi du thay", "deputy"}},
	{briefings.FieldLeave, []string{"leave", "duyet vang"}, []string{"duyet xin vang", "xin vang"}},
	{briefings.FieldQuota, []string{"quota", "suat"}, []string{"so suat", "quotas"}},
	{briefings.FieldLate, []string{"late", "muon sau", "den muon"}, []string{"tinh muon sau", "late after"}},
	{briefings.FieldDress, []string{"dress", "trang phuc"}, []string{"dress code"}},
	{briefings.FieldNote, []string{"note", "luu y"}, []string{"ghi chu", "chu y", "notes", "remark"}},
	{briefings.FieldPeriod, []string{"period", "ky bao cao"}, []string{"ky", "periods", "reporting period"}},
	{briefings.FieldLabel, []string{"label", "muc pho bien"}, []string{"muc", "muc do", "muc do pho bien", "pho bien", "pham vi pho bien", "nhan", "do mat", "muc do mat", "level"}},
	{briefings.FieldTopic, []string{"topic", "chuyen muc"}, []string{"chu de", "chuyen de"}},
	{briefings.FieldSend, []string{"send", "gui"}, []string{"gui luc", "gio gui", "thoi diem gui", "lich phat", "lich gui", "schedule"}},
	{briefings.FieldDoc, []string{"document", "loai van ban"}, []string{"van ban", "type"}},
	{briefings.FieldDocNo, []string{"number", "so van ban", "so"}, []string{"so hieu", "so ky hieu", "so cong van", "so giay moi", "document number"}},
	{briefings.FieldInvited, []string{"invited", "nguoi du"}, []string{"invitees"}},
	{briefings.FieldSummons, []string{"summons", "trieu tap"}, []string{"doi tuong trieu tap", "summoned"}},
	{briefings.FieldPaper, []string{"paper", "tai lieu"}, []string{"tai lieu hop", "tai lieu kem theo", "papers", "documents", "materials"}},
	{briefings.FieldRelay, []string{"relay", "tiep song"}, []string{"tiep song tu", "noi phat", "relayed from"}},
	{briefings.FieldUrgency, []string{"urgency", "do khan"}, []string{"muc do khan", "muc khan", "khan", "urgent", "priority"}},
}

// hints are words that say too little to be taken for a key, and the field that is meant most likely.
var hints = map[string]briefings.Field{
	"gio": briefings.FieldTime, "gio hop": briefings.FieldTime, "ngay": briefings.FieldTime, "ngay hop": briefings.FieldTime, "date": briefings.FieldTime,
	"phong": briefings.FieldVenue, "phong hop": briefings.FieldVenue, "room": briefings.FieldVenue, "moi": briefings.FieldAudience, "kinh moi": briefings.FieldAudience,
	"to": briefings.FieldAudience, "units": briefings.FieldAudience, "don vi": briefings.FieldAudience, "by": briefings.FieldDeadline,
	"thoi gian": briefings.FieldSend, "time": briefings.FieldSend, "when": briefings.FieldSend, "nguoi nhan": briefings.FieldAudience,
}

// fieldOf finds the field a key means among those allowed.
func fieldOf(key string, allowed []briefings.Field) briefings.Field {
	folded := vietnamese.Fold(key)
	for _, k := range keys {
		if (slices.Contains(k.names, folded) || slices.Contains(k.aliases, folded)) && slices.Contains(allowed, k.field) {
			return k.field
		}
	}
	return ""
}

// keyLimit is how many characters a key has at most; what is longer is a sentence with a colon in it.
const keyLimit = 40

// Nearest finds the field of which an unknown key is most likely a slip; "" where none is near.
func Nearest(key string, allowed []briefings.Field) briefings.Field {
	folded := []rune(vietnamese.Fold(key))
	if len(folded) < 2 || len(folded) > keyLimit {
		return ""
	}
	if f, ok := hints[string(folded)]; ok && slices.Contains(allowed, f) {
		return f
	}
	best, found := 1<<10, briefings.Field("")
	for _, k := range keys {
		if !slices.Contains(allowed, k.field) {
			continue
		}
		for _, name := range slices.Concat(k.names, k.aliases) {
			if d := slip(folded, []rune(name)); d < best {
				best, found = d, k.field
			}
		}
	}
	return found
}

// slip is how far a key is from a name; a large number where nobody would take one for the other. A key that only adds words to a
// name is near it.
func slip(key, name []rune) int {
	const far = 1 << 10
	most := max(len(key), len(name)) / 3 // a third of the letters may differ: of "gui" one, of "han xac nhan" four
	if diff := len(key) - len(name); diff <= most && -diff <= most {
		if d := distance(key, name); d <= most {
			return d
		}
	}
	if len(name) >= 5 && strings.HasPrefix(string(key), string(name)+" ") {
		return keyLimit + len(key) - len(name)
	}
	return far
}

// distance counts the letters that are put in, left out, exchanged or swapped with their neighbour between two words.
func distance(a, b []rune) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

// unknown says of a line without a known key what is wrong with it, and which key may be meant.
func unknown(l Line, allowed []briefings.Field) *briefings.Refusal {
	key, _, found := strings.Cut(l.Text, ":")
	key = strings.TrimSpace(key)
	number := key != "" && unicode.IsDigit(rune(key[len(key)-1])) // "Deadline 17:00": the colon is one of the hour
	if name := leads(l.Text, allowed); name != "" && (!found || number) {
		return briefings.Refuse("form.colon_after", "key", name)
	}
	if !found {
		return briefings.Refuse("form.no_colon")
	}
	if f := Nearest(key, allowed); f != "" {
		return briefings.Refuse("form.near_key", "key", key, "field", f)
	}
	return briefings.Refuse("form.unknown_key")
}

// meant are the fields of which complaints say that a line with another key may be one.
func meant(complaints []Complaint, allowed []briefings.Field) (fields []briefings.Field) {
	for _, c := range complaints {
		switch c.Why.Key {
		case "form.near_key":
			if f, ok := c.Why.Args["field"].(briefings.Field); ok {
				fields = append(fields, f)
			}
		case "form.colon_after":
			if name, ok := c.Why.Args["key"].(string); ok {
				fields = append(fields, fieldOf(name, allowed))
			}
		}
	}
	return fields
}

// leads finds the key with which a line begins that lacks the colon, as it is written there.
func leads(text string, allowed []briefings.Field) string {
	words := strings.Fields(text)
	for n := min(4, len(words)-1); n > 0; n-- {
		if head := strings.Join(words[:n], " "); fieldOf(head, allowed) != "" {
			return head
		}
	}
	return ""
}

// Slips complains of the lines whose key is near one that is known, without reading anything else: for texts that may be meant as
// something other than lines of the form.
func Slips(lines []Line, allowed []briefings.Field) []Complaint {
	var out []Complaint
	for _, l := range lines {
		if l.Field != "" {
			continue
		}
		if why := unknown(l, allowed); why.Key == "form.near_key" || why.Key == "form.colon_after" {
			out = append(out, Complaint{Text: l.Text, Why: why})
		}
	}
	return out
}
