package redistest

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Wire is a TCP connection's way that a test can spoil: slow it, cut it, let
// answers vanish, lead it elsewhere.
type Wire struct {
	listener net.Listener

	mu      sync.Mutex
	target  string
	there   time.Duration // delay of what the caller says
	back    time.Duration // delay of what it is answered
	deaf    bool          // what the caller says arrives, the answers vanish
	silent  bool          // nothing passes, and nobody hears of it
	open    map[net.Conn]bool
	stopped bool
	lines   sync.WaitGroup
}

// NewWire leads from an address of its own to a target, as host:port or, for a
// unix socket, its path. It ends with the test.
func NewWire(t *testing.T, target string) *Wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("lay wire: %v", err)
	}
	w := &Wire{listener: listener, target: target, open: map[net.Conn]bool{}}
	w.lines.Go(w.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		w.mu.Lock()
		w.stopped = true
		w.mu.Unlock()
		w.Cut()
		w.lines.Wait()
	})
	return w
}

// Addr is where the wire begins.
func (w *Wire) Addr() string { return w.listener.Addr().String() }

// Port is the port of Addr.
func (w *Wire) Port() string {
	_, port, _ := net.SplitHostPort(w.Addr())
	return port
}

// Delay slows what is said from now on, and what is answered.
func (w *Wire) Delay(there, back time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.there, w.back = there, back
}

// Deafen lets answers vanish while everything still arrives.
func (w *Wire) Deafen(on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.deaf = on
}

// Silence lets everything vanish in both directions, without a word to either
// side, as an unplugged cable does.
func (w *Wire) Silence(on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.silent = on
}

// Cut ends every connection at once; what was on the way is lost.
func (w *Wire) Cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for conn := range w.open {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
	}
}

// Lead leads new connections elsewhere and cuts the old ones.
func (w *Wire) Lead(target string) {
	w.mu.Lock()
	w.target = target
	w.mu.Unlock()
	w.Cut()
}

// Heal takes every fault away.
func (w *Wire) Heal() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.there, w.back, w.deaf, w.silent = 0, 0, false, false
}

func (w *Wire) accept() {
	for {
		caller, err := w.listener.Accept()
		if err != nil {
			return
		}
		w.lines.Go(func() { w.connect(caller) })
	}
}

func (w *Wire) connect(caller net.Conn) {
	w.mu.Lock()
	target := w.target
	w.mu.Unlock()
	network := "tcp"
	if target != "" && target[0] == '/' {
		network = "unix"
	}
	callee, err := net.Dial(network, target)
	if err != nil {
		_ = caller.Close()
		return
	}
	w.mu.Lock()
	w.open[caller], w.open[callee] = true, true
	stopped := w.stopped
	w.mu.Unlock()
	if stopped {
		w.Cut()
	}
	cut := make(chan struct{})
	end := sync.OnceFunc(func() { close(cut) })
	w.lines.Go(func() { w.carry(caller, callee, true, cut, end) })
	w.carry(callee, caller, false, cut, end)
}

// parcel is what was read, and when it may arrive.
type parcel struct {
	bytes []byte
	due   time.Time
}

// carry brings what one side says to the other until one of them ends. What
// waits for its time when the wire is cut never arrives.
func (w *Wire) carry(from, to net.Conn, there bool, cut <-chan struct{}, end func()) {
	parcels := make(chan parcel, 1024)
	gone := make(chan struct{})
	w.lines.Go(func() {
		defer close(gone)
		for p := range parcels {
			if wait := time.NewTimer(time.Until(p.due)); time.Until(p.due) > 0 {
				select {
				case <-wait.C:
				case <-cut:
					wait.Stop()
					return
				}
			}
			if _, err := to.Write(p.bytes); err != nil {
				return
			}
		}
		if tcp, ok := to.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
	})
	defer func() {
		close(parcels)
		<-gone
		w.mu.Lock()
		delete(w.open, from)
		w.mu.Unlock()
		_ = from.Close()
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		w.mu.Lock()
		delay := w.back
		if there {
			delay = w.there
		}
		lost := w.silent || w.deaf && !there
		w.mu.Unlock()
		if n > 0 && !lost {
			p := parcel{bytes: append([]byte(nil), buffer[:n]...), due: time.Now().Add(delay)}
			select {
			case parcels <- p:
			case <-gone:
				return
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) { // cut, not ended in order
				end()
				_ = to.Close()
			}
			return
		}
	}
}
