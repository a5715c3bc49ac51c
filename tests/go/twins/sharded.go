// SPDX-License-Identifier: MIT

// A sharded map: the shards are apart, their size counters side by side.
// False: each worker has the keys of one shard. Fix: a pad before each counter.
// expect: false-sharing kind=heap heap=newSharded type=sharded field=sizes also=shards
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

const keys = 4096

type shard struct {
	_     [128]byte
	mu    sync.Mutex
	items map[int]int
}

type size struct {
	_ [pad]byte
	n int64
}

type sharded struct {
	shards [workers]*shard
	sizes  [workers]size
}

// newItems returns a map whose header lies on lines of its own: Go lays blocks of one size side by
// side.
func newItems() map[int]int {
	var all [8]map[int]int
	for i := range all {
		all[i] = make(map[int]int, keys)
	}
	return all[4]
}

func newSharded() *sharded {
	s := new(sharded)
	for i := range s.shards {
		s.shards[i] = &shard{items: newItems()}
	}
	return s
}

func (s *sharded) put(key, value int) {
	at := key % workers
	to := s.shards[at] // <- touched
	to.mu.Lock()
	_, has := to.items[key]
	to.items[key] = value
	to.mu.Unlock()
	if !has {
		atomic.AddInt64(&s.sizes[at].n, 1) // <- hot
	}
}

func (s *sharded) remove(key int) {
	at := key % workers
	from := s.shards[at] // <- touched
	from.mu.Lock()
	delete(from.items, key)
	from.mu.Unlock()
	atomic.AddInt64(&s.sizes[at].n, -1) // <- hot
}

func main() {
	s, n := newSharded(), ops(1000000)
	run(workers, func(me int) {
		for i := 0; i < n; i++ {
			key := i%keys*workers + me
			s.put(key, i)
			s.remove(key)
		}
	})
	fmt.Println(s.sizes[0].n, s.sizes[1].n)
}
