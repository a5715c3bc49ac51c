// SPDX-License-Identifier: MIT

// A ring between one producer and one consumer, both ends' indices on one line; each side keeps a
// copy of the other's index and looks again only when that says full or empty.
// False mostly: each side stores its own index for every item. True as well, when it looks: that
// stays in the fixed one and is not to be reported. Fix: a pad between them. The slots are apart in
// both.
// expect: false-sharing kind=heap heap=newRing type=ring field=head field=tail
package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
)

const (
	slots  = 1024
	rounds = 40 // of private work for each item
)

type slot struct {
	_    [120]byte
	item uint64
}

type ring struct {
	head atomic.Uint64 // the producer's
	_    [pad]byte
	tail atomic.Uint64 // the consumer's
	slot [slots]slot
}

func newRing() *ring {
	return new(ring)
}

func (r *ring) produce(n uint64) {
	tail := uint64(0)
	for head := uint64(0); head < n; head++ {
		for head-tail == slots {
			tail = r.tail.Load() // <- touched
			if head-tail == slots {
				runtime.Gosched()
			}
		}
		r.slot[head%slots].item = mix(head, rounds)
		r.head.Store(head + 1) // <- hot
	}
}

func (r *ring) consume(n uint64) uint64 {
	sum, head := uint64(0), uint64(0)
	for tail := uint64(0); tail < n; tail++ {
		for head == tail {
			head = r.head.Load() // <- touched
			if head == tail {
				runtime.Gosched()
			}
		}
		sum += mix(r.slot[tail%slots].item, rounds)
		r.tail.Store(tail + 1) // <- hot
	}
	return sum
}

func main() {
	r, n := newRing(), uint64(ops(1000000))
	sum := uint64(0)
	run(workers, func(me int) {
		if me == 0 {
			r.produce(n)
		} else {
			sum = r.consume(n)
		}
	})
	fmt.Printf("%x\n", sum)
}
