package state

import "weizheng/platform/errs"

// What an act can be refused for. The part of the key after the dot is the code in the sandbox's own API.
var (
	ErrNoAccount    = errs.New(errs.NotFound, "sandbox.unknown_account")
	ErrNoCitizen    = errs.New(errs.NotFound, "sandbox.unknown_citizen")
	ErrNoMedia      = errs.New(errs.NotFound, "sandbox.unknown_media")
	ErrExists       = errs.New(errs.Conflict, "sandbox.exists")
	ErrNotFollowing = errs.New(errs.Conflict, "sandbox.not_following")
)

// invalid is an input whose field is wrong.
func invalid(field, key string) error {
	return errs.InvalidFields([]errs.Field{{Field: field, Key: key}})
}

// none turns "no row" into what was not found.
func none(err error, missing *errs.Error) error {
	if errs.Is(err, errs.NotFound) {
		return missing
	}
	return err
}
