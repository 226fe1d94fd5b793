package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
	"briefbot/scheduler/delivery"
)

// shapes are what scripts rely on, one example a command: every field is there under its name with a value of this type, in every entry
// of a list. Fields may be added beside them; a list that ends in "…" may be empty, and a field whose name ends in "?" may be missing.
var shapes = map[string]string{
	"counts MT1": `{"meeting":"…","title":"…","starts_at":"2026-12-03T14:00:00+07:00","as_of":"2026-12-03T14:00:00+07:00",
		"invited":53,
		"answers":{"accepted":44,"declined":4,"delegated":2,"none":3},
		"attendance":{"present":45,"represented":2,"excused":4,"unexcused":2,"late":0,"guests":0},
		"rate":88.7,
		"venues":[{"id":"…","name":"…","invited":16,"present":13,"represented":1,"excused":2,"unexcused":0,"checked_in":14,"headcount":18,"guests":4,"closed":true}],
		"units":[{"id":"…","name":"…","invited":16,"present":13,"represented":1,"excused":2,"unexcused":0}]}`,
	"counts MT2": `{"meeting":"…","title":"…","starts_at":"2026-12-03T14:00:00+07:00","as_of":"2026-12-03T14:00:00+07:00",
		"invited":53,
		"answers":{"accepted":44,"declined":4,"delegated":2,"none":3},
		"attendance":{"present":45,"represented":2,"excused":4,"unexcused":2,"pending":3,"late":0,"guests":0},
		"venues":[{"id":"…","name":"…","invited":16,"pending":1,"checked_in":14,"headcount":18,"guests":4,"closed":false}],
		"units":[{"id":"…","name":"…","invited":16,"pending":1}]}`,
	"meetings": `{"meetings":[{"id":"…","title":"…","starts_at":"2026-12-03T14:00:00+07:00","status":"…","invited":53,"accepted":44}]}`,
	"report 2026": `{"period":"2026","from":"2026-01-01","to":"2026-12-31","as_of":"2026-12-03T14:00:00+07:00",
		"meetings":{"conferences":1,"venues":4,"invited":53,"present":45,"represented":2,"excused":4,"unexcused":2,"attended":47,"guests":0,"rate":88.7,
			"list":[{"meeting":"…","title":"…","starts_at":"2026-12-03T14:00:00+07:00","venues":4,
				"invited":53,"present":45,"represented":2,"excused":4,"unexcused":2,"attended":47,"guests":0}]},
		"activities":{"conferences":{},"oral_work":{"sessions":1,"attendances":15}}}`,
	"outbox": `{"mailings":[{"key":"…","kind":"…","subject":"…","title":"…","state":"…","why?":"…","due":"2026-12-03T14:00:00+07:00",
		"started?":"2026-12-03T14:00:00+07:00","finished?":"2026-12-03T14:00:00+07:00","total":3,
		"counts":{"pending":3,"sent":0,"failed":0,"skipped":0,"unknown":0,"retry":0,"expired":0}}]}`,
	"outbox invitation/MT2/1": `{"key":"…","state":"…","why?":"…","total":3,
		"counts":{"pending":3,"sent":0,"failed":0,"skipped":0,"unknown":0,"retry":0,"expired":0},
		"untold":[{"member":"…","name":"…","phone?":"…","why":"…"},"…"]}`,
}

func TestEveryDocumentHasTheFieldsThatScriptsRelyOn(t *testing.T) {
	d := newDesk(t)
	d.load()
	box := delivery.NewOutbox(redistest.Client(t, d.url), "briefbot")
	m := briefings.Mailing{Kind: briefings.KindInvitation, Subject: "MT2", Revision: 1, Due: time.Now()}
	if _, err := box.Put(t.Context(), m, slices.Values([]briefings.MemberNo{1, 2, 3})); err != nil {
		t.Fatal(err)
	}
	for command, shape := range shapes {
		var want any
		if err := json.Unmarshal([]byte(shape), &want); err != nil {
			t.Fatal(err)
		}
		got := document(t, d.must(append(strings.Fields(command), "--json")...))
		for _, fault := range differs(command, want, got) {
			t.Error(fault)
		}
	}
	// The equation of a closed meeting, for the whole and every part of it.
	closed := document(t, d.must("counts", "MT1", "--json"))
	parts := append(slices.Clone(closed["venues"].([]any)), closed["units"].([]any)...)
	whole := closed["attendance"].(map[string]any)
	whole["invited"] = closed["invited"]
	for _, part := range append(parts, any(whole)) {
		p := part.(map[string]any)
		sum := 0.0
		for _, name := range []string{"present", "represented", "excused", "unexcused"} {
			sum += p[name].(float64)
		}
		if sum != p["invited"] {
			t.Errorf("%v comes to %v", p, sum)
		}
		if _, ok := p["pending"]; ok {
			t.Errorf("%v is pending after the closing", p)
		}
	}
}

// differs lists where a document is not of a shape.
func differs(path string, want, got any) (faults []string) {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s is %v, no object", path, got)}
		}
		for name, inner := range want {
			name, optional := strings.CutSuffix(name, "?")
			value, ok := object[name]
			if ok {
				faults = append(faults, differs(path+" "+name, inner, value)...)
			} else if !optional {
				faults = append(faults, fmt.Sprintf("%s has no %q", path, name))
			}
		}
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) == 0 && len(want) == 1 {
			return []string{fmt.Sprintf("%s is %v, no list with entries", path, got)}
		}
		for i, one := range list {
			faults = append(faults, differs(fmt.Sprintf("%s %d", path, i), want[0], one)...)
		}
	case string:
		text, ok := got.(string)
		if !ok {
			return []string{fmt.Sprintf("%s is %v, no text", path, got)}
		}
		for _, layout := range []string{time.RFC3339, time.DateOnly} {
			if _, err := time.Parse(layout, want); err != nil {
				continue
			}
			if at, err := time.Parse(layout, text); err != nil || layout == time.RFC3339 && at.Format("-07:00") != "+07:00" {
				faults = append(faults, fmt.Sprintf("%s is %q, not of the form %s", path, text, want))
			}
		}
	default:
		if fmt.Sprintf("%T", got) != fmt.Sprintf("%T", want) {
			return []string{fmt.Sprintf("%s is %v, a %T; want a %T", path, got, got, want)}
		}
	}
	return faults
}
