// Command rehearse plays a whole conference through the built service and keeps its own tally.
//
//	go run ./cmd/rehearse --members 1300 --venues 18
//
// Four processes take part, each for itself as in real life: the built binary briefbot, a redis-server, the sandbox that stands in
// for Telegram, and this one, in which the invented people live. They import the roll, join, are called to a conference that is composed by
// buttons, answer, are reminded, check in at their venues and are counted; afterwards they say how it was and read what came of it. Beside
// it stand meetings that come about otherwise: from an official letter, by repeating the conference, relaying it, as the week's schedule.
// The service's clock is moved forward between the acts, and with every move the service is stopped and started again.
//
//	world.go     who there is, by a seed; names.go: what they are called; plan.go: what each of them is going to do
//	stage.go     the processes; child.go, embedded.go: what they are made of
//	phone.go     what people do with their telephones; composing.go: how somebody goes through the dialogue of buttons
//	day.go       the story, act by act; telling.go: what is printed of it
//	             the conference: joining.go, filling.go, calling.go, papers.go, answering.go, naming.go, changing.go, leave.go, stead.go,
//	             reminding.go, halls.go, doors.go, lists.go, questions.go, correcting.go, after.go
//	             the others: letter.go, repeating.go, weekly.go; sequel.go: what they share
//	tally.go     what must have come out, counted from what the people did; sums.go: its figures
//	asking.go    how the service is asked for its figures, of each meeting
//	figures.go   what it says came out, in chat and as JSON; workbook.go: in the XLSX; board.go: on the live board
//	check.go     the two side by side, and what the sandbox noticed
//
// Every act says in a sentence what it did, with its figures. Buttons are found by their key in the catalogue, never by their words.
// It stops by itself, takes its processes with it, and ends with 1 where anything differs.
package main
