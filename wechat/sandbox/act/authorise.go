package act

import (
	"context"
	"maps"
	"slices"

	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// authCodeLife is how long an authorisation code can be exchanged, in wall ms (unverified).
const authCodeLife = 600 * 1000

// Authorise is what the administrator of an account does on a component's page: they give it sets of permissions, all
// that are there when none is named. The component is told, and the code is what the page hands to its address.
func (x *Acts) Authorise(ctx context.Context, c *state.Component, a *state.Account, sets []int) (code string, err error) {
	if len(sets) == 0 {
		sets = wechat.AllPermissionSets()
	}
	slices.Sort(sets)
	now, event := x.Store.Wall(), "authorized"
	made := state.Credential{Value: "queryauthcode@@@" + state.RandomText(60), Kind: state.AuthCode, Account: -c.N, MadeAt: now,
		ExpiresAt: now + authCodeLife, Grant: state.Grant{Account: a.N}}
	if err := x.Store.Write(ctx, func(tx *db.Tx) error {
		given, again, err := x.Store.Authorisation(ctx, tx, c.N, a.N)
		if err != nil {
			return err
		}
		event = "authorized"
		if again {
			event = "updateauthorized"
		}
		options := map[string]string{"location_report": "0", "voice_recognize": "0", "customer_service": "0"}
		maps.Copy(options, given.Options)
		return x.Store.PutAuthorisation(ctx, tx, state.Authorisation{Component: c.N, Account: a.N, Sets: sets, Options: options,
			Refresh: given.Refresh, At: x.Store.Civil()})
	}); err != nil {
		return "", err
	}
	if err := x.Store.AddCredentials(ctx, made); err != nil {
		return "", err
	}
	// What the component answers does not matter to the administrator; the wire log has it.
	_ = x.Push.Tell(ctx, c, &wechat.Message{InfoType: event, AuthorizerAppID: a.AppID, AuthorizationCode: made.Value,
		AuthorizationCodeExpiredTime: made.ExpiresAt / 1000})
	return made.Value, nil
}

// Unauthorise takes everything back.
func (x *Acts) Unauthorise(ctx context.Context, c *state.Component, a *state.Account) error {
	if err := x.Store.Write(ctx, func(tx *db.Tx) error { return x.Store.DropAuthorisation(ctx, tx, c.N, a.N) }); err != nil {
		return err
	}
	_ = x.Push.Tell(ctx, c, &wechat.Message{InfoType: "unauthorized", AuthorizerAppID: a.AppID}) // as above
	return nil
}
