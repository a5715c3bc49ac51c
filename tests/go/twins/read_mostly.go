// SPDX-License-Identifier: MIT

// A limit that is only read, beside a count that one worker writes.
// False: who reads the limit loses its line with each count. Fix: a pad between them.
// expect: false-sharing kind=heap heap=newServer type=server field=limit field=served
package main

import "fmt"

type server struct {
	limit  uint64
	_      [pad]byte
	served uint64
}

func newServer(limit uint64) *server {
	return &server{limit: limit}
}

func main() {
	s, n := newServer(3), ops(60000000)
	over := uint64(0)
	run(workers, func(me int) {
		if me == 0 {
			for i := 0; i < n; i++ {
				s.served++ // <- hot
			}
			return
		}
		sum := uint64(0)
		for i := 0; i < n; i++ {
			if uint64(i)&7 > s.limit { // <- hot
				sum++
			}
		}
		over = sum
	})
	fmt.Println(s.served, over)
}
