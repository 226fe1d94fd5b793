package sandbox

import "maps"

const (
	maxRefusedKept    = 1000
	maxDuplicatesKept = 100
	maxReasonsKept    = 200
	shownOfDuplicate  = 80 // code points
)

// Refused is a call that got no "ok". Injected says that a fault did it, not a rule.
type Refused struct {
	Method      string `json:"method"`
	Code        int    `json:"code"` // 0: there was no answer at all
	Description string `json:"description"`
	Chat        int64  `json:"chat"`
	At          int64  `json:"at"` // Unix seconds
	Injected    bool   `json:"injected"`
}

// Presses says how the taps on inline buttons ended.
type Presses struct {
	Pressed    int `json:"pressed"`
	Answered   int `json:"answered"`
	Unanswered int `json:"unanswered"`
	Late       int `json:"late"`  // answers that came after the button's time
	Twice      int `json:"twice"` // answers to a press that had one
}

// Duplicate is a text that one chat got more than once.
type Duplicate struct {
	Chat  int64  `json:"chat"`
	Text  string `json:"text"`
	Times int    `json:"times"`
}

// Report is what the sandbox noticed about the bot since it started.
type Report struct {
	Calls            map[string]int `json:"calls"`   // accepted, by method
	Refused          []Refused      `json:"refused"` // the first thousand
	RefusedTotal     int            `json:"refused_total"`
	RefusedBy        map[string]int `json:"refused_by"` // by method and words; faults not counted
	InjectedTotal    int            `json:"injected_total"`
	Callbacks        Presses        `json:"callbacks"`
	SentTotal        int            `json:"sent_total"`
	MaxPerSecond     int            `json:"max_per_second"`               // messages and edits in any one second
	MaxPerChatSecond int            `json:"sent_per_chat_max_per_second"` // the same for one chat
	Uploads          int            `json:"uploads"`
	RepeatedUploads  int            `json:"repeated_uploads"` // of bytes that were uploaded before
	Duplicates       []Duplicate    `json:"duplicate_texts"`
	TooMany          int            `json:"too_many"`  // 429 by the limits
	Impatient        int            `json:"impatient"` // sends before a retry_after was over
	Pending          int            `json:"pending"`   // updates that the bot has not confirmed
	Dropped          int            `json:"dropped"`   // updates that found the queue full
}

type tally struct {
	calls      map[string]int
	list       []Refused
	refusals   int // by a rule
	by         map[string]int
	injected   int // by a fault
	sent       int
	tooMany    int
	impatient  int
	duplicates []Duplicate
	duplicated map[Duplicate]int // index by chat and text
}

func newTally() tally {
	return tally{calls: map[string]int{}, by: map[string]int{}, duplicated: map[Duplicate]int{}}
}

func (t *tally) refused(r Refused) {
	if r.Injected {
		t.injected++
	} else {
		t.refusals++
		if key := r.Method + ": " + r.Description; len(t.by) < maxReasonsKept || t.by[key] > 0 {
			t.by[key]++
		}
	}
	if len(t.list) < maxRefusedKept {
		t.list = append(t.list, r)
	}
}

func (t *tally) duplicate(chat int64, text string, times int) {
	count := 0
	for i := range text {
		if count++; count > shownOfDuplicate {
			text = text[:i] + "…"
			break
		}
	}
	key := Duplicate{Chat: chat, Text: text}
	if i, known := t.duplicated[key]; known {
		t.duplicates[i].Times = times
		return
	}
	if len(t.duplicates) >= maxDuplicatesKept {
		return
	}
	t.duplicated[key] = len(t.duplicates)
	t.duplicates = append(t.duplicates, Duplicate{Chat: chat, Text: text, Times: times})
}

// Report is what was noticed so far.
func (s *Server) Report() Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.presses
	return Report{
		Calls:         maps.Clone(s.report.calls),
		Refused:       append([]Refused{}, s.report.list...),
		RefusedTotal:  s.report.refusals,
		RefusedBy:     maps.Clone(s.report.by),
		InjectedTotal: s.report.injected,
		Callbacks: Presses{
			Pressed: b.pressed, Answered: b.answered, Unanswered: b.pressed - b.answered, Late: b.late, Twice: b.twice,
		},
		SentTotal:        s.report.sent,
		MaxPerSecond:     s.flood.all.most,
		MaxPerChatSecond: s.flood.chatTop,
		Uploads:          s.files.uploads,
		RepeatedUploads:  s.files.repeated,
		Duplicates:       append([]Duplicate{}, s.report.duplicates...),
		TooMany:          s.report.tooMany,
		Impatient:        s.report.impatient,
		Pending:          len(s.updates.waiting),
		Dropped:          s.updates.dropped,
	}
}

// Sent is how many messages the bot sent to the chat.
func (s *Server) Sent(chat int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.people[chat]; p != nil {
		return p.sent
	}
	return 0
}

// Tally is how many messages the bot sent to each chat that got any.
func (s *Server) Tally() map[int64]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	sent := map[int64]int{}
	for id, p := range s.people {
		if p.sent > 0 {
			sent[id] = p.sent
		}
	}
	return sent
}
