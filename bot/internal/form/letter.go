package form

import (
	"regexp"
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// headings are the words that begin a part of an official letter, folded, and the field it fills. Longer ones come first.
var headings = []struct {
	field briefings.Field
	words []string
}{
	{briefings.FieldInvited, []string{"thanh phan tham du", "thanh phan du hop", "thanh phan du", "thanh phan moi", "thanh phan trieu tap", "thanh phan", "doi tuong trieu tap", "doi tuong tham du", "kinh moi", "tran trong kinh moi"}},
	{briefings.FieldVenue, []string{"dia diem to chuc", "dia diem", "cac diem cau", "diem cau"}},
	{briefings.FieldTime, []string{"thoi gian to chuc", "thoi gian"}},
	{briefings.FieldAgenda, []string{"noi dung chuong trinh", "noi dung, chuong trinh", "noi dung", "chuong trinh"}},
	{briefings.FieldChair, []string{"chu tri hoi nghi", "dong chi chu tri", "nguoi chu tri", "chu tri"}},
	{briefings.FieldSpeaker, []string{"bao cao vien", "nguoi trinh bay"}},
	{briefings.FieldDress, []string{"trang phuc"}},
	{briefings.FieldNote, []string{"luu y", "ghi chu"}},
	{briefings.FieldPaper, []string{"tai lieu kem theo", "tai lieu"}},
	{addressee, []string{"kinh gui"}},
	{"", []string{"noi nhan", "dau moi", "nguoi ky"}}, // parts that fill nothing
}

// addressee is to whom a letter is sent: who is invited, where it does not say that apart.
const addressee briefings.Field = "addressee"

var (
	bulletMark   = regexp.MustCompile(`^\s*(?:[-–—•*+]+|\d{1,2}[.)/-]|[IVX]{1,4}[.)/-]|[a-zđ][.)])\s*`)
	numberLine   = regexp.MustCompile(`(?i)^số\s*[:.]?\s*(\d{1,5}\s*[-/]\s*[\p{L}\d/.-]+)`)
	aboutLine    = regexp.MustCompile(`(?i)^(?:v/v|về việc)\s*[:.]?\s*(.+)$`)
	attendTitle  = regexp.MustCompile(`(?i)(?:^|\s)dự\s+((?:hội nghị|cuộc họp|buổi|lễ|họp|tọa đàm|toạ đàm|lớp|phiên)\s.+)$`)
	organizes    = regexp.MustCompile(`(?i)(?:tổ chức|triệu tập)\s+((?:hội nghị|cuộc họp|buổi|lễ|họp|tọa đàm|toạ đàm|lớp|phiên)\s.+)$`)
	titleLine    = regexp.MustCompile(`(?i)^((?:hội nghị|cuộc họp|buổi|lễ|họp|giao ban|đại hội|tọa đàm|toạ đàm|lớp|phiên)\s.+)$`)
	titleEnds    = regexp.MustCompile(`(?i)(?:,?\s*(?:cụ thể|như sau|với các nội dung|theo nội dung|với nội dung).*|[\s.:;,/]+)$`)
	closingLine  = regexp.MustCompile(`(?i)^(?:trân trọng(?:\s*[.!/]*$|\s+(?:thông báo|đề nghị|cảm ơn))|rất mong|đề nghị các|kính đề nghị|sự có mặt|t/m|k/t|t/l|tm\.|kt\.|tl\.|nơi nhận|chánh văn phòng|bí thư$|trưởng ban$)`)
	answerBefore = regexp.MustCompile(`(?i)(?:xác nhận|đăng ký|báo|gửi|trả lời)[^.\n]*?\strước\s+((?:\d|ngày|thứ|sáng|chiều)[^.;\n]*)`)
	hourRange    = regexp.MustCompile(`(?i)^(?:từ\s+)?(\d{1,2}\s*(?:giờ|h|g|:)\s*\d{0,2}(?:\s*phút|['’])?)\s*(?:đến|-|–)\s*(\d{1,2}\s*(?:giờ|h|g|:)\s*\d{0,2}(?:\s*phút|['’])?)(.*)$`)
	timeFiller   = regexp.MustCompile(`(?i)(?:dự kiến|khai mạc|bắt đầu|đúng|hồi|kể từ|từ|vào lúc)\s+`)
	mainWords    = regexp.MustCompile(`(?i)^điểm cầu (?:chính|trung tâm|tỉnh|trung ương)\s*[:–-]?\s*(?:tại\s+)?`)
)

// types are the headings of the papers that call to a meeting, folded.
var types = map[string]string{
	"giay moi": "giay_moi", "giay moi hop": "giay_moi", "thong bao": "thong_bao", "cong van": "cong_van", "giay trieu tap": "thong_bao_trieu_tap",
	"thong bao trieu tap": "thong_bao_trieu_tap",
}

// IsLetter reports whether a text is an official letter and not lines of the form: it has a heading or a formula of such a letter, says
// when, and names no title by the form's own key.
func IsLetter(text string) bool {
	letter, when, lines := false, false, 0
	for raw := range strings.Lines(text) {
		line := vietnamese.Clean(raw)
		if line == "" {
			continue
		}
		lines++
		folded := vietnamese.Fold(line)
		_, heading := types[strings.TrimRight(folded, " .:")]
		for _, formula := range []string{"tran trong kinh moi", "kinh moi", "trieu tap", "kinh gui", "cong van so", "thong bao ve"} {
			letter = letter || strings.HasPrefix(bulletMark.ReplaceAllString(folded, ""), formula)
		}
		letter = letter || heading || aboutLine.MatchString(line)
		field, _, _ := headed(line)
		when = when || field == briefings.FieldTime
		if key, _, found := strings.Cut(line, ":"); found && fieldOf(key, []briefings.Field{briefings.FieldTitle}) != "" {
			return false
		}
	}
	return letter && when && lines >= 4
}

// headed finds which part of a letter a line begins, and what follows its heading.
func headed(line string) (field briefings.Field, rest string, ok bool) {
	bare := bulletMark.ReplaceAllString(line, "")
	key, rest, found := strings.Cut(bare, ":")
	if !found {
		return "", "", false
	}
	folded := vietnamese.Fold(key)
	for _, h := range headings {
		for _, w := range h.words {
			if folded == w {
				return h.field, strings.TrimSpace(rest), true
			}
		}
	}
	return "", "", false
}

// Letter fills the form's lines from an official letter: a giấy mời, a thông báo or a công văn. name is how a field is printed. What it
// finds is to be checked by a person; what it does not find is missing from the lines, never guessed, but for the audience, where units
// and groups that the letter names in full are proposed.
func (w World) Letter(text string, name func(briefings.Field) string) []Line {
	l := letter{parts: map[briefings.Field][]string{}}
	for raw := range strings.Lines(text) {
		l.read(strings.TrimRight(vietnamese.Clean(raw), " "))
	}
	if m := answerBefore.FindStringSubmatch(strings.ReplaceAll(text, "\n", " ")); m != nil {
		l.deadline = strings.TrimSpace(m[1])
	}
	var out []Line
	add := func(f briefings.Field, value string) {
		if value = strings.TrimSpace(strings.TrimRight(value, " /;")); value != "" {
			out = append(out, Lined(f, name(f), value))
		}
	}
	add(briefings.FieldDoc, map[string]string{"giay_moi": "giấy mời", "thong_bao": "thông báo", "cong_van": "công văn", "thong_bao_trieu_tap": "triệu tập"}[l.kind()])
	add(briefings.FieldDocNo, l.number)
	add(briefings.FieldTitle, l.name())
	starts, ends := hours(strings.Join(l.parts[briefings.FieldTime], ", "))
	add(briefings.FieldTime, starts)
	add(briefings.FieldEnd, ends)
	add(briefings.FieldDeadline, w.untilDay(l.deadline))
	for i, place := range l.parts[briefings.FieldVenue] {
		add(briefings.FieldVenue, w.place(place, i == 0))
	}
	invited := strings.Join(l.parts[briefings.FieldInvited], "; ")
	if to := strings.Join(l.parts[addressee], "; "); invited == "" && !strings.Contains(to, "…") && !strings.Contains(to, "..") { // dots wait for a name
		invited = to
	}
	add(briefings.FieldInvited, clipped(invited, LineLimit))
	add(briefings.FieldAudience, w.proposed(invited))
	add(briefings.FieldChair, clipped(strings.Join(l.parts[briefings.FieldChair], "; "), LineLimit))
	for _, f := range []briefings.Field{briefings.FieldSpeaker, briefings.FieldAgenda, briefings.FieldPaper} {
		for _, v := range l.parts[f] {
			add(f, clipped(v, LineLimit))
		}
	}
	for _, f := range []briefings.Field{briefings.FieldDress, briefings.FieldNote} {
		add(f, clipped(strings.Join(l.parts[f], "; "), LineLimit))
	}
	return out
}

// letter is what has been read of a letter.
type letter struct {
	doc, number, title, about, deadline string
	summons                             bool
	parts                               map[briefings.Field][]string
	at                                  briefings.Field // the part that goes on
	over                                bool            // the closing formulas have begun
}

func (l *letter) read(line string) {
	if line == "" || l.over {
		return
	}
	folded := vietnamese.Fold(line)
	l.summons = l.summons || strings.Contains(folded, "trieu tap")
	if field, rest, ok := headed(line); ok {
		l.at = field
		l.put(rest)
		if m := attendTitle.FindStringSubmatch(rest); m != nil && l.title == "" {
			l.title = m[1]
		}
		return
	}
	if kind, ok := types[strings.TrimRight(folded, " .:")]; ok && l.doc == "" {
		l.doc = kind
		return
	}
	if m := numberLine.FindStringSubmatch(line); m != nil && l.number == "" {
		l.number = strings.Join(strings.Fields(m[1]), "")
		return
	}
	if m := aboutLine.FindStringSubmatch(line); m != nil && l.about == "" {
		l.about = m[1]
		return
	}
	if closingLine.MatchString(line) {
		l.over = strings.HasPrefix(folded, "noi nhan") || strings.HasPrefix(folded, "tran trong")
		l.at = ""
		return
	}
	if l.title == "" && l.doc != "" && len(l.parts) == 0 { // below the heading
		if m := titleLine.FindStringSubmatch(line); m != nil {
			l.title = m[1]
			return
		}
	}
	if l.title == "" {
		for _, shape := range []*regexp.Regexp{attendTitle, organizes} {
			if m := shape.FindStringSubmatch(line); m != nil {
				l.title, l.at = m[1], ""
				return
			}
		}
	}
	if l.at == addressee && !bulletMark.MatchString(line) { // the letter itself begins
		l.at = ""
	}
	l.put(line)
}

// put adds a line to the part that goes on.
func (l *letter) put(line string) {
	line = strings.TrimSpace(bulletMark.ReplaceAllString(line, ""))
	line = strings.TrimRight(line, " .;/")
	if l.at != "" && line != "" {
		l.parts[l.at] = append(l.parts[l.at], line)
	}
}

func (l *letter) kind() string {
	if l.summons && (l.doc == "thong_bao" || l.doc == "") {
		return "thong_bao_trieu_tap"
	}
	return l.doc
}

// name is the meeting's title, else what the letter says it is about.
func (l *letter) name() string {
	title := l.title
	if title == "" {
		title = l.about
		if m := regexp.MustCompile(`(?i)^(?:mời|triệu tập)?\s*(?:dự|tham dự)?\s*(?:tổ chức\s+)?(.+)$`).FindStringSubmatch(title); m != nil {
			title = m[1]
		}
	}
	title = titleEnds.ReplaceAllString(title, "")
	if title == "" {
		return ""
	}
	r := []rune(title)
	return clipped(strings.ToUpper(string(r[:1]))+string(r[1:]), TitleLimit)
}

// hours takes a letter's words for the time apart: from when, and until when where it says so.
func hours(s string) (starts, ends string) {
	s = strings.TrimSpace(timeFiller.ReplaceAllString(s, ""))
	if m := hourRange.FindStringSubmatch(s); m != nil {
		return strings.TrimSpace(m[1] + " " + m[3]), strings.TrimSpace(m[2])
	}
	return s, ""
}

// untilDay completes a day without an hour: answers are taken until the end of the working day.
func (w World) untilDay(s string) string {
	if s == "" {
		return ""
	}
	if _, err := w.moment(s); err == nil {
		return s
	}
	if day, err := vietnamese.ParseDate(s, w.Zone, w.Now); err == nil {
		return "17:00 " + vietnamese.Date(day.Time)
	}
	return s
}

// place makes a venue's line of a letter's words. Where they name a unit before a colon, that unit's people go there.
func (w World) place(s string, first bool) string {
	line := OneLine(s)
	if at := mainWords.FindString(line); at != "" {
		line, first = line[len(at):], true
	}
	unit := briefings.UnitID("")
	if head, rest, found := strings.Cut(line, ":"); found {
		unit = w.named(head)
		if rest = strings.TrimSpace(rest); rest != "" {
			line = rest
		}
	}
	line = clipped(strings.TrimSpace(strings.ReplaceAll(line, ":", " –")), LineLimit)
	switch {
	case line == "":
		return ""
	case first:
		return line + "; chính"
	case unit != "":
		return line + "; đơn vị " + string(unit)
	}
	return line
}

// named finds the unit whose name stands in a text; of several the one with the longest name, never the whole organisation.
func (w World) named(text string) (found briefings.UnitID) {
	longest := 0
	for _, id := range w.Roster.Tree().Walk() {
		if v, ok := w.Roster.Tree().Unit(id); ok && v.Parent != "" && len(v.Name.Vi) > longest && mentions(text, v.Name.Vi) {
			found, longest = id, len(v.Name.Vi)
		}
	}
	return found
}

// proposed are the groups and units that a text names in full, as terms.
func (w World) proposed(text string) string {
	type match struct{ term, name string }
	var all []match
	for _, g := range w.Roster.Groups {
		if mentions(text, g.Name.Vi) {
			all = append(all, match{"group:" + string(g.ID), vietnamese.Fold(g.Name.Vi)})
		}
	}
	for _, id := range w.Roster.Tree().Walk() {
		if v, ok := w.Roster.Tree().Unit(id); ok && v.Parent != "" && mentions(text, v.Name.Vi) {
			all = append(all, match{"unit:" + string(id), vietnamese.Fold(v.Name.Vi)})
		}
	}
	var terms []string
	for i, m := range all {
		inside := false
		for j, other := range all {
			inside = inside || i != j && len(other.name) > len(m.name) && strings.Contains(other.name, m.name)
		}
		if !inside {
			terms = append(terms, m.term)
		}
	}
	if a, err := briefings.ParseAudience(strings.Join(terms, ",")); err != nil || len(w.Roster.Resolve(a)) == 0 {
		return ""
	}
	return strings.Join(terms, ", ")
}

// mentions reports whether a name of some length stands in a text as whole words, accents aside.
func mentions(text, name string) bool {
	folded := vietnamese.Fold(name)
	if len([]rune(folded)) < 5 {
		return false
	}
	return strings.Contains(" "+onlyWords(vietnamese.Fold(text))+" ", " "+onlyWords(folded)+" ")
}

var noWord = regexp.MustCompile(`[^\p{L}\d]+`)

func onlyWords(s string) string { return strings.TrimSpace(noWord.ReplaceAllString(s, " ")) }

// clipped cuts a text to a number of characters.
func clipped(s string, limit int) string {
	if r := []rune(s); len(r) > limit {
		return string(r[:limit-1]) + "…"
	}
	return s
}
