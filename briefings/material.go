package briefings

import "time"

// Material is a document or a picture that belongs to a meeting. Only the channel's own name of the file is kept; the file itself
// never leaves the channel.
type Material struct {
	File  string       `json:"file"` // what the channel calls it
	Name  string       `json:"name"`
	Kind  MaterialKind `json:"kind"`
	Title string       `json:"title,omitempty"` // the caption it came with
	By    MemberID     `json:"by,omitempty"`
	At    time.Time    `json:"at,omitzero"`
}

// MaterialKind is the sort of a material.
type MaterialKind string

const (
	Document MaterialKind = "document"
	Picture  MaterialKind = "photo"
)

// MaterialLimit is how many materials a meeting may have: each is a message to everybody called.
const MaterialLimit = 5

// Relay says that a meeting shows one of the upper level: where that comes from, and which it is where it is known here.
type Relay struct {
	Origin string    `json:"origin"` // the place of the broadcast, in words
	Parent MeetingID `json:"parent,omitempty"`
}

// WeekID names the weekly schedule that a meeting was announced in.
type WeekID string
