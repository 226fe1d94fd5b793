package delivery

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
)

const modelLease = time.Minute

// model drives the ledger of one mailing as several replicas would, in any order, and keeps beside it what must be true.
type model struct {
	client *redis.Client
	outbox *Outbox
	key    briefings.Key
	kind   briefings.Kind
	total  int

	ahead  time.Duration // how far its time is ahead of the real one
	lives  []int         // incarnation of each replica
	claims []*grant      // claims whose holder still believes in them
	facts  []fact        // the most that was ever said of each recipient
	tried  []int         // recipients that were ever claimed
	cursor int
}

// grant is a claim as its holder remembers it.
type grant struct {
	replica int
	claimed
	until time.Time
}

func (m *model) owner(replica int) string { return fmt.Sprintf("%d|%d", m.lives[replica], replica) }

func (m *model) must(t *rapid.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (m *model) claim(t *rapid.T) {
	replica := rapid.IntRange(0, len(m.lives)-1).Draw(t, "replica")
	c, err := m.outbox.claim(t.Context(), m.key, m.owner(replica), modelLease, false, m.kind.Policy())
	m.must(t, err)
	if c.token == "" {
		return
	}
	for _, one := range c.open {
		for _, other := range m.claims {
			if m.now().Before(other.until) && slices.ContainsFunc(other.open, func(o claimedOne) bool { return o.idx == one.idx }) {
				t.Fatalf("recipient %d is claimed twice", one.idx)
			}
		}
		if m.facts[one.idx].mark().Final() {
			t.Fatalf("recipient %d was claimed after %s", one.idx, m.facts[one.idx].mark())
		}
		m.tried = append(m.tried, one.idx)
	}
	g := &grant{replica: replica, claimed: c, until: m.now().Add(modelLease)}
	if len(g.open) == 0 {
		_, err := m.outbox.record(t.Context(), m.key, "", true, nil, []held{heldChunk(c.chunk, c.token)})
		m.must(t, err)
		return
	}
	m.claims = append(m.claims, g)
}

// pick draws a claim and one open recipient of it.
func (m *model) pick(t *rapid.T) (g *grant, i int) {
	if len(m.claims) == 0 {
		t.Skip("nothing is claimed")
	}
	g = rapid.SampledFrom(m.claims).Draw(t, "claim")
	return g, rapid.IntRange(0, len(g.open)-1).Draw(t, "recipient")
}

func (g *grant) lease(idx int) held {
	if g.chunk >= 0 {
		return heldChunk(g.chunk, g.token)
	}
	return heldSingle(idx, g.token)
}

// finish records outcomes and takes the recipients off the claim.
func (m *model) finish(t *rapid.T, g *grant, outcomes []told) {
	var done []held
	for _, o := range outcomes {
		g.open = slices.DeleteFunc(g.open, func(one claimedOne) bool { return one.idx == o.idx })
		if g.chunk < 0 {
			done = append(done, heldSingle(o.idx, g.token))
		}
	}
	if len(g.open) == 0 {
		if g.chunk >= 0 {
			done = append(done, heldChunk(g.chunk, g.token))
		}
		m.claims = slices.DeleteFunc(m.claims, func(other *grant) bool { return other == g })
	}
	// Twice, as after a lost reply.
	for range 2 {
		_, err := m.outbox.record(t.Context(), m.key, "", true, outcomes, done)
		m.must(t, err)
	}
	for _, o := range outcomes {
		if o.fact.mark().Final() {
			m.facts[o.idx] = merge(m.facts[o.idx], o.fact)
		}
	}
}

func (m *model) settleOne(t *rapid.T) {
	g, i := m.pick(t)
	mark := rapid.SampledFrom([]Mark{Sent, Failed, Skipped, Unknown, Expired}).Draw(t, "mark")
	m.finish(t, g, []told{{idx: g.open[i].idx, fact: newFact(mark, 0), receipt: int32(g.open[i].idx) + 1}})
}

func (m *model) settleAll(t *rapid.T) {
	g, _ := m.pick(t)
	var outcomes []told
	for _, one := range g.open {
		outcomes = append(outcomes, told{idx: one.idx, fact: newFact(Sent, 0), receipt: int32(one.idx) + 1})
	}
	m.finish(t, g, outcomes)
}

func (m *model) again(t *rapid.T) {
	g, i := m.pick(t)
	one := g.open[i]
	delay := rapid.SampledFrom([]time.Duration{0, time.Second, time.Hour}).Draw(t, "delay")
	m.finish(t, g, []told{{idx: one.idx, fact: newFact(Retry, uint8(one.fact.attempts()+1)), from: g.lease(one.idx), delay: delay}})
}

func (m *model) intent(t *rapid.T) {
	g, i := m.pick(t)
	idx := g.open[i].idx
	_, answers, err := m.outbox.intend(t.Context(), m.key, []told{{idx: idx, from: g.lease(idx), fact: newFact(Intent, 0)}})
	m.must(t, err)
	if answers[0] == leaveGranted && !m.now().Before(g.until) {
		for _, other := range m.claims {
			if other != g && m.now().Before(other.until) && slices.ContainsFunc(other.open, func(o claimedOne) bool { return o.idx == idx }) {
				t.Fatalf("recipient %d was announced by somebody who lost it", idx)
			}
		}
	}
}

func (m *model) lateFact(t *rapid.T) {
	if len(m.tried) == 0 {
		t.Skip("nobody was tried")
	}
	idx := rapid.SampledFrom(m.tried).Draw(t, "recipient")
	mark := rapid.SampledFrom([]Mark{Sent, Failed}).Draw(t, "mark")
	_, err := m.outbox.record(t.Context(), m.key, "", false, []told{{idx: idx, fact: newFact(mark, 0)}}, nil)
	m.must(t, err)
	m.facts[idx] = merge(m.facts[idx], newFact(mark, 0))
}

func (m *model) beatOne(t *rapid.T) {
	g, _ := m.pick(t)
	var list []held
	if g.chunk >= 0 {
		list = []held{heldChunk(g.chunk, g.token)}
	} else {
		for _, one := range g.open {
			list = append(list, heldSingle(one.idx, g.token))
		}
	}
	_, lost, err := m.outbox.beat(t.Context(), m.key, modelLease, list)
	m.must(t, err)
	if len(lost) == 0 {
		g.until = m.now().Add(modelLease)
	} else {
		m.claims = slices.DeleteFunc(m.claims, func(other *grant) bool { return other == g })
	}
}

// restart ends a replica without a word and starts it again.
func (m *model) restart(t *rapid.T) {
	replica := rapid.IntRange(0, len(m.lives)-1).Draw(t, "replica")
	m.lives[replica]++
	m.claims = slices.DeleteFunc(m.claims, func(g *grant) bool { return g.replica == replica })
	m.must(t, m.outbox.disown(t.Context(), m.key, m.owner(replica)))
}

func (m *model) handOver(t *rapid.T) {
	g, _ := m.pick(t)
	var list []held
	for _, one := range g.open {
		list = append(list, g.lease(one.idx))
	}
	m.must(t, m.outbox.handBack(t.Context(), m.key, slices.Compact(list)))
	m.claims = slices.DeleteFunc(m.claims, func(other *grant) bool { return other == g })
}

func (m *model) wait(t *rapid.T) {
	d := rapid.SampledFrom([]time.Duration{time.Second, modelLease, 2 * time.Hour}).Draw(t, "time")
	m.pass(t, d)
}

// now is the model's time.
func (m *model) now() time.Time { return time.Now().Add(m.ahead) }

// pass lets time pass on any server: not its clock moves on, but every moment that the ledger knows moves back.
func (m *model) pass(t *rapid.T, d time.Duration) {
	m.ahead += d
	for _, key := range []string{m.outbox.keys(m.key).leases(), m.outbox.keys(m.key).retries()} {
		for _, z := range m.client.ZRangeWithScores(t.Context(), key, 0, -1).Val() {
			if z.Score > 0 { // zero is a lease that was given up
				m.must(t, m.client.ZIncrBy(t.Context(), key, -min(z.Score, float64(d.Milliseconds())), z.Member.(string)).Err())
			}
		}
	}
}

func (m *model) pauseOrResume(t *rapid.T) {
	to := rapid.SampledFrom([]State{Paused, Running}).Draw(t, "state")
	_ = m.outbox.move(t.Context(), m.key, to, "") // impossible in some states, which changes nothing
}

// check holds the ledger against what must be true after every step.
func (m *model) check(t *rapid.T) {
	ctx, k := t.Context(), m.outbox.keys(m.key)
	ledger, err := m.client.Get(ctx, k.ledger()).Bytes()
	m.must(t, err)
	if len(ledger) != m.total {
		t.Fatalf("%d bytes for %d recipients", len(ledger), m.total)
	}
	at := m.client.HMGet(ctx, k.mailing(), "cursor", "state").Val()
	var cursor int
	_, _ = fmt.Sscan(at[0].(string), &cursor)
	if cursor < m.cursor {
		t.Fatalf("the cursor went back from %d to %d", m.cursor, cursor)
	}
	m.cursor = cursor
	leased, waiting := map[string]bool{}, map[string]bool{}
	for _, member := range m.client.ZRange(ctx, k.leases(), 0, -1).Val() {
		leased[member] = true
	}
	for _, member := range m.client.ZRange(ctx, k.retries(), 0, -1).Val() {
		waiting[member] = true
	}
	open := false
	for idx, b := range ledger {
		f := fact(b)
		if m.facts[idx].mark().Final() && f < m.facts[idx] {
			t.Fatalf("recipient %d is %s after %s", idx, f.mark(), m.facts[idx].mark())
		}
		// A dead owner's announcement becomes unknown without anybody saying so.
		m.facts[idx] = merge(m.facts[idx], f)
		if m.facts[idx].mark() < Unknown {
			m.facts[idx] = 0
		}
		if f.mark().Final() {
			continue
		}
		open = true
		single := leased[fmt.Sprint("r", idx)] || waiting[fmt.Sprint(idx)]
		chunk := idx/chunkSize >= cursor || leased[fmt.Sprint("c", idx/chunkSize)] && f.mark() < Retry
		if !single && !chunk {
			t.Fatalf("recipient %d is %s and nobody will ever claim it", idx, f.mark())
		}
		if leased[fmt.Sprint("r", idx)] && waiting[fmt.Sprint(idx)] {
			t.Fatalf("recipient %d is claimed and waits", idx)
		}
	}
	if open && State(at[1].(string)) == Done {
		t.Fatal("done with recipients open")
	}
}

// drain lets one replica finish and reports whether the mailing got done.
func (m *model) drain(t *rapid.T) {
	_ = m.outbox.move(t.Context(), m.key, Running, "")
	m.claims = nil
	for range 10*m.total + 100 {
		m.pass(t, 2*time.Hour)
		c, err := m.outbox.claim(t.Context(), m.key, m.owner(0), modelLease, false, m.kind.Policy())
		m.must(t, err)
		if c.state == Done {
			return
		}
		g := &grant{claimed: c}
		if len(c.open) == 0 && c.token != "" {
			_, err := m.outbox.record(t.Context(), m.key, "", true, nil, []held{heldChunk(c.chunk, c.token)})
			m.must(t, err)
			continue
		}
		var outcomes []told
		for _, one := range c.open {
			outcomes = append(outcomes, told{idx: one.idx, fact: newFact(Sent, 0)})
		}
		m.finish(t, g, outcomes)
	}
	t.Fatal("the mailing is never done")
}

func TestLedgerHoldsWhateverReplicasDo(t *testing.T) {
	redistest.Each(t, func(t *testing.T, client *redis.Client) {
		rapid.Check(t, func(t *rapid.T) {
			if err := client.FlushAll(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
			m := &model{
				client: client, outbox: NewOutbox(client, "model"),
				kind:  rapid.SampledFrom([]briefings.Kind{briefings.KindInvitation, briefings.KindBriefing}).Draw(t, "kind"),
				total: rapid.IntRange(1, 250).Draw(t, "recipients"),
				lives: make([]int, 3),
			}
			m.facts = make([]fact, m.total)
			mailing := briefings.Mailing{Kind: m.kind, Subject: "x"}
			m.key = mailing.Key()
			_, err := m.outbox.Put(context.Background(), mailing, func(yield func(briefings.MemberNo) bool) {
				for no := range m.total {
					if !yield(briefings.MemberNo(no)) {
						return
					}
				}
			})
			m.must(t, err)
			t.Repeat(map[string]func(*rapid.T){
				"":          m.check,
				"claim":     m.claim,
				"settle":    m.settleOne,
				"settleAll": m.settleAll,
				"retry":     m.again,
				"intent":    m.intent,
				"lateFact":  m.lateFact,
				"beat":      m.beatOne,
				"restart":   m.restart,
				"handBack":  m.handOver,
				"wait":      m.wait,
				"pause":     m.pauseOrResume,
			})
			m.drain(t)
			m.check(t)
		})
	})
}
