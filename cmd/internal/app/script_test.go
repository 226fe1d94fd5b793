package app_test

import (
	"flag"
	"os/exec"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"briefbot/briefings/redistest"
)

var update = flag.Bool("update", false, "write what the scripts' chats say now into the scripts")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Every script is a story: people at their phones, the whole service in this process, a stand-in for Telegram and a Redis. The
// commands of a script are listed in commands_test.go.
func TestStoriesGoAsTheyAreWritten(t *testing.T) {
	t.Run("embedded", func(t *testing.T) {
		play(t, true, *update, func(e *testscript.Env) (redis, error) {
			m := miniredis.NewMiniRedis()
			if err := m.Start(); err != nil {
				return redis{}, err
			}
			e.Defer(m.Close)
			return redis{url: "redis://" + m.Addr(), away: func() { m.SetError("LOADING the dataset") }, back: func() { m.SetError("") }}, nil
		})
	})
	t.Run("server", func(t *testing.T) {
		server := redistest.Server(t)
		var n atomic.Int64
		play(t, false, false, func(*testscript.Env) (redis, error) {
			return redis{url: server.URL() + "?db=0", prefix: "story" + strconv.FormatInt(n.Add(1), 10)}, nil
		})
	})
}

// redis is where a story keeps its state. Stories that share a server have prefixes of their own and cannot take it away.
type redis struct {
	url        string
	prefix     string
	away, back func()
}

func play(t *testing.T, embedded, update bool, start func(*testscript.Env) (redis, error)) {
	t.Helper()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			r, err := start(e)
			if err != nil {
				return err
			}
			s, err := newStory(r)
			if err != nil {
				return err
			}
			e.Values[storyKey{}] = s
			e.Defer(func() { s.finish(e.T()) })
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name == "embedded" { // a Redis of its own, which can be taken away
				return embedded, nil
			}
			_, err := exec.LookPath(name)
			return err == nil, nil
		},
		Cmds: commands,
	})
}
