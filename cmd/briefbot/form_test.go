package main_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"briefbot/bot/sandbox"
	"briefbot/briefings"
	"briefbot/scheduler/delivery"
)

const (
	formTitle = "Hội nghị quán triệt nghị quyết"
	formChair = "Đ/c Phạm Mẫu Bình"
	badVenue  = "Điểm cầu: Nhà văn hóa thôn 3; sức chứa nhiều lắm"
	goodVenue = "Điểm cầu: Nhà văn hóa thôn 3; sức chứa 80"
	sendLabel = "📤 Gửi"
)

// form is a meeting's form with one line that cannot be read.
func form(title string, starts time.Time) string {
	return strings.Join([]string{
		"/soanhop",
		"Tên: " + title,
		"Thời gian: " + starts.Format("15:04 02/01/2006"),
		"Hạn xác nhận: " + starts.AddDate(0, 0, -5).Format("15:04 02/01/2006"),
		"Điểm cầu: Hội trường Tỉnh ủy; chính; sức chứa 200",
		"Điểm cầu: Hội trường xã Mẫu; đơn vị X01; sức chứa 300",
		badVenue,
		"Thành phần: unit:X01",
		"Chủ trì: " + formChair,
		"Mức phổ biến: công khai",
	}, "\n")
}

// hears waits until the organizer reads a text in a message after another.
func (w *town) hears(text string, after int) sandbox.MessageView {
	w.Helper()
	m, err := w.stage.Await(w.Context(), w.boss, text, after, patience)
	if err != nil {
		chat, _ := w.stage.Chat(w.boss, 0)
		w.Fatalf("%v\n%s", err, chat.Text())
	}
	return m
}

// stuck makes a call about the organizer hang for good, and returns when the service has made it: everything before that call is done,
// nothing after it.
func (w *town) stuck(method string, act func()) {
	w.Helper()
	hits := func() int {
		n := 0
		for _, f := range w.stage.Faults() {
			if f.Kind == sandbox.FaultHang {
				n += f.Hits
			}
		}
		return n
	}
	w.fault(sandbox.Fault{Kind: sandbox.FaultHang, Method: method, Chat: w.boss})
	act()
	await(w.T, "a call of "+method, func() bool { return hits() > 0 })
}

// previewed checks that the preview has everything the form said, and returns the id of the message with the buttons.
func (w *town) previewed(title string, after int) int {
	w.Helper()
	m := w.hears("Xem trước khi gửi", after)
	if want := fmt.Sprintf("Người nhận: %d", len(w.people)); !strings.Contains(m.Text, want) {
		w.Errorf("the preview does not say %q: %s", want, m.Text)
	}
	card := w.hears(title, after)
	if !strings.Contains(card.Text, formChair) {
		w.Errorf("the chair is gone from the card: %s", card.Text)
	}
	return m.ID
}

// meeting finds the one meeting of a title.
func (w *town) meeting(title string) briefings.Meeting {
	w.Helper()
	list, err := w.store.Meetings(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	var found []briefings.Meeting
	for _, m := range list {
		if m.Title.Vi == title {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		w.Fatalf("there are %d meetings %q", len(found), title)
	}
	return found[0]
}

// whole checks that a meeting holds what the form said, the mended line among it.
func (w *town) whole(m briefings.Meeting) {
	w.Helper()
	var venues []string
	for _, v := range m.Venues {
		venues = append(venues, fmt.Sprintf("%s %d", v.Name.Vi, v.Capacity))
	}
	want := "Hội trường Tỉnh ủy 200, Hội trường xã Mẫu 300, Nhà văn hóa thôn 3 80"
	if got := strings.Join(venues, ", "); got != want {
		w.Errorf("the venues are %s; want %s", got, want)
	}
	if m.Chair != formChair || m.Author != "M0" {
		w.Errorf("chair %q, author %q", m.Chair, m.Author)
	}
}

func TestDraftIsStillThereAfterAKill(t *testing.T) {
	w := newTown(t, 20, 200)
	s := w.serve()
	starts := time.Now().In(w.zone).AddDate(0, 0, 20).Truncate(time.Minute)
	said := w.say(w.boss, form(formTitle, starts))
	complaint := w.hears("nhiều lắm", said)
	if strings.Contains(complaint.Text, "Tên:") {
		t.Errorf("a good line was complained about: %s", complaint.Text)
	}
	s.kill()
	s = w.serve()

	// The mended line alone. The service dies when the draft is kept and the preview is on its way, so the line comes again.
	w.stuck("sendMessage", func() { said = w.say(w.boss, goodVenue) })
	s.kill()
	w.stage.ClearFaults()
	s = w.serve()
	w.previewed(formTitle, said)

	// The service dies when the meeting is made and the organizer has been told nothing yet, and once more when they have been told.
	w.stuck("sendMessage", func() { w.tap(sendLabel) })
	s.kill()
	w.stage.ClearFaults()
	w.stuck("editMessageText", func() { s = w.serve() })
	s.kill()
	w.stage.ClearFaults()
	w.serve()
	await(t, "the meeting", func() bool { list, err := w.store.Meetings(t.Context()); return err == nil && len(list) > 0 })
	m := w.meeting(formTitle)
	w.whole(m)
	w.done(briefings.Mailing{Kind: briefings.KindInvitation, Subject: string(m.ID), Revision: 1}.Key())
	if messages, missed, extra := w.told(); missed > 0 || extra > 2*w.inFlight() { // two kills while it may have been sent
		t.Errorf("%d messages, %d people without one, %d too many", messages, missed, extra)
	}
	w.hears("Đã gửi xong", said) // the organizer sees how it ended, as if nothing had happened
	w.meeting(formTitle)         // and it is still one meeting
	w.answered()
	w.refusals(0)
	chat, err := w.stage.Chat(w.boss, 0)
	if err != nil {
		t.Fatal(err)
	}
	if text := chat.Text(); strings.Count(text, "Đã gửi xong")+strings.Count(text, "Đang gửi") != 1 || strings.Contains(text, "đã cũ") {
		t.Errorf("the organizer was not told once how it went:\n%s", text)
	}
}

// tap presses a button of the organizer's and does not wait for the answer.
func (w *town) tap(label string) {
	w.Helper()
	if _, err := w.stage.TapOn(w.Context(), sandbox.Touch{Person: w.boss, Label: label, NoWait: true}); err != nil {
		w.Fatal(err)
	}
}

// answered waits until no button waits for its answer.
func (w *town) answered() {
	w.Helper()
	await(w.T, "every button to be answered", func() bool { return w.stage.Report().Callbacks.Unanswered == 0 })
}

func TestKilledAfterSendMakesOneMeeting(t *testing.T) {
	shorten(t)
	w := newTown(t, 60, 200)
	w.slow("sendMessage", 20*time.Millisecond)
	starts := time.Now().In(w.zone).AddDate(0, 0, 20).Truncate(time.Minute)
	s := w.serve()
	const rounds = 4
	for round := range rounds {
		title := fmt.Sprintf("%s lần %d", formTitle, round+1)
		said := w.say(w.boss, form(title, starts))
		w.hears("nhiều lắm", said)
		said = w.say(w.boss, goodVenue)
		w.previewed(title, said)
		before := w.stage.Tally()
		w.tap(sendLabel)
		after := w.moment(200 * time.Millisecond)
		s.kill()
		s = w.serve()
		w.answered()
		m := w.meeting(title)
		w.whole(m)
		status := w.done(briefings.Mailing{Kind: briefings.KindInvitation, Subject: string(m.ID), Revision: 1}.Key())
		now, missed, extra := w.stage.Tally(), 0, 0
		for _, user := range w.people {
			n := now[user] - before[user]
			missed += max(0, 1-n)
			extra += max(0, n-1)
		}
		t.Logf("killed %s after the tap: %d people without an invitation, %d too many, bound %d", after.Round(time.Millisecond), missed, extra,
			w.inFlight())
		if missed > 0 || extra > w.inFlight() || status.Counts.Sent != len(w.people) {
			t.Errorf("%d were lost, %d messages too many, at most %d in flight; ledger %+v", missed, extra, w.inFlight(), status.Counts)
		}
		if status.State != delivery.Done {
			t.Errorf("the sending is %s", status.State)
		}
	}
	w.refusals(rounds)
}
