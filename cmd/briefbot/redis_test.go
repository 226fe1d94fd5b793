package main_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"

	"briefbot/briefings/redistest"
)

func TestServiceDoesNotServeOnARedisThatForgets(t *testing.T) {
	for setting, args := range map[string][]string{
		"appendonly":       {"--appendonly", "no"},
		"maxmemory-policy": {"--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"},
	} {
		t.Run(setting, func(t *testing.T) {
			w := newTown(t, 0, 30)
			w.env = append(w.env, "REDIS_URL="+redistest.Launch(t, redistest.Settings{Args: args}).URL())
			path, err := binary()
			if err != nil {
				t.Fatal(err)
			}
			var complaint bytes.Buffer
			cmd := exec.Command(path, "serve")
			cmd.Env, cmd.Stderr = w.env, &complaint
			if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != 1 {
				t.Fatalf("the service ended with %v", err)
			}
			if said := complaint.String(); !strings.Contains(said, "redis has "+setting) || !strings.Contains(said, "set "+setting) || !strings.Contains(said, "REDIS_UNSAFE") {
				t.Errorf("it does not say what is wrong and what to do: %s", said)
			}
			w.env = append(w.env, "REDIS_UNSAFE=true")
			w.serve()
		})
	}
}

// While Redis is away whoever taps reads at once that nothing was recorded, an administrator reads a red light, and both find
// everything well when it is back.
func TestTapDuringAnOutageIsAnsweredAndCanBeMadeAgain(t *testing.T) {
	shorten(t)
	w := newTown(t, 3, 1000)
	if w.server == nil {
		t.Skip("there is no redis-server to kill")
	}
	w.env = append(w.env, fmt.Sprintf("ADMIN_IDS=%d", w.boss))
	key := w.announce()
	s := w.serve()
	w.done(key)
	w.server.Kill(t)
	toast, err := w.stage.Tap(t.Context(), w.people[0], attendLabel)
	if err != nil || !strings.Contains(toast.Text, "Chưa ghi được") {
		t.Errorf("the person reads %q, %v", toast.Text, err)
	}
	asked := w.say(w.boss, "/tinhtrang")
	w.hears("🔴 Lúc này chưa gửi được", asked)
	await(t, "the service to notice", func() bool { return strings.Contains(s.log.String(), "sending waits") })
	w.server.Restart(t)
	await(t, "the service to go on", func() bool { return strings.Contains(s.log.String(), "redis answers again") })
	again := w.press(w.people[1:], attendLabel)
	// The first tap has come again by itself, and then the button is gone, or it has not: it makes no difference.
	if _, err := w.stage.Tap(t.Context(), w.people[0], attendLabel); err != nil && !strings.Contains(err.Error(), "no button") {
		t.Errorf("the second tap: %v", err)
	}
	again.all.Wait()
	await(t, "everybody to be recorded", func() bool { people, answers := w.accepted(); return len(people) == 3 && answers == 3 })
	asked = w.say(w.boss, "/status")
	w.hears("gián đoạn từ", asked)
	w.answered()
	w.refusals(1)
}

// An outage that outlasts the poller's lease is told all the same: whoever taps then reads at once that nothing was recorded, an
// administrator sees the red light, and after it everything that was done is recorded once.
func TestTapInALongOutageIsAnsweredWhileItLasts(t *testing.T) {
	shorten(t)
	for name, c := range map[string]struct {
		away, back func(*redistest.Process, *testing.T)
	}{
		"killed":    {(*redistest.Process).Kill, (*redistest.Process).Restart},
		"suspended": {(*redistest.Process).Pause, (*redistest.Process).Resume},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // they wait more than they work
			w := newTown(t, 3, 1000)
			if w.server == nil {
				t.Skip("there is no redis-server to take away")
			}
			w.env = append(w.env, fmt.Sprintf("ADMIN_IDS=%d", w.boss))
			key := w.announce()
			s := w.serve()
			w.done(key)
			c.away(w.server, t)
			back := sync.OnceFunc(func() { c.back(w.server, t) })
			defer back()
			await(t, "the lease to be lost", func() bool { return lostPoller.MatchString(s.log.String()) })
			for _, who := range w.people[:2] {
				toast, err := w.stage.Tap(t.Context(), who, attendLabel)
				if err != nil || !strings.Contains(toast.Text, "Chưa ghi được") {
					t.Errorf("the person reads %q, %v", toast.Text, err)
				}
			}
			w.hears("🔴 Lúc này chưa gửi được", w.say(w.boss, "/tinhtrang"))
			w.hears("🔴 Lúc này chưa gửi được", w.say(w.boss, "/status")) // what was told is looked at no more, what is new is
			back()
			await(t, "the service to go on", func() bool { return strings.Contains(s.log.String(), "redis answers again") })
			w.press(w.people[2:], attendLabel).all.Wait()
			for _, who := range w.people[:2] { // it came again by itself and took the button away, or is made again
				if _, err := w.stage.Tap(t.Context(), who, attendLabel); err != nil && !strings.Contains(err.Error(), "no button") {
					t.Errorf("the second tap: %v", err)
				}
			}
			await(t, "everybody to be recorded", func() bool { people, answers := w.accepted(); return len(people) == 3 && answers == 3 })
			w.hears("gián đoạn từ", w.say(w.boss, "/status"))
			w.answered()
			w.refusals(3)
		})
	}
}

var lostPoller = regexp.MustCompile(`lease lost.*lease"?[=:]"?poller`)
