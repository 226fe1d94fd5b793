package app_test

import (
	"regexp"
	"testing"
	"time"

	"briefbot/bot/sandbox"
	"briefbot/briefings/redistest"
)

// The machine's clock is ten minutes behind. What is due is due by the clock of Redis, which all replicas share, and the status says so.
func TestTheServiceGoesByTheClockOfRedis(t *testing.T) {
	server := redistest.Embedded(t)
	server.SetTime(time.Now().Add(10 * time.Minute))
	s, err := newStory(redis{url: "redis://" + server.Addr() + "/0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.halt(); s.web.Close(); s.stage.Close() })
	s.config.Now, s.config.AdminIDs = nil, []int64{42}
	s.stage.AddPerson(sandbox.Person{ID: 42, FirstName: "boss"})
	if err := s.serve(); err != nil {
		t.Fatal(err)
	}
	if ahead := time.Until(s.service.Config.Now()); ahead < 9*time.Minute || ahead > 11*time.Minute {
		t.Errorf("the service is %v ahead of the machine", ahead)
	}
	if _, err := s.stage.Say(42, "/tinhtrang"); err != nil {
		t.Fatal(err)
	}
	said, err := s.stage.Await(t.Context(), 42, "Đồng hồ của máy chạy bot lệch", 0, patience)
	if err != nil || !regexp.MustCompile(`lệch (59|60)\d giây`).MatchString(said.Text) {
		t.Errorf("the status says %q, %v", said.Text, err)
	}
}
