package vietnamese

import (
	"errors"
	"fmt"
	"strings"
)

// Why a telephone number is refused.
var (
	ErrPhoneCharacters = errors.New("not a telephone number")
	ErrPhoneLength     = errors.New("wrong number of digits")
	ErrPhonePrefix     = errors.New("not a mobile number")
	ErrPhoneForeign    = errors.New("not a number of Viet Nam")
)

// ParsePhone reads a Vietnamese mobile number in any usual form (0…, 84…,
// 0084…, +84…, (+84) 0…, with dots, spaces or dashes) and returns it as E.164:
// +84 and nine digits. Numbers of eleven digits from before 2018 become the
// ones that replaced them. A leading 0 lost to a spreadsheet is put back.
// Numbers that begin 0100 000 belong to nobody and pass: samples use them.
func ParsePhone(s string) (e164 string, err error) {
	digits, plus, err := phoneDigits(s)
	if err != nil {
		return "", fmt.Errorf("parse phone %q: %w", s, err)
	}
	national, err := nationalNumber(digits, plus)
	if err != nil {
		return "", fmt.Errorf("parse phone %q: %w", s, err)
	}
	return "+84" + national, nil
}

func phoneDigits(s string) (digits string, plus bool, err error) {
	var b strings.Builder
	for _, r := range Clean(s) {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '+' && b.Len() == 0 && !plus:
			plus = true
		case strings.ContainsRune(" .-–—()/", r):
		default:
			return "", false, ErrPhoneCharacters
		}
	}
	if b.Len() == 0 {
		return "", false, ErrPhoneCharacters
	}
	return b.String(), plus, nil
}

// nationalNumber returns the nine digits after the country's code.
func nationalNumber(digits string, plus bool) (string, error) {
	rest, abroad := digits, plus
	if !plus {
		rest, abroad = strings.CutPrefix(digits, "00")
	}
	switch {
	case abroad:
		after, ours := strings.CutPrefix(rest, "84")
		if !ours {
			return "", ErrPhoneForeign
		}
		rest = strings.TrimPrefix(after, "0")
	case rest[0] == '0':
		rest = rest[1:]
	case len(rest) > 10 && strings.HasPrefix(rest, "84"):
		rest = strings.TrimPrefix(rest[2:], "0")
	}
	switch {
	case len(rest) == 10 && rest[0] == '1':
		prefix, known := renumbered[rest[:3]]
		if !known {
			return "", ErrPhonePrefix
		}
		return prefix + rest[3:], nil
	case len(rest) == 10 && rest[0] == '2':
		return "", ErrPhonePrefix
	case len(rest) != 9:
		return "", ErrPhoneLength
	case strings.ContainsRune("35789", rune(rest[0])), strings.HasPrefix(rest, "100000"):
		return rest, nil
	}
	return "", ErrPhonePrefix
}

// renumbered maps the first three digits (after the 0) of the old numbers of
// eleven digits to the first two of today's.
var renumbered = map[string]string{
	"120": "70", "121": "79", "122": "77", "126": "76", "128": "78",
	"123": "83", "124": "84", "125": "85", "127": "81", "129": "82",
	"162": "32", "163": "33", "164": "34", "165": "35", "166": "36", "167": "37", "168": "38", "169": "39",
	"186": "56", "188": "58", "199": "59",
}

// PrintPhone shows an E.164 number as Vietnamese read it, 0xxx xxx xxx. A
// number of another country is returned as it is.
func PrintPhone(e164 string) string {
	rest, ours := strings.CutPrefix(e164, "+84")
	if !ours || len(rest) != 9 {
		return e164
	}
	return "0" + rest[:3] + " " + rest[3:6] + " " + rest[6:]
}
