// Package rosterfile brings the roll in and out as a file that an office can edit: the first sheet of an XLSX workbook, or CSV in
// UTF-8 with commas or semicolons.
//
//	file ──Read──▶ []Row ──Plan──▶ Change ──Preview──▶ text for the person
//	                         ▲        └────RosterChange──▶ what the store applies
//	             the roll as it stands
//
//	the roll ──Rows──▶ []Row ──Write──▶ file
//
// Read knows columns, Plan knows the roll, and neither writes anything: everything that would happen can be looked at first. A row
// that cannot be taken becomes a BadRow with its number in the sheet and a reason in the catalogue; while there is one, a Change
// gives no RosterChange.
//
// What a file means:
//
//   - It is the whole roll, unless Options says Part: whoever is on the roll and not in the file has left. People who asked to join
//     and wait for an officer have never been in a file and do not leave. Somebody who left keeps account, links and history, and
//     comes back with the next file that names them.
//   - A column that the file lacks says nothing; an empty cell of a column it has empties. Two exceptions: an empty code means "the
//     person you know by phone, or by name and unit", and an empty language means the one the member chose in the chat.
//   - Importing the same file twice changes nothing the second time, and neither does importing what was just exported.
package rosterfile
