package bot

import (
	"sync"
	"time"

	"briefbot/bot/internal/pace"
)

// crowded says that a chat takes no more messages for a while: nothing was sent, and whoever is there waits without holding others up.
type crowded struct{ wait time.Duration }

func (c crowded) Error() string { return "the chat has had its messages of the minute" }

// RetryAfter is the behaviour by which the delivery parks the recipient.
func (c crowded) RetryAfter() time.Duration { return c.wait }

const (
	// justNow is how long ago a message to the same chat may be the reason for a refusal.
	justNow = 3 * time.Second
	// together is how soon a refusal of another chat means that it concerns everybody.
	together = time.Second
	// latelyKept bounds how many chats are remembered between two looks for old ones.
	latelyKept = 4096
)

// crowd remembers which chats were just written to, and which was refused last, to tell a refusal that concerns one chat from one that
// concerns everybody: Telegram does not say.
type crowd struct {
	mu      sync.Mutex
	told    map[int64]time.Time
	refused int64
	at      time.Time
}

// tell notes a message.
func (l *crowd) tell(chat int64, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.told == nil || len(l.told) >= latelyKept {
		kept := map[int64]time.Time{}
		for chat, at := range l.told {
			if now.Sub(at) < justNow {
				kept[chat] = at
			}
		}
		l.told = kept
	}
	l.told[chat] = now
}

// alone reports whether a refusal concerns its chat alone: a group, or a chat that was just written to; unless another one was refused
// in the same moment.
func (l *crowd) alone(chat int64, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	another := l.refused != 0 && l.refused != chat && now.Sub(l.at) < together
	l.refused, l.at = chat, now
	at, told := l.told[chat]
	return pace.Group(chat) || !another && told && now.Sub(at) < justNow
}
