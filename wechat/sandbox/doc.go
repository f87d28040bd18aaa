// Package sandbox is a local WeChat: an Official Account platform on one's own machine, for developing, demonstrating and
// testing without a real account. It has WeChat's server API at its root, so that any SDK can be pointed at it by its
// base address; it delivers signed and encrypted callbacks; it has phones in the browser; and it has a JSON API of its
// own under /sandbox/api (API.md) that plays citizens.
//
// Promises: it behaves as WeChat's documents say and bends to no client; what it does not have answers 404 and stands in
// GET /coverage; a restart keeps everything; it listens on loopback unless told otherwise. It knows nothing of weizheng.
//
// The work is done by the packages below it, each importing only earlier ones: state (what is known), wire (the log),
// fault (disturbances), media (files), later (what falls due), push (callbacks), act (what people do), api (WeChat's paths),
// page (the browser in WeChat), play (the JSON API).
package sandbox
