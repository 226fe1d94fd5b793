package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// newRoutes joins the two sides and the page.
func (s *Server) newRoutes() http.Handler {
	mux := http.NewServeMux()
	people := func(pattern string, act func(*http.Request) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			answer, err := act(r)
			if err != nil {
				writeActError(w, err)
				return
			}
			writeJSON(w, http.StatusOK, answer)
		})
	}
	people("GET /sim/stage", s.simStage)
	people("GET /sim/people", func(*http.Request) (any, error) { return s.People(), nil })
	people("POST /sim/people", s.simAddPeople)
	people("POST /sim/people/language", s.simLanguage)
	people("POST /sim/say", s.simSay)
	people("POST /sim/open", s.simOpen)
	people("POST /sim/tap", s.simTap)
	people("POST /sim/contact", s.simContact)
	people("POST /sim/file", func(r *http.Request) (any, error) { return s.simFile(r, false) })
	people("POST /sim/photo", func(r *http.Request) (any, error) { return s.simFile(r, true) })
	people("POST /sim/sticker", s.simSticker)
	people("POST /sim/location", s.simLocation)
	people("POST /sim/block", s.simPerson((*Server).Block))
	people("POST /sim/unblock", s.simPerson((*Server).Unblock))
	people("POST /sim/read", s.simPerson((*Server).Read))
	people("POST /sim/deactivate", s.simPerson((*Server).Deactivate))
	people("GET /sim/chat", s.simChat)
	people("GET /sim/quiet", s.simQuiet)
	people("POST /sim/faults", s.simAddFault)
	people("GET /sim/faults", func(*http.Request) (any, error) { return s.Faults(), nil })
	people("DELETE /sim/faults", func(*http.Request) (any, error) { s.ClearFaults(); return done{true}, nil })
	people("POST /sim/limits", s.simLimits)
	people("GET /sim/report", func(*http.Request) (any, error) { return s.Report(), nil })
	people("GET /sim/sent", s.simSent)
	people("GET /sim/tally", func(*http.Request) (any, error) { return s.Tally(), nil })
	mux.HandleFunc("GET /sim/transcript", s.serveTranscript)
	mux.HandleFunc("GET /sim/events", s.serveEvents)
	mux.HandleFunc("GET /sim/await", s.serveAwait)
	mux.HandleFunc("GET /sim/files/{id}", s.serveSimFile)
	mux.HandleFunc("/sim/", func(w http.ResponseWriter, r *http.Request) {
		writeActError(w, missing("no %s %s here", r.Method, r.URL.Path))
	})
	s.addPage(mux)
	// A web page from elsewhere may not act for the people, even where the sandbox listens on
	// the loopback address only.
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/bot"):
			s.serveBot(w, r)
		case strings.HasPrefix(r.URL.Path, "/file/bot"):
			s.serveFile(w, r)
		default:
			guarded.ServeHTTP(w, r)
		}
	})
}

type done struct {
	OK bool `json:"ok"`
}

func writeActError(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	if act := (*actError)(nil); errors.As(err, &act) {
		status = act.status
	}
	writeJSON(w, status, map[string]string{"error": err.Error()})
}

// readBody reads a JSON body. An unknown field is an error: a misspelt one would be lost.
func readBody(r *http.Request, into any) error {
	decoder := json.NewDecoder(io.LimitReader(r.Body, 16<<20))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return cannot("read body: %v", err)
	}
	return nil
}

func queryNumber(r *http.Request, name string, absent int64) (int64, error) {
	raw := r.URL.Query().Get(name)
	if raw == "" {
		return absent, nil
	}
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		return 0, cannot("%s is not a number", name)
	}
	return n, nil
}

func (s *Server) simStage(*http.Request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	cast := s.config.Cast
	if cast == nil {
		cast = []Role{}
	}
	me := s.meLocked()
	var title any = s.config.Title
	if s.config.TitleEn != "" {
		title = map[string]string{"vi": s.config.Title, "en": s.config.TitleEn}
	}
	return map[string]any{
		"title":    title,
		"bot":      map[string]any{"id": me.ID, "first_name": me.FirstName, "username": me.Username},
		"cast":     cast,
		"links":    append([]Link{}, s.links...),
		"timezone": s.config.Timezone,
		"now":      s.now().Unix(),
	}, nil
}

// simAddPeople takes one person, or a list of them.
func (s *Server) simAddPeople(r *http.Request) (any, error) {
	var raw json.RawMessage
	if err := readBody(r, &raw); err != nil {
		return nil, err
	}
	if strings.HasPrefix(strings.TrimSpace(string(raw)), "[") {
		var list []Person
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, cannot("read people: %v", err)
		}
		added := make([]Person, len(list))
		for i, p := range list {
			added[i] = s.AddPerson(p)
		}
		return added, nil
	}
	var p Person
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, cannot("read person: %v", err)
	}
	return s.AddPerson(p), nil
}

func (s *Server) simLanguage(r *http.Request) (any, error) {
	var body struct {
		Person   int64  `json:"person"`
		Language string `json:"language_code"`
	}
	if err := readBody(r, &body); err != nil {
		return nil, err
	}
	return done{true}, s.SetLanguage(body.Person, body.Language)
}

func sentAs(id int, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return map[string]int{"message_id": id}, nil
}

func (s *Server) simSay(r *http.Request) (any, error) {
	var speech Speech
	if err := readBody(r, &speech); err != nil {
		return nil, err
	}
	return sentAs(s.Speak(speech))
}

func (s *Server) simOpen(r *http.Request) (any, error) {
	var body struct {
		Person int64  `json:"person"`
		Link   string `json:"link"`
	}
	if err := readBody(r, &body); err != nil {
		return nil, err
	}
	return sentAs(s.Open(body.Person, body.Link))
}

func (s *Server) simTap(r *http.Request) (any, error) {
	var touch Touch
	if err := readBody(r, &touch); err != nil {
		return nil, err
	}
	return s.TapOn(r.Context(), touch)
}

func (s *Server) simContact(r *http.Request) (any, error) {
	var body struct {
		Person int64  `json:"person"`
		Phone  string `json:"phone"`
		UserID int64  `json:"user_id"`
	}
	if err := readBody(r, &body); err != nil {
		return nil, err
	}
	return sentAs(s.ShareContact(body.Person, body.Phone, body.UserID))
}

type ofPerson struct {
	Person int64 `json:"person"`
}

// simPerson is an act that needs to know nothing but who acts.
func (s *Server) simPerson(act func(*Server, int64) error) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		var body ofPerson
		if err := readBody(r, &body); err != nil {
			return nil, err
		}
		return done{true}, act(s, body.Person)
	}
}

func (s *Server) simSticker(r *http.Request) (any, error) {
	var body ofPerson
	if err := readBody(r, &body); err != nil {
		return nil, err
	}
	return sentAs(s.SendSticker(body.Person))
}

func (s *Server) simLocation(r *http.Request) (any, error) {
	body := struct {
		Person    int64   `json:"person"`
		Latitude  float64 `json:"latitude"`
		Longitude float64 `json:"longitude"`
	}{Latitude: 21.0285, Longitude: 105.8542}
	if err := readBody(r, &body); err != nil {
		return nil, err
	}
	return sentAs(s.SendLocation(body.Person, body.Latitude, body.Longitude))
}

func (s *Server) simChat(r *http.Request) (any, error) {
	person, err := queryNumber(r, "person", 0)
	if err != nil {
		return nil, err
	}
	limit, err := queryNumber(r, "limit", 0)
	if err != nil {
		return nil, err
	}
	return s.Chat(person, int(limit))
}

func (s *Server) simAddFault(r *http.Request) (any, error) {
	var f Fault
	if err := readBody(r, &f); err != nil {
		return nil, err
	}
	return s.AddFault(f)
}

func (s *Server) simLimits(r *http.Request) (any, error) {
	var l Limits
	if err := readBody(r, &l); err != nil {
		return nil, err
	}
	s.SetLimits(l)
	return l, nil
}

func (s *Server) simSent(r *http.Request) (any, error) {
	chat, err := queryNumber(r, "chat", 0)
	if err != nil {
		return nil, err
	}
	return map[string]int{"sent": s.Sent(chat)}, nil
}
