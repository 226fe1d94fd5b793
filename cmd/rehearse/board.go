package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// boardPatience is how long the screen of the hall may show what was true before.
const boardPatience = 2 * time.Second

// openBoard lets the organizer ask for the live board, as for the screen of the hall.
func (d *day) openBoard(ctx context.Context) error {
	return d.openBoardOf(ctx, d.conference)
}

func (d *day) openBoardOf(ctx context.Context, c *conference) error {
	o := d.w.organizer
	said, err := d.tell(ctx, o, "/bangtructiep "+c.id, "board.head", "title", c.title, "time_text", gap)
	if err != nil {
		return err
	}
	for _, e := range said.TextEntities {
		if address, _, ok := strings.Cut(e.URL, "?"); ok && strings.Contains(address, "/board/") {
			c.board = address
			return nil
		}
	}
	return errors.New("the board has no link")
}

// onBoard reads the figures from the board, as a screen does. The screen may be late by a moment: it is asked until it shows the truth,
// or until it had time enough.
func (d *day) onBoard(ctx context.Context, c *conference, own figures) (source, error) {
	until := time.Now().Add(boardPatience)
	for {
		s, err := d.lookAtBoard(ctx, c)
		if err != nil || len(compare(own, s)) == 0 || time.Now().After(until) {
			return s, err
		}
		select {
		case <-ctx.Done():
			return s, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// boardFigures are the figures of the board by the places of its numbers.
var boardFigures = map[string]string{
	"present": "attended", "expected": "invited", "accepted": "coming", "late": "late", "excused": "excused", "silent": "silent",
}

func (d *day) lookAtBoard(ctx context.Context, c *conference) (source, error) {
	s := source{name: "board", says: figures{}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.board+"/state?lang=vi", http.NoBody)
	if err != nil {
		return s, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return s, fmt.Errorf("look at the board: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return s, fmt.Errorf("look at the board: it answers %s", answer.Status)
	}
	var doc struct {
		Texts map[string]string `json:"texts"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&doc); err != nil {
		return s, fmt.Errorf("read the board: %w", err)
	}
	put := func(place, scope string) {
		for what, key := range boardFigures {
			s.says[scope+key] = strings.ReplaceAll(doc.Texts[place+"."+what], ".", "")
		}
	}
	put("t", "")
	for i, v := range c.tally.venues {
		put("v"+strconv.Itoa(i), "venue/"+v.name+"/")
	}
	s.shows = func(key string) bool {
		scope, _, what := split(key)
		for _, figure := range boardFigures {
			if what == figure {
				return scope == "" || scope == "venue"
			}
		}
		return false
	}
	return s, nil
}
