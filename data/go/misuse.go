// SPDX-License-Identifier: MIT

// A plain map that two goroutines use at once without a lock: one writes, the other reads and
// writes. Go's runtime looks at a flag in the map in passing, and ends the program when it sees
// another writer; the throw cannot be recovered. Prints "unnoticed" when it did not.
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
)

func main() {
	ops, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	const keys = 1000
	shared := make(map[int]int)
	for key := 0; key < keys; key++ {
		shared[key] = key
	}
	var start, done sync.WaitGroup
	start.Add(1)
	done.Add(2)
	use := func(step int) {
		defer done.Done()
		start.Wait()
		sum := 0
		for i := 0; i < ops; i++ {
			key := i * step % keys
			if i%10 == 0 {
				shared[key] = i
			} else {
				sum += shared[key]
			}
			garbage = make([]byte, 64)
		}
		if sum == -1 {
			fmt.Println(sum)
		}
	}
	go use(1)
	go use(7)
	start.Done()
	done.Wait()
	fmt.Println("unnoticed")
}

// What the collector has to do.
var garbage []byte
