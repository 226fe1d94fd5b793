package cli_test

import (
	"slices"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
	"briefbot/scheduler/delivery"
)

func TestAMailingIsSteeredFromTheCommandLine(t *testing.T) {
	d := newDesk(t)
	d.load()
	m := briefings.Mailing{Kind: briefings.KindInvitation, Subject: "MT2", Revision: 1, Due: time.Now()}
	key := string(m.Key())
	if _, err := delivery.NewOutbox(redistest.Client(t, d.url), "briefbot").Put(t.Context(), m, slices.Values([]briefings.MemberNo{1, 2, 3})); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ act, state string }{{"--pause", "paused"}, {"--resume", "running"}, {"--cancel", "cancelled"}} {
		if got := at(t, document(t, d.must("outbox", key, step.act, "--json")), "state"); got != step.state {
			t.Errorf("after %s it is %s", step.act, got)
		}
	}
	if list := document(t, d.must("outbox", key, "--json"))["untold"].([]any); len(list) == 0 {
		t.Error("a stopped mailing names nobody who was not told")
	}
	d.refused("state", "outbox", key, "--resend-failed")
	d.refused("no mailing", "outbox", "invitation/none/1")
	d.refused("by its key", "outbox", "--pause")
}
