package sandbox

import (
	"reflect"
	"testing"
)

func FuzzPlainKeyboardsAreReadLikeAnyOther(f *testing.F) {
	for _, raw := range []string{
		`{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}`,
		`{"inline_keyboard":[[{"text":"a","url":"https://a.vn"}],[]]}`,
		`{"inline_keyboard":[[{"text":"","callback_data":"b"}]]}`,
		`{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}}`,
		`{"inline_keyboard":[[{"Text":"a","callback_data":"b"}]],"keyboard":[["a"]]}`,
		`{"inline_keyboard":[[{"text":"a","web_app":null,"pay":true}]]}`,
		`{"inline_keyboard":[[{"teXt":"0","CAllBACk_dAtA":"0"}]]}`,
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		plain := readPlainInline(raw)
		if plain == nil {
			return
		}
		m, refused := readAnyMarkup(raw)
		if refused != nil || m.kind != inlineKeyboard || !reflect.DeepEqual(m.inline, plain) {
			t.Fatalf("%s\nplain %+v\nany   %+v %v", raw, plain, m.inline, refused)
		}
	})
}
