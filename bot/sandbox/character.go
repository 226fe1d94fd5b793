package sandbox

import "strconv"

// decodeCharacter reads &lt; &gt; &amp; &quot; or a numeric reference at pos. The semicolon
// is optional. It returns 0 for anything else, which then stays as it is written.
func decodeCharacter(s string, pos int) (char rune, next int) {
	if s[pos] != '&' {
		return 0, pos
	}
	end := pos + 1
	at := func(i int) byte {
		if i < len(s) {
			return s[i]
		}
		return 0
	}
	if at(end) == '#' {
		end++
		base, digits := 10, isDigit
		if at(end) == 'x' {
			end, base, digits = end+1, 16, isHex
		}
		from := end
		for digits(at(end)) && end-pos < 10 {
			end++
		}
		code, err := strconv.ParseInt(s[from:end], base, 32)
		if err != nil || code == 0 || code >= 0x10FFFF || end-pos >= 10 {
			return 0, pos
		}
		char = rune(code)
	} else {
		for isAlpha(at(end)) {
			end++
		}
		switch s[pos+1 : end] {
		case "lt":
			char = '<'
		case "gt":
			char = '>'
		case "amp":
			char = '&'
		case "quot":
			char = '"'
		default:
			return 0, pos
		}
	}
	if at(end) == ';' {
		end++
	}
	return char, end
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isAlnum(c byte) bool { return isDigit(c) || isAlpha(c) }
func isHex(c byte) bool   { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
