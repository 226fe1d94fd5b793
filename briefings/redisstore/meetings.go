package redisstore

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// Meetings returns all meetings by start, newest first.
func (s *Store) Meetings(ctx context.Context) ([]briefings.Meeting, error) {
	rows, err := s.meetingRows(ctx, s.keys.meetings())
	if err != nil {
		return nil, fmt.Errorf("list meetings: %w", err)
	}
	return newestMeetings(rows), nil
}

// OpenMeetings returns what the planner looks at, newest first: the open meetings, and those closed or cancelled in the last two
// days.
func (s *Store) OpenMeetings(ctx context.Context) ([]briefings.Meeting, error) {
	rows, err := s.meetingRows(ctx, s.keys.openMeetings())
	if err != nil {
		return nil, fmt.Errorf("list open meetings: %w", err)
	}
	var gone []any
	rows = slices.DeleteFunc(rows, func(row meetingRow) bool {
		if s.inSight(&row.Meeting, row.ended) {
			return false
		}
		if !row.ended.IsZero() {
			gone = append(gone, string(row.ID))
		}
		return true
	})
	if len(gone) > 0 {
		// The answer is right without it; the next reader tries again.
		if err := s.redis.SRem(ctx, s.keys.openMeetings(), gone...).Err(); err != nil {
			s.log.WarnContext(ctx, "ended meetings stay in the open set", "err", err)
		}
	}
	return newestMeetings(rows), nil
}

// meetingRows reads the meetings that a set names, in one pipeline. Names without a row are passed over.
func (s *Store) meetingRows(ctx context.Context, set string) ([]meetingRow, error) {
	ids, err := s.redis.SMembers(ctx, set).Result()
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	answers := make([]*redis.SliceCmd, len(ids))
	if _, err := s.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, id := range ids {
			answers[i] = p.HMGet(ctx, s.keys.row(briefings.MeetingID(id)), meetingFields...)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	rows := make([]meetingRow, 0, len(ids))
	for i, answer := range answers {
		row, err := readMeetingRow(answer.Val())
		if errors.Is(err, briefings.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", ids[i], err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func newestMeetings(rows []meetingRow) []briefings.Meeting {
	list := make([]briefings.Meeting, len(rows))
	for i, row := range rows {
		list[i] = row.Meeting
	}
	slices.SortFunc(list, func(a, b briefings.Meeting) int {
		if c := b.Starts.Compare(a.Starts); c != 0 {
			return c
		}
		return compareIDs(string(b.ID), string(a.ID))
	})
	return list
}
