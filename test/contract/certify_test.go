package contract

import (
	"maps"
	"strings"
	"testing"
	"time"

	"weizheng/wechat"
	"weizheng/wechat/client"
)

// TestVerification: rights begin with the qualification, outlast a failed naming, are reminded of, and end on the civil day
// that was told, unless they were renewed.
func TestVerification(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const account = "xinqu" // a service account that is not verified
	may := func(label string, code int) {
		t.Helper()
		_, err := w.client(account).Tags(w.ctx)
		w.wantCode(label, err, code)
	}
	told := func(label, event string, more object) *wechat.Message {
		t.Helper()
		in := object{"account": account, "event": event}
		maps.Copy(in, more)
		w.play("POST", "/events", in)
		got := w.next(label)
		if got.Event != event {
			t.Errorf("%s: %+v", label, got.Message)
		}
		return got.Message
	}
	may("before", 48001)
	told("a failed qualification", "qualification_verify_fail", object{"fail_time": w.civil.Now().Unix(), "fail_reason": "材料不全"})
	may("after it", 48001)
	until := w.civil.Now().Add(100 * 24 * time.Hour).Unix()
	if m := told("qualified", "qualification_verify_success", object{"expired_time": until}); m.ExpiredTime != until {
		t.Errorf("%+v", m)
	}
	may("qualified", 0)
	told("a failed naming", "naming_verify_fail", object{"fail_time": 1, "fail_reason": "重名"})
	may("a failed naming changes nothing", 0)
	if m := told("named", "naming_verify_success", nil); m.ExpiredTime != until {
		t.Errorf("%+v", m)
	}
	a := w.play("GET", "/accounts/"+account, nil)["account"].(object)
	if a["verified"] != true || a["verified_until_at"] != float64(until*1000) {
		t.Errorf("%v", a)
	}
	w.moveCivil(70 * 24 * time.Hour)
	if got := w.next("the reminder"); got.Event != "annual_renew" || got.ExpiredTime != until {
		t.Errorf("%+v", got.Message)
	}
	renewed := until + 24*3600
	told("renewed", "qualification_verify_success", object{"expired_time": renewed})
	w.moveCivil(30 * 24 * time.Hour)
	if got := w.next("the next reminder, and not the old end"); got.Event != "annual_renew" || got.ExpiredTime != renewed {
		t.Errorf("%+v", got.Message)
	}
	may("at the old end", 0)
	w.moveCivil(24*time.Hour - time.Second)
	may("just before the end", 0)
	w.moveCivil(time.Second)
	if got := w.next("the end"); got.Event != "verify_expired" || got.ExpiredTime != renewed {
		t.Errorf("%+v", got.Message)
	}
	may("after the end", 48001)
	told("qualified again, for a year", "qualification_verify_success", nil)
	may("again", 0)
	told("ended by hand", "verify_expired", nil)
	may("by hand", 48001)
	if res, _ := w.exchange("POST", "http://"+boxHost+"/sandbox/api/events", strings.NewReader(`{"account":"xinqu","event":"qualification_verify_success","expired_time":1}`), nil); res.StatusCode != 422 {
		t.Errorf("an end in the past: %d", res.StatusCode)
	}
}

// TestTakenBack: who changes name or picture is told of to accounts that were given them within 30 days; who takes an
// authorisation back ends its tokens.
func TestTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, zhang := w.client(main), w.openid(main, "zhang")
	rename := func(name string) {
		t.Helper()
		w.play("PATCH", "/citizens/zhang", object{"name": name})
		w.settle()
	}
	w.authorise(main, "zhang", client.ScopeBase)
	rename("张小三")
	if got := w.dev.take(); len(got) != 0 {
		t.Errorf("who only knows the openid hears %+v", got[0].Message)
	}
	token, err := c.OAuthToken(w.ctx, w.authorise(main, "zhang", client.ScopeUser))
	w.wantCode("authorise", err, 0)
	if list := w.play("GET", "/authorisations?citizen=zhang", nil)["accounts"].([]any); len(list) != 1 || list[0] != main {
		t.Errorf("%v", list)
	}
	rename("张三丰")
	if got := w.next("a new name"); got.Event != "user_info_modified" || got.OpenID != zhang || got.AppID != c.AppID() || got.UnionID == "" || got.FromUserName != zhang {
		t.Errorf("%+v", got.Message)
	}
	w.play("PATCH", "/citizens/zhang", object{"snapshot": false})
	w.moveCivil(30*24*time.Hour - time.Millisecond)
	rename("张四")
	w.next("just within 30 days")
	w.moveCivil(time.Millisecond)
	rename("张五")
	if got := w.dev.take(); len(got) != 0 {
		t.Errorf("after 30 days: %+v", got[0].Message)
	}
	w.play("POST", "/events", object{"account": main, "citizen": "zhang", "event": "user_authorization_revoke", "revoke_info": "301"})
	if got := w.next("taken back"); got.Event != "user_authorization_revoke" || got.RevokeInfo != "301" {
		t.Errorf("%+v", got.Message)
	}
	_, err = c.OAuthRefresh(w.ctx, token.RefreshToken)
	w.wantCode("refreshing then", err, 40030)
	_, err = c.OAuthUser(w.ctx, token)
	w.wantCode("asking then", err, 40001)
	if list := w.play("GET", "/authorisations?citizen=zhang", nil)["accounts"].([]any); len(list) != 0 {
		t.Errorf("%v", list)
	}
}
