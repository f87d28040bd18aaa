package state

// Whether an administrator confirms the mass messages that programs send.
const (
	GuardOff = "off"
	GuardAsk = "ask"
)
