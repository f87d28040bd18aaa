// Package reply holds the rules that answer citizens by themselves: on following, on words and codes, on pictures and
// places, and when nothing else fits.
//
// A rule says when (trigger, match, words) and what (answers). Only rules that staff wrote ever speak: below them there
// is the default rule, and below that silence. Matching is a pure function over the account's rules, kept in memory and
// renewed on every replica within a second of a change; the path of a citizen's message reads no database.
//
// Where the setting reply.review is on, what staff write waits for a colleague: it opens a matter of the flow
// reply-review, and only that matter's verdict lets it speak, in its transaction. What was live keeps speaking meanwhile;
// nobody approves their own words; every wording is kept with who wrote it and who let it go live. Silencing a rule
// needs nobody's consent.
//
// Of several rules that fit, the one with the highest priority wins, then exact before contains, then the longest word,
// then the oldest rule: the same message always gets the same answer.
package reply
