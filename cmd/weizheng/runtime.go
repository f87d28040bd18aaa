package main

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// spareThreads is how many threads may run Go code beyond the cores. SQLite's writer spends much of its time in fsync;
// when it returns with every place taken, it waits behind whatever runs, and with it every callback of its commit. With
// places to spare the kernel decides, which lets a thread that slept go first: a fifth more callbacks a second.
const spareThreads = 2

// crewed lets spareThreads more threads run, unless the environment says how many.
func crewed() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + spareThreads)
	}
}

const (
	calmRate  = 32 << 20 // bytes a second allocated, from which on the house is busy
	headroom  = 64 << 20 // garbage that may gather under load, at least
	widest    = 400      // and at most four times what lives
	usual     = 100      // Go's own
	glance    = 250 * time.Millisecond
	calmTicks = 20 // glances without load, until memory is given back
)

// percent is how far the heap may outgrow what lives before the garbage collector runs. What lives is mostly a few
// megabytes: by Go's own measure a busy house would collect ten times a second, for a quarter of its time.
func percent(live, rate uint64) int {
	if rate < calmRate {
		return usual
	}
	return int(min(max(headroom*100/max(live, 1), usual), widest))
}

// tend sets the collector's stride by what is going on, and gives memory back to the system after a load, until ctx
// ends. GOGC in the environment leaves everything as it is.
func tend(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	samples := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"}}
	tick := time.NewTicker(glance)
	defer tick.Stop()
	allocated, set, calm := uint64(0), usual, 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		metrics.Read(samples)
		more := samples[0].Value.Uint64() - allocated
		allocated += more
		rate := more * uint64(time.Second/glance)
		if p := percent(samples[1].Value.Uint64(), rate); p != set {
			debug.SetGCPercent(p)
			set = p
		}
		if rate >= calmRate {
			calm = 0
			continue
		}
		if calm++; calm == calmTicks {
			debug.FreeOSMemory()
		}
	}
}
