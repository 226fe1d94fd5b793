package sandbox

import (
	"fmt"
	"strings"
)

// Text prints the chat: one block a message, buttons in brackets, what is no message after ».
//
//	[12] bot: Will you come?
//	    Thursday, 14:00
//	    [Yes] [No]
//	    » recorded
func (v ChatView) Text() string { return v.TextFrom(0) }

// TextFrom prints the chat from a message on.
func (v ChatView) TextFrom(id int) string {
	var b strings.Builder
	notes := v.notes
	printNotes := func(until uint64) {
		for len(notes) > 0 && notes[0].seq < until {
			fmt.Fprintf(&b, "    » %s\n", indent(notes[0].text))
			notes = notes[1:]
		}
	}
	started := id == 0
	for _, m := range v.Messages {
		if m.ID < id {
			continue
		}
		if !started {
			for len(notes) > 0 && notes[0].seq < m.born {
				notes = notes[1:]
			}
			started = true
		}
		printNotes(m.born)
		m.print(&b)
	}
	if started {
		printNotes(^uint64(0))
	}
	return b.String()
}

// indent sets further lines in by four; an empty line stays empty, so that no line of a
// transcript ends in a space.
func indent(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line = strings.TrimRight(line, " "); i > 0 && line != "" {
			line = "    " + line
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

func (m MessageView) print(b *strings.Builder) {
	head := fmt.Sprintf("[%d] %s: %s", m.ID, m.From, indent(m.Text+m.Caption))
	fmt.Fprintln(b, strings.TrimRight(head, " "))
	line := func(format string, args ...any) { fmt.Fprintf(b, "    "+format+"\n", args...) }
	switch {
	case m.Photo != nil:
		line("<photo %d×%d>", m.Photo.Width, m.Photo.Height)
	case m.Document != nil:
		line("<document %s %d bytes>", m.Document.Name, m.Document.Size)
	case m.Contact != nil:
		line("<contact %s %s>", m.Contact.Phone, strings.TrimSpace(m.Contact.FirstName+" "+m.Contact.LastName))
	case m.Sticker != "":
		line("<sticker %s>", m.Sticker)
	case m.Location != nil:
		line("<location %g %g>", m.Location.Latitude, m.Location.Longitude)
	}
	for _, row := range m.Buttons {
		labels := make([]string, len(row))
		for i, button := range row {
			labels[i] = "[" + button.Text + "]"
		}
		line("%s", strings.Join(labels, " "))
	}
	if m.Edited != 0 {
		line("(edited)")
	}
}
