// Package backup writes all state under one prefix into one portable file, and brings it back.
//
// The file is gzip of lines of JSON: a header, one line a key in the order of keys, and a seal.
//
//	{"format":"briefbot-backup","version":1,"schema":1,"taken":"2026-12-03T07:00:00Z","keys":812}
//	{"key":"{r}:version","type":"string","value":"MTc="}
//	{"key":"{b:…}:m","type":"hash","expires":1790000000000,"value":{"state":"ZG9uZQ=="}}
//	{"sha256":"…"}
//
// Keys stand without the prefix, so that a store can be brought back under another one. Values are bytes in base64, because a
// ledger is not text; the score of a member of a sorted set is a number. They are read and written by type and not by DUMP, whose
// format belongs to one version of Redis. Expires is a moment in Unix milliseconds and not a length of time: what has expired since
// does not come back. The seal covers every byte before it, so that half a file is not taken for a whole one.
//
// Each key is read at one moment, the keys one after the other: a file of one moment needs a service that stands still.
package backup
