package redisstore

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// The reasons for which a recipient is passed over now.
const (
	SkipGone        = "gone"          // the number is on nobody
	SkipLeft        = "left"          // no longer in the organisation
	SkipOther       = "other_channel" // told by phone, on paper, or in the official app
	SkipNotJoined   = "not_joined"    // has not linked an account
	SkipBlocked     = "blocked"       // blocked the bot
	SkipDeactivated = "deactivated"   // the account is gone
	SkipNoChat      = "no_chat"       // the bot may not write first
	SkipPaused      = "paused"        // asked for silence: whoever sends decides by kind
)

// recipientsAtOnce is how many numbers one command of the pipeline asks for.
const recipientsAtOnce = 500

// reach is what of a member decides whether and how to write to them. Decoding no more than that halves the time of a batch.
type reach struct {
	ID      briefings.MemberID `json:"id"`
	Lang    briefings.Lang     `json:"lang"`
	Channel briefings.Channel  `json:"channel"`
	Status  briefings.Status   `json:"status"`
	User    briefings.UserID   `json:"user"`
	Paused  bool               `json:"paused"`
	Blocked briefings.Unreach  `json:"blocked"`
}

// Recipients looks up members by number as the delivery needs them, in one round trip and in the order asked. Somebody who cannot
// be written to is returned with Skip set; an unknown number has Skip "gone".
func (s *Store) Recipients(ctx context.Context, numbers []briefings.MemberNo) ([]briefings.Recipient, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	var answers []*redis.SliceCmd
	_, err := s.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for from := 0; from < len(numbers); from += recipientsAtOnce {
			part := numbers[from:min(from+recipientsAtOnce, len(numbers))]
			fields := make([]string, len(part))
			for i, no := range part {
				fields[i] = noField(no)
			}
			answers = append(answers, p.HMGet(ctx, s.keys.members(), fields...))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read recipients: %w", err)
	}
	out := make([]briefings.Recipient, 0, len(numbers))
	for _, answer := range answers {
		for _, value := range answer.Val() {
			to := briefings.Recipient{No: numbers[len(out)], Skip: SkipGone}
			if text, ok := value.(string); ok {
				m, err := decode[reach](text)
				if err != nil {
					return nil, fmt.Errorf("read recipient %d: %w", to.No, err)
				}
				to.ID, to.Chat, to.Lang, to.Skip = m.ID, briefings.ChatID(m.User), m.Lang, m.skip()
			}
			out = append(out, to)
		}
	}
	return out, nil
}

// skip judges in the order of finality: paused comes last, as it holds for briefings alone and must not hide a blocked chat.
func (m reach) skip() string {
	switch {
	case m.Status == briefings.Left:
		return SkipLeft
	case m.Status == briefings.Withdrawn, m.Channel != "" && m.Channel != briefings.ByTelegram:
		return SkipOther
	case m.User == 0, m.Status != briefings.Active:
		return SkipNotJoined
	case m.Blocked == briefings.BlockedBot:
		return SkipBlocked
	case m.Blocked == briefings.Deactivated:
		return SkipDeactivated
	case m.Blocked != "":
		return SkipNoChat
	case m.Paused:
		return SkipPaused
	}
	return ""
}
