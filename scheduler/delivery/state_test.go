package delivery

import "testing"

func TestHigherRankStays(t *testing.T) {
	marks := []Mark{Pending, Intent, Retry, Unknown, Expired, Skipped, Failed, Sent}
	for i, a := range marks {
		for j, b := range marks {
			want := marks[max(i, j)]
			if got := merge(newFact(a, 3), newFact(b, 3)).mark(); got != want {
				t.Errorf("%s with %s is %s, want %s", a, b, got, want)
			}
		}
	}
}

func TestFactKeepsMarkAndDetail(t *testing.T) {
	for m := Pending; m <= Sent; m++ {
		for _, d := range []uint8{0, 1, detailMax, detailMax + 1, 255} {
			f := newFact(m, d)
			if f.mark() != m || f.detail() != min(d, detailMax) {
				t.Errorf("newFact(%s, %d) reads as %s, %d", m, d, f.mark(), f.detail())
			}
		}
	}
	if newFact(Failed, 9).attempts() != 0 || newFact(Retry, 9).attempts() != 9 {
		t.Error("the code of a reason is taken for attempts")
	}
}

func TestEveryMarkHasAName(t *testing.T) {
	seen := map[string]bool{}
	for m := Pending; m <= Sent; m++ {
		seen[m.String()] = true
	}
	if len(seen) != len(markNames) || seen["mark?"] || Mark(8).String() != "mark?" {
		t.Errorf("names: %v", seen)
	}
}

func FuzzMergeIsCommutativeAssociativeAndIdempotent(f *testing.F) {
	f.Add(byte(newFact(Sent, 0)), byte(newFact(Failed, 31)), byte(newFact(Intent, 2)))
	f.Fuzz(func(t *testing.T, x, y, z byte) {
		a, b, c := fact(x), fact(y), fact(z)
		if merge(a, b) != merge(b, a) {
			t.Errorf("merge(%d, %d) depends on the order", a, b)
		}
		if merge(a, a) != a {
			t.Errorf("merge(%d, itself) changes it", a)
		}
		if merge(merge(a, b), c) != merge(a, merge(b, c)) {
			t.Errorf("merge of %d, %d, %d depends on the grouping", a, b, c)
		}
		if a.mark() == Sent && merge(a, b).mark() != Sent {
			t.Errorf("%d undoes a sent mark", b)
		}
	})
}

func TestProgressCountsEveryByteOnce(t *testing.T) {
	var ledger []byte
	for b := range 256 {
		ledger = append(ledger, byte(b))
	}
	var p Progress
	p.count(ledger)
	want := Progress{Pending: 64, Retry: 32, Unknown: 32, Expired: 32, Skipped: 32, Failed: 32, Sent: 32}
	if p != want {
		t.Fatalf("progress = %+v", p)
	}
}
