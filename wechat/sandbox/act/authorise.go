package act

import (
	"context"
	"maps"
	"slices"

	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// AuthCodeLife is how long an authorisation code can be exchanged, in wall ms: the page hands its address expires_in=600.
// WeChat docs: Authorization_Process_Technical_Description.
const AuthCodeLife = 600 * 1000

// Authorise is what the administrator of an account does on a component's page: they give it sets of permissions, all
// that are there when none is named. The component is told, and the code is what the page hands to its address. preAuth is
// the code that opened the page, used up by it; "" where there was no page.
func (x *Acts) Authorise(ctx context.Context, c *state.Component, a *state.Account, sets []int, preAuth string) (code string, err error) {
	if len(sets) == 0 {
		sets = wechat.AllPermissionSets()
	}
	slices.Sort(sets)
	now, event := x.Store.Wall(), "authorized"
	made := state.Credential{Value: "queryauthcode@@@" + state.RandomText(60), Kind: state.AuthCode, Account: -c.N, MadeAt: now,
		ExpiresAt: now + AuthCodeLife, Grant: state.Grant{Account: a.N}}
	err = x.Store.Write(ctx, func(tx *db.Tx) error {
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
		if err := x.Store.PutAuthorisation(ctx, tx, state.Authorisation{Component: c.N, Account: a.N, Sets: sets, Options: options,
			Refresh: given.Refresh, At: x.Store.Civil()}); err != nil {
			return err
		}
		if err := x.Store.AddCredential(ctx, tx, made); err != nil {
			return err
		}
		if preAuth != "" {
			if err := x.Store.EndPreAuth(ctx, tx, preAuth, made.Value); err != nil {
				return err
			}
		}
		return x.Push.Tell(ctx, tx, c, &wechat.Message{InfoType: event, AuthorizerAppID: a.AppID, AuthorizationCode: made.Value,
			AuthorizationCodeExpiredTime: made.ExpiresAt / 1000, PreAuthCode: preAuth})
	})
	return made.Value, err
}

// Unauthorise takes everything back.
func (x *Acts) Unauthorise(ctx context.Context, c *state.Component, a *state.Account) error {
	return x.Store.Write(ctx, func(tx *db.Tx) error {
		if err := x.Store.DropAuthorisation(ctx, tx, c.N, a.N); err != nil {
			return err
		}
		return x.Push.Tell(ctx, tx, c, &wechat.Message{InfoType: "unauthorized", AuthorizerAppID: a.AppID})
	})
}
