// Package matter keeps every running matter of the house: a ticket, an application, the review of a reply rule. What may
// become of one is its flow definition's word (kernel/flow, pure); this package holds what has become of it.
//
//	Open ── event ──► run, clocks, deadlines, parties, places in lists      (one transaction)
//	Act  ── event ──►   "                                                   guards before, effects and notices with it
//	Sweep ─ event ──►   "                                                   what falls due in civil time
//
// Promises:
//
//   - Events alone give the state. They are appended and never changed; run, clocks, deadlines, parties and lists are
//     written from what they say, by the same code that Replay recomputes them with.
//   - A verb happens whole or not at all, also in a crash. The same idempotency key happens once; another request under
//     it is a conflict, as is an action on a version that is not the matter's any more.
//   - Several clocks run side by side, legal and promised ones, reckoned by the calendar of the unit and by
//     worktime alone. What fell due while the house was off happens in its order, dated when it was due. Nothing is
//     decided by a time-out. A change of calendar or rule shows what it moves before it is approved.
//   - A sealed matter is encrypted whole and hangs in no unit's list: no list, count or search shows it to anybody but its
//     parties, no role opens it, and each look at it is audited.
//   - A number alone opens nothing: it goes with a random code. Numbers hold the day, the kind, a sequence without gaps
//     and a check digit (ISO 7064 MOD 11,10).
//   - Every list is a few ranges of an index, whatever the filter (list.go): a unit's inbox does not slow down with a
//     million matters.
//   - Who is to be told is told by name and once, whether they hold a role, lead, work in a unit or are the party outside
//     (notice.go, addressee.go).
//   - Values of fields are judged by the form that the matter was opened with (kernel/form), of which a later version
//     changes nothing: every fault at once, and nothing is kept. Fields of class 个人 and 敏感 are sealed like numbers, shown
//     masked, and shown whole to who says why. Files hang on the matter and are for who may read it.
//   - Numbers that identify people are taken out of what is said and kept beside it, encrypted with a key that erasing the
//     person deletes, with the contact that was given.
package matter
