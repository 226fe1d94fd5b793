package briefings

// Seated is a seat together with its meeting, as both were read at one moment. A change may begin with it instead of reading them once
// more, and stands only where neither has moved since.
type Seated struct {
	Meeting Meeting
	Seat    Invitation // the person's own, else the one on which they sit as a deputy; without a Member: neither
	Stored  string     // the seat as the store keeps it, for the store alone
}
