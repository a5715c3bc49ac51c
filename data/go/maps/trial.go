// SPDX-License-Identifier: MIT
// One trial of a strategy under a load, as probes/maps/map_trial.c runs it.
package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"sort"
	"sync/atomic"
)

const (
	warmShare   = 8       // of the window
	timedMost   = 1 << 16 // ops of a thread that are timed one by one
	emptyMostNs = 3e8
)

// The bytes that the heap's living objects take.
func heapBytes() float64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc)
}

func makeMap[V value](r *request) shared[V] {
	var none V
	m := strategies[V]()[r.strategy](int(r.keys))
	if f, fills := m.(filler); fills {
		f.fill(r.keys)
	} else {
		for key := uint64(0); key < r.keys; key++ {
			m.put(key, none)
		}
	}
	// So that the load finds what it leaves behind: the first sync.Map has promoted all keys.
	for key := uint64(0); key < r.keys; key++ {
		m.get(key)
	}
	return m
}

// When the threads measure, in ns since `base`.
type window struct {
	arrived     atomic.Int32
	start       atomic.Int64
	from, until int64
	length      int64
}

// The last to arrive sets the time for all. They spin, so that all begin at the same time.
func (t *window) pass(threads int) int64 {
	const soon = 5000 // ns, until which all have seen it
	if int(t.arrived.Add(1)) == threads {
		t.from = now() + soon + t.length/warmShare
		t.until = t.from + t.length
		t.start.Store(t.from - t.length/warmShare)
	}
	for t.start.Load() == 0 {
	}
	for now() < t.start.Load() {
	}
	return t.start.Load()
}

func takePart[V value](r *request, w *worker, m shared[V], t *window) {
	begin(int(w.thread))
	t.pass(r.threads)
	measure(w, m, t, r.batch)
	timeSingly(w, m, t.until+t.length)
}

// Collections that ended in the window; Go adds up the two pauses of one.
func collections(t *window) (count, total, longest float64) {
	var stats debug.GCStats
	debug.ReadGCStats(&stats)
	for i, end := range stats.PauseEnd {
		if at := int64(end.Sub(base)); at < t.from || at > t.until {
			continue
		}
		pause := float64(stats.Pause[i])
		count++
		total += pause
		longest = math.Max(longest, pause)
	}
	return count, total, longest
}

func empty[V value](m shared[V]) bool {
	var keys []uint64
	m.iterate(func(key uint64, _ V) { keys = append(keys, key) })
	end := now() + emptyMostNs
	for _, key := range keys {
		if m.remove(key); now() > end {
			return false
		}
	}
	return true
}

// What a call of now() adds to a timed op.
var clockNs = func() float64 {
	least := int64(math.MaxInt64)
	for i := 0; i < 1000; i++ {
		before := now()
		least = min64(least, now()-before)
	}
	return float64(least)
}()

// The least, p50, p90, p99, p99.9 and the longest.
func (w *worker) quantiles(out []float64) {
	sort.Slice(w.lasted, func(i, j int) bool { return w.lasted[i] < w.lasted[j] })
	for i, share := range []float64{0, 0.5, 0.9, 0.99, 0.999, 1} {
		out[i] = math.NaN()
		if n := len(w.lasted); n > 0 {
			out[i] = math.Max(0, float64(w.lasted[int(share*float64(n-1))])-clockNs)
		}
	}
}

// In the order of enum go_cell in probes/maps/map_go.c.
func (w *worker) answer(cell []float64) {
	mean := math.NaN()
	if w.iterations > 0 {
		mean = float64(w.iterated) / float64(w.iterations)
	}
	copy(cell, []float64{w.ops, w.seconds, float64(w.writes), float64(w.iterations), mean})
	w.quantiles(cell[5:11])
}

func runTrial[V value](r *request) string {
	var m shared[V]
	var t = window{length: r.window}
	runtime.GOMAXPROCS(r.threads)
	workers := make([]*worker, r.threads)
	runAll(r.threads, func(thread int) { workers[thread] = newWorker(r, thread) })
	before := heapBytes()
	runAll(1, func(int) { m = makeMap[V](r) })
	runAll(r.threads, func(thread int) { takePart(r, workers[thread], m, &t) })
	count, total, longest := collections(&t)
	full, emptied := heapBytes()-before, math.NaN()
	if r.empties {
		runAll(1, func(int) {
			if empty(m) {
				emptied = 0
			}
		})
		emptied += heapBytes() - before
	}
	runtime.KeepAlive(m)
	copy(cells(0), []float64{full, emptied, count, total, longest})
	for thread, w := range workers {
		w.answer(cells(1 + thread))
	}
	return ""
}
