package cli_test

import (
	"regexp"
	"strings"
	"testing"

	"briefbot/bot"
	"briefbot/briefings"
	"briefbot/briefings/redistest"
)

const heading = "Họ và tên;Số điện thoại;Đơn vị;Chức vụ"

func TestARollIsImportedOnceAndAgainChangesNothing(t *testing.T) {
	d := newDesk(t)
	file := d.file("roll.csv", heading, "Nguyễn Mẫu An;0912345678;Tỉnh ủy;Bí thư", "Trần Mẫu Bình;0912345679;Tỉnh ủy / Xã A;", "")
	if out := d.must("roster", "import", file, "--dry-run"); !strings.Contains(out, "preview") {
		t.Errorf("a dry run says %q", out)
	}
	if empty, err := d.store.Empty(t.Context()); err != nil || !empty {
		t.Errorf("a dry run wrote: empty %v, %v", empty, err)
	}
	if out := d.must("roster", "import", file); !strings.Contains(out, "2 new") {
		t.Errorf("the import says %q", out)
	}
	if out := d.must("roster", "import", file); !strings.Contains(out, "nothing changes") {
		t.Errorf("the second import says %q", out)
	}
	if out := d.must("roster", "import", file, "--language=vi"); !strings.Contains(out, "không có gì thay đổi") {
		t.Errorf("in Vietnamese the import says %q", out)
	}
}

func TestABadRowIsNamedAndNothingIsWritten(t *testing.T) {
	d := newDesk(t)
	file := d.file("roll.csv", heading, "Nguyễn Mẫu An;0912345678;Tỉnh ủy;", ";0912345679;Tỉnh ủy;", "")
	code, out, errs := d.run("roster", "import", file)
	if code != 1 || !strings.Contains(out, "row 3") || !strings.Contains(errs, "nothing was written") {
		t.Errorf("exit %d, stdout %q, stderr %q", code, out, errs)
	}
	if empty, err := d.store.Empty(t.Context()); err != nil || !empty {
		t.Errorf("something was written: empty %v, %v", empty, err)
	}
}

func TestAFileThatCannotBeTakenIsRefused(t *testing.T) {
	d := newDesk(t)
	d.refused("cannot be read", "roster", "import", d.file("none.csv"))
	d.refused("cannot be read", "roster", "import", d.folder)
	code, _, errs := d.run("roster", "import", d.file("photo.xlsx", "\x89PNG\r\n\x1a\n\x00\x00"))
	if code != 1 || strings.Contains(errs, "refused:") || strings.Contains(errs, "<b>") {
		t.Errorf("exit %d, stderr %q", code, errs)
	}
}

func TestHalfARollIsNotTakenForTheWhole(t *testing.T) {
	d := newDesk(t)
	d.load()
	members := func() (active int) {
		roster, err := d.store.Roster(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range roster.Members {
			if m.Status != briefings.Left {
				active++
			}
		}
		return active
	}
	before := members()
	file := d.file("unit.csv", heading, "Hoàng Mẫu Mới;0912345678;T01;", "")
	d.refused("--part", "roster", "import", file)
	if members() != before {
		t.Error("something was written")
	}
	d.must("roster", "import", file, "--part")
	if members() != before+1 {
		t.Errorf("%d members after a part of the roll, want %d", members(), before+1)
	}
	d.must("roster", "import", file, "--whole")
	if n := members(); n >= before/2 {
		t.Errorf("%d members after the whole roll", n)
	}
}

func TestWhatWasExportedImportsWithoutChange(t *testing.T) {
	for _, name := range []string{"roll.xlsx", "roll.csv"} {
		d := newDesk(t)
		d.load()
		d.must("roster", "export", d.file(name), "--no-links")
		if out := d.must("roster", "import", d.file(name)); !strings.Contains(out, "nothing changes") {
			t.Errorf("%s: the import says %q", name, out)
		}
	}
}

func TestAnExportedLinkJoinsItsPerson(t *testing.T) {
	d := newDesk(t)
	d.load()
	d.telegram()
	file := d.file("roll.csv")
	d.must("roster", "export", file)
	links := d.links(file)
	if len(links) == 0 {
		t.Fatal("no links")
	}
	for code, token := range links {
		id, err := d.store.PeekLink(t.Context(), token)
		if err != nil || string(id) != code {
			t.Errorf("the link of %s opens %s: %v", code, id, err)
		}
	}
	d.must("roster", "export", file, "--no-links")
	for code, token := range links {
		if _, err := d.store.PeekLink(t.Context(), token); err != nil {
			t.Errorf("an export without links took the link of %s away: %v", code, err)
		}
	}
	d.must("roster", "export", file, "--links")
	for code, token := range links {
		if _, err := d.store.PeekLink(t.Context(), token); err == nil {
			t.Errorf("the earlier link of %s still works", code)
		}
	}
	if len(d.links(file)) != len(links) {
		t.Errorf("%d links the second time, want %d", len(d.links(file)), len(links))
	}
}

// links reads the invite tokens of an exported file by the code of the member.
func (d *desk) links(file string) map[string]string {
	d.t.Helper()
	found := map[string]string{}
	row := regexp.MustCompile(`(?m)^([^;\n]+);.*https://t\.me/tin_bot\?start=` + bot.InvitePayload("") + `([\w-]{22});`)
	for _, m := range row.FindAllStringSubmatch(read(d.t, file), -1) {
		found[m[1]] = m[2]
	}
	return found
}

func TestWithoutABotsNameThereAreNoLinks(t *testing.T) {
	d := newDesk(t)
	d.load()
	d.refused("bot's name is not known", "roster", "export", d.file("roll.csv"), "--links")
	code, _, errs := d.run("roster", "export", d.file("roll.csv"))
	if code != 0 || !strings.Contains(errs, "bot's name is not known") {
		t.Errorf("exit %d, stderr %q", code, errs)
	}
	redistest.Client(t, d.url).Set(t.Context(), "briefbot:bot", "tin_bot", 0) // as the service leaves it
	d.must("roster", "export", d.file("roll.csv"))
	if len(d.links(d.file("roll.csv"))) == 0 {
		t.Error("no links by the name that the service left")
	}
}

func TestAnExportThatCannotBeWrittenIsRefused(t *testing.T) {
	d := newDesk(t)
	d.load()
	d.refused("cannot be written", "roster", "export", d.file("none/roll.csv"), "--no-links")
}
