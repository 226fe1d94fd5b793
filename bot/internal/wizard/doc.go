// Package wizard is the part of composing by buttons that needs nothing of the world: where a person is, what a press or a typed text
// leads to, and how days and hours are laid out. It reads no store and no clock, so that a dialogue is a table.
//
//	Step(State, Input) ─▶ (State, Output)
//
//	State    the screen that is shown, and what it is about
//	Input    a verb with its values, or a text
//	Output   edits of the draft, what is shown next, or what only the bot can do
package wizard
