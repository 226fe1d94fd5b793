package cli_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings/redistest"
)

func TestABackupBringsEverythingBack(t *testing.T) {
	d := newDesk(t)
	d.load()
	file := d.file("state.gz")
	d.must("backup", file)
	if mode, err := os.Stat(file); err != nil || mode.Mode().Perm() != 0o600 {
		t.Errorf("the backup's mode is %v, %v", mode.Mode(), err)
	}
	before := d.must("counts", "MT1") + d.must("meetings") + d.must("report", "2026")

	d.refused("not empty", "restore", file)
	d.must("restore", file, "--force")

	fresh := newDesk(t)
	fresh.must("restore", file)
	if after := fresh.must("counts", "MT1") + fresh.must("meetings") + fresh.must("report", "2026"); stripTimes(after) != stripTimes(before) {
		t.Errorf("brought back:\n%s\nwant:\n%s", after, before)
	}
	if out := fresh.must("roster", "export", fresh.file("a.csv"), "--no-links") + d.must("roster", "export", d.file("a.csv"), "--no-links"); out == "" ||
		read(t, fresh.file("a.csv")) != read(t, d.file("a.csv")) {
		t.Error("the rolls differ")
	}
}

// stripTimes takes away the lines that say when something was counted.
func stripTimes(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		if !strings.Contains(line, "figures") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

func TestABrokenBackupTouchesNothing(t *testing.T) {
	d := newDesk(t)
	d.load()
	d.must("backup", d.file("state.gz"))
	whole := read(t, d.file("state.gz"))
	d.refused("cannot be brought back", "restore", d.file("half.gz", whole[:len(whole)/2]), "--force")
	d.refused("cannot be brought back", "restore", d.file("text", "hello"), "--force")
	d.refused("cannot be read", "restore", d.file("none"), "--force")
	d.must("counts", "MT1")
}

func TestARunningServiceIsNotOverwritten(t *testing.T) {
	d := newDesk(t)
	d.load()
	d.must("backup", d.file("state.gz"))
	redistest.Client(t, d.url).HSet(t.Context(), "briefbot:{lease:planner}", "until", time.Now().Add(time.Minute).UnixMilli())
	d.refused("A service is running", "restore", d.file("state.gz"), "--force")
}

func TestTheDoctorFindsNothingWrong(t *testing.T) {
	d := newDesk(t)
	d.load()
	d.telegram()
	out := d.must("doctor")
	if strings.Contains(out, "wrong") || !strings.Contains(out, "@tin_bot") || strings.Contains(out, d.env["TELEGRAM_TOKEN"]) {
		t.Errorf("the doctor says:\n%s", out)
	}
}

func TestTheDoctorKnowsAServerThatForgets(t *testing.T) {
	server := redistest.Launch(t, redistest.Settings{Fsync: "always"})
	d := newDesk(t)
	d.telegram()
	d.env["REDIS_URL"] = server.URL()
	if out := d.must("doctor"); !strings.Contains(out, "Redis keeps what it confirms") {
		t.Errorf("of a server with an append-only file the doctor says:\n%s", out)
	}
	c := server.Client(t)
	if err := c.ConfigSet(t.Context(), "appendfsync", "everysec").Err(); err != nil {
		t.Fatal(err)
	}
	var version, major, minor int
	if _, err := fmt.Sscanf(versionOf(t, c), "%d.%d", &major, &minor); err == nil {
		version = 100*major + minor
	}
	if _, out, _ := d.run("doctor"); version < 702 != strings.Contains(out, "wrong  appendfsync everysec — a power cut") {
		t.Errorf("of Redis %d that writes every second the doctor says:\n%s", version, out)
	}
	if err := c.ConfigSet(t.Context(), "maxmemory-policy", "allkeys-lru").Err(); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := d.run("doctor"); code != 1 || !strings.Contains(out, "wrong  maxmemory-policy allkeys-lru — a full Redis") {
		t.Errorf("exit %d:\n%s", code, out)
	}
}

// versionOf asks a server for its version.
func versionOf(t *testing.T, c *redis.Client) string {
	t.Helper()
	text, err := c.Info(t.Context(), "server").Result()
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(text, "redis_version:")
	version, _, _ := strings.Cut(rest, "\r\n")
	return version
}

func TestTheDoctorChangesNothing(t *testing.T) {
	d := newDesk(t)
	d.telegram()
	d.must("doctor")
	if n := redistest.Client(t, d.url).DBSize(t.Context()).Val(); n != 0 {
		t.Errorf("%d keys after an examination of an empty store", n)
	}
}

func TestTheDoctorSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(d *desk)
		want  []string
	}{
		"no token":      {func(d *desk) { delete(d.env, "TELEGRAM_TOKEN") }, []string{"TELEGRAM_TOKEN is missing"}},
		"unknown token": {func(d *desk) { d.env["TELEGRAM_TOKEN"] = "1:unknown" }, []string{"does not know TELEGRAM_TOKEN"}},
		"no Telegram":   {func(d *desk) { d.env["TELEGRAM_API_URL"] = "http://127.0.0.1:1" }, []string{"Telegram does not answer"}},
		"no Redis":      {func(d *desk) { d.env["REDIS_URL"] = "unix:///nowhere.sock" }, []string{"Redis does not answer", "@tin_bot"}},
		"no webhook": {func(d *desk) {
			d.env["UPDATES"], d.env["WEBHOOK_SECRET"], d.env["PUBLIC_URL"] = "webhook", "s3cret", "https://bot.example.vn"
		}, []string{"the webhook does not point to https://bot.example.vn"}},
		"settings": {func(d *desk) { d.env["JOIN"], d.env["TIMEZONE"] = "all", "Mars/Olympus" }, []string{"JOIN", "TIMEZONE"}},
		"a newer layout": {func(d *desk) {
			redistest.Client(d.t, d.url).Set(d.t.Context(), "briefbot:{s}:schema", 9, 0)
		}, []string{"layout 9"}},
	} {
		d := newDesk(t)
		d.telegram()
		c.spoil(d)
		code, out, errs := d.run("doctor")
		if code != 1 || errs == "" {
			t.Errorf("%s: exit %d, stderr %q", name, code, errs)
		}
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("%s: %q is not in:\n%s", name, want, out)
			}
		}
		for line := range strings.Lines(out) {
			if !strings.HasPrefix(line, "ok     ") && !strings.HasPrefix(line, "wrong  ") {
				t.Errorf("%s: a line is neither: %q", name, line)
			}
		}
	}
}

func TestAStoreOfAnotherProgramIsLeftAlone(t *testing.T) {
	d := newDesk(t)
	redistest.Client(t, d.url).Set(t.Context(), "briefbot:{s}:schema", 9, 0)
	for _, args := range [][]string{{"meetings"}, {"backup", d.file("b")}, {"roster", "import", d.file("r.csv", heading, "A Mẫu B;0912345678;X;", "")}} {
		d.refused("cannot be used", args...)
	}
	if _, err := os.Stat(d.file("b")); err == nil {
		t.Error("a backup was written")
	}
}
