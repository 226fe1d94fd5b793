package redisstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// Calendar returns the days off and the weekends worked in their stead. It is empty until SetHolidays.
func (s *Store) Calendar(ctx context.Context) (briefings.Calendar, error) {
	stored, err := s.redis.Get(ctx, s.keys.holidays()).Result()
	if errors.Is(err, redis.Nil) {
		return briefings.NewCalendar(nil), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read holidays: %w", err)
	}
	days, err := decode[[]briefings.Holiday](stored)
	if err != nil {
		return nil, fmt.Errorf("read holidays: %w", err)
	}
	return briefings.NewCalendar(days), nil
}

// SetHolidays replaces the whole list of holidays.
func (s *Store) SetHolidays(ctx context.Context, days []briefings.Holiday) error {
	text, err := json.Marshal(days)
	if err == nil {
		err = s.redis.Set(ctx, s.keys.holidays(), text, 0).Err()
	}
	if err != nil {
		return fmt.Errorf("set holidays: %w", err)
	}
	return nil
}
