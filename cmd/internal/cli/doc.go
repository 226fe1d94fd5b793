// Package cli is the program briefbot as a value: its commands, flags and settings.
//
//	Main(ctx, args, env, stdout, stderr)  parses, runs one command and returns its exit code
//
// Nothing here reads the process's own environment, arguments or streams, and nothing ends the process, so that tests and scripts
// can run the program as often as they like.
//
// Exit codes: 0 done; 1 refused or failed, with the reason on standard error; 2 wrong usage. With --json standard output is one JSON
// document and nothing else.
package cli
