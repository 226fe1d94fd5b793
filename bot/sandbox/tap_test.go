package sandbox

import (
	"strings"
	"testing"
	"time"
)

func TestALabelFindsItsButton(t *testing.T) {
	labels := []string{"✅ Attend", "🙏 Ask leave", "Ask again", "👍"}
	for want, index := range map[string]int{
		"✅ Attend": 0, "Attend": 0, "attend": 0, "Ask leave": 1, "Ask l": 1, "leave": 1, "Ask": -1, "again": 2, "👍": 3, "no": -1, "": -1,
	} {
		got := matchExact(labels, want)
		if got < 0 {
			got = matchSimilar(labels, want)
		}
		if got != index {
			t.Errorf("%q finds %d, want %d", want, got, index)
		}
	}
}

func TestTheNewestMessageWithTheButtonIsTapped(t *testing.T) {
	g := setStage(t, Config{})
	old := g.send("old", "reply_markup", `{"inline_keyboard":[[{"text":"Go","callback_data":"old"}]]}`)
	g.send("new", "reply_markup", `{"inline_keyboard":[[{"text":"Go","callback_data":"new"},{"text":"Open","url":"https://a.vn/x"}]]}`)
	tap := func(touch Touch) Tapped {
		touch.Person, touch.NoWait = ann, true
		tapped, err := g.TapOn(t.Context(), touch)
		if err != nil {
			t.Fatal(err)
		}
		return tapped
	}
	tap(Touch{Label: "Go"})
	tap(Touch{Label: "Go", Message: old})
	list := g.confirm()
	if len(list) != 2 || list[0].Callback.Data != "new" || list[1].Callback.Data != "old" {
		t.Errorf("%+v", list)
	}
	if tapped := tap(Touch{Label: "Open"}); tapped.URL != "https://a.vn/x" {
		t.Errorf("%+v", tapped)
	}
	_, err := g.TapOn(t.Context(), Touch{Person: ann, Label: "Stop"})
	if err == nil || !strings.Contains(err.Error(), "[Go] [Open]") {
		t.Errorf("the error does not say what there is: %v", err)
	}
}

func TestATapWaitsForItsButton(t *testing.T) {
	g := setStage(t, Config{})
	tapped := make(chan error)
	go func() {
		_, err := g.TapOn(t.Context(), Touch{Person: ann, Label: "Later", NoWait: true, Within: 60_000})
		tapped <- err
	}()
	select {
	case err := <-tapped:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	g.send("other", "reply_markup", `{"inline_keyboard":[[{"text":"Go","callback_data":"go"}]]}`)
	g.send("card", "reply_markup", `{"inline_keyboard":[[{"text":"Later","callback_data":"later"}]]}`)
	if err := <-tapped; err != nil {
		t.Fatal(err)
	}
	if list := g.confirm(); len(list) != 1 || list[0].Callback.Data != "later" {
		t.Errorf("%+v", list)
	}
	if _, err := g.TapOn(t.Context(), Touch{Person: ann, Label: "Never", Within: 1}); err == nil || !strings.Contains(err.Error(), "no button") {
		t.Errorf("a button that never comes: %v", err)
	}
}

func TestOfButtonsThatLookAlikeTheOneBesideALabelIsTapped(t *testing.T) {
	g := setStage(t, Config{})
	g.send("units", "reply_markup", `{"inline_keyboard":[[{"text":"☐ North (2)","callback_data":"n"},{"text":"Below","callback_data":"n+"}],
		[{"text":"☐ South (3)","callback_data":"s"},{"text":"Below","callback_data":"s+"}]]}`)
	for _, beside := range []string{"North", "South"} {
		if _, err := g.TapOn(t.Context(), Touch{Person: ann, Label: "Below", Beside: beside, NoWait: true}); err != nil {
			t.Fatal(err)
		}
	}
	if list := g.confirm(); len(list) != 2 || list[0].Callback.Data != "n+" || list[1].Callback.Data != "s+" {
		t.Errorf("%+v", list)
	}
	if _, err := g.TapOn(t.Context(), Touch{Person: ann, Label: "Below", Beside: "East", NoWait: true}); err == nil {
		t.Error("a row that is not there has a button")
	}
}

func TestAKeyOfTheReplyKeyboardTypesItself(t *testing.T) {
	g := setStage(t, Config{})
	g.send("who are you?", "reply_markup", `{"keyboard":[[{"text":"📱 Share my number","request_contact":true}],["Later"]],"one_time_keyboard":true,"input_field_placeholder":"number"}`)
	chat, _ := g.Chat(ann, 0)
	if chat.Keyboard == nil || !chat.Keyboard.Rows[0][0].RequestContact || chat.Keyboard.Placeholder != "number" {
		t.Fatalf("%+v", chat.Keyboard)
	}
	if _, err := g.Tap(t.Context(), ann, "Share"); err != nil {
		t.Fatal(err)
	}
	list := g.confirm()
	if len(list) != 1 || list[0].Message.Contact == nil || list[0].Message.Contact.UserID != ann || list[0].Message.Contact.Phone != "+84900000001" {
		t.Fatalf("%+v", list)
	}
	if chat, _ := g.Chat(ann, 0); chat.Keyboard != nil {
		t.Error("a keyboard for one time is still there")
	}
	g.send("menu", "reply_markup", `{"keyboard":[["Meetings"]]}`)
	if _, err := g.Tap(t.Context(), ann, "Meetings"); err != nil {
		t.Fatal(err)
	}
	if list := g.confirm(); list[0].Message.Text != "Meetings" {
		t.Errorf("%+v", list)
	}
	g.send("bye", "reply_markup", `{"remove_keyboard":true}`)
	if chat, _ := g.Chat(ann, 0); chat.Keyboard != nil {
		t.Error("the keyboard was not removed")
	}
}

func TestSomebodyElsesContactSaysSo(t *testing.T) {
	g := setStage(t, Config{})
	g.AddPerson(Person{ID: 1002, FirstName: "Bob", Phone: "+84900000002"})
	if _, err := g.ShareContact(ann, "", 1002); err != nil {
		t.Fatal(err)
	}
	card := g.confirm()[0].Message
	if card.From.ID != ann || card.Contact.UserID != 1002 || card.Contact.FirstName != "Bob" || card.Contact.Phone != "+84900000002" {
		t.Errorf("%+v", card.Contact)
	}
	if _, err := g.ShareContact(ann, "+84900000003", -1); err != nil {
		t.Fatal(err)
	}
	if card := g.confirm()[0].Message.Contact; card.UserID != 0 || card.Phone != "+84900000003" {
		t.Errorf("a card without an account: %+v", card)
	}
	if _, err := g.ShareContact(ann, "", 4242); err == nil {
		t.Error("a card without a number is shared")
	}
}
