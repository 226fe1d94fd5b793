// Package calendar writes a meeting as an iCalendar file for one recipient, so that it can be kept in the calendar of a phone.
//
// The file follows RFC 5545 where readers are strict: lines end with CR LF, are at most 75 octets long without a character being
// cut, and free text is escaped. Times carry the organisation's zone, whose rules for the days of the meeting are in the file. The
// identity of the event is the meeting's, so that a later file with a higher revision replaces the earlier one, and the file of a
// cancelled meeting takes it away.
package calendar
