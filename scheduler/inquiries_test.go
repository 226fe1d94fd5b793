package scheduler

import (
	"slices"
	"strings"
	"testing"

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
		return q.Judge(2, briefings.Verdict{State: briefings.InquiryDeclined, At: o.clock.Add(-2 * answeredWithin)})
	})
	o.tick("2026-12-01T09:14")
	if told := about(briefings.KindInquiry); len(told) != 1 {
		t.Errorf("old news is told: %q", told)
	}
}
