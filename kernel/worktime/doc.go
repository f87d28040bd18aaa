// Package worktime counts legal time: working days with make-up days, calendar days that roll forward, running hours and
// hours in business, with pauses, extensions and month terms (Civil Code arts 200–204, Administrative Licensing Law art 82).
//
// The counting is pure. A Calendar is immutable: the State Council's yearly lists, local days over them and opening hours. Due
// says when a term ends, Explain how it was counted, Measure (Elapsed, Remaining) how far it has run, Amend what a change of rule
// or calendar does. All are total: every input gives a result or an *errs.Error, none panics, and the work is bounded whatever
// the amount. They read no clock, so the same input always gives the same answer.
//
// What they promise:
//
//   - Days are days of China (UTC+8). The day a term starts does not count; a term of days ends at 24:00 of its last day,
//     or at close of business where the rule says so. A working day with shorter hours is a whole working day.
//   - A pause leaves out the days after the one it begins on, up to and including the one it ends on; in terms of hours it
//     leaves out exactly its time. Overlapping pauses count once. An open pause stops the term.
//   - A larger amount or a longer pause never gives an earlier end; nor does a later start, except in terms of months with
//     pauses: the 29th, 30th and 31st may share one end, and the later of them may have missed a day of the pause.
//   - Where a year's list is missing, Monday to Friday less the statutory holidays that can be known stand in for it, and
//     what rests on that is marked provisional.
//
// The Service keeps lists, local days and opening hours in tables, every change a new version with its author and reason, and
// hands out one Calendar per unit from memory.
package worktime
