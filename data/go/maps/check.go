// SPDX-License-Identifier: MIT
// Whether a strategy is a map: threads do their steps, each on keys of its own, next to a model
// that knows every key's last value, as probes/maps/map_check.c does.
package main

import (
	"fmt"
	"sync"
)

const (
	checkSteps = 2000 // of a thread
	checkKeys  = 512  // of a thread
)

// The first fault counts.
type fault struct {
	lock sync.Mutex
	text string
}

func (f *fault) report(format string, args ...any) {
	f.lock.Lock()
	if f.text == "" {
		f.text = fmt.Sprintf(format, args...)
	}
	f.lock.Unlock()
}

// A thread and what it knows: the number of a key's last value.
type checker[V value] struct {
	*worker
	m     shared[V]
	last  map[uint64]uint64
	fault *fault
}

// Each word is made of the key and a number, so that a mixture shows.
func makeValue[V value](key, number uint64) V {
	var v V
	for i := 0; i < len(v); i++ {
		v[i] = (key<<32 | number) * uint64(2*i+1)
	}
	return v
}

// 0: nobody has written it.
func numberOf[V value](key uint64, v V) uint64 {
	number := v[0] & (1<<32 - 1)
	if v != makeValue[V](key, number) {
		return 0
	}
	return number
}

func (c *checker[V]) checkGet(key uint64) {
	v, found := c.m.get(key)
	last, there := c.last[key]
	switch {
	case found && !there:
		c.fault.report("a deleted key is there: %d", key)
	case !found && there:
		c.fault.report("a key is lost: %d", key)
	case found && numberOf(key, v) != last:
		c.fault.report("get gives an old or a mixed value of key %d", key)
	}
}

func (c *checker[V]) checkWrite(op, key uint64) {
	_, there := c.last[key]
	c.writes++
	v := makeValue[V](key, c.writes)
	switch op {
	case opDelete:
		if c.m.remove(key) != there {
			c.fault.report("delete of key %d returns something else", key)
		}
		delete(c.last, key)
		return
	case opInsert:
		if c.m.insert(key, v) == there {
			c.fault.report("insert of key %d returns something else", key)
		}
		if there {
			return
		}
	default:
		c.m.put(key, v)
	}
	c.last[key] = c.writes
}

func (c *checker[V]) checkIterate() {
	seen := 0
	c.m.iterate(func(key uint64, v V) {
		number := numberOf(key, v)
		if number == 0 {
			c.fault.report("iterate shows key %d with a value of no one", key)
		}
		if key%c.threads != c.thread {
			return
		}
		seen++
		if number != c.last[key] {
			c.fault.report("iterate shows an old value of key %d", key)
		}
	})
	if seen != len(c.last) {
		c.fault.report("iterate shows %d of a thread's %d keys", seen, len(c.last))
	}
}

func (c *checker[V]) checkStep() {
	op, key := c.nextStep()
	key = key%checkKeys*c.threads + c.thread
	switch op {
	case opGet:
		c.checkGet(key)
	case opIterate:
		c.checkIterate()
	case opSize:
		if size := c.m.size(); size < len(c.last) {
			c.fault.report("size is %d, and one thread has %d keys", size, len(c.last))
		}
	default:
		c.checkWrite(op, key)
	}
}

func (c *checker[V]) checkSteps() {
	for i := uint64(0); i < checkKeys; i++ {
		c.checkWrite(opPut, i*c.threads+c.thread)
	}
	for i := 0; i < checkSteps; i++ {
		c.checkStep()
	}
	for i := uint64(0); i < checkKeys; i++ {
		c.checkGet(i*c.threads + c.thread)
	}
	c.checkIterate()
}

// Returns what is wrong, "" for nothing.
func checkMap[V value](r *request) string {
	var f fault
	m := strategies[V]()[r.strategy](checkKeys * r.threads)
	checkers := make([]*checker[V], r.threads)
	runAll(r.threads, func(thread int) {
		checkers[thread] = &checker[V]{newWorker(r, thread), m, map[uint64]uint64{}, &f}
		checkers[thread].checkSteps()
	})
	count := 0
	for _, c := range checkers {
		count += len(c.last)
	}
	if size := m.size(); size != count {
		f.report("size is %d, and there are %d keys", size, count)
	}
	return f.text
}
