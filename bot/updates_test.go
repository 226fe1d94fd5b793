package bot

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/redis/go-redis/v9"
)

func TestTelegramIsAskedForAllTheDeliveriesThatItOpens(t *testing.T) {
	asked := make(chan string, 1)
	telegram := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.FormValue("max_connections")
		_, _ = io.WriteString(w, `{"ok":true,"result":true}`)
	}))
	defer telegram.Close()
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1"}) // nothing is asked of it
	defer func() { _ = client.Close() }()
	b, err := New(Config{Token: "1:a", APIURL: telegram.URL, Redis: client, Prefix: "b", Rate: 30})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.AskForWebhook(t.Context(), "https://briefbot.example/telegram/updates", "secret"); err != nil {
		t.Fatal(err)
	}
	if n := <-asked; n != "100" {
		t.Errorf("%s deliveries at once were asked for", n)
	}
}
