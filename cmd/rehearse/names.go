package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"golang.org/x/text/unicode/norm"
)

var (
	families = strings.Fields("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý")
	given    = strings.Fields("An Ân Bách Bảo Bích Bình Cẩm Châu Chi Cường Dung Duy Đan Đạt Điệp Đức Giang Hà Hải Hạnh Hiền Hòa Hùng " +
		"Huệ Hưng Hương Khang Khánh Khôi Kiên Lam Lâm Lan Linh Loan Long Mai Minh My Nam Nga Ngân Nghĩa Ngọc Nhàn Nhung Oanh Phong " +
		"Phú Phúc Phương Quang Quân Quý Quyên Sang Sơn Tâm Thanh Thảo Thắng Thịnh Thoa Thu Thúy Tiến Toàn Trang Trung Tú Tuấn Uyên Vân Việt Vinh Xuân Yến")
	communes = []string{"Ao Sen", "Bến Mơ", "Cầu Gạo", "Đồng Bưởi", "Gò Trầu", "Hồ Sậy", "Kênh Dừa", "Lũng Chè", "Mương Khế", "Nà Lúa",
		"Phố Trám", "Rừng Sim", "Suối Mây", "Thung Quế", "Vườn Cau", "Xóm Đò", "Yên Bãi", "Bãi Ngô", "Chợ Lụa", "Đèo Thông"}
)

// commune names the i-th commune, from 1.
func commune(i int) string {
	if i <= len(communes) {
		return communes[i-1]
	}
	return fmt.Sprintf("Tân Mẫu %d", i)
}

// names makes full names up, each once. The middle name says that nobody is meant.
type names struct {
	dice *rand.Rand
	used map[string]bool
}

func newNames(dice *rand.Rand) *names { return &names{dice, map[string]bool{}} }

func (n *names) pick(list []string) string { return list[n.dice.IntN(len(list))] }

func (n *names) next() string {
	for {
		words := []string{n.pick(families), "Mẫu"}
		for range n.dice.IntN(3) {
			words = append(words, n.pick(given))
		}
		if name := strings.Join(append(words, n.pick(given)), " "); !n.used[name] {
			n.used[name] = true
			return name
		}
	}
}

// spare names somebody whom a search finds alone: the family name Âu belongs to no one else, and no name begins another one.
func (n *names) spare() string {
	for {
		name := fmt.Sprintf("Âu Mẫu %s %s %s", n.pick(given), n.pick(given), n.pick(given))
		if !n.used[name] {
			n.used[name] = true
			return name
		}
	}
}

// decomposed writes letters and their marks apart, as some telephones and systems do.
func decomposed(s string) string { return norm.NFD.String(s) }
