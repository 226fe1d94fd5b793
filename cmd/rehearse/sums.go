package main

import (
	"fmt"
)

// figures are named numbers and words: "accepted", "venue/Hội trường xã Ao Sen/present", "person/Lê Mẫu An/answer".
type figures map[string]string

// counter adds up numbers by name.
type counter map[string]int

func (c counter) add(key string, n int) { c[key] += n }

// answerNames are the answers as the document names them.
var answerNames = map[intent]string{silent: "none", accepts: "accepted", leaves: "declined", sends: "delegated"}

// figures are all the figures there are, as they must be now.
func (t *tally) figures() figures {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, out := counter{}, figures{}
	scopes := []string{""}
	for _, v := range t.venues {
		scopes = append(scopes, "venue/"+v.name+"/")
	}
	for i, head := range t.heads {
		for _, s := range t.seats {
			if s.head == i { // a unit of which nobody is called has no row
				scopes = append(scopes, "unit/"+head+"/")
				break
			}
		}
	}
	for _, scope := range scopes { // so that a zero is a figure too
		for _, key := range []string{"invited", "accepted", "declined", "delegated", "none", "present", "represented", "excused", "unexcused",
			"pending", "attended", "coming", "silent", "checked_in", "late", "guests", "headcount"} {
			n.add(scope+key, 0)
		}
	}
	for p, s := range t.seats {
		answer, outcome := s.standing(), s.outcome(t.closed)
		for _, scope := range []string{"", "venue/" + t.venues[s.venue].name + "/", "unit/" + t.heads[s.head] + "/"} {
			n.add(scope+"invited", 1)
			n.add(scope+answerNames[answer], 1)
			n.add(scope+outcome, 1)
			if s.here {
				n.add(scope+"attended", 1)
				n.add(scope+"checked_in", 1)
			}
			if answer == accepts || answer == sends {
				n.add(scope+"coming", 1)
			}
			if answer == silent && !s.here {
				n.add(scope+"silent", 1)
			}
			if s.late {
				n.add(scope+"late", 1)
			}
		}
		out["person/"+p.name+"/answer"] = answerNames[answer]
		out["person/"+p.name+"/attendance"] = outcome
	}
	for i, v := range t.venues {
		c, closed := t.closings[i]
		if !closed {
			c.guests = t.counted[i] + len(t.walked[i])
		}
		out["venue/"+v.name+"/closed"] = fmt.Sprint(closed)
		out["venue/"+v.name+"/sign"] = t.lights[i]
		if closed {
			out["venue/"+v.name+"/sign"] = "☑️"
		}
		for _, scope := range []string{"", "venue/" + v.name + "/"} {
			n.add(scope+"headcount", c.heads)
			n.add(scope+"guests", c.guests)
		}
	}
	for key, value := range n {
		out[key] = fmt.Sprint(value)
	}
	if t.quota {
		stand := 0
		for _, p := range t.named { // leave that stands gives the place back
			if s := t.seats[p]; s.answer != leaves || s.leave != granted || s.here {
				stand++
			}
		}
		out["quota/"+delegates+"/named"], out["quota/"+delegates+"/places"] = fmt.Sprint(stand), fmt.Sprint(places)
	}
	for _, scope := range scopes {
		out[scope+"rate"] = rate(n[scope+"attended"], n[scope+"invited"])
		// A row in the chat shows who came once anybody came, and who says they will before.
		shown := "coming"
		if t.closed || n["attended"] > 0 {
			shown = "attended"
		}
		out[scope+"shown"] = out[scope+shown]
	}
	return out
}

// rate is a percentage with one decimal, rounded half up; "-" of nobody.
func rate(n, of int) string {
	if of == 0 {
		return "-"
	}
	tenths := (n*1000*2 + of) / (2 * of)
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}
