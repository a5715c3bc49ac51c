// SPDX-License-Identifier: MIT

// 20,000 goroutines at a time: each has a count of its own, and all wait for each other.
package main

import (
	"fmt"
	"sync"
)

func main() {
	const many, rounds = 20000, 100
	counts := make([]uint64, many)
	var here, done sync.WaitGroup
	here.Add(many)
	done.Add(many)
	for i := 0; i < many; i++ {
		go func(me int) {
			defer done.Done()
			here.Done()
			here.Wait()
			for n := 0; n < rounds; n++ {
				counts[me]++
			}
		}(i)
	}
	done.Wait()
	sum := uint64(0)
	for _, n := range counts {
		sum += n
	}
	fmt.Println(sum)
}
