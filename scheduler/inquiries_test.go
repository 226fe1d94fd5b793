package scheduler

import (
	"slices"
	"strings"
	"testing"
	"time"

	"briefbot/briefings"
)

func TestQuestionsAreGatheredForTheOrganizerAndDecisionsToldOnce(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	var q briefings.Inquiries
	write := func(change func() error) {
		t.Helper()
		if err := change(); err != nil {
			t.Fatal(err)
		}
		o.facts.asked = map[briefings.MeetingID]briefings.Inquiries{"m1": {List: slices.Clone(q.List), Decisions: q.Decisions}}
		o.facts.version["m1"]++
	}
	about := func(kind briefings.Kind) (told []string) {
		for _, one := range o.outbox.told {
			if strings.HasPrefix(one, string(kind)+"/") {
				told = append(told, one)
			}
		}
		return told
	}
	o.set("2026-12-01T09:10")
	for i, who := range []briefings.MemberID{"binh", "chi"} {
		write(func() error {
			return q.Ask(m, briefings.Inquiry{Member: who, No: briefings.MemberNo(i + 2), Text: "Câu hỏi của " + string(who), At: o.clock})
		})
	}
	o.tick("2026-12-01T09:11")
	if told := about(briefings.KindInquiries); len(told) != 0 {
		t.Errorf("told at once: %q", told)
	}
	for range 3 {
		o.tick("2026-12-01T09:12")
		o.restart()
	}
	if told := about(briefings.KindInquiries); len(told) != 1 {
		t.Errorf("two questions of two minutes are told by %q", told)
	}
	write(func() error { return q.Judge(1, briefings.Verdict{State: briefings.InquiryAnswered, At: o.clock}) })
	for range 3 {
		o.tick("2026-12-01T09:13")
		o.restart()
	}
	if told := about(briefings.KindInquiry); !slices.Equal(told, []string{"inquiry/m1/1 to 2"}) {
		t.Errorf("the decision is told by %q, must be told to the asker without their name in the key", told)
	}
	write(func() error {
		return q.Judge(2, briefings.Verdict{State: briefings.InquiryDeclined, At: o.clock.Add(-2 * briefings.InquiryNews)})
	})
	o.tick("2026-12-01T09:14")
	if told := about(briefings.KindInquiry); len(told) != 1 {
		t.Errorf("old news is told: %q", told)
	}
}

// inquired is a meeting with questions that a test writes to, as the bot does.
type inquired struct {
	*office
	m *briefings.Meeting
	q briefings.Inquiries
}

func newInquired(t *testing.T) *inquired {
	o := newOffice(t, "2026-12-01T09:00")
	i := &inquired{office: o, m: o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")}
	o.tick("2026-12-01T09:00")
	return i
}

func (i *inquired) write(change func(q *briefings.Inquiries) error) {
	i.t.Helper()
	if err := change(&i.q); err != nil {
		i.t.Fatal(err)
	}
	i.facts.asked = map[briefings.MeetingID]briefings.Inquiries{"m1": {List: slices.Clone(i.q.List), Decisions: i.q.Decisions}}
	i.facts.version["m1"]++
}

func (i *inquired) ask(at string, who briefings.MemberID, text string) {
	i.t.Helper()
	i.set(at)
	i.write(func(q *briefings.Inquiries) error {
		return q.Ask(i.m, briefings.Inquiry{Member: who, No: 2, Text: text, At: i.clock})
	})
}

// told lists what was told of a kind.
func (i *inquired) told(kind briefings.Kind) (told []string) {
	for _, one := range i.outbox.told {
		if strings.HasPrefix(one, string(kind)+"/") {
			told = append(told, one)
		}
	}
	return told
}

func TestWhatWasAskedInTheNightIsOneMessageInTheMorning(t *testing.T) {
	i := newInquired(t)
	for n, at := range []string{"2026-12-01T21:10", "2026-12-01T22:40", "2026-12-02T04:10"} {
		i.ask(at, "binh", []string{"Câu thứ nhất?", "Câu thứ hai?", "Câu thứ ba?"}[n])
		i.tick(at)
	}
	for range 3 {
		i.tick("2026-12-02T09:00")
		i.restart()
	}
	if told := i.told(briefings.KindInquiries); len(told) != 1 {
		t.Fatalf("told by %q", told)
	}
	i.write(func(q *briefings.Inquiries) error { return q.Withdraw(3, "binh", i.clock) })
	i.restart()
	i.tick("2026-12-02T09:10")
	if told := i.told(briefings.KindInquiries); len(told) != 1 {
		t.Errorf("told again of the others when the last was taken back: %q", told)
	}
	i.ask("2026-12-02T09:11", "chi", "Câu thứ tư?")
	i.tick("2026-12-02T09:12")
	if told := i.told(briefings.KindInquiries); len(told) != 2 {
		t.Errorf("told by %q after a new one", told)
	}
}

func TestWhoAskedIsToldThoughTheMeetingDoesNotTakePlace(t *testing.T) {
	for _, end := range []func(*briefings.Meeting, briefings.Why, time.Time) error{(*briefings.Meeting).Cancel, (*briefings.Meeting).Postpone} {
		i := newInquired(t)
		i.ask("2026-12-01T10:00", "binh", "Câu thứ nhất?")
		if err := end(i.m, briefings.Why{}, i.clock); err != nil {
			t.Fatal(err)
		}
		i.tick("2026-12-01T10:02")
		i.write(func(q *briefings.Inquiries) error {
			return q.Judge(1, briefings.Verdict{State: briefings.InquiryReplied, Reply: "Theo Nghị quyết.", At: i.clock})
		})
		i.tick("2026-12-01T10:03")
		if came, told := i.told(briefings.KindInquiries), i.told(briefings.KindInquiry); len(came) != 1 || len(told) != 1 {
			t.Errorf("%s: the organizer is told by %q, who asked by %q", i.m.Status, came, told)
		}
	}
}

func TestAWrittenReplyIsNewsForLonger(t *testing.T) {
	for state, told := range map[briefings.InquiryState]int{briefings.InquiryAnswered: 0, briefings.InquiryReplied: 1} {
		i := newInquired(t)
		i.ask("2026-12-01T10:00", "binh", "Câu thứ nhất?")
		i.write(func(q *briefings.Inquiries) error {
			return q.Judge(1, briefings.Verdict{State: state, Reply: "Theo Nghị quyết.", At: i.clock})
		})
		i.tick("2026-12-08T10:00") // the service was down for a week
		if got := i.told(briefings.KindInquiry); len(got) != told {
			t.Errorf("%s is told by %q", state, got)
		}
	}
}

func TestADecisionBeforeAHolidayIsToldAfterIt(t *testing.T) {
	i := newInquired(t)
	i.ask("2026-12-01T10:00", "binh", "Câu thứ nhất?")
	i.facts.calendar = briefings.Calendar{}
	for day := 1; day <= 7; day++ {
		i.facts.calendar[i.at("2026-12-01T10:00").AddDate(0, 0, day).Format(time.DateOnly)] = briefings.Holiday{Still: true}
	}
	i.set("2026-12-01T22:00")
	i.write(func(q *briefings.Inquiries) error {
		return q.Judge(1, briefings.Verdict{State: briefings.InquiryAnswered, At: i.clock})
	})
	i.tick("2026-12-01T22:00")
	i.tick("2026-12-05T10:00")
	i.tick("2026-12-09T06:30")
	if told := i.told(briefings.KindInquiry); len(told) != 1 {
		t.Errorf("told by %q", told)
	}
}
