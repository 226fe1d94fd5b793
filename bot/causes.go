package bot

import (
	"slices"
	"strings"
	"time"

	"briefbot/briefings"
)

const (
	// outboxNames is how many people the list of mailings names in all, so that it stays one message; the button names everybody.
	outboxNames = 24
	// causeNames is how many people one cause of one mailing names at most.
	causeNames = 5
)

// causes tells why a mailing did not reach people, the commonest cause first, with the names of those to be told otherwise and
// their phone numbers, and how many they are: whom a notice had become
// pointless for is not among them. It takes the names from what is left of the list's.
func (t *turn) causes(g Progress, roster *briefings.Roster, left *int) (lines []string, untold int, err error) {
	if g.Settled() == g.Sent && (!g.Over() || g.Sent == g.Total) {
		return nil, 0, nil // nobody: the ledger need not be read
	}
	list, err := t.Bot.Outbox.Untold(t.ctx, g.Mailing.Key())
	if err != nil {
		return nil, 0, err
	}
	by := map[string][]briefings.Member{}
	var order []string
	for _, u := range list {
		m, ok := roster.MemberByNo(u.No)
		if !ok {
			continue
		}
		if by[u.Why] == nil {
			order = append(order, u.Why)
		}
		by[u.Why] = append(by[u.Why], m)
	}
	slices.SortStableFunc(order, func(a, b string) int { return len(by[b]) - len(by[a]) })
	for _, why := range order {
		people := by[why]
		shown := people[:min(len(people), causeNames, *left)]
		*left -= len(shown)
		var names []string
		for _, m := range shown {
			name := clip(m.Name, 60)
			if phone := phoneOf(m); phone != "" {
				name += " – " + phone
			}
			names = append(names, name)
		}
		var more any = ""
		if len(shown) > 0 {
			more = some(len(people) - len(shown))
		}
		lines = append(lines, t.p.T("outbox.cause", "why", t.p.Plain("why."+why), "n", len(people), "names", strings.Join(names, "; "), "more", more))
	}
	return lines, len(list), nil
}

// stopped says in a sentence why a mailing does not go on, as far as its ledger knows; empty for one that does.
func (t *turn) stopped(g Progress, roster *briefings.Roster) string {
	name := ""
	if m, ok := roster.Member(g.By); ok {
		name = m.Name
	}
	switch {
	case g.State == "paused" && g.Why == "strangers":
		return t.p.Plain("outbox.paused_strangers")
	case g.State == "paused" && name != "":
		return t.p.Plain("outbox.paused_by", "name", name)
	case g.State == "paused":
		return t.p.Plain("outbox.paused")
	case g.State == "cancelled" && name != "":
		return t.p.Plain("outbox.cancelled_by", "name", name)
	case g.State == "aborted":
		switch g.Why {
		case "text", "keyboard":
			return t.p.Plain("outbox.aborted_" + g.Why)
		case "media", "stale_file", "too_big", "source":
			return t.p.Plain("outbox.aborted_file")
		}
		return t.p.Plain("outbox.aborted")
	}
	return ""
}

// nextTry is when the first of those who wait for another try is due; nil when nobody waits, or it is due already.
func (t *turn) nextTry(g Progress) any {
	if g.Over() || g.Retry == 0 || g.Next.Sub(t.Now()) < time.Second {
		return nil
	}
	return g.Next.In(t.Zone)
}
