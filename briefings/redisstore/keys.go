package redisstore

import (
	"fmt"
	"strconv"
	"strings"

	"briefbot/briefings"
)

// keys names every key of one prefix. The part in braces is the hash tag: keys that one script touches share it, so that they
// lie in one slot of a Redis Cluster.
type keys struct{ prefix string }

func (k keys) roll(name string) string    { return k.prefix + ":{r}:" + name }
func (k keys) index(name string) string   { return k.prefix + ":{i}:" + name }
func (k keys) publish(name string) string { return k.prefix + ":{p}:" + name }
func (k keys) logbook(name string) string { return k.prefix + ":{a}:" + name }
func (k keys) meeting(id briefings.MeetingID, name string) string {
	return k.prefix + ":{m:" + string(id) + "}:" + name
}

// The roll.
func (k keys) members() string { return k.roll("members") }
func (k keys) ids() string     { return k.roll("ids") }
func (k keys) users() string   { return k.roll("users") }
func (k keys) phones() string  { return k.roll("phones") }
func (k keys) units() string   { return k.roll("units") }
func (k keys) groups() string  { return k.roll("groups") }
func (k keys) topics() string  { return k.roll("topics") }
func (k keys) lastNo() string  { return k.roll("last") }
func (k keys) version() string { return k.roll("version") }
func (k keys) touched() string { return k.roll("touched") }
func (k keys) parts() string   { return k.roll("parts") }
func (k keys) links() string   { return k.roll("links") }
func (k keys) linked() string  { return k.roll("linked") }

// Briefings.
func (k keys) briefings() string       { return k.publish("rows") }
func (k keys) activeBriefings() string { return k.publish("active") }
func (k keys) lastBriefing() string    { return k.publish("last") }

// Meetings: the index of all, then what belongs to one.
func (k keys) meetings() string     { return k.index("meetings") }
func (k keys) openMeetings() string { return k.index("open") }
func (k keys) lastMeeting() string  { return k.index("last") }

func (k keys) row(id briefings.MeetingID) string       { return k.meeting(id, "row") }
func (k keys) seats(id briefings.MeetingID) string     { return k.meeting(id, "seats") }
func (k keys) deputies(id briefings.MeetingID) string  { return k.meeting(id, "deputies") }
func (k keys) changes(id briefings.MeetingID) string   { return k.meeting(id, "changes") }
func (k keys) opinion(id briefings.MeetingID) string   { return k.meeting(id, "opinion") }
func (k keys) inquiries(id briefings.MeetingID) string { return k.meeting(id, "questions") }
func (k keys) voters(id briefings.MeetingID) string    { return k.meeting(id, "voters") }
func (k keys) wrong(id briefings.MeetingID, u briefings.UserID) string {
	return k.meeting(id, "wrong:"+strconv.FormatInt(int64(u), 10))
}

// The rest.
func (k keys) activities() string   { return k.logbook("rows") }
func (k keys) activityDays() string { return k.logbook("days") }
func (k keys) lastActivity() string { return k.logbook("last") }
func (k keys) holidays() string     { return k.prefix + ":{h}:holidays" }
func (k keys) hours() string        { return k.prefix + ":{h}:hours" }
func (k keys) schema() string       { return k.prefix + ":{s}:schema" }

// checkID refuses an identity that could not be part of a key or of a mailing's key.
func checkID[T ~string](id T) error {
	if id == "" || strings.ContainsAny(string(id), "/{}\n\r\t ") {
		return fmt.Errorf("check identity %q: it needs a name without slashes, braces and blanks", string(id))
	}
	return nil
}
