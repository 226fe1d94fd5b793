package i18n

// reserved lists the keys that no code uses yet, one a line, under the subject
// they wait for. Whoever uses a key deletes its line, or runs
// the tests of this package with -update; a test insists.
const reserved = `
# activities of propagandists
activity.saved

# briefings
briefing.card
btn.read
btn.file
btn.ack
briefing.ack
briefing.corrected
briefing.recalled
briefing.digest

# counts
counts.pending

# personal data
data.menu
data.export
data.delete_confirm
data.received
data.deleted

# refusals
err.too_fast

# help by role
help.propagandist
help.unit_admin
help.venue
help.approver
help.superadmin

# periodic reports
report.ready

# answers
rsvp.yes
rsvp.no
rsvp.no_refused

# sending
send.need_approval

# settings of a person
quiet.set

# joining
start.welcome
start.pending
start.rejected
consent.text
btn.agree
btn.decline
consent.saved
consent.declined
`
