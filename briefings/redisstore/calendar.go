package redisstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// Holidays and hours are small, are read together at every tick and change a few times a year: each is one string.

// Calendar returns the days that are not what their weekday says. It is empty until some are declared.
func (s *Store) Calendar(ctx context.Context) (briefings.Calendar, error) {
	calm, err := s.Calm(ctx)
	return calm.Days, err
}

// Calm returns when what may be sent: the days, and the hours as somebody set them in chat, else those of the options.
func (s *Store) Calm(ctx context.Context) (briefings.Calm, error) {
	calm := briefings.Calm{Hours: s.hours, Days: briefings.NewCalendar(nil)}
	stored, err := s.redis.MGet(ctx, s.keys.holidays(), s.keys.hours()).Result()
	if err != nil {
		return calm, fmt.Errorf("read calendar: %w", err)
	}
	if text, ok := stored[0].(string); ok {
		days, err := decode[[]briefings.Holiday](text)
		if err != nil {
			return calm, fmt.Errorf("read holidays: %w", err)
		}
		calm.Days = briefings.NewCalendar(days)
	}
	if text, ok := stored[1].(string); ok {
		if calm.Hours, err = decode[briefings.Hours](text); err != nil {
			return calm, fmt.Errorf("read hours: %w", err)
		}
	}
	return calm, nil
}

// Holidays returns the days that were declared, in their order.
func (s *Store) Holidays(ctx context.Context) ([]briefings.Holiday, error) {
	stored, err := s.redis.Get(ctx, s.keys.holidays()).Result()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	var days []briefings.Holiday
	if err == nil {
		days, err = decode[[]briefings.Holiday](stored)
	}
	if err != nil {
		return nil, fmt.Errorf("read holidays: %w", err)
	}
	return days, nil
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

// UpdateHolidays changes the list of holidays; the function may run more than once.
func (s *Store) UpdateHolidays(ctx context.Context, rule func(*[]briefings.Holiday) error) ([]briefings.Holiday, error) {
	days, err := updateString(ctx, s, s.keys.holidays(), []briefings.Holiday{}, rule)
	if err != nil {
		return nil, fmt.Errorf("update holidays: %w", err)
	}
	return days, nil
}

// UpdateHours changes the hours; the function may run more than once.
func (s *Store) UpdateHours(ctx context.Context, rule func(*briefings.Hours) error) (briefings.Hours, error) {
	hours, err := updateString(ctx, s, s.keys.hours(), s.hours, rule)
	if err != nil {
		return briefings.Hours{}, fmt.Errorf("update hours: %w", err)
	}
	return hours, nil
}

// updateString changes a value that is kept as one string; fallback is what it is before it was ever written.
func updateString[T any](ctx context.Context, s *Store, key string, fallback T, rule func(*T) error) (out T, err error) {
	initial, err := json.Marshal(fallback)
	if err != nil {
		return out, err
	}
	err = again(ctx, func() (bool, error) {
		stored, err := s.redis.Get(ctx, key).Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			return false, err
		}
		read := stored
		if errors.Is(err, redis.Nil) {
			read = string(initial)
		}
		value, next, err := change(read, rule)
		out = value
		if err != nil || next == nil {
			return true, err
		}
		answer, err := s.run(ctx, swapString, []string{key}, stored, next)
		return answer == "ok", err
	})
	return out, err
}

// swapString replaces a string if it still is what was read.
//
//	KEYS 1 string
//	ARGV 1 string as read (empty: there is none yet), 2 new string
//
// Returns ok, or conflict.
var swapString = redis.NewScript(`
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 'conflict' end
redis.call('SET', KEYS[1], ARGV[2])
return 'ok'
`)
