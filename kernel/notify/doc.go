// Package notify sends to followers, and knows what became of it.
//
// Sending is two steps. Queue, in the caller's transaction, keeps to quiet hours, finds a repetition by its key, takes one
// of the follower's open allowances and writes down the intent with a job. The job sends and writes down the outcome.
//
// It goes as a customer message, or as a message by template where the caller says so.
//
//	held ──quiet hours over──▶ queued ──▶ sending ──▶ sent | refused | uncertain
//	                             ▲           │
//	                             └─ not sent, worth another try
//
// Promises:
//
//   - A message arrives at most once. A crash, a lost answer or an answer that leaves it open makes it uncertain: it is
//     shown to people and never repeated by itself. Only what certainly did not reach WeChat (no connection, no token, its
//     own "too often") is tried again; and a message by template, within the minutes in which WeChat's own key
//     (client_msg_id) keeps it from arriving twice.
//   - What WeChat tells of a message by template afterwards (arrived, blocked, failed) is written down and told on.
//   - WeChat's windows are kept here as WeChat counts them, in civil time: 5 messages within 48 hours of a message, 3 within
//     a minute of a menu tap, a follow or a scan (WeChat docs: Customer_Service_Messages). A refused message gives its
//     allowance back; WeChat's own refusal corrects the count.
//   - The same key gives the same message, however often it is queued.
//   - What is sent is stored sealed, and only until it is sent.
package notify
