// SPDX-License-Identifier: MIT
// waits [SECONDS [profile]]: four goroutines that wait for a Mutex, and four for an RWMutex, two of
// those as readers. Prints each quarter of a second the monotonic time, and the work of a second;
// with "profile", at the end, what Go's own profile of blocks has: the seconds and the number of
// waits in Mutex.Lock, RWMutex.Lock and RWMutex.RLock.
package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

var (
	mutex  sync.Mutex
	shared sync.RWMutex
	work   int64
)

func spin(long time.Duration) {
	for began := time.Now(); time.Since(began) < long; {
	}
	atomic.AddInt64(&work, 1)
}

func useMutex() {
	for {
		mutex.Lock()
		spin(50 * time.Microsecond)
		mutex.Unlock()
		spin(20 * time.Microsecond)
	}
}

func write() {
	for {
		shared.Lock()
		spin(100 * time.Microsecond)
		shared.Unlock()
		time.Sleep(time.Millisecond)
	}
}

func read() {
	for {
		shared.RLock()
		spin(30 * time.Microsecond)
		shared.RUnlock()
		time.Sleep(300 * time.Microsecond)
	}
}

func monotonic() float64 {
	const clock = 1
	var t syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&t)), 0)
	return float64(t.Sec) + float64(t.Nsec)/1e9
}

func printProfile() {
	rows := make([]runtime.BlockProfileRecord, 10000)
	count, _ := runtime.BlockProfile(rows)
	var text bytes.Buffer
	var perSecond float64
	pprof.Lookup("block").WriteTo(&text, 1)
	fmt.Sscanf(text.String(), "--- contention:\ncycles/second=%g", &perSecond)
	kinds := []string{"sync.(*RWMutex).RLock", "sync.(*RWMutex).Lock", "sync.(*Mutex).Lock"}
	cycles, waits := map[string]float64{}, map[string]int64{}
	for _, row := range rows[:count] {
		names := ""
		for frames := runtime.CallersFrames(row.Stack()); ; {
			frame, more := frames.Next()
			names += frame.Function + "\n"
			if !more {
				break
			}
		}
		for _, kind := range kinds {
			if strings.Contains(names, kind) {
				cycles[kind] += float64(row.Cycles)
				waits[kind] += row.Count
				break
			}
		}
	}
	for _, kind := range kinds {
		fmt.Println("profile", kind, cycles[kind]/perSecond, waits[kind])
	}
}

func main() {
	seconds := 1.0
	if len(os.Args) > 1 {
		seconds, _ = strconv.ParseFloat(os.Args[1], 64)
	}
	profile := len(os.Args) > 2
	if profile {
		runtime.SetBlockProfileRate(1)
	}
	for i := 0; i < 4; i++ {
		go useMutex()
	}
	go write()
	go write()
	go read()
	go read()
	last, at := int64(0), monotonic()
	for began := time.Now(); time.Since(began).Seconds() < seconds; {
		time.Sleep(250 * time.Millisecond)
		now, done := monotonic(), atomic.LoadInt64(&work)
		fmt.Printf("%.3f %.6g\n", now, float64(done-last)/(now-at))
		last, at = done, now
	}
	if profile {
		printProfile()
	}
}
