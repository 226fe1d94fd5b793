package redisstore

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// votersKept is how long it is remembered that somebody was heard; what they said is not remembered at all.
const votersKept = 90 * 24 * time.Hour

// Opine counts a mark that somebody gives to a question about a meeting, once for each question: false when they were heard before.
// The count and the list of those who were heard lie apart, so that nobody can tell who said what.
func (s *Store) Opine(ctx context.Context, id briefings.MeetingID, who briefings.MemberID, q briefings.Question, mark briefings.Mark) (bool, error) {
	n, err := opine.Run(ctx, s.redis, []string{s.keys.opinion(id), s.keys.voters(id)},
		string(who)+"/"+string(q), string(q)+"/"+string(mark), votersKept.Milliseconds()).Int()
	if err != nil {
		return false, fmt.Errorf("count opinion about meeting %s: %w", id, err)
	}
	return n == 1, nil
}

// opine counts a mark if its giver was not heard on the question before.
//
//	KEYS 1 opinion, 2 voters
//	ARGV 1 member/question, 2 question/mark, 3 how long voters are kept in milliseconds
//
// Returns 1 when it was counted, 0 when not.
var opine = redis.NewScript(`
if redis.call('SADD', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
return 1
`)

// Heard lists the questions about a meeting on which somebody was heard.
func (s *Store) Heard(ctx context.Context, id briefings.MeetingID, who briefings.MemberID) ([]briefings.Question, error) {
	members := make([]any, len(briefings.Questions))
	for i, q := range briefings.Questions {
		members[i] = string(who) + "/" + string(q)
	}
	found, err := s.redis.SMIsMember(ctx, s.keys.voters(id), members...).Result()
	if err != nil {
		return nil, fmt.Errorf("read who was heard about meeting %s: %w", id, err)
	}
	var heard []briefings.Question
	for i, q := range briefings.Questions {
		if found[i] {
			heard = append(heard, q)
		}
	}
	return heard, nil
}

// Opinion returns what was said about a meeting, as counts.
func (s *Store) Opinion(ctx context.Context, id briefings.MeetingID) (briefings.Opinion, error) {
	fields, err := s.redis.HGetAll(ctx, s.keys.opinion(id)).Result()
	if err != nil {
		return nil, fmt.Errorf("read opinion about meeting %s: %w", id, err)
	}
	out := briefings.Opinion{}
	for field, count := range fields {
		q, mark, _ := strings.Cut(field, "/")
		n := 0
		if _, err := fmt.Sscan(count, &n); err != nil {
			return nil, fmt.Errorf("read opinion about meeting %s: %w", id, err)
		}
		if out[briefings.Question(q)] == nil {
			out[briefings.Question(q)] = map[briefings.Mark]int{}
		}
		out[briefings.Question(q)][briefings.Mark(mark)] = n
	}
	return out, nil
}
