package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"

	"briefbot/bot/sandbox"
)

// A bot that greets whoever writes to it, and what that person reads.
func Example() {
	stand := sandbox.New(sandbox.Config{BotName: "Herald"})
	defer stand.Close()
	web := httptest.NewServer(stand.Handler())
	defer web.Close()

	ann := stand.AddPerson(sandbox.Person{FirstName: "Ann"})
	if _, err := stand.Say(ann.ID, "/start"); err != nil {
		fmt.Println(err)
	}

	response, err := http.PostForm(web.URL+"/bot"+stand.Token()+"/sendMessage", url.Values{
		"chat_id":      {fmt.Sprint(ann.ID)},
		"text":         {"Welcome, <b>Ann</b>"},
		"parse_mode":   {"HTML"},
		"reply_markup": {`{"inline_keyboard":[[{"text":"Meetings","callback_data":"m"}]]}`},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = response.Body.Close()

	chat, err := stand.Chat(ann.ID, 0)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(chat.Text())
	// Output:
	// [1] person: /start
	// [2] bot: Welcome, Ann
	//     [Meetings]
}
