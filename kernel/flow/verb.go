package flow

// Verb is what an action does to a matter; empty is Go. In brackets the word that Chinese approval systems use.
type Verb string

// The verbs.
const (
	Go Verb = "go" // to another state; with Ways by condition [提交, 通过, 条件]

	Claim    Verb = "claim"     // take it from the pool [签收]
	Release  Verb = "release"   // put it back [放回]
	Assign   Verb = "assign"    // give it to a unit or person, and go to To if there is one [派单, 指派]
	Transfer Verb = "transfer"  // who holds it gives it away for good [转办]
	Reassign Verb = "reassign"  // somebody over it gives it to another [改派]
	Delegate Verb = "delegate"  // another does it in the holder's name; it comes back [委派]
	HandBack Verb = "hand_back" // the delegate gives it back, done or not
	TakeBack Verb = "take_back" // the holder takes it back

	Join    Verb = "join"    // open branches for assisting units [协办, 并行]
	Answer  Verb = "answer"  // a branch is done
	Decline Verb = "decline" // a branch says that it is not theirs [退单]
	Drop    Verb = "drop"    // the lead does without a branch

	Agree        Verb = "agree"         // sign [会签, 或签, 依次]
	Refuses      Verb = "refuse"        // sign against
	AddSigner    Verb = "add_signer"    // before or after a signature [加签]
	RemoveSigner Verb = "remove_signer" // [减签]

	Return   Verb = "return"   // to an earlier step, with what must be mended [驳回]
	Mended   Verb = "mended"   // straight back to whoever returned it
	Withdraw Verb = "withdraw" // by who sent it, while nobody has acted [撤回, 撤销]

	Urge    Verb = "urge"    // [催办]
	Suspend Verb = "suspend" // stand still, for a reason, until a day or until resumed [挂起, 延迟]
	Resume  Verb = "resume"  //
	Ask     Verb = "ask"     // the outside party must add to it: once, everything at once [补正]
	Supply  Verb = "supply"  // the outside party has added

	Extend Verb = "extend" // ask for more time on a clock [延期]
	Grant  Verb = "grant"  // somebody else allows it
	Deny   Verb = "deny"   // or not

	Copy   Verb = "copy"   // let others watch [抄送]
	Uncopy Verb = "uncopy" //
	Note   Verb = "note"   // say something, change nothing [批注]

	Child  Verb = "child"  // open a sub-matter and wait for it [子流程]
	Cancel Verb = "cancel" // void it, from anywhere [作废]
	Reopen Verb = "reopen" // within a term after the end [重办]
)

// Verbs lists all of them, for faces that offer a choice.
func Verbs() []Verb {
	return []Verb{
		Go, Claim, Release, Assign, Transfer, Reassign, Delegate, HandBack, TakeBack, Join, Answer, Decline, Drop,
		Agree, Refuses, AddSigner, RemoveSigner, Return, Mended, Withdraw, Urge, Suspend, Resume, Ask, Supply,
		Extend, Grant, Deny, Copy, Uncopy, Note, Child, Cancel, Reopen,
	}
}

// ofBranch reports whether a verb can be about a branch; every other one is about the matter itself, and who has a branch
// has no say in it.
func (v Verb) ofBranch() bool {
	switch v {
	case Claim, Release, Transfer, Reassign, Answer, Decline, Drop:
		return true
	}
	return false
}
