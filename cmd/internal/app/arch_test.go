package app_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Names of the outside that the rules speak of, by the first part of their import path.
const (
	redisClient  = "github.com/redis/go-redis"
	cronLibrary  = "github.com/robfig/cron"
	telegramKit  = "github.com/go-telegram-bot-api"
	embeddedOnes = "github.com/alicebob/miniredis"
)

// rule says what a part of the house may import and what it must not reach by any way. A path covers itself and everything below it;
// of several rules that cover a package the most exact counts.
type rule struct {
	pkg   string
	may   []string // own packages it may import; nil: any
	libs  []string // of the libraries named above, those it may import
	never []string // what must not be among its dependencies, however indirectly
	why   string
}

var rules = []rule{
	{"briefings", []string{}, nil, []string{redisClient, cronLibrary, telegramKit, "golang.org/x", "net/http"}, "the domain compiles with the standard library alone"},
	{
		"briefings/redisstore",
		[]string{"briefings"},
		[]string{redisClient},
		[]string{cronLibrary, telegramKit, "briefbot/bot", "briefbot/scheduler"},
		"the store knows the domain and Redis",
	},
	{"briefings/redistest", []string{}, []string{redisClient, embeddedOnes}, []string{cronLibrary, telegramKit}, "a Redis for tests knows nothing of us"},
	{"briefings/failpoint", []string{}, nil, outside, "a place where tests end the program; nothing in what ships"},
	{"briefings/richtext", children, nil, outside, "a format of the domain's"},
	{"briefings/vietnamese", children, nil, outside, "a format of the domain's"},
	{"briefings/i18n", children, nil, outside, "a format of the domain's"},
	{"briefings/report", children, nil, outside, "a format of the domain's"},
	{"briefings/rosterfile", children, nil, outside, "a format of the domain's"},
	{"briefings/calendar", children, nil, outside, "a format of the domain's"},
	{
		"scheduler",
		[]string{"briefings"},
		[]string{cronLibrary},
		[]string{redisClient, telegramKit, "briefbot/bot", "briefbot/briefings/redisstore"},
		"when things happen is decided from facts and the clock",
	},
	{
		"scheduler/delivery",
		[]string{"briefings", "briefings/failpoint"},
		[]string{redisClient},
		[]string{cronLibrary, telegramKit, "briefbot/bot", "briefbot/briefings/redisstore"},
		"the engine judges outcomes by behaviour and imports no channel",
	},
	{"scheduler/lease", []string{"briefings"}, []string{redisClient}, []string{cronLibrary, telegramKit, "briefbot/bot"}, "a lease is a lease of anything"},
	{
		"bot",
		[]string{"briefings", "bot"},
		[]string{redisClient, telegramKit},
		[]string{cronLibrary, "briefbot/scheduler", "briefbot/briefings/redisstore", "briefbot/bot/sandbox"},
		"the bot writes facts through its own ports and never enqueues",
	},
	{"bot/internal/wizard", []string{}, nil, []string{redisClient, telegramKit, cronLibrary}, "a dialogue's steps are pure"},
	{"bot/internal/callback", []string{}, nil, []string{redisClient, telegramKit, cronLibrary}, "what a button means is a value"},
	{"bot/board", []string{"briefings", "briefings/i18n"}, nil, []string{redisClient, telegramKit, cronLibrary}, "the board is a page about facts"},
	{"bot/sandbox", []string{}, nil, []string{redisClient, telegramKit, cronLibrary}, "a fake that shares the client's types shares its mistakes"},
	{"cmd/briefbot", []string{"cmd/internal/app", "cmd/internal/cli"}, nil, []string{embeddedOnes, "briefbot/bot/sandbox"}, "what runs for real carries no stand-in"},
	{"cmd", nil, []string{redisClient, embeddedOnes}, nil, "programs put the parts together"},
	{"cmd/internal/app", nil, []string{redisClient}, []string{embeddedOnes, "briefbot/bot/sandbox"}, "the only place where all packages meet"},
}

var (
	children = []string{"briefings", "briefings/richtext", "briefings/vietnamese", "briefings/i18n", "briefings/report", "briefings/calendar"}
	outside  = []string{redisClient, cronLibrary, telegramKit, "briefbot/bot", "briefbot/scheduler", "briefbot/briefings/redisstore"}
)

// listed is what the go command says of a package, without its tests.
type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func TestArchitecture(t *testing.T) {
	packages := list(t)
	governed := map[string]bool{}
	for _, p := range packages {
		path, _ := strings.CutPrefix(p.ImportPath, "briefbot/")
		r, found := covering(path)
		if !found {
			t.Errorf("no rule says what %s may import: add it to the rules, or put its code where it belongs", path)
			continue
		}
		governed[r.pkg] = true
		for _, i := range p.Imports {
			if own, ours := strings.CutPrefix(i, "briefbot/"); ours && r.may != nil && !allowed(r, path, own) {
				t.Errorf("%s imports %s: %s", path, own, r.why)
			}
			for _, lib := range []string{redisClient, cronLibrary, telegramKit, embeddedOnes} {
				if below(i, lib) && !slices.Contains(r.libs, lib) {
					t.Errorf("%s imports %s: %s", path, i, r.why)
				}
			}
		}
		for _, d := range p.Deps {
			for _, n := range r.never {
				if below(d, n) && d != p.ImportPath {
					t.Errorf("%s reaches %s: %s", path, d, r.why)
				}
			}
		}
	}
	for _, r := range rules {
		if !governed[r.pkg] && !slices.Contains(later, r.pkg) {
			t.Errorf("a rule speaks of %s, and there is no such package", r.pkg)
		}
	}
}

// later are places that the plan of the house keeps free.
var later = []string{"bot/internal/wizard"}

// allowed tells whether a package may import another of ours.
func allowed(r rule, from, to string) bool {
	for _, m := range r.may {
		if to == m || m != "briefings" && below(to, m) {
			return true
		}
		if m == "briefings" && r.pkg == "bot" && below(to, m) { // the bot uses all formats of the domain
			return true
		}
	}
	return to == from
}

func covering(path string) (best rule, found bool) {
	for _, r := range rules {
		if below(path, r.pkg) && len(r.pkg) > len(best.pkg) {
			best, found = r, true
		}
	}
	return best, found
}

func below(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

func list(t *testing.T) (packages []listed) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,Deps", "briefbot/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for in := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := in.Decode(&p); err == io.EOF {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// The top level is cmd, bot, briefings, scheduler and nothing else.
func TestTheHouseHasFourDoors(t *testing.T) {
	for _, p := range list(t) {
		path, _ := strings.CutPrefix(p.ImportPath, "briefbot/")
		if top, _, _ := strings.Cut(path, "/"); !slices.Contains([]string{"cmd", "bot", "briefings", "scheduler"}, top) {
			t.Errorf("%s stands at the top", path)
		}
	}
}
