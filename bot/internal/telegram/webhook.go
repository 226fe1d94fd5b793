package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"
)

// SecretHeader is where Telegram puts the webhook's secret.
const SecretHeader = "X-Telegram-Bot-Api-Secret-Token"

// ReceiverConfig is what a Receiver needs.
type ReceiverConfig struct {
	// Secret must be in every request. Required.
	Secret Secret
	// Handle returns when the update is handled, or with an error: then the
	// server brings it again. Required.
	Handle func(ctx context.Context, updates []Update) error
	// MaxBody bounds a request's body. Default 1 MiB.
	MaxBody int64
	// RetryAfter is what the server is told to wait after a failure, before
	// it brings the update again. Default 2 s: a button press lives only 150.
	RetryAfter time.Duration
	// Limit bounds one handling. Default 50 s: the server gives up at 60.
	Limit time.Duration
	// Log receives decisions; nil: nothing.
	Log *slog.Logger
}

// NewReceiver builds the http.Handler of a webhook.
func NewReceiver(c ReceiverConfig) (http.Handler, error) {
	if c.Secret.Empty() {
		return nil, errors.New("receive updates: a webhook without a secret takes orders from anybody")
	}
	if c.MaxBody <= 0 {
		c.MaxBody = 1 << 20
	}
	if c.RetryAfter <= 0 {
		c.RetryAfter = 2 * time.Second
	}
	if c.Limit <= 0 {
		c.Limit = 50 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &receiver{config: c, secret: sha256.Sum256([]byte(c.Secret.Reveal()))}, nil
}

type receiver struct {
	config ReceiverConfig
	secret [sha256.Size]byte
}

// ServeHTTP implements http.Handler.
func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	// Sums have one length, so the comparison does not tell the secret's.
	given := sha256.Sum256([]byte(req.Header.Get(SecretHeader)))
	if subtle.ConstantTimeCompare(given[:], r.secret[:]) != 1 {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, r.config.MaxBody))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	u := decodeUpdate(body)
	if u.UpdateID == 0 {
		// Nothing to remember it by, and the same bytes would come again.
		r.config.Log.Error("update put aside", "kind", u.Kind(), "err", u.Broken)
		w.WriteHeader(http.StatusOK)
		return
	}
	// The handling does not end with the connection: a press that was half
	// handled is worth finishing.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(req.Context()), r.config.Limit)
	defer cancel()
	if err := r.config.Handle(ctx, []Update{u}); err != nil {
		r.config.Log.Warn("update not taken", "update", u.UpdateID, "err", err)
		w.Header().Set("Retry-After", strconv.Itoa(int((r.config.RetryAfter+time.Second-1)/time.Second)))
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}
