package cli_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefbot/bot/sandbox"
	"briefbot/briefings/redisstore"
	"briefbot/briefings/redistest"
	"briefbot/cmd/internal/cli"
	"briefbot/cmd/internal/sample"
)

// desk is a terminal beside a store.
type desk struct {
	t      *testing.T
	folder string
	env    map[string]string
	store  *redisstore.Store
	url    string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	url := redistest.URL(t)
	d := &desk{t: t, folder: t.TempDir(), url: url, env: map[string]string{"REDIS_URL": url, "LANGUAGE": "en"}}
	d.store = redisstore.New(redistest.Client(t, url), "briefbot", redisstore.Options{Now: time.Now})
	return d
}

// file names a file of the test's own folder, and writes it when there is content.
func (d *desk) file(name string, content ...string) string {
	d.t.Helper()
	path := filepath.Join(d.folder, name)
	if len(content) > 0 {
		if err := os.WriteFile(path, []byte(strings.Join(content, "\n")), 0o600); err != nil {
			d.t.Fatal(err)
		}
	}
	return path
}

func (d *desk) run(args ...string) (code int, stdout, stderr string) {
	d.t.Helper()
	var out, errs bytes.Buffer
	code = cli.Main(d.t.Context(), args, func(name string) (string, bool) { v, ok := d.env[name]; return v, ok }, &out, &errs)
	return code, out.String(), errs.String()
}

// must runs a command that succeeds without a word on standard error.
func (d *desk) must(args ...string) string {
	d.t.Helper()
	code, out, errs := d.run(args...)
	if code != 0 || errs != "" {
		d.t.Fatalf("%v: exit %d, stderr %q, stdout %q", args, code, errs, out)
	}
	return out
}

// refused runs a command that is refused with a sentence.
func (d *desk) refused(sentence string, args ...string) {
	d.t.Helper()
	code, _, errs := d.run(args...)
	if code != 1 || !strings.Contains(errs, sentence) || !strings.HasPrefix(errs, "briefbot: ") {
		d.t.Errorf("%v: exit %d, stderr %q; want 1 and %q", args, code, errs, sentence)
	}
}

// document is the only JSON document of a text.
func document(t *testing.T, text string) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	var doc map[string]any
	if err := d.Decode(&doc); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	if _, err := d.Token(); err != io.EOF {
		t.Fatalf("more than one document in %q", text)
	}
	return doc
}

// load puts the sample organisation into the store.
func (d *desk) load() *sample.Sample {
	d.t.Helper()
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		d.t.Fatal(err)
	}
	s, err := sample.Load(zone)
	if err != nil {
		d.t.Fatal(err)
	}
	ctx := d.t.Context()
	check := func(err error) {
		d.t.Helper()
		if err != nil {
			d.t.Fatal(err)
		}
	}
	check(d.store.CheckSchema(ctx))
	check(d.store.ApplyRoster(ctx, s.Roster))
	for _, m := range s.Meetings {
		check(d.store.AddMeeting(ctx, &m.Meeting))
		_, err := d.store.Invite(ctx, m.ID, m.Seats)
		check(err)
	}
	for _, a := range s.Activities {
		check(d.store.AddActivity(ctx, &a))
	}
	return s
}

// telegram starts a stand-in and lets the settings point at it.
func (d *desk) telegram() {
	d.t.Helper()
	server := sandbox.New(sandbox.Config{BotUsername: "tin_bot"})
	listener := httptest.NewServer(server.Handler())
	d.t.Cleanup(func() { server.Close(); listener.Close() })
	d.env["TELEGRAM_TOKEN"], d.env["TELEGRAM_API_URL"] = server.Token(), listener.URL
}

func TestWrongUsageIsExitTwo(t *testing.T) {
	d := newDesk(t)
	for _, args := range [][]string{
		{"nonsense"}, {"counts"}, {"counts", "m1", "m2"}, {"--nonsense"}, {"roster"}, {"roster", "import"}, {"report"},
		{"roster", "import", "x.csv", "--part", "--whole"}, {"--admin-ids=x", "meetings"},
	} {
		if code, out, errs := d.run(args...); code != 2 || out != "" || !strings.HasPrefix(errs, "briefbot: ") {
			t.Errorf("%v: exit %d, stdout %q, stderr %q", args, code, out, errs)
		}
	}
}

func TestEveryCommandExplainsItself(t *testing.T) {
	d := newDesk(t)
	d.env["REDIS_URL"] = "nowhere"
	for _, command := range []string{"", "serve", "roster", "roster import", "roster export", "meetings", "counts", "report", "outbox", "backup", "restore", "doctor"} {
		out := d.must(append(strings.Fields(command), "--help")...)
		if !strings.HasPrefix(out, "Usage: briefbot") || !strings.Contains(out, "($REDIS_URL)") {
			t.Errorf("%s --help says %q", command, out)
		}
	}
}

func TestAllComplaintsAboutSettingsComeAtOnce(t *testing.T) {
	d := newDesk(t)
	d.env = map[string]string{
		"ADMIN_IDS": "1,two", "BROADCAST_RATE": "fast", "JOIN": "anybody", "REDIS_URL_FILE": d.file("none"), "CONTACT": "a", "CONTACT_FILE": d.file("b", "b"),
		"QUIET_HOURS": "night", "TELEGRAM_TOKEN": "a token", "TELEGRAM_PROXY": "ftp://a", "TELEGRAM_API_URL": "telegram", "HTTP_ADDR": "here",
		"PUBLIC_URL": "example.vn",
	}
	code, out, errs := d.run()
	if code != 1 || out != "" {
		t.Errorf("exit %d, stdout %q", code, out)
	}
	for _, name := range []string{"ADMIN_IDS", "BROADCAST_RATE", "JOIN", "REDIS_URL_FILE", "CONTACT_FILE", "QUIET_HOURS", "TELEGRAM_TOKEN", "TELEGRAM_PROXY", "TELEGRAM_API_URL", "HTTP_ADDR", "PUBLIC_URL"} {
		if !strings.Contains(errs, name) {
			t.Errorf("no complaint about %s in %q", name, errs)
		}
	}
}

func TestASettingIsAFlagElseTheEnvironmentElseTheDefault(t *testing.T) {
	t.Setenv("REDIS_PREFIX", "of-the-process") // must not matter: the environment is the one that was handed in
	d := newDesk(t)
	d.load()
	if n := len(document(t, d.must("meetings", "--json"))["meetings"].([]any)); n != 3 {
		t.Errorf("by default %d meetings, want 3", n)
	}
	d.env["REDIS_PREFIX"] = "other"
	if n := len(document(t, d.must("meetings", "--json"))["meetings"].([]any)); n != 0 {
		t.Errorf("under the environment's prefix %d meetings, want 0", n)
	}
	if n := len(document(t, d.must("meetings", "--json", "--redis-prefix=briefbot"))["meetings"].([]any)); n != 3 {
		t.Errorf("under the flag's prefix %d meetings, want 3", n)
	}
	d.env["REDIS_PREFIX"] = ""
	if n := len(document(t, d.must("meetings", "--json"))["meetings"].([]any)); n != 3 {
		t.Errorf("with an empty variable %d meetings, want 3", n)
	}
	delete(d.env, "REDIS_PREFIX")
	d.env["REDIS_URL_FILE"] = d.file("url", d.env["REDIS_URL"]+"\n")
	delete(d.env, "REDIS_URL")
	if n := len(document(t, d.must("meetings", "--json"))["meetings"].([]any)); n != 3 {
		t.Errorf("with the address in a file %d meetings, want 3", n)
	}
}

func TestADesktopsLanguageListIsNotASetting(t *testing.T) {
	d := newDesk(t)
	d.env["LANGUAGE"] = "en_GB:en"
	if out := d.must("meetings"); !strings.Contains(out, "hội nghị") {
		t.Errorf("the list of a desktop changed the language: %q", out)
	}
	d.env["LANGUAGE"] = "fr"
	d.refused("LANGUAGE", "meetings")
}

func TestARedisThatIsNotThereIsOneSentence(t *testing.T) {
	d := newDesk(t)
	d.env["REDIS_URL"] = "unix://" + d.file("nowhere.sock")
	for _, args := range [][]string{{"meetings"}, {"counts", "m1"}, {"outbox", "--json"}, {"report", "2026"}, {"backup", d.file("b")}} {
		d.refused("Redis does not answer", args...)
	}
}

func TestTheServiceSaysNothingOnStandardOutput(t *testing.T) {
	d := newDesk(t)
	d.env["TELEGRAM_TOKEN"], d.env["HTTP_ADDR"] = "not a token", ""
	if code, out, errs := d.run("serve"); code != 1 || out != "" || !strings.Contains(errs, "TELEGRAM_TOKEN") || strings.Contains(errs, "not a token") {
		t.Errorf("exit %d, stdout %q, stderr %q", code, out, errs)
	}
}
