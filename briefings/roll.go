package briefings

import "time"

// Roll is who was called, came, was excused, was absent: as a whole, by venue and by unit. It is always counted from the seats and
// never kept. At every moment
//
//	invited = present + represented + excused + unexcused + pending
//
// holds for the whole, for each venue and for each unit; pending is 0 once the meeting is closed, unexcused is 0 before. Those who wait
// for a place at a full venue are no part of it: they are some of those who said that they come, and end up where everybody does.
type Roll struct {
	Meeting   MeetingID   `json:"meeting"`
	Title     Text        `json:"title"`
	Starts    time.Time   `json:"starts_at"`
	AsOf      time.Time   `json:"as_of"`
	Closed    bool        `json:"closed"`
	Answers   AnswerTally `json:"answers"`
	Total     Tally       `json:"total"`
	Late      int         `json:"late"`
	Silent    int         `json:"silent"` // seats without an answer on which nobody came: what “no reply yet” means wherever it is said
	Guests    int         `json:"guests"`
	WalkIns   int         `json:"walk_ins"`  // on the roll, without a seat
	Headcount int         `json:"headcount"` // of the venues that closed
	Venues    []VenueTally
	Units     []UnitTally
}

// Unannounced is how many came without having answered. They stand among the answers as having given none, and nobody waits for a word of
// theirs any more: that is why Silent leaves them out, and why the two are never shown under one name.
func (r *Roll) Unannounced() int { return r.Answers.None - r.Silent }

// AnswerTally counts answers. Delegated counts seats whose deputy has not refused; a seat whose deputy refused has no answer.
type AnswerTally struct {
	Accepted  int `json:"accepted"`
	Declined  int `json:"declined"`
	Delegated int `json:"delegated"`
	None      int `json:"none"`
}

// Tally counts seats by where they ended up.
type Tally struct {
	Invited     int `json:"invited"`
	Present     int `json:"present"`
	Represented int `json:"represented"`
	Excused     int `json:"excused"`
	Unexcused   int `json:"unexcused"`
	Pending     int `json:"pending,omitempty"`
	Waiting     int `json:"waiting,omitempty"` // of those who said that they come, or send somebody: how many have no place yet
}

// Attended is the numerator of the rate: those present and those represented. The denominator is Invited.
func (t Tally) Attended() int { return t.Present + t.Represented }

// Balanced reports whether the equation of the roll holds.
func (t Tally) Balanced() bool {
	return t.Invited == t.Present+t.Represented+t.Excused+t.Unexcused+t.Pending
}

// Rate is Attended per Invited in tenths of a percent, rounded half up; -1 when nobody was invited, as then there is no rate.
func (t Tally) Rate() int { return PerMille(t.Attended(), t.Invited) }

// PerMille is n of total in tenths of a percent, rounded half up; -1 when total is 0.
func PerMille(n, total int) int {
	if total <= 0 {
		return -1
	}
	return (n*2000 + total) / (2 * total)
}

func (t *Tally) add(a Attendance) {
	t.Invited++
	switch a {
	case AttendPresent:
		t.Present++
	case AttendRepresented:
		t.Represented++
	case AttendExcused:
		t.Excused++
	case AttendUnexcused:
		t.Unexcused++
	case AttendPending:
		t.Pending++
	}
}

// VenueTally is a venue's row: its seats, and beside them, never mixed, the closing number.
type VenueTally struct {
	ID   VenueID
	Name Text
	Tally
	Accepted  int // seats that said they come, or send somebody
	CheckedIn int // individual check-ins, present and represented
	Late      int
	Silent    int // seats without an answer on which nobody came
	WalkIns   int // people on the roll who came without a seat
	Headcount int // the officer's closing number; 0 before
	Guests    int // without a seat: by the closing number, before it as counted at the door
	Closed    bool
	Light     Light // whether everything works there
}

// UnitTally is a unit's row, by the unit under which members are reported (Tree.Head).
type UnitTally struct {
	ID   UnitID
	Name Text
	Tally
	Answers AnswerTally
}

// Count makes the roll of a meeting from its seats.
func Count(m *Meeting, seats []Invitation, tree *Tree, now time.Time) Roll {
	r := Roll{Meeting: m.ID, Title: m.Title, Starts: m.Starts, AsOf: now, Closed: m.Status == MeetingClosed}
	seated := map[MemberID]bool{}
	for i := range seats {
		seated[seats[i].Here()] = true
	}
	venue := map[VenueID]int{}
	for _, v := range m.Venues {
		venue[v.ID] = len(r.Venues)
		row := VenueTally{ID: v.ID, Name: v.Name, Light: v.Ready.Light()}
		for _, w := range v.WalkIns {
			if !seated[w.Member] { // a person is counted once: whoever came on a seat after all is counted there
				row.WalkIns++
			}
		}
		row.Guests = v.Guests + row.WalkIns
		if v.Closing != nil {
			row.Closed, row.Headcount, row.Guests = true, v.Closing.Headcount, v.Closing.Guests
			r.Headcount += row.Headcount
		}
		r.Guests += row.Guests
		r.WalkIns += row.WalkIns
		r.Venues = append(r.Venues, row)
	}
	unit := map[UnitID]*UnitTally{}
	waits := m.Waits(seats)
	for i := range seats {
		s := &seats[i]
		a := s.Attendance(m)
		head := tree.Head(s.Unit)
		u := unit[head]
		if u == nil {
			u = &UnitTally{ID: head, Name: tree.Name(head)}
			unit[head] = u
		}
		r.Total.add(a)
		u.add(a)
		waiting := 0
		if waits[s.Member] > 0 {
			waiting = 1
		}
		r.Total.Waiting += waiting
		u.Waiting += waiting
		r.Answers.add(s.Standing())
		u.Answers.add(s.Standing())
		late := s.CheckIn != nil && !s.CheckIn.At.Before(m.Late())
		if late {
			r.Late++
		}
		silent := s.CheckIn == nil && s.Standing() == NoAnswer
		if silent {
			r.Silent++
		}
		if at, ok := venue[s.Venue]; ok {
			v := &r.Venues[at]
			v.add(a)
			v.Waiting += waiting
			if s.CheckIn != nil {
				v.CheckedIn++
			}
			if late {
				v.Late++
			}
			if silent {
				v.Silent++
			}
			if c := s.Standing(); c == Accepted || c == Delegated {
				v.Accepted++
			}
		}
	}
	for _, id := range tree.Walk() {
		if u := unit[id]; u != nil {
			r.Units = append(r.Units, *u)
			delete(unit, id)
		}
	}
	for _, s := range seats { // units the tree of today no longer knows keep their row, in the order of the seats
		if u := unit[tree.Head(s.Unit)]; u != nil {
			r.Units = append(r.Units, *u)
			delete(unit, u.ID)
		}
	}
	return r
}

// Here is the member who came on the seat: the invitee, or the deputy; empty when nobody did, or somebody outside the roll.
func (i *Invitation) Here() MemberID {
	switch {
	case i.CheckIn == nil:
		return ""
	case !i.CheckIn.Deputy:
		return i.Member
	case i.Answer.Deputy != nil:
		return i.Answer.Deputy.Member
	}
	return ""
}

// Standing is the answer as it counts: a deputy who refused, and a leave that was refused, leave the seat without one.
func (i *Invitation) Standing() Choice {
	if d := i.Answer.Deputy; d != nil && d.State == DeputyRefused || i.Answer.Leave == LeaveRefused {
		return NoAnswer
	}
	return i.Answer.Choice
}

func (t *AnswerTally) add(c Choice) {
	switch c {
	case Accepted:
		t.Accepted++
	case Declined:
		t.Declined++
	case Delegated:
		t.Delegated++
	default:
		t.None++
	}
}
