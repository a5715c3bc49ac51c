// SPDX-License-Identifier: MIT
// A thread's steps on a map, as probes/maps/map_loop.c does them.
package main

import (
	"math"
	"time"
)

// As enum map_op in probes/maps/load.h; a step is an op and its key (probes/maps/steps.h).
const (
	opGet = iota
	opPut
	opInsert
	opDelete
	opIterate
	opSize
	stepOpBits = 3
)

// Each lies on lines of its own.
type worker struct {
	thread, threads uint64
	step            []uint64
	at              int
	moving          bool // keys are new ones all the time
	oldest, next    uint64

	writes, iterations, seen uint64
	iterated                 int64
	ops, seconds             float64
	lasted                   []uint32 // ns, of ops that were timed one by one
	_                        [256]byte
}

var base = time.Now()

func now() int64 { return int64(time.Since(base)) }

// A number of the living, fewer than 2^32, in proportion to a random one of 61 bits.
func (w *worker) pickLiving(random uint64) uint64 {
	return w.oldest + (random>>29)*(w.next-w.oldest)>>32
}

func (w *worker) findKey(op, number uint64) uint64 {
	if !w.moving {
		return number
	}
	switch {
	case op == opInsert:
		number = w.next
		w.next++
	case op == opDelete && w.oldest < w.next:
		number = w.oldest
		w.oldest++
	default:
		number = w.pickLiving(number)
	}
	return number*w.threads + w.thread
}

func (w *worker) takeStep() uint64 {
	step := w.step[w.at]
	w.at++
	if w.at == len(w.step) {
		w.at = 0
	}
	return step
}

// The next step, for who wants to follow the loop.
func (w *worker) nextStep() (op, key uint64) {
	step := w.takeStep()
	op = step & (1<<stepOpBits - 1)
	return op, w.findKey(op, step>>stepOpBits)
}

func iterate[V value](w *worker, m shared[V]) {
	before := now()
	m.iterate(func(key uint64, v V) { w.seen += key ^ v[0] })
	w.iterated += now() - before
	w.iterations++
}

func write[V value](w *worker, m shared[V], op, key uint64) {
	var v V
	w.writes++
	v[0] = w.writes
	switch op {
	case opDelete:
		m.remove(key)
	case opPut:
		m.put(key, v)
	default:
		m.insert(key, v)
	}
}

func doStep[V value](w *worker, m shared[V]) {
	step := w.takeStep()
	op := step & (1<<stepOpBits - 1)
	switch op {
	case opGet:
		v, _ := m.get(w.findKey(op, step>>stepOpBits))
		w.seen += v[0]
	case opSize:
		w.seen += uint64(m.size())
	case opIterate:
		iterate(w, m)
	default:
		write(w, m, op, w.findKey(op, step>>stepOpBits))
	}
}

func doSteps[V value](w *worker, m shared[V], n int) {
	for ; n > 0; n-- {
		doStep(w, m)
	}
}

// A number of steps that takes about `batch` ns, after n took `took`.
func fitBatch(n int, took, batch int64) int {
	switch {
	case took*2 < batch:
		return n * 2
	case took > batch*2 && n > 1:
		return n / 2
	}
	return n
}

// The steps that were done at a moment, as if a batch of n, which began when `done` were, had gone on
// evenly.
func doneAt(moment, before, after int64, done uint64, n int) float64 {
	if moment <= before {
		return float64(done)
	}
	return float64(done) + float64(n)*math.Min(1, float64(moment-before)/float64(after-before))
}

// Counts what is done from one moment to another, with what it waits for: a thread that only waited
// has done nothing. The batches find their size before.
func measure[V value](w *worker, m shared[V], t *window, batch int64) {
	var atFrom, atUntil float64
	done, n := uint64(0), 1
	for before := now(); before < t.until; {
		doSteps(w, m, n)
		after := now()
		if before <= t.from {
			atFrom = doneAt(t.from, before, after, done, n)
		}
		atUntil = doneAt(t.until, before, after, done, n)
		done += uint64(n)
		if after < t.from {
			n = fitBatch(n, after-before, batch)
		}
		before = after
	}
	w.ops = atUntil - atFrom
	w.seconds = float64(t.length) / 1e9
}

func timeSingly[V value](w *worker, m shared[V], until int64) {
	w.lasted = w.lasted[:0]
	for before := now(); before < until && len(w.lasted) < cap(w.lasted); {
		doStep(w, m)
		after := now()
		w.lasted = append(w.lasted, uint32(min64(after-before, 1<<32-1)))
		before = now()
	}
}

func min64(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
