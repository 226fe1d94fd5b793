package report

import (
	"bytes"
	"strings"
	"testing"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// crowded is the conference before its day, where nine say that they come to a hall of eight.
func crowded(t testing.TB, lang i18n.Lang) Sheet {
	t.Helper()
	m, seats, roster := quarter(t, false)
	m.Venues[1].Capacity = 8
	for i := range seats {
		s := &seats[i]
		if s.CheckIn != nil {
			s.CheckIn, s.Answer.At = nil, m.Starts.AddDate(0, 0, -5)
		}
	}
	roll := briefings.Count(m, seats, roster.Tree(), m.Starts.AddDate(0, 0, -1))
	return Sheet{Roll: roll, Meeting: m, Seats: Seats(m, seats, roster, briefings.Lang(lang)), Say: printer(t, lang)}
}

func TestThoseWhoWaitStandInTheirOwnColumn(t *testing.T) {
	s := crowded(t, i18n.Vi)
	f := book(t, s)
	venues := table(t, f, "Biểu 02")
	last := func(r []string) string { return r[len(r)-1] }
	if got := last(venues[1]); got != "1" {
		t.Errorf("the full hall says %q", venues[1])
	}
	if got := last(venues[0]); got != "0" {
		t.Errorf("a hall with room says %q", venues[0])
	}
	units := table(t, f, "Theo đơn vị")
	total := units[len(s.Roll.Units)]
	if want := []string{itoa(s.Roll.Answers.Accepted), itoa(s.Roll.Answers.Delegated), "1", itoa(s.Roll.Answers.Declined), itoa(s.Roll.Answers.None)}; !strings.HasSuffix(strings.Join(total, "|"), strings.Join(want, "|")) {
		t.Errorf("units: %q does not end in %q", total, want)
	}
	waiting := 0
	for _, r := range table(t, f, "Danh sách") {
		if strings.Contains(r[5], "chờ chỗ, vị trí 1") {
			waiting++
		}
	}
	if waiting != 1 {
		t.Errorf("%d people wait on the list", waiting)
	}
}

func TestThoseWhoWaitAreSaidOfEveryCountInWordsAndJSON(t *testing.T) {
	for lang, want := range map[i18n.Lang]string{i18n.Vi: "cử dự thay 2 (trong đó chờ chỗ 1), xin vắng 4", i18n.En: "sending a deputy 2 (of them waiting for a place 1), asking leave 4"} {
		var text bytes.Buffer
		if err := CountsText(&text, crowded(t, lang).Roll, printer(t, lang)); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	var doc bytes.Buffer
	if err := CountsJSON(&doc, crowded(t, i18n.Vi).Roll, zone); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"none":3},"waiting":1,"attendance"`, `"waiting":1,"checked_in":0`, `"id":"P01"`} {
		if !strings.Contains(doc.String(), want) {
			t.Errorf("no %s in %s", want, doc.String())
		}
	}
	if n := strings.Count(doc.String(), `"waiting":1`); n != 3 { // the whole, the hall, the unit
		t.Errorf("said %d times in %s", n, doc.String())
	}
}
