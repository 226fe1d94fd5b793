package redistest_test

import (
	"bufio"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings/redistest"
)

func TestSentinelsMakeAReplicaTheMaster(t *testing.T) {
	s := redistest.StartSentinel(t, 2, redistest.Settings{})
	options, err := redis.ParseFailoverURL(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewFailoverClient(options)
	defer func() { _ = c.Close() }()
	first := s.Master(t)
	if err := c.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	first.Kill(t)
	for end := time.Now().Add(30 * time.Second); c.Set(t.Context(), "k", "w", 0).Err() != nil; {
		if time.Now().After(end) {
			t.Fatal("there is no new master")
		}
	}
	for end := time.Now().Add(30 * time.Second); s.Master(t) == first; { // the one Sentinel hears of it a little later
		if time.Now().After(end) {
			t.Fatal("the dead one is the master")
		}
	}
}

func TestClusterMakesAReplicaTheMaster(t *testing.T) {
	s := redistest.StartCluster(t, 3, 1, redistest.Settings{})
	options, err := redis.ParseClusterURL(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	options.ClusterStateReloadInterval = 200 * time.Millisecond
	c := redis.NewClusterClient(options)
	defer func() { _ = c.Close() }()
	key := "k" // some key of the first master, the one with a replica
	for s.Holder(t, c, key) != s.Nodes[0] {
		key += "k"
	}
	s.Nodes[0].Kill(t)
	for end := time.Now().Add(30 * time.Second); c.Set(t.Context(), key, "w", 0).Err() != nil; {
		if time.Now().After(end) {
			t.Fatal("there is no new master")
		}
	}
}

func TestWireCarriesAndFails(t *testing.T) {
	echo, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = echo.Close() }()
	heard := make(chan string, 8)
	go func() {
		for {
			conn, err := echo.Accept()
			if err != nil {
				return
			}
			go func() {
				for lines := bufio.NewReader(conn); ; {
					line, err := lines.ReadString('\n')
					if err != nil {
						return
					}
					heard <- line
					_, _ = conn.Write([]byte(strings.ToUpper(line)))
				}
			}()
		}
	}()
	w := redistest.NewWire(t, echo.Addr().String())
	dial := func() (net.Conn, *bufio.Reader) {
		conn, err := net.Dial("tcp", w.Addr())
		if err != nil {
			t.Fatal(err)
		}
		return conn, bufio.NewReader(conn)
	}
	conn, answers := dial()
	say := func(text string) {
		if _, err := conn.Write([]byte(text + "\n")); err != nil {
			t.Fatal(err)
		}
	}
	say("one")
	if line, err := answers.ReadString('\n'); err != nil || line != "ONE\n" {
		t.Fatalf("answer %q, %v", line, err)
	}
	<-heard
	w.Deafen(true)
	say("two")
	if line := <-heard; line != "two\n" {
		t.Fatalf("heard %q", line)
	}
	w.Cut()
	w.Heal()
	if line, err := answers.ReadString('\n'); err == nil {
		t.Fatalf("an answer came through: %q", line)
	}
	conn, answers = dial()
	say("three")
	if line, err := answers.ReadString('\n'); err != nil || line != "THREE\n" || <-heard != "three\n" {
		t.Fatalf("answer %q, %v", line, err)
	}
	w.Delay(time.Hour, 0)
	say("never")
	w.Cut()
	if _, err := answers.ReadString('\n'); err == nil {
		t.Fatal("a cut wire carried an answer")
	}
	w.Heal()
	conn, answers = dial()
	say("four")
	if line, err := answers.ReadString('\n'); err != nil || line != "FOUR\n" || <-heard != "four\n" {
		t.Fatalf("answer %q, %v", line, err)
	}
}
