// SPDX-License-Identifier: MIT

// Structs within a struct: one for each direction of a connection.
// False: each worker counts in its own. Fix: a pad between them.
// expect: false-sharing kind=heap heap=newConnection type=connection field=in field=out field=bytes
package main

import "fmt"

type flow struct {
	bytes, packets uint64
}

type connection struct {
	in  flow
	_   [pad]byte
	out flow
}

func newConnection() *connection {
	return new(connection)
}

func main() {
	c, n := newConnection(), ops(60000000)
	run(workers, func(me int) {
		for i := 0; i < n; i++ {
			if me == 0 {
				c.in.bytes += 64 // <- hot
			} else {
				c.out.bytes += 128 // <- hot
			}
		}
	})
	fmt.Println(c.in.bytes, c.out.bytes)
}
