package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/redis/go-redis/v9"

	"briefbot/scheduler/delivery"
)

// webhookPath is where Telegram brings updates, below PUBLIC_URL.
const webhookPath = "/telegram/updates"

// serveHTTP answers health, metrics and the webhook until ctx ends.
func (a *App) serveHTTP(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.Config.HTTPAddr)
	if err != nil {
		return fmt.Errorf("listen on HTTP_ADDR: %w", err)
	}
	a.addr <- listener.Addr()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", a.readyz)
	mux.Handle("GET /metrics", a.metrics.handler())
	mux.Handle("GET /board/", a.Board.Handler())
	if a.Config.Updates == "webhook" {
		hook, err := a.Bot.Webhook(a.Config.WebhookSecret)
		if err != nil {
			return err
		}
		mux.Handle(webhookPath, hook)
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	select {
	case err := <-done:
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
	}
	a.Board.Close() // its screens stay connected until they are let go
	bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err = server.Shutdown(bound)
	if served := <-done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// readyz says whether the service can do its work now.
func (a *App) readyz(w http.ResponseWriter, r *http.Request) {
	select {
	case <-a.ready:
	default:
		http.Error(w, "starting", http.StatusServiceUnavailable)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := a.Store.Ping(ctx); err != nil {
		http.Error(w, "redis does not answer", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

// metrics is what operators watch. Labels are bounded: methods of the Bot API and outcomes.
type metrics struct {
	registry *prometheus.Registry
	calls    *prometheus.CounterVec
	took     *prometheus.HistogramVec
}

func newMetrics(outbox *delivery.Outbox, client redis.UniversalClient) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "briefbot_telegram_calls_total", Help: "Finished calls to the Bot API by method and outcome.",
		}, []string{"method", "outcome"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "briefbot_telegram_call_seconds", Help: "How long calls to the Bot API took.", Buckets: prometheus.ExponentialBuckets(0.005, 2, 14),
		}, []string{"method"}),
	}
	live := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "briefbot_outbox_mailings", Help: "Mailings that are not done; -1 when Redis does not answer.",
	}, func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		list, err := outbox.Live(ctx)
		if err != nil {
			return -1
		}
		return float64(len(list))
	})
	up := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "briefbot_redis_up", Help: "1 when Redis answers."}, func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if client.Ping(ctx).Err() != nil {
			return 0
		}
		return 1
	})
	m.registry.MustRegister(m.calls, m.took, live, up, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// observe counts a finished call.
func (m *metrics) observe(method string, took time.Duration, err error) {
	outcome := "ok"
	if err != nil {
		outcome = "error"
		var reasoned interface{ Reason() string }
		if errors.As(err, &reasoned) {
			outcome = reasoned.Reason()
		}
	}
	m.calls.WithLabelValues(method, outcome).Inc()
	if method != "getUpdates" { // its length is the poll's own
		m.took.WithLabelValues(method).Observe(took.Seconds())
	}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
