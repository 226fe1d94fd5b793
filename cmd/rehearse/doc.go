// Command rehearse plays a whole conference through the built service and keeps its own tally.
//
//	go run ./cmd/rehearse --members 1300 --venues 18
//
// Four processes take part, each for itself as in real life: the built binary briefbot, a redis-server, the sandbox that stands in
// for Telegram, and this one, in which the invented people live. They import the roll, join, are called to a conference, answer,
// are reminded, check in at their venues and are counted. The service's clock is moved forward between the acts, and with every move
// the service is stopped and started again.
//
//	world.go     who there is, by a seed; names.go: what they are called; plan.go: what each of them is going to do
//	stage.go     the processes; child.go, embedded.go: what they are made of
//	phone.go     what people do with their telephones
//	day.go       the story, act by act: joining.go, calling.go, answering.go, naming.go, leave.go, halls.go, doors.go
//	tally.go     what must have come out, counted from what the people did
//	asking.go    how the service is asked for its figures
//	figures.go   what it says came out, in chat and as JSON; workbook.go: in the XLSX
//	check.go     the two side by side, and what the sandbox noticed
//
// It stops by itself, takes its processes with it, and ends with 1 where anything differs.
package main
