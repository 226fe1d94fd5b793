// Package failpoint lets tests of crashes end the program at a named place.
//
// In what ships, Hit does nothing and costs nothing. Built with the tag failpoints, it looks at the variable BRIEFBOT_FAILPOINT,
// "name@n" or "name@n:stop", and at the n-th hit of that name kills its own process as an unplugged machine would (SIGKILL), or
// suspends it (SIGSTOP).
//
//	put-begun, put-written, put-ready    a mailing is entered; its audience is stored; it is ready
//	claimed                              a chunk is claimed, and nothing of it is sent
//	announced                            a request is announced under never-twice, and not written
//	request                              a request is about to be written
//	answered                             it was answered, and the outcome is not recorded
//	recorded                             outcomes are recorded, and their claims not yet forgotten here
//	answer-stored, answer-toasted        a person's answer is stored; the button is answered and its card not redrawn
//	update-handled                       an update is handled, and not remembered as such
package failpoint
