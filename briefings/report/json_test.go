package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"briefbot/briefings"
)

func TestTheJSONOfAConferenceIsItsRoll(t *testing.T) {
	_, roll := counted(t, true)
	var buf bytes.Buffer
	if err := CountsJSON(&buf, roll, zone); err != nil {
		t.Fatal(err)
	}
	want := `{"meeting":"MT1","title":"Hội nghị thông tin thời sự quý III năm 2026","starts_at":"2026-10-22T08:00:00+07:00",` +
		`"as_of":"2026-10-22T11:05:00+07:00","invited":53,"answers":{"accepted":44,"declined":4,"delegated":2,"none":3},` +
		`"attendance":{"present":45,"represented":2,"excused":4,"unexcused":2,"late":0,"guests":57},"rate":88.7,` +
		`"venues":[{"id":"V11","name":"Điểm cầu chính: Hội trường Tỉnh ủy","invited":16,"present":13,"represented":1,"excused":2,"unexcused":0,` +
		`"checked_in":14,"headcount":18,"guests":4,"closed":true},`
	if got := buf.String(); !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if !strings.Contains(buf.String(), `"units":[{"id":"T02","name":"Ban Tuyên giáo và Dân vận Tỉnh ủy","invited":16,"present":13,"represented":1,"excused":2,"unexcused":0},`) {
		t.Error(buf.String())
	}
	if !json.Valid(buf.Bytes()) || strings.Count(buf.String(), "\n") != 1 {
		t.Error("not one document on one line")
	}
}

func TestPendingIsGivenWhileAMeetingIsOpen(t *testing.T) {
	_, roll := counted(t, false)
	var buf bytes.Buffer
	if err := CountsJSON(&buf, roll, zone); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"excused":4,"unexcused":0,"pending":2,"late":0`, `"excused":2,"unexcused":0,"pending":0,"checked_in":14,"headcount":0,"guests":0,"closed":false`} {
		if !strings.Contains(buf.String(), want) {
			t.Errorf("no %s in %s", want, buf.String())
		}
	}
}

func TestARateIsANumberWithOneDecimalOrNull(t *testing.T) {
	for _, test := range []struct {
		came, invited int
		want          string
	}{{0, 0, "null"}, {0, 3, "0.0"}, {3, 3, "100.0"}, {47, 53, "88.7"}, {1, 2000, "0.1"}} {
		roll := briefings.Roll{Total: briefings.Tally{Invited: test.invited, Present: test.came}, Closed: true}
		var buf bytes.Buffer
		if err := CountsJSON(&buf, roll, time.UTC); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(buf.String(), `"rate":`+test.want+`,"venues":[],"units":[]}`) {
			t.Errorf("%d of %d: %s", test.came, test.invited, buf.String())
		}
	}
}
