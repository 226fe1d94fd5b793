package main

import (
	"context"
	"errors"

	"briefbot/bot/sandbox"
	"briefbot/briefings"
	"briefbot/cmd/internal/app"
)

// conference is the meeting of the sample that begins within the hour.
const conference = briefings.MeetingID("MT3")

// hang opens the live board of the coming conference, as the screen of its main hall, and tells the page where it is.
func hang(ctx context.Context, service *app.App, stage *sandbox.Server) error {
	var link briefings.BoardLink
	m, err := service.Store.UpdateMeeting(ctx, conference, func(m *briefings.Meeting) (err error) {
		hall := m.MainVenue()
		if hall == nil {
			return errors.New("the conference has no hall")
		}
		link, err = m.Watch(hall.ID, organizer, "a demo keeps no secrets", service.Config.Now())
		return err
	})
	if err != nil {
		return err
	}
	stage.AddLink(sandbox.Link{URL: service.Bot.BoardURL(&m, link), Label: map[string]string{"vi": "Bảng trực tiếp", "en": "Live board"}})
	return nil
}
