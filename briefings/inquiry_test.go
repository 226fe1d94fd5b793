package briefings_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"briefbot/briefings"
)

var askedAt = time.Date(2026, 12, 4, 9, 0, 0, 0, time.UTC)

func lecture() *briefings.Meeting {
	return &briefings.Meeting{ID: "m1", Status: briefings.MeetingOpen, Starts: askedAt.Add(-time.Hour), Invites: askedAt.Add(-48 * time.Hour)}
}

func refusal(err error) string {
	if r := briefings.AsRefusal(err); r != nil {
		return r.Key
	}
	return ""
}

func TestWhoAsksIsHeldToTheLimits(t *testing.T) {
	var q briefings.Inquiries
	m := lecture()
	ask := func(who briefings.MemberID, text string) error {
		return q.Ask(m, briefings.Inquiry{Member: who, Text: text, At: askedAt})
	}
	if key := refusal(ask("A", "Sao?")); key != "question.short" {
		t.Errorf("four letters: %q", key)
	}
	if key := refusal(ask("A", strings.Repeat("ạ", briefings.InquiryLong+1))); key != "question.long" {
		t.Errorf("too long: %q", key)
	}
	if err := ask("A", strings.Repeat("ạ", briefings.InquiryLong)); err != nil {
		t.Errorf("just as long as may be: %v", err)
	}
	if err := ask("A", strings.Repeat("ạ", briefings.InquiryLong)); !errors.Is(err, briefings.ErrUnchanged) {
		t.Errorf("the same again: %v", err)
	}
	for _, text := range []string{"Câu thứ hai?", "Câu thứ ba?"} {
		if err := ask("A", text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	if key := refusal(ask("A", "Câu thứ tư?")); key != "question.enough" {
		t.Errorf("a fourth open one: %q", key)
	}
	if err := q.Judge(2, briefings.Verdict{State: briefings.InquiryAnswered, At: askedAt}); err != nil {
		t.Fatal(err)
	}
	if err := ask("A", "Câu thứ tư?"); err != nil {
		t.Errorf("after one was decided: %v", err)
	}
	m.Status = briefings.MeetingCancelled
	if key := refusal(ask("B", "Còn họp không?")); key != "question.closed" {
		t.Errorf("cancelled: %q", key)
	}
	m = lecture()
	m.Starts = askedAt.Add(-briefings.InquiriesAfter - 24*time.Hour)
	if key := refusal(ask("B", "Còn nhận không?")); key != "question.closed" {
		t.Errorf("long after: %q", key)
	}
}

func TestWhatIsTakenBackFillsNoMeeting(t *testing.T) {
	var q briefings.Inquiries
	m := lecture()
	ask := func(who briefings.MemberID) error {
		return q.Ask(m, briefings.Inquiry{Member: who, Text: "Câu hỏi của " + string(who), At: askedAt})
	}
	for range briefings.InquiriesTaken {
		ok(t, ask("A"))
		ok(t, q.Withdraw(len(q.List), "A", askedAt))
	}
	refused(t, ask("A"), "question.taken_back")
	for n := range briefings.InquiriesLimit {
		if err := ask(briefings.MemberID(fmt.Sprint("M", n))); err != nil {
			t.Fatalf("question %d: %v", n+1, err)
		}
	}
	refused(t, ask("B"), "question.full")
	ok(t, q.Withdraw(len(q.List), q.List[len(q.List)-1].Member, askedAt))
	ok(t, ask("B"))
}

func TestQuestionsOfAMeetingThatWaitsForItsTimeAreKept(t *testing.T) {
	m := lecture()
	if want := m.Starts.Add(briefings.InquiriesKept); !m.ForgetsInquiries(askedAt).Equal(want) {
		t.Errorf("go at %s, want %s", m.ForgetsInquiries(askedAt), want)
	}
	m.Status = briefings.MeetingPostponed
	if want := askedAt.Add(briefings.InquiriesKept); !m.ForgetsInquiries(askedAt).Equal(want) {
		t.Errorf("of a postponed one they go at %s, want %s", m.ForgetsInquiries(askedAt), want)
	}
}

func TestAMergedQuestionFollowsTheOneThatStandsForIt(t *testing.T) {
	var q briefings.Inquiries
	for _, who := range []briefings.MemberID{"A", "B", "C"} {
		if err := q.Ask(lecture(), briefings.Inquiry{Member: who, Text: "Câu của " + string(who), At: askedAt}); err != nil {
			t.Fatal(err)
		}
	}
	judge := func(n int, v briefings.Verdict) {
		t.Helper()
		v.At = askedAt
		if err := q.Judge(n, v); err != nil {
			t.Fatal(err)
		}
	}
	judge(3, briefings.Verdict{State: briefings.InquiryMerged, Into: 2})
	judge(2, briefings.Verdict{State: briefings.InquiryMerged, Into: 1})
	before := [2]int{q.Get(2).Told, q.Get(3).Told}
	judge(1, briefings.Verdict{State: briefings.InquiryReplied, Reply: "Theo Nghị quyết."})
	for n := 1; n <= 3; n++ {
		if f := q.Fate(n); f.N != 1 || f.State != briefings.InquiryReplied {
			t.Errorf("question %d comes to %+v", n, f)
		}
	}
	if q.Get(2).Told == before[0] || q.Get(3).Told == before[1] {
		t.Error("those who asked the same are not told of the reply")
	}
	if key := refusal(q.Judge(1, briefings.Verdict{State: briefings.InquiryDeclined})); key != "question.decided" {
		t.Errorf("a second decision: %q", key)
	}
	if key := refusal(q.Withdraw(1, "A", askedAt)); key != "question.decided" {
		t.Errorf("taken back after all: %q", key)
	}
}

func TestWhoFollowsAMergedQuestionIntoADecidedOneIsToldAsOfNow(t *testing.T) {
	var q briefings.Inquiries
	for _, who := range []briefings.MemberID{"A", "B", "C"} {
		if err := q.Ask(lecture(), briefings.Inquiry{Member: who, Text: "Câu của " + string(who), At: askedAt}); err != nil {
			t.Fatal(err)
		}
	}
	later := askedAt.Add(72 * time.Hour)
	for _, step := range []struct {
		n int
		v briefings.Verdict
	}{
		{1, briefings.Verdict{State: briefings.InquiryMerged, Into: 2, At: askedAt}},
		{3, briefings.Verdict{State: briefings.InquiryAnswered, At: askedAt}},
		{2, briefings.Verdict{State: briefings.InquiryMerged, Into: 3, At: later}},
	} {
		if err := q.Judge(step.n, step.v); err != nil {
			t.Fatal(err)
		}
	}
	if first := q.Get(1); !first.Judged.Equal(later) || q.Fate(1).State != briefings.InquiryAnswered {
		t.Errorf("the first asker is told of %+v", first)
	}
}

func TestTheHallSeesNoNames(t *testing.T) {
	var q briefings.Inquiries
	if err := q.Ask(lecture(), briefings.Inquiry{Member: "A", No: 7, Text: "Câu hỏi của A", At: askedAt}); err != nil {
		t.Fatal(err)
	}
	if len(q.Hall()) != 0 {
		t.Error("the hall sees what nobody let through")
	}
	if err := q.Judge(1, briefings.Verdict{State: briefings.InquiryListed, By: "T"}); err != nil {
		t.Fatal(err)
	}
	if list := q.Hall(); len(list) != 1 || list[0].Member != "" || list[0].No != 0 || list[0].By != "" {
		t.Errorf("hall sees %+v", list)
	}
	if q.Get(1).Member != "A" {
		t.Error("the asker is forgotten")
	}
}

// Whatever is asked, merged, decided and taken back: nothing is merged into itself or into a merged or withdrawn one, decisions are
// numbered once each, and the counts add up.
func TestInquiriesStayWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q briefings.Inquiries
		states := []briefings.InquiryState{
			briefings.InquiryNew, briefings.InquiryListed, briefings.InquiryAnswered, briefings.InquiryReplied, briefings.InquiryMerged, briefings.InquiryDeclined,
		}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			n := rapid.IntRange(0, len(q.List)+1).Draw(t, "n")
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0, 1:
				who := briefings.MemberID(rapid.SampledFrom([]string{"A", "B", "C", "D"}).Draw(t, "who"))
				_ = q.Ask(lecture(), briefings.Inquiry{Member: who, Text: rapid.StringN(5, 9, -1).Draw(t, "text"), At: askedAt})
			case 2:
				_ = q.Judge(n, briefings.Verdict{
					State: rapid.SampledFrom(states).Draw(t, "state"), Into: rapid.IntRange(0, len(q.List)+1).Draw(t, "into"), Reply: "Trả lời.",
				})
			case 3:
				if i := q.Get(n); i != nil {
					_ = q.Withdraw(n, i.Member, askedAt)
				}
			}
			told := map[int]int{}
			for _, i := range q.List {
				if i.Told > 0 {
					if told[i.Told]++; told[i.Told] > 1 || i.Told > q.Decisions {
						t.Fatalf("decision %d tells several of %+v", i.Told, q.List)
					}
				}
				if i.State == briefings.InquiryMerged {
					into := q.Get(i.Into)
					if into == nil || into.N == i.N || into.State == briefings.InquiryMerged || into.State == briefings.InquiryWithdrawn {
						t.Fatalf("question %d hangs on %+v", i.N, into)
					}
				}
			}
			asked, in := q.Count()
			for _, k := range in {
				asked -= k
			}
			if asked != 0 {
				t.Fatalf("counts differ by %d", asked)
			}
		}
	})
}
