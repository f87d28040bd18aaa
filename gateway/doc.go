// Package gateway is the front door for WeChat: verify → decrypt → answer → record → reply.
//
// Promises:
//   - Every request's signature is verified in constant time against the account's own token, and its freshness against
//     wall time. Whether a body is encrypted is the account's configuration, never the request's word.
//   - A callback is acknowledged only after its row is on disk: one group-committed row holds the sealed message, its
//     dedupe key and its answer. What was acknowledged is never lost and never answered twice; a duplicate, in flight or
//     years later, gets the same answer.
//   - A responder that is slow, fails or panics costs the citizen nothing but time: the fallback is given within the
//     budget and the true answer follows as a customer message.
//   - Overload and a database that is away are refused with 503, so that WeChat delivers again; refusals are counted and
//     shown as a gap afterwards. A correctly signed callback is never refused for its address or sender.
//   - Subscribers see each callback exactly once, through a leased reader of the log.
package gateway
