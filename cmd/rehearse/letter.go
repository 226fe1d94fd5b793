package main

import (
	"context"
	"fmt"
	"strings"
)

const (
	letterTitle = "Hội nghị báo cáo viên chuyên đề"
	letterHall  = "Hội trường tầng 2, Trụ sở Tỉnh ủy"
)

// letter is an official letter as an office sends it round, with its letterhead and all that stands below.
func (w *world) letter() string {
	starts := w.on(7, 14, 0)
	hour, day, _ := strings.Cut(w.moment(w.organizer, starts), ", ")
	var venues, invited strings.Builder
	for _, h := range w.near() {
		fmt.Fprintf(&invited, "- %s;\n", w.heads[h])
	}
	fmt.Fprintf(&venues, "- %s: Hội trường %s\n", w.heads[1], w.heads[1])
	return fmt.Sprintf(`TỈNH ỦY MINH GIANG          ĐẢNG CỘNG SẢN VIỆT NAM
BAN TUYÊN GIÁO VÀ DÂN VẬN
*
Số 27-GM/BTGTU              Minh Giang, %s

GIẤY MỜI

Kính gửi: Các đồng chí báo cáo viên
Ban Tuyên giáo và Dân vận Tỉnh ủy trân trọng kính mời các đồng chí tới dự %s, cụ thể như sau:
1. Thời gian: Từ %s đến 16 giờ 30, %s (01 buổi).
2. Địa điểm:
- Điểm cầu tỉnh: %s
%s3. Thành phần:
%s4. Nội dung:
- Tình hình thời sự nổi bật trong nước và thế giới;
- Định hướng công tác tuyên truyền.
5. Chủ trì: Đồng chí Trưởng Ban Tuyên giáo và Dân vận Tỉnh ủy
Đề nghị các đồng chí xác nhận tham dự trước ngày %s.
Trân trọng./.

Nơi nhận:
- Như trên;
- Lưu VT.
K/T TRƯỞNG BAN
`, w.dayWords(w.starts), letterTitle, hour, day, letterHall, venues.String(), invited.String(), w.on(6, 17, 0).Format("02/01/2006"))
}

// pasteLetter pastes the letter, checks what was read of it, adds a paper and a photograph, and sends.
func (d *day) pasteLetter(ctx context.Context) error {
	w, o := d.w, d.w.organizer
	people := w.of(w.near()...)
	c := &composer{day: d, who: o}
	if err := c.start(ctx, "btn.wiz_letter"); err != nil {
		return err
	}
	if err := c.say(ctx, w.letter()); err != nil {
		return err
	}
	if _, err := d.hear(ctx, o, c.at.ID-2, "wiz.letter_read", "n", gap); err != nil {
		return err
	}
	_, size, _ := strings.Cut(w.text(o, "wiz.people", "who", gap, "n", len(people)), gap)
	for _, want := range []string{letterTitle, w.moment(o, w.on(7, 14, 0)), w.moment(o, w.on(6, 17, 0)), letterHall, size, "27-GM/BTGTU"} {
		if !strings.Contains(c.at.Text, want) {
			d.complain("of the letter %q was not read: %s", want, c.at.Text)
		}
	}
	if err := c.attachPaper(ctx, programme); err != nil {
		return err
	}
	if err := c.attachPicture(ctx); err != nil {
		return err
	}
	if err := c.preview(ctx, people); err != nil {
		return err
	}
	preview := c.at.ID
	if err := c.send(ctx, people); err != nil {
		return err
	}
	venues := []*venue{{name: letterHall}, {name: "Hội trường " + w.heads[1], head: 1}}
	own := tallyOf(venues, w.heads, people, func(p *person) int {
		if p.head == 1 {
			return 1
		}
		return 0
	})
	var err error
	if d.pasted, err = d.begin(ctx, letterTitle, own); err != nil {
		return err
	}
	cards, err := d.notices(ctx, d.pasted, o, preview)
	if err != nil {
		return err
	}
	if err := d.awaitPapers(ctx, letterTitle, people, 2); err != nil {
		return err
	}
	called := map[*person]bool{}
	for _, p := range people {
		called[p] = true
	}
	if err := d.havePapers(ctx, letterTitle, called, 1, 1); err != nil {
		return err
	}
	if err := d.replies(ctx, d.pasted, cards, false); err != nil {
		return err
	}
	d.note("a letter pasted, read whole and sent to %d people at 2 venues with %d taps; each got the notice, the paper and the photograph once", len(people), c.taps)
	return nil
}
