// SPDX-License-Identifier: MIT
// Ways to share a map between goroutines, each as a Go programmer writes it.
package main

import (
	"sync"
	"sync/atomic"
)

// A value of 8 to 256 bytes: as an array it lies in the map itself, as a struct would.
type value interface {
	[1]uint64 | [2]uint64 | [4]uint64 | [8]uint64 | [16]uint64 | [32]uint64
}

type shared[V value] interface {
	get(key uint64) (V, bool)
	put(key uint64, v V)
	insert(key uint64, v V) bool // whether it was not there
	remove(key uint64) bool      // whether it was there
	iterate(visit func(key uint64, v V))
	size() int
}

// By name; each gets the number of keys that it will have.
func strategies[V value]() map[string]func(keys int) shared[V] {
	return map[string]func(keys int) shared[V]{
		"go-rwmutex": func(keys int) shared[V] { return &rwmutex[V]{of: make(map[uint64]V, keys)} },
		"go-syncmap": func(int) shared[V] { return &syncmap[V]{} },
		"go-sharded": newSharded[V],
		"go-cow":     newCow[V],
	}
}

// What put for each key would make, where that takes too long.
type filler interface{ fill(keys uint64) }

type rwmutex[V value] struct {
	lock sync.RWMutex
	of   map[uint64]V
}

func (m *rwmutex[V]) get(key uint64) (V, bool) {
	m.lock.RLock()
	v, found := m.of[key]
	m.lock.RUnlock()
	return v, found
}

func (m *rwmutex[V]) put(key uint64, v V) {
	m.lock.Lock()
	m.of[key] = v
	m.lock.Unlock()
}

func (m *rwmutex[V]) insert(key uint64, v V) bool {
	m.lock.Lock()
	_, found := m.of[key]
	if !found {
		m.of[key] = v
	}
	m.lock.Unlock()
	return !found
}

func (m *rwmutex[V]) remove(key uint64) bool {
	m.lock.Lock()
	_, found := m.of[key]
	delete(m.of, key)
	m.lock.Unlock()
	return found
}

func (m *rwmutex[V]) iterate(visit func(key uint64, v V)) {
	m.lock.RLock()
	for key, v := range m.of {
		visit(key, v)
	}
	m.lock.RUnlock()
}

func (m *rwmutex[V]) size() int {
	m.lock.RLock()
	size := len(m.of)
	m.lock.RUnlock()
	return size
}

type syncmap[V value] struct{ of sync.Map }

func (m *syncmap[V]) get(key uint64) (V, bool) {
	v, found := m.of.Load(key)
	if !found {
		var none V
		return none, false
	}
	return v.(V), true
}

func (m *syncmap[V]) put(key uint64, v V) { m.of.Store(key, v) }

func (m *syncmap[V]) insert(key uint64, v V) bool {
	_, found := m.of.LoadOrStore(key, v)
	return !found
}

func (m *syncmap[V]) remove(key uint64) bool {
	_, found := m.of.LoadAndDelete(key)
	return found
}

func (m *syncmap[V]) iterate(visit func(key uint64, v V)) {
	m.of.Range(func(key, v any) bool {
		visit(key.(uint64), v.(V))
		return true
	})
}

// A sync.Map does not know its size: its keys are counted.
func (m *syncmap[V]) size() int {
	size := 0
	m.of.Range(func(any, any) bool {
		size++
		return true
	})
	return size
}

const (
	shards = 64
	// Two lines of 64 bytes, since a prefetcher fetches lines in pairs.
	shardBytes = 128
	// A mutex and a map's pointer.
	shardUsed = 16
)

type shard[V value] struct {
	lock sync.Mutex
	of   map[uint64]V
	_    [shardBytes - shardUsed]byte
}

type sharded[V value] struct{ shard [shards]shard[V] }

func newSharded[V value](keys int) shared[V] {
	m := &sharded[V]{}
	for i := range m.shard {
		m.shard[i].of = make(map[uint64]V, keys/shards)
	}
	return m
}

// The upper bits of a product with the golden ratio: neighbouring keys lie in different shards.
func (m *sharded[V]) shardOf(key uint64) *shard[V] {
	return &m.shard[key*0x9e3779b97f4a7c15>>58]
}

func (m *sharded[V]) get(key uint64) (V, bool) {
	s := m.shardOf(key)
	s.lock.Lock()
	v, found := s.of[key]
	s.lock.Unlock()
	return v, found
}

func (m *sharded[V]) put(key uint64, v V) {
	s := m.shardOf(key)
	s.lock.Lock()
	s.of[key] = v
	s.lock.Unlock()
}

func (m *sharded[V]) insert(key uint64, v V) bool {
	s := m.shardOf(key)
	s.lock.Lock()
	_, found := s.of[key]
	if !found {
		s.of[key] = v
	}
	s.lock.Unlock()
	return !found
}

func (m *sharded[V]) remove(key uint64) bool {
	s := m.shardOf(key)
	s.lock.Lock()
	_, found := s.of[key]
	delete(s.of, key)
	s.lock.Unlock()
	return found
}

func (m *sharded[V]) iterate(visit func(key uint64, v V)) {
	for i := range m.shard {
		s := &m.shard[i]
		s.lock.Lock()
		for key, v := range s.of {
			visit(key, v)
		}
		s.lock.Unlock()
	}
}

func (m *sharded[V]) size() int {
	size := 0
	for i := range m.shard {
		s := &m.shard[i]
		s.lock.Lock()
		size += len(s.of)
		s.lock.Unlock()
	}
	return size
}

// Readers load a map that nobody changes; a writer replaces it with a changed copy.
type cow[V value] struct {
	lock sync.Mutex // of writers
	now  atomic.Value
}

func newCow[V value](int) shared[V] {
	m := &cow[V]{}
	m.now.Store(map[uint64]V{})
	return m
}

func (m *cow[V]) fill(keys uint64) {
	var none V
	full := make(map[uint64]V, keys)
	for key := uint64(0); key < keys; key++ {
		full[key] = none
	}
	m.now.Store(full)
}

func (m *cow[V]) load() map[uint64]V { return m.now.Load().(map[uint64]V) }

func (m *cow[V]) copy() map[uint64]V {
	old := m.load()
	next := make(map[uint64]V, len(old)+1)
	for key, v := range old {
		next[key] = v
	}
	return next
}

func (m *cow[V]) get(key uint64) (V, bool) {
	v, found := m.load()[key]
	return v, found
}

func (m *cow[V]) put(key uint64, v V) {
	m.lock.Lock()
	next := m.copy()
	next[key] = v
	m.now.Store(next)
	m.lock.Unlock()
}

func (m *cow[V]) insert(key uint64, v V) bool {
	m.lock.Lock()
	_, found := m.load()[key]
	if !found {
		next := m.copy()
		next[key] = v
		m.now.Store(next)
	}
	m.lock.Unlock()
	return !found
}

func (m *cow[V]) remove(key uint64) bool {
	m.lock.Lock()
	_, found := m.load()[key]
	if found {
		next := m.copy()
		delete(next, key)
		m.now.Store(next)
	}
	m.lock.Unlock()
	return found
}

func (m *cow[V]) iterate(visit func(key uint64, v V)) {
	for key, v := range m.load() {
		visit(key, v)
	}
}

func (m *cow[V]) size() int { return len(m.load()) }
