// Package conversation is the shared inbox: what followers write, what was answered by itself, and what people on duty
// answer.
//
// There is one conversation for each follower of an account; it is open while somebody may have to act and closed
// otherwise, and a new message opens it again. A follower waits from the first message that no rule answered until a
// person answers or closes. A person claims a conversation before answering, so that two never answer at once; while it
// is claimed and warm, rules keep silent for that follower.
//
// Promises: an answer with the same key is sent once; a line's state tells honestly what became of it (sending, sent,
// refused, uncertain); identity numbers, phones, cards and plates in free text are replaced by references to encrypted
// values before they are stored, and only what is left can be searched; to see one takes a right and a reason. Pictures,
// voices and videos are fetched while WeChat keeps them, lie sealed with a key of their own, and go with their follower.
//
//	open ──claim──▶ open, claimed ──answer──▶ open, claimed, nobody waits ──close──▶ closed ──message──▶ open
package conversation
