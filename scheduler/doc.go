// Package scheduler knows when things happen. It turns a briefing's cadence into occasions, hangs reminders on meetings, keeps
// quiet hours and holidays, and holds the planner, which puts into the outbox what is due.
//
// The planner works by level, not by edge: at every tick it compares the facts with the clock and puts each mailing that should
// exist by now. A mailing's key is deterministic, so putting it again changes nothing, and whatever happened between two ticks (a
// crash, an hour without power, a second replica) heals at the next one.
//
//	            slots after Planned           ┌─ within its window ──▶ due ──▶ going ──▶ put
//	briefing ───────────────────▶ each slot ──┼─ older ──────────────▶ missed
//	                                          └─ on request ─────────▶ skipped
//
//	            Announce      deadline −7 d, −24 h   Starts −24 h, −2 h   Starts +5 min   +30 min
//	meeting ───────┼────────────────────┼──────────────────────┼────────────────┼────────────┤
//	          seats, invitation    remind_silent          remind_coming      not_seen   nothing more
//	               ├── deputies: asked, replied ────────────────────────────┤
//	               └── requests: asked, decided ────────────────────────────┘
//
// A chase that an organizer asks for is one more remind_silent. Whom a reminder concerns is computed when its time has come, so the
// ladder stops for those who have answered or arrived, and moves with the meeting.
//
// Time is an argument everywhere: no function reads a clock, and the planner is given one. Slots are computed on the wall clock of
// the organisation's zone and only then mapped to a moment, so that a change of clocks neither swallows a slot nor doubles it.
package scheduler
