// SPDX-License-Identifier: MIT

// Stages that hand jobs on by channels; each stage works on a job in place.
// None: a job is used by one stage at a time, and all use the same bytes of it.
// expect: none
package main

import "fmt"

const jobs = 64

type job struct {
	_     [128]byte
	value uint64
	_     [120]byte
}

func main() {
	n := ops(400000)
	unused, parsed, done := make(chan *job, jobs), make(chan *job, jobs/2), make(chan *job)
	for i := 0; i < jobs; i++ {
		unused <- new(job)
	}
	sum := uint64(0)
	run(3, func(me int) {
		own := uint64(0)
		for i := 0; i < n; i++ {
			switch me {
			case 0:
				j := <-unused
				j.value = mix(uint64(i), 10)
				parsed <- j
			case 1:
				j := <-parsed
				j.value = mix(j.value, 10)
				done <- j
			case 2:
				j := <-done
				own += j.value
				unused <- j
			}
		}
		if me == 2 {
			sum = own
		}
	})
	fmt.Printf("%x\n", sum)
}
