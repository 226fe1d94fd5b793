package sandbox

import (
	"fmt"
	"testing"
)

func TestTheNarrowestMenuIsShown(t *testing.T) {
	g := setStage(t, Config{})
	set := func(name, scope, language string) {
		t.Helper()
		g.ok(nil, "setMyCommands", "commands", fmt.Sprintf(`[{"command":%q,"description":"d"}]`, name), "scope", scope, "language_code", language)
	}
	menu := func() string {
		chat, _ := g.Chat(ann, 0)
		if len(chat.Commands) == 0 {
			return ""
		}
		return chat.Commands[0].Command
	}
	steps := []struct{ name, scope, language, want string }{
		{"anybody", "null", "", "anybody"},
		{"viet", "null", "vi", "anybody"},
		{"english", `{"type":"default"}`, "en", "english"},
		{"private", `{"type":"all_private_chats"}`, "", "private"},
		{"own", `{"type":"chat","chat_id":1001}`, "", "own"},
		{"own_english", `{"type":"chat","chat_id":"1001"}`, "en", "own_english"},
	}
	for _, step := range steps {
		set(step.name, step.scope, step.language)
		if got := menu(); got != step.want {
			t.Errorf("after %s: %s, want %s", step.name, got, step.want)
		}
	}
	if err := g.SetLanguage(ann, "vi"); err != nil {
		t.Fatal(err)
	}
	if got := menu(); got != "own" {
		t.Errorf("in Vietnamese: %s", got)
	}
	g.ok(nil, "deleteMyCommands", "scope", `{"type":"chat","chat_id":1001}`)
	g.ok(nil, "deleteMyCommands", "scope", `{"type":"all_private_chats"}`)
	if got := menu(); got != "viet" {
		t.Errorf("after deleting: %s", got)
	}
	var list []Command
	g.ok(&list, "getMyCommands", "language_code", "vi")
	if len(list) != 1 || list[0].Command != "viet" {
		t.Errorf("%+v", list)
	}
	if a := g.call("setMyCommands", "commands", "[]", "scope", `{"type":"chat","chat_id":99}`); a.Description != "Bad Request: chat not found" {
		t.Error(a.Description)
	}
}

func TestABotNamesItselfByLanguage(t *testing.T) {
	g := setStage(t, Config{BotName: "Herald"})
	g.ok(nil, "setMyName", "name", "Bản tin", "language_code", "vi")
	var name map[string]string
	g.ok(&name, "getMyName", "language_code", "vi")
	if name["name"] != "Bản tin" {
		t.Error(name)
	}
	g.ok(&name, "getMyName", "language_code", "fr")
	if name["name"] != "Herald" {
		t.Error(name)
	}
	g.ok(nil, "setMyDescription", "description", "What it does")
	g.ok(nil, "setMyShortDescription", "short_description", "About")
	var me wireBot
	g.ok(&me, "getMe")
	if !me.IsBot || me.FirstName != "Herald" || me.ID != 1000001 {
		t.Errorf("%+v", me)
	}
	var chat wireChat
	g.ok(&chat, "getChat", "chat_id", "1001")
	if chat.Type != "private" || chat.FirstName != "Ann" {
		t.Errorf("%+v", chat)
	}
}
