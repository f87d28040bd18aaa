package wechat

import (
	"slices"
	"strconv"

	"weizheng/platform/errs"
)

// Code is WeChat's errcode; a missing one is 0.
type Code int

// The codes that logic refers to; the table knows more.
const (
	CodeBusy           Code = -1
	CodeOK             Code = 0
	CodeBadCredential  Code = 40001 // from the token endpoint: wrong secret; elsewhere: stale token
	CodeBadOpenID      Code = 40003
	CodeBadToken       Code = 40014
	CodeIPNotAllowed   Code = 40164
	CodeTokenExpired   Code = 42001
	CodeNotFollowing   Code = 43004
	CodeDailyQuota     Code = 45009
	CodeMinuteQuota    Code = 45011
	CodeOutsideWindow  Code = 45015
	CodeMassAllowance  Code = 45028
	CodeWindowUsed     Code = 45047
	CodeDuplicateSend  Code = 45065
	CodeBadJSON        Code = 47001
	CodeNoPermission   Code = 48001
	CodeDataNotReady   Code = 61503
	CodeMassConfirming Code = 89504
)

// Action is what a client does about a code.
type Action string

// The actions. Only Retry and RefreshToken are for the moment of the call; the others are for whoever wanted the call.
const (
	ActNone           Action = ""
	ActRetry          Action = "retry"           // again 2–3 times with jitter, only where the endpoint is idempotent
	ActRefreshToken   Action = "refresh_token"   // drop that exact token, fetch once, repeat once
	ActFixConfig      Action = "fix_config"      // appid or secret wrong: disable the account, alert
	ActAllowIP        Action = "allow_ip"        // put the address in the error into the account's whitelist
	ActAwaitAdmin     Action = "await_admin"     // an administrator confirms on the phone; then an hour or a day passes
	ActSuspend        Action = "suspend"         // secret or account frozen: stop using the account
	ActDropFollower   Action = "drop_follower"   // not following any more, or an openid of another account
	ActDropChannel    Action = "drop_channel"    // this person refuses this way of writing
	ActOtherChannel   Action = "other_channel"   // window closed or used up: use a notice, or wait for the citizen
	ActStopPath       Action = "stop_path"       // not before the next day in Asia/Shanghai
	ActBackOff        Action = "back_off"        // not within a minute
	ActEndPeriod      Action = "end_period"      // the allowance of the day or month is used: final
	ActAdopt          Action = "adopt"           // it was sent before: take the id in the answer
	ActHideCapability Action = "hide_capability" // the account may not: hide the feature and say why
	ActAlert          Action = "alert"           // a person must look at it
	ActRenewMedia     Action = "renew_media"     // upload again, once
	ActFixContent     Action = "fix_content"     // the content breaks a limit
	ActFixMenu        Action = "fix_menu"        // show at the field of the menu editor
	ActFixTemplate    Action = "fix_template"    // show the field that the message names
	ActRestartOAuth   Action = "restart_oauth"   // send the browser round once more, once
	ActReauthorise    Action = "reauthorise"     // the citizen authorises anew
	ActSplit          Action = "split"           // ask for a shorter span
	ActWaitData       Action = "wait_data"       // after 08:00
	ActFixRequest     Action = "fix_request"     // our defect
	ActShow           Action = "show"            // tell the person who wanted it
)

type codeRow struct {
	meaning string
	kind    errs.Kind
	action  Action
}

// Meaning is the code in Chinese, for staff; unknown codes are told by number.
func (c Code) Meaning() string {
	if row, ok := codes[c]; ok {
		return row.meaning
	}
	return "微信返回错误码 " + strconv.Itoa(int(c))
}

// Kind classifies the code: whether the same call may succeed later, and whose fault it is. Meaningless for CodeOK.
// Unknown codes are refusals.
func (c Code) Kind() errs.Kind {
	if row, ok := codes[c]; ok {
		return row.kind
	}
	return errs.Refused
}

// Action is what to do about the code; unknown codes are shown.
func (c Code) Action() Action {
	if row, ok := codes[c]; ok {
		return row.action
	}
	return ActShow
}

// Known reports whether the table has the code.
func (c Code) Known() bool { _, ok := codes[c]; return ok }

// Codes lists the table's codes in ascending order.
func Codes() []Code {
	all := make([]Code, 0, len(codes))
	for c := range codes {
		all = append(all, c)
	}
	slices.Sort(all)
	return all
}
