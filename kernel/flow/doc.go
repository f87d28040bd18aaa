// Package flow is the engine under every matter: what a kind of matter may become, by whose hand, within which time.
//
// The heart is pure. A Definition is data (YAML): states, actions, clocks, notices. Start opens a Run, Options says what a
// person may do with it now, Decide turns a Move into Events or refuses it, and Apply turns events into the next Run.
// Nothing here reads a clock or a database: a Move carries its civil time, Facts carry what its caller looked up, and
// clock arithmetic is kernel/worktime's; flow only says when a clock starts, pauses, resumes, is extended and stops.
// kernel/matter keeps the events, runs the guards and effects and finds what fell due.
//
// Promises, kept in Decide whatever a definition or a face says:
//
//   - Events alone give the state: Apply is total, changes nothing it was given, and answers an event of a kind that it
//     does not know with an error, never with a panic.
//   - Nobody decides on their own work: who opened a matter, filled in a field or sent it for review may not decide in
//     a review state, in their own name or another's, nor may anybody who acts for them. Where the definition asks for
//     separation, nobody decides in two review states of one matter.
//   - No time-out decides. What falls due may tell, escalate or colour; only a legal fiction that the definition names
//     with its source of law changes the state, and never into one that a verdict leads to.
//   - A clock never runs backwards, is started once a round, and stands still at every end.
//   - On behalf of somebody else means that both names are kept.
//
// A definition in short (shipped/ has whole ones):
//
//	states:
//	  - {name: drafting, title: 起草, acts: [opener], fills: [text]}
//	  - {name: reviewing, title: 审核, acts: [role:reviewer], review: true}
//	  - {name: done, title: 通过, end: true, outcome: granted}
//	actions:
//	  - {name: submit, title: 送审, from: [drafting], to: reviewing}
//	  - {name: pass, title: 通过, from: [reviewing], to: done, verdict: approve}
//	  - {name: back, title: 退回, does: return, from: [reviewing]}
//	clocks:
//	  - {name: review, title: 审核时限, basis: promised, rule: {kind: working, amount: 1},
//	     starts: [enter:reviewing], stops: [leave:reviewing], again: true}
//
// Who is a Selector, what a Verb, when a Trigger; Parse refuses what it does not know, Validate what cannot work.
//
// The Service below keeps definitions in versions (draft, live, retired); a matter runs to its end on the version that
// it was opened with.
package flow
