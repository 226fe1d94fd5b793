package app_test

import (
	"fmt"
	"testing"
	"time"

	"briefbot/bot/sandbox"
	"briefbot/briefings"
	"briefbot/scheduler/delivery"
)

// A group takes twenty messages a minute. What is too much for it waits, is refused not once, arrives later, and holds nobody else up; nor
// does a group that Telegram itself holds for hours.
func TestAGroupIsGivenItsMessagesOfTheMinuteAndHoldsNobodyUp(t *testing.T) {
	const group, mailings = -1_001_900_000_007, 24
	s, members, server := refusing(t)
	s.stage.AddPerson(sandbox.Person{ID: group, FirstName: "Ban chấp hành"})
	s.stage.SetLimits(sandbox.Limits{PerGroupMinute: 20})
	crowd, err := s.service.Store.UpdateMember(t.Context(), members[0].ID, func(m *briefings.Member) error { m.User = group; return nil })
	if err != nil {
		t.Fatal(err)
	}
	to := []briefings.Member{crowd, members[1], members[2]}
	sent := refusal{state: delivery.Done, mark: delivery.Sent}
	var list []briefings.Mailing
	for n := range mailings {
		m := refusal{name: fmt.Sprintf("group %02d", n), again: true}.mailing(t, s.service)
		put(t, s.service, m, to)
		list = append(list, m)
	}
	parked := 0
	for n, m := range list {
		if n >= 20 {
			parked++
		}
		deadline := time.Now().Add(patience)
		for {
			status, err := s.service.Outbox.Mailing(t.Context(), m.Key())
			if err != nil {
				t.Fatal(err)
			}
			if status.Counts.Sent+status.Counts.Retry == len(to) && status.Counts.Sent >= len(to)-1 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("mailing %d: %+v", n, status.Counts)
			}
			time.Sleep(glance)
		}
	}
	told := func() (all int) {
		for n := range mailings {
			all += heard(t, s.stage, group, fmt.Sprintf("Tin: group %02d", n))
		}
		return all
	}
	if n := told(); n != mailings-parked {
		t.Errorf("the group was told %d times within the minute", n)
	}
	later := time.Now().Add(3 * time.Minute)
	server.SetTime(later)
	s.setClock(s.clock().Add(3 * time.Minute))
	for _, m := range list {
		sent.await(t, s.service, m, to)
	}
	if n := told(); n != mailings {
		t.Errorf("the group was told %d times in the end", n)
	}
	if n := s.stage.Report().TooMany; n != 0 {
		t.Errorf("%d messages were too many", n)
	}

	// Telegram may ask for more than its own rule; that is nobody else's affair either.
	if _, err := s.stage.AddFault(sandbox.Fault{Method: "sendMessage", Code: 429, RetryAfter: 250, Times: 1, Chat: group}); err != nil {
		t.Fatal(err)
	}
	m := refusal{name: "group held", again: true}.mailing(t, s.service)
	put(t, s.service, m, to)
	held := refusal{state: delivery.Running, mark: delivery.Sent}
	held.await(t, s.service, m, to)
	for deadline := time.Now().Add(patience); ; time.Sleep(glance) { // the group was asked for, and waits
		status, err := s.service.Outbox.Mailing(t.Context(), m.Key())
		if err != nil {
			t.Fatal(err)
		}
		if status.Counts.Retry == 1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("nobody waits: %+v", status.Counts)
		}
	}
	if until, _ := s.service.Redis().HGet(t.Context(), s.config.RedisPrefix+":{pace}:bulk", "until").Float64(); until != 0 {
		t.Error("the group's wait holds the lane")
	}
	server.SetTime(later.Add(time.Hour))
	s.setClock(s.clock().Add(time.Hour))
	sent.await(t, s.service, m, to)
}
