package briefings

// Urgency is what a paper of a meeting or a briefing says of its haste, in the three degrees that offices stamp. What is urgent
// overtakes what is not; in quiet hours it goes out only with the organizer's word.
type Urgency string

// The degrees; the empty one is the usual.
const (
	Usual      Urgency = ""
	Urgent     Urgency = "urgent"      // khẩn
	VeryUrgent Urgency = "very_urgent" // thượng khẩn
	Immediate  Urgency = "immediate"   // hỏa tốc
)

// Presses reports whether it cannot wait for its turn.
func (u Urgency) Presses() bool { return u != Usual }
