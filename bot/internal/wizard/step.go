package wizard

import (
	"slices"
	"strconv"
	"strings"
)

// State is where a person is in composing. The zero value is nowhere; Start opens the first screen.
type State struct {
	Screen string `json:"screen,omitempty"`
	Field  string `json:"field,omitempty"`
	Index  int    `json:"index,omitempty"` // of the field's lines; -1: a new one
	Part   string `json:"part,omitempty"`  // of a venue
	Node   string `json:"node,omitempty"`  // the unit whose children are shown
	Month  string `json:"month,omitempty"`
	Day    string `json:"day,omitempty"`
	Page   int    `json:"page,omitempty"`
	Minus  bool   `json:"minus,omitempty"` // terms are taken away, not added
	Query  string `json:"query,omitempty"` // whom the person searches
	Tour   bool   `json:"tour,omitempty"`  // the fields that a meeting needs follow each other
}

// The screens.
const (
	Hub      = "hub"    // what is there so far, and a button for every field
	More     = "more"   // the fields that few meetings have
	Text     = "text"   // a value is typed
	Calendar = "month"  // a day is picked
	Hour     = "hour"   // its hour
	List     = "list"   // the lines of a field that may have several
	Choice   = "choice" // a few values
	Venues   = "venues"
	Venue    = "venue"
	Tree     = "tree"   // the units, with what is chosen of them
	Sets     = "sets"   // groups, topics, roles
	People   = "people" // members, by search
	Files    = "files"
)

// Input is what the person did: pressed a button with a verb and its values, or typed a text.
type Input struct {
	Verb string
	Args []string
	Text string
}

func (in Input) arg(i int) string {
	if i < len(in.Args) {
		return in.Args[i]
	}
	return ""
}

func (in Input) number(i int) int {
	n, err := strconv.Atoi(in.arg(i))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// Edit is one change of the draft.
type Edit struct {
	Op    Op
	Field string
	Index int    // of the field's lines, for Put and Take; -1: a new one, or all of them
	Part  string // of a venue's line, for Part and Unit
	Value string
}

// Op says what an edit does.
type Op string

const (
	Put      Op = "put"      // the value becomes the line
	Append   Op = "append"   // every line of the value becomes a line
	Take     Op = "take"     // the line goes
	Term     Op = "term"     // the term is added to the line
	Unterm   Op = "unterm"   // the term is taken away from the line
	PartPut  Op = "part"     // the part of a venue's line is written
	PartTake Op = "untaken"  // the part of a venue's line goes
	PartTerm Op = "partterm" // an id is added to the part of a venue's line
	PartDrop Op = "partdrop" // an id is taken away from it
)

// Output is what follows from a step beside the new state.
type Output struct {
	Edits []Edit
	// Act is what only the caller can do: preview, drop; "" shows the state's screen.
	Act string
	// Stale says that the press belongs to no screen: an old button.
	Stale bool
}

// The acts.
const (
	Preview = "preview"
	Drop    = "drop"
)

// tour are the fields a meeting needs, in the order in which they are asked.
var tour = []string{"title", "time", "venue", "audience", "chair", "agenda"}

// screens says how each field is edited.
var screens = map[string]string{
	"title": Text, "time": Calendar, "end": Hour, "deadline": Calendar, "venue": Venues, "audience": Tree, "chair": Text, "speaker": List,
	"agenda": List, "deputies": Choice, "leave": Choice, "late": Choice, "dress": Text, "note": Text, "period": Choice, "label": Choice, "doc": Choice, "doc_no": Text,
	"invited": Text, "summons": Tree, "paper": List, "relay": Text, "urgency": Choice, "files": Files,
}

// Fields lists the fields that can be opened, for those who draw buttons for them.
func Fields() (common, rare []string) {
	return []string{"title", "time", "end", "deadline", "venue", "audience", "chair", "speaker", "agenda", "deputies", "files", "label"},
		[]string{"urgency", "leave", "late", "dress", "note", "period", "invited", "summons", "paper", "relay", "doc", "doc_no"}
}

// Start opens the first field of a meeting that has nothing yet.
func Start() State { return State{Tour: true}.open(tour[0]) }

// Waits reports whether the screen takes a text that is typed.
func (s State) Waits() bool {
	_, out := typed(s, "-")
	return !out.Stale
}

// Place says which step of the tour the screen is, and how many there are; the label comes before its fields. Zero: no tour.
func (s State) Place() (i, n int) {
	inside := s.Field == "venue" && s.Screen != Venues // one of the venues: the step has been said
	if at := slices.Index(tour, s.Field); s.Tour && at >= 0 && !inside {
		return at + 2, len(tour) + 1
	}
	return 0, len(tour) + 1
}

// Rest is where one is after lines of the form were typed: at the hub, unless the person does not use the buttons.
func (s State) Rest() State {
	if s.Screen == "" {
		return s
	}
	return State{Screen: Hub}
}

// open shows the screen of a field.
func (s State) open(field string) State {
	next := State{Screen: screens[field], Field: field, Tour: s.Tour}
	if next.Screen == "" {
		return State{Screen: Hub}
	}
	return next
}

// next is where one goes when a field is done: to the next of the tour, else to the hub.
func (s State) next() State {
	if i := slices.Index(tour, s.Field); s.Tour && i >= 0 && i+1 < len(tour) {
		return s.open(tour[i+1])
	}
	return State{Screen: Hub}
}

// Step is the dialogue.
func Step(s State, in Input) (State, Output) {
	if in.Verb == "" {
		return typed(s, in.Text)
	}
	switch in.Verb {
	case "-": // a blank of a grid
		return s, Output{}
	case Preview, Drop:
		return State{Screen: Hub}, Output{Act: in.Verb}
	case "hub":
		return State{Screen: Hub}, Output{}
	case "more":
		return State{Screen: More}, Output{}
	case "next":
		return s.next(), Output{}
	case "open":
		if screens[in.arg(0)] == "" {
			return s, Output{Stale: true}
		}
		return State{}.open(in.arg(0)), Output{}
	case "clear":
		if slices.Contains([]string{"title", "time", "venue", "audience"}, s.Field) { // it is needed: nobody goes on without it
			return s.open(s.Field), edit(Edit{Op: Take, Field: s.Field, Index: -1})
		}
		return s.next(), edit(Edit{Op: Take, Field: s.Field, Index: -1})
	case "set":
		return set(s, in)
	case "mon":
		s.Screen, s.Month, s.Day = Calendar, in.arg(0), ""
		return s, Output{}
	case "day":
		s.Screen, s.Day = Hour, in.arg(0)
		return s, Output{}
	case "at":
		if v := moment(in.arg(0)); v != "" && s.Screen == Hour {
			if s.Field == "end" { // an hour alone is of the day it starts, and moves with it
				v, _, _ = strings.Cut(v, " ")
			}
			return s.next(), edit(Edit{Op: Put, Field: s.Field, Value: v})
		}
		return s, Output{Stale: true}
	case "page":
		s.Page = max(0, in.number(0))
		return s, Output{}
	}
	switch s.Screen {
	case List:
		return list(s, in)
	case Venues, Venue:
		return venue(s, in)
	case Tree, Sets, People:
		return people(s, in)
	case Files:
		if i := in.number(0); in.Verb == "del" && i >= 0 {
			return s, edit(Edit{Op: Take, Field: s.Field, Index: i})
		}
	}
	return s, Output{Stale: true}
}

func edit(e ...Edit) Output { return Output{Edits: e} }

// moment writes what an hour's button carries, 202612031400, as the form writes it: 14:00 03/12/2026.
func moment(v string) string {
	if len(v) != 12 {
		return ""
	}
	return v[8:10] + ":" + v[10:] + " " + v[6:8] + "/" + v[4:6] + "/" + v[:4]
}

// set takes a value that a button carries. A choice of several stays on its screen.
func set(s State, in Input) (State, Output) {
	switch {
	case s.Screen == Venue && s.Part != "":
		e := Edit{Op: PartPut, Field: "venue", Index: s.Index, Part: s.Part, Value: in.arg(0)}
		s.Part = ""
		return s, edit(e)
	case s.Field == "period":
		op := Unterm
		if in.arg(1) == "+" {
			op = Term
		}
		return s, edit(Edit{Op: op, Field: s.Field, Value: in.arg(0)})
	case s.Field == "":
		return s, Output{Stale: true}
	}
	return s.next(), edit(Edit{Op: Put, Field: s.Field, Value: in.arg(0)})
}

// typed takes a text for whatever is asked.
func typed(s State, text string) (State, Output) {
	switch s.Screen {
	case Text, Calendar, Hour, Choice:
		return s.next(), edit(Edit{Op: Put, Field: s.Field, Value: text})
	case List:
		if s.Index > 0 { // the line that is being written anew; the first is 1 here, so that the zero state adds
			i := s.Index - 1
			s.Index = 0
			return s, edit(Edit{Op: Put, Field: s.Field, Index: i, Value: text})
		}
		return s, edit(Edit{Op: Append, Field: s.Field, Value: text})
	case Venues:
		return s, edit(Edit{Op: Append, Field: "venue", Value: text})
	case Venue:
		if s.Part == "" {
			return s, Output{Stale: true}
		}
		e := Edit{Op: PartPut, Field: "venue", Index: s.Index, Part: s.Part, Value: text}
		s.Part = ""
		return s, edit(e)
	case Tree, Sets, People:
		s.Screen, s.Query, s.Page = People, text, 0
		return s, Output{}
	}
	return s, Output{Stale: true}
}

func list(s State, in Input) (State, Output) {
	i := in.number(0)
	switch {
	case in.Verb == "item" && i >= 0:
		s.Index = i + 1
		return s, Output{}
	case in.Verb == "del" && i >= 0:
		s.Index = 0
		return s, edit(Edit{Op: Take, Field: s.Field, Index: i})
	}
	return s, Output{Stale: true}
}

// venue goes through the venues and the parts of one of them.
func venue(s State, in Input) (State, Output) {
	back := State{Screen: Venue, Field: "venue", Index: s.Index, Tour: s.Tour}
	switch in.Verb {
	case "venue":
		if i := in.number(0); i >= 0 {
			return State{Screen: Venue, Field: "venue", Index: i, Tour: s.Tour}, Output{}
		}
	case "venues":
		return State{Screen: Venues, Field: "venue", Tour: s.Tour}, Output{}
	case "del":
		if i := in.number(0); i >= 0 {
			return State{Screen: Venues, Field: "venue", Tour: s.Tour}, edit(Edit{Op: Take, Field: "venue", Index: i})
		}
	case "part":
		back.Part = in.arg(0)
		switch back.Part {
		case "main": // one venue is the main hall
			back.Part = ""
			return back, edit(Edit{Op: PartPut, Field: "venue", Index: s.Index, Part: "main"})
		case "units":
			back.Screen = Tree
		case "officer", "technician":
			back.Screen = People
		}
		return back, Output{}
	case "unpart":
		return back, edit(Edit{Op: PartTake, Field: "venue", Index: s.Index, Part: in.arg(0)})
	}
	return s, Output{Stale: true}
}

// people chooses units, sets and members: for an audience, or for a venue.
func people(s State, in Input) (State, Output) {
	switch in.Verb {
	case "node":
		s.Screen, s.Node, s.Page = Tree, in.arg(0), 0
		return s, Output{}
	case "tree", "sets", "people":
		s.Screen, s.Page, s.Query = map[string]string{"tree": Tree, "sets": Sets, "people": People}[in.Verb], 0, ""
		return s, Output{}
	case "minus":
		s.Minus = in.arg(0) == "1"
		return s, Output{}
	case "venue": // back from a part of a venue
		if s.Field == "venue" {
			return State{Screen: Venue, Field: "venue", Index: s.Index, Tour: s.Tour}, Output{}
		}
	case "+", "x": // sort and id of a term
		if s.Field == "venue" {
			op := map[string]Op{"+": PartTerm, "x": PartDrop}[in.Verb]
			return s, edit(Edit{Op: op, Field: "venue", Index: s.Index, Part: s.Part, Value: in.arg(1)})
		}
		term := in.arg(0)
		if in.arg(1) != "" {
			term += ":" + in.arg(1)
		}
		if in.arg(2) == "1" {
			term = "-" + term
		}
		op := map[string]Op{"+": Term, "x": Unterm}[in.Verb]
		return s, edit(Edit{Op: op, Field: s.Field, Value: term})
	}
	return s, Output{Stale: true}
}
