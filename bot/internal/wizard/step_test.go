package wizard

import (
	"reflect"
	"testing"
	"time"
)

// press is an input by a button.
func press(verb string, args ...string) Input { return Input{Verb: verb, Args: args} }

func TestStep(t *testing.T) {
	hub := State{Screen: Hub}
	venue := State{Screen: Venue, Field: "venue", Index: 1}
	tests := []struct {
		name string
		at   State
		in   Input
		want State
		out  Output
	}{
		{"the tour begins with the title", Start(), Input{Text: "Họp"}, State{Screen: Calendar, Field: "time", Tour: true},
			edit(Edit{Op: Put, Field: "title", Value: "Họp"})},
		{"a field is opened from the whole", hub, press("open", "chair"), State{Screen: Text, Field: "chair"}, Output{}},
		{"and leads back to it", State{Screen: Text, Field: "chair"}, Input{Text: "A"}, hub, edit(Edit{Op: Put, Field: "chair", Value: "A"})},
		{"a day leads to its hour", State{Screen: Calendar, Field: "time"}, press("day", "20261203"),
			State{Screen: Hour, Field: "time", Day: "20261203"}, Output{}},
		{"another month shows no day", State{Screen: Hour, Field: "time", Day: "20261203"}, press("mon", "202701"),
			State{Screen: Calendar, Field: "time", Month: "202701"}, Output{}},
		{"an hour is a moment", State{Screen: Hour, Field: "time", Day: "20261203"}, press("at", "202612031400"), hub,
			edit(Edit{Op: Put, Field: "time", Value: "14:00 03/12/2026"})},
		{"the end is an hour of the day", State{Screen: Hour, Field: "end"}, press("at", "202612031630"), hub,
			edit(Edit{Op: Put, Field: "end", Value: "16:30"})},
		{"an hour that nobody offered", State{Screen: Hour, Field: "time"}, press("at", "soon"), State{Screen: Hour, Field: "time"}, Output{Stale: true}},
		{"a list grows", State{Screen: List, Field: "agenda"}, Input{Text: "a\nb"}, State{Screen: List, Field: "agenda"},
			edit(Edit{Op: Append, Field: "agenda", Value: "a\nb"})},
		{"a line of it is chosen", State{Screen: List, Field: "agenda"}, press("item", "2"), State{Screen: List, Field: "agenda", Index: 3}, Output{}},
		{"and written anew", State{Screen: List, Field: "agenda", Index: 3}, Input{Text: "c"}, State{Screen: List, Field: "agenda"},
			edit(Edit{Op: Put, Field: "agenda", Index: 2, Value: "c"})},
		{"a part of a venue is asked", venue, press("part", "capacity"), State{Screen: Venue, Field: "venue", Index: 1, Part: "capacity"}, Output{}},
		{"and typed", State{Screen: Venue, Field: "venue", Index: 1, Part: "capacity"}, Input{Text: "200"}, venue,
			edit(Edit{Op: PartPut, Field: "venue", Index: 1, Part: "capacity", Value: "200"})},
		{"words that no part asked for", venue, Input{Text: "200"}, venue, Output{Stale: true}},
		{"the units of a venue", venue, press("part", "units"), State{Screen: Tree, Field: "venue", Index: 1, Part: "units"}, Output{}},
		{"one of them", State{Screen: Tree, Field: "venue", Index: 1, Part: "units"}, press("+", "id", "X01"),
			State{Screen: Tree, Field: "venue", Index: 1, Part: "units"},
			edit(Edit{Op: PartTerm, Field: "venue", Index: 1, Part: "units", Value: "X01"})},
		{"a term is added", State{Screen: Tree, Field: "audience"}, press("+", "unit", "X01"), State{Screen: Tree, Field: "audience"},
			edit(Edit{Op: Term, Field: "audience", Value: "unit:X01"})},
		{"a term is taken away", State{Screen: Tree, Field: "audience", Minus: true}, press("+", "unit", "X01", "1"),
			State{Screen: Tree, Field: "audience", Minus: true}, edit(Edit{Op: Term, Field: "audience", Value: "-unit:X01"})},
		{"everybody has no name", State{Screen: Sets, Field: "audience"}, press("x", "all", "", ""), State{Screen: Sets, Field: "audience"},
			edit(Edit{Op: Unterm, Field: "audience", Value: "all"})},
		{"words in the tree are a search", State{Screen: Tree, Field: "audience", Page: 2}, Input{Text: "An"},
			State{Screen: People, Field: "audience", Query: "An"}, Output{}},
		{"several periods stay", State{Screen: Choice, Field: "period"}, press("set", "2026-Q4", "+"), State{Screen: Choice, Field: "period"},
			edit(Edit{Op: Term, Field: "period", Value: "2026-Q4"})},
		{"a blank of a grid", State{Screen: Calendar, Field: "time"}, press("-"), State{Screen: Calendar, Field: "time"}, Output{}},
		{"the preview", hub, press(Preview), hub, Output{Act: Preview}},
		{"an unknown field", hub, press("open", "nonsense"), hub, Output{Stale: true}},
		{"an unknown verb", hub, press("explode"), hub, Output{Stale: true}},
		{"words at the whole", hub, Input{Text: "x"}, hub, Output{Stale: true}},
		{"a button of another screen", hub, press("del", "0"), hub, Output{Stale: true}},
		{"a value without a field", hub, press("set", "x"), hub, Output{Stale: true}},
		{"a bad number", State{Screen: List, Field: "agenda"}, press("del", "-1"), State{Screen: List, Field: "agenda"}, Output{Stale: true}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, out := Step(test.at, test.in)
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("state %+v, want %+v", got, test.want)
			}
			if !reflect.DeepEqual(out, test.out) {
				t.Errorf("output %+v, want %+v", out, test.out)
			}
		})
	}
}

func TestTheTourEndsAtTheWhole(t *testing.T) {
	s := Start()
	for range tour {
		s, _ = Step(s, press("next"))
	}
	if s.Screen != Hub {
		t.Errorf("ends at %+v", s)
	}
}

func TestEveryFieldOffersItsScreen(t *testing.T) {
	common, rare := Fields()
	for _, f := range append(common, rare...) {
		if s, out := Step(State{Screen: Hub}, press("open", f)); out.Stale || s.Field != f {
			t.Errorf("%s opens %+v", f, s)
		}
	}
	if len(common)+len(rare) != len(screens) {
		t.Errorf("%d fields are offered, there are %d", len(common)+len(rare), len(screens))
	}
}

// A chat sends anything at any time: whatever comes, there is a state that can be shown.
func FuzzStepAlwaysLeadsSomewhere(f *testing.F) {
	f.Add("hub", "venue", 1, "part", "units", "x")
	f.Add("list", "agenda", -4, "item", "99999999999999999999", "")
	f.Fuzz(func(t *testing.T, screen, field string, index int, verb, arg, text string) {
		s, out := Step(State{Screen: screen, Field: field, Index: index}, Input{Verb: verb, Args: []string{arg, text}, Text: text})
		for _, e := range out.Edits {
			if e.Op == "" || e.Field == "" && field != "" {
				t.Errorf("%+v leads to %+v with %+v", verb, s, out)
			}
		}
		if s.Page < 0 {
			t.Errorf("page %d", s.Page)
		}
	})
}

func TestAMonthIsLaidOutInWeeks(t *testing.T) {
	zone := time.FixedZone("ICT", 7*60*60)
	weeks := Month(time.Date(2026, 12, 9, 15, 0, 0, 0, zone), time.Date(2026, 12, 3, 23, 0, 0, 0, zone))
	days, open := 0, 0
	for _, week := range weeks {
		if len(week) != 7 {
			t.Fatalf("a week of %d days", len(week))
		}
		for i, cell := range week {
			if cell.Day.IsZero() {
				continue
			}
			days++
			if cell.Open {
				open++
			}
			if (int(cell.Day.Weekday())+6)%7 != i {
				t.Errorf("%s stands at place %d", cell.Day, i)
			}
		}
	}
	if days != 31 || open != 29 {
		t.Errorf("%d days, %d of them open", days, open)
	}
	if h := Hours("14:00"); h[0] != "14:30" || len(Hours("")) != 28 || len(Hours("20:00")) != 0 {
		t.Errorf("hours %v", h)
	}
}
