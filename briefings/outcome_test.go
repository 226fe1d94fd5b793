package briefings

import (
	"errors"
	"testing"
	"time"
)

func TestAnOutcomeSentTwiceIsToldOnce(t *testing.T) {
	m := openMeeting()
	m.Status, m.ClosedAt = MeetingClosed, start.Add(2*time.Hour)
	told := func(text string, by MemberID, after time.Duration) error {
		return m.Conclude(Outcome{Text: text, Files: []Material{{File: "f1", At: m.ClosedAt.Add(after)}}, By: by, At: m.ClosedAt.Add(after)})
	}
	refusedAs(t, told("Kết luận", "O", time.Minute), "")
	if err := told("Kết luận", "O", time.Hour); !errors.Is(err, ErrUnchanged) || m.Outcome.Revision != 1 {
		t.Errorf("the same again: %v, %+v", err, m.Outcome)
	}
	refusedAs(t, told("Kết luận, bản sửa", "O", time.Hour), "")
	m.ClosedAt = m.ClosedAt.Add(24 * time.Hour) // opened again, for somebody who was forgotten
	refusedAs(t, told("Kết luận, bản sửa", "O", time.Hour), "")
	if m.Outcome.Revision != 3 {
		t.Errorf("told as %d", m.Outcome.Revision)
	}
}
