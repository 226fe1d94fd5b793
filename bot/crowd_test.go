package bot

import (
	"testing"
	"time"
)

func TestARefusalConcernsOneChatOnlyWhereSomethingSaysSo(t *testing.T) {
	at := time.Now()
	after := func(d time.Duration) time.Time { return at.Add(d) }
	var l crowd
	l.tell(1, at)
	l.tell(2, at)
	for _, c := range []struct {
		what string
		chat int64
		when time.Duration
		want bool
	}{
		{"a person who was not just written to", 3, 0, false},
		{"a person in the same moment as another", 1, 500 * time.Millisecond, false},
		{"a person alone who was just written to", 2, 2 * time.Second, true},
		{"the same once more", 2, 2100 * time.Millisecond, true},
		{"a group in the same moment", -5, 2200 * time.Millisecond, true},
		{"a person who was written to long ago", 1, time.Minute, false},
	} {
		if got := l.alone(c.chat, after(c.when)); got != c.want {
			t.Errorf("%s: %t", c.what, got)
		}
	}
	for chat := range int64(2 * latelyKept) {
		l.tell(chat, after(time.Hour+time.Duration(chat)*time.Millisecond))
	}
	if n := len(l.told); n > latelyKept {
		t.Errorf("%d chats are remembered", n)
	}
}
