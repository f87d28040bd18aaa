// Package citizen knows the people at the other end: followers and citizens.
//
// A follower is one openid in one account. A citizen is a person: one or more followers, joined when WeChat gives them the
// same unionid (or by a binding that a later part verified), and separable again. Each follower begins as a citizen of
// its own, its origin; joining points the origin at another citizen and loses nothing, so separating needs no guess. What
// other parts hang on a citizen stays where it was hung: Same lists the ids under which a person may be found.
//
//	follower ──citizen_id──▶ citizen ◀──joined_into── citizen (origin of another follower)
//
// Promises:
//
//   - Openids, remarks and sync cursors are stored sealed; an openid is found by a blind index, Person. No log, error,
//     audit row or job argument holds one; a person who looks at one says why, and that is audited.
//   - Each citizen has a data key, stored wrapped. Erase deletes it: whatever it sealed can be read no more. A backup made
//     before still holds the wrapped key; the tombstone of the openid's index stays, so that Bury cleans what was restored
//     from one.
//   - Who unsubscribes is forgotten after a settable time (WeChat docs: the unsubscribe event obliges to), who comes back
//     before is not.
//   - Ensure is one statement for a known follower. Syncing with WeChat goes page by page in jobs, each a short
//     transaction that keeps its place, and goes on where it stopped, also with millions.
//   - A snapshot user of web authorisation (an openid that WeChat made up) never becomes a citizen.
package citizen
