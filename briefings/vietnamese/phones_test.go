package vietnamese

import (
	"errors"
	"testing"
)

func TestEveryUsualFormOfANumberIsTheSameNumber(t *testing.T) {
	for typed, want := range map[string]string{
		"0100 000 001":       "+84100000001",
		"0100.000.001":       "+84100000001",
		"+84 100 000 001":    "+84100000001",
		"84100000001":        "+84100000001",
		"0084100000001":      "+84100000001",
		"(+84) 0100000001":   "+84100000001",
		"100000001":          "+84100000001",
		"0912-345-678":       "+84912345678",
		"0912\u00a0345 678":  "+84912345678",
		"\u202a+84912345678": "+84912345678",
		"912345678":          "+84912345678",
		"84 0912 345 678":    "+84912345678",
		"846123456":          "+84846123456",
		"0120 123 4567":      "+84701234567",
		"+84 121 123 4567":   "+84791234567",
		"84 122 123 4567":    "+84771234567",
		"01231234567":        "+84831234567",
		"01691234567":        "+84391234567",
		"01621234567":        "+84321234567",
		"01861234567":        "+84561234567",
		"01881234567":        "+84581234567",
		"01991234567":        "+84591234567",
		"1281234567":         "+84781234567",
	} {
		if got, err := ParsePhone(typed); err != nil || got != want {
			t.Errorf("ParsePhone(%q) = %q, %v; want %q", typed, got, err, want)
		}
	}
}

func TestARefusedNumberSaysWhy(t *testing.T) {
	for typed, want := range map[string]error{
		"":                 ErrPhoneCharacters,
		"+":                ErrPhoneCharacters,
		"không có":         ErrPhoneCharacters,
		"0912345678 (mẹ)":  ErrPhoneCharacters,
		"0912+345678":      ErrPhoneCharacters,
		"091234567":        ErrPhoneLength,
		"09123456789":      ErrPhoneLength,
		"00":               ErrPhoneForeign,
		"0":                ErrPhoneLength,
		"84":               ErrPhoneLength,
		"024 3845 1234":    ErrPhonePrefix,
		"0612345678":       ErrPhonePrefix,
		"01301234567":      ErrPhonePrefix,
		"0100 100 001":     ErrPhonePrefix,
		"+856 20 5551 234": ErrPhoneForeign,
		"001 202 555 0100": ErrPhoneForeign,
	} {
		if got, err := ParsePhone(typed); !errors.Is(err, want) {
			t.Errorf("ParsePhone(%q) = %q, %v; want %v", typed, got, err, want)
		}
	}
}

func TestPrintPhoneIsReadBack(t *testing.T) {
	if got := PrintPhone("+84100000001"); got != "0100 000 001" {
		t.Errorf("got %q", got)
	}
	if got := PrintPhone("+85620555123"); got != "+85620555123" {
		t.Errorf("a foreign number is changed to %q", got)
	}
}

func FuzzParsePhoneGivesNineDigitsOrAnError(f *testing.F) {
	f.Add("+84 0120 123 4567")
	f.Add("(0084)")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParsePhone(s)
		if err != nil {
			return
		}
		if len(got) != 12 || got[:3] != "+84" {
			t.Fatalf("ParsePhone(%q) = %q", s, got)
		}
		if again, err := ParsePhone(PrintPhone(got)); err != nil || again != got {
			t.Errorf("%q printed and read is %q, %v", got, again, err)
		}
	})
}
