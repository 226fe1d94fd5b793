package backup_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings/redisstore"
	"briefbot/briefings/redistest"
	"briefbot/cmd/internal/backup"
)

// fill writes one key of every type that the program uses, and one beside the prefix.
func fill(t *testing.T, c redis.UniversalClient, prefix string) {
	t.Helper()
	ctx := t.Context()
	big := []any{}
	for i := range 1201 {
		big = append(big, fmt.Sprintf("M%04d", i), fmt.Sprintf(`{"name":"Nguyễn <Văn> %d"}`, i))
	}
	for _, err := range []error{
		c.Set(ctx, prefix+":{s}:schema", redisstore.Schema, 0).Err(),
		c.Set(ctx, prefix+":{b:x}:s", []byte{0, 1, 255, '\n', 200}, 0).Err(),
		c.HSet(ctx, prefix+":{r}:members", big...).Err(),
		c.SAdd(ctx, prefix+":{i}:open", "m1", "m2").Err(),
		c.RPush(ctx, prefix+":list", "b", "a", "b").Err(),
		c.ZAdd(ctx, prefix+":{a}:days", redis.Z{Score: 1790000000.25, Member: "a1"}, redis.Z{Score: -3, Member: "a2"}).Err(),
		c.Set(ctx, prefix+":{u:7}:session", "draft", time.Hour).Err(),
		c.Set(ctx, prefix+"er:other", "not ours", 0).Err(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// state reads everything under a prefix in a comparable form.
func state(t *testing.T, c redis.UniversalClient, prefix string) map[string]any {
	t.Helper()
	ctx, all := t.Context(), map[string]any{}
	keys, err := c.Keys(ctx, prefix+":*").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		name := key[len(prefix):]
		switch kind := c.Type(ctx, key).Val(); kind {
		case "string":
			all[name] = c.Get(ctx, key).Val()
		case "hash":
			all[name] = c.HGetAll(ctx, key).Val()
		case "set":
			members := c.SMembers(ctx, key).Val()
			slices.Sort(members)
			all[name] = members
		case "list":
			all[name] = c.LRange(ctx, key, 0, -1).Val()
		case "zset":
			all[name] = c.ZRangeWithScores(ctx, key, 0, -1).Val()
		default:
			t.Fatalf("%s is a %s", key, kind)
		}
	}
	return all
}

func taken(t *testing.T, c redis.UniversalClient, prefix string) []byte {
	t.Helper()
	f, err := backup.Take(t.Context(), c, prefix)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsBroughtBackIsWhatWasTaken(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		fill(t, c, "a*b")
		want := state(t, c, "a*b")
		file, err := backup.Read(bytes.NewReader(taken(t, c, "a*b")))
		if err != nil {
			t.Fatal(err)
		}
		if got := file.Header.Keys; got != 7 || len(want) != 7 {
			t.Errorf("%d keys in the file, %d in the store; want 7", got, len(want))
		}
		c.Set(t.Context(), "elsewhere:{r}:groups", "old", 0)
		if err := file.Restore(t.Context(), c, "elsewhere"); err != nil {
			t.Fatal(err)
		}
		if got := state(t, c, "elsewhere"); !reflect.DeepEqual(got, want) {
			t.Errorf("brought back:\n%v\nwant:\n%v", got, want)
		}
		if left := c.PTTL(t.Context(), "elsewhere:{u:7}:session").Val(); left <= 59*time.Minute || left > time.Hour {
			t.Errorf("what lives an hour lives %v", left)
		}
		if left := c.PTTL(t.Context(), "elsewhere:{r}:members").Val(); left >= 0 {
			t.Errorf("what stays expires in %v", left)
		}
		if c.Exists(t.Context(), "a*ber:other").Val() != 1 {
			t.Error("a key beside the prefix was touched")
		}
	})
}

func TestWhatHasExpiredDoesNotComeBack(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		c.Set(t.Context(), "p:{s}:schema", redisstore.Schema, 0)
		c.Set(t.Context(), "p:soon", "x", 20*time.Millisecond)
		file, err := backup.Read(bytes.NewReader(taken(t, c, "p")))
		if err != nil {
			t.Fatal(err)
		}
		if file.Header.Keys != 2 {
			t.Skip("the machine was too slow to see the key at all")
		}
		for end := time.Now().Add(25 * time.Millisecond); time.Now().Before(end); {
			c.Ping(t.Context())
		}
		if err := file.Restore(t.Context(), c, "q"); err != nil {
			t.Fatal(err)
		}
		if c.Exists(t.Context(), "q:soon").Val() != 0 {
			t.Error("an expired key came back")
		}
	})
}

func TestAFileThatIsNotWholeIsRefused(t *testing.T) {
	c := redistest.Client(t, redistest.URL(t))
	fill(t, c, "p")
	whole := taken(t, c, "p")
	zip, _ := gzip.NewReader(bytes.NewReader(whole))
	text, _ := io.ReadAll(zip)
	press := func(b []byte) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		_, _ = w.Write(b)
		_ = w.Close()
		return out.Bytes()
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	for name, file := range map[string][]byte{
		"empty":            {},
		"not compressed":   text,
		"cut off":          whole[:len(whole)-20],
		"without its seal": press(bytes.Join(lines[:len(lines)-2], nil)),
		"one line less":    press(append(append([]byte{}, lines[0]...), bytes.Join(lines[2:], nil)...)),
		"a letter changed": press(bytes.Replace(text, []byte(`"string"`), []byte(`"strinG"`), 1)),
		"something else":   press([]byte("hello\n")),
	} {
		if _, err := backup.Read(bytes.NewReader(file)); !errors.Is(err, backup.ErrFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAStoreThatIsHalfBroughtBackIsNotUsed(t *testing.T) {
	c := redistest.Client(t, redistest.URL(t))
	fill(t, c, "p")
	file, err := backup.Read(bytes.NewReader(taken(t, c, "p")))
	if err != nil {
		t.Fatal(err)
	}
	c.AddHook(failing{"hset"})
	if err := file.Restore(t.Context(), c, "q"); err == nil {
		t.Fatal("bringing back did not fail")
	}
	store := redisstore.New(c, "q", redisstore.Options{Now: time.Now})
	if err := store.CheckSchema(t.Context()); !errors.Is(err, redisstore.ErrSchema) {
		t.Errorf("half a store is taken for a whole one: %v", err)
	}
}

// failing is a connection on which one command does not get through.
type failing struct{ command string }

func (f failing) DialHook(next redis.DialHook) redis.DialHook { return next }
func (f failing) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return next
}
func (f failing) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, list []redis.Cmder) error {
		for _, cmd := range list {
			if cmd.Name() == f.command {
				return errors.New("the line is cut")
			}
		}
		return next(ctx, list)
	}
}

func TestAServiceThatHoldsALeaseIsSeen(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		lease := func(until time.Time) bool {
			c.HSet(t.Context(), "p:{lease:planner}", "until", until.UnixMilli())
			running, err := backup.Running(t.Context(), c, "p")
			if err != nil {
				t.Fatal(err)
			}
			return running
		}
		if lease(time.UnixMilli(0)) || lease(time.Now().Add(-time.Minute)) {
			t.Error("a lease that ran out counts")
		}
		if !lease(time.Now().Add(time.Minute)) {
			t.Error("a lease that holds does not count")
		}
	})
}
