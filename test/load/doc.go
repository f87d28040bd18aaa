// Command load is the yardstick and the load generator of `make bench`, in a module of its own so that the SDK it
// measures against never becomes a dependency of weizheng.
//
//	load sdk  -listen 127.0.0.1:0 -mode safe …   a bare handler on github.com/silenceper/wechat/v2: verifies, answers, stores nothing
//	load fire -url … -mode safe -conns 64 -n 50000   as many callbacks as the connections carry, one after another
//	load fire -url … -rate 1000 -for 20s             an open loop: so many a second, whatever comes back
//
// fire prints one JSON object. Callbacks are made before the clock starts, signed and encrypted as WeChat does, each
// with its own MsgId; connections are kept alive and read by a few lines of our own, so that the generator takes as
// little of the two cores as it can.
package main
