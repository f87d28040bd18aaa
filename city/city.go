package city

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/citizen"
	"weizheng/kernel/form"
	"weizheng/kernel/org"
	"weizheng/kernel/reminder"
	"weizheng/kernel/setting"
	"weizheng/kernel/worktime"
	"weizheng/module/conversation"
	"weizheng/module/menu"
	"weizheng/module/reply"
	"weizheng/platform/clock"
	"weizheng/wechat/client"
)

// Size is how large the city is. The tree, staff, accounts and rules are the same in every size; people and their talk
// grow.
type Size string

// The sizes: a few hundred followers, ten times as many, or a handful for tests.
const (
	Tenth  Size = "tenth"
	Full   Size = "full"
	Sample Size = "sample"
)

// followers is how many citizens there are.
func (s Size) followers() int {
	switch s {
	case Full:
		return 3200
	case Sample:
		return 12
	}
	return 320
}

// Deps is what the city is made with: verbs on one side, the phones on the other.
type Deps struct {
	Org           *org.Service
	Worktime      *worktime.Service
	Accounts      *account.Service
	Citizens      *citizen.Service
	Forms         *form.Service
	Menus         *menu.Service
	Replies       *reply.Service
	Conversations *conversation.Service
	Reminders     *reminder.Service
	Settings      *setting.Service

	Sandbox   http.Handler                // its JSON API is how citizens act
	Settled   func(context.Context) error // returns when every callback is in the inbox
	Idle      func(context.Context) error // returns when nothing at all is under way
	Endpoints client.Endpoints            // where the accounts find WeChat
	PublicURL string

	Civil *clock.Civil // stands in the past; the city moves it to now
	Now   time.Time    // where civil time ends
	Seed  uint64
	Size  Size
	Log   *slog.Logger
}

// City is what a newcomer needs to find their way.
type City struct {
	Accounts []Account
	Staff    []Staff
	Citizens []Citizen
}

// Account is an Official Account with its secrets, as demo.json lists it.
type Account struct {
	ID, Name, Kind string
	Verified       bool
	OriginalID     string
	AppID          string
	Secret         string
	Token          string
	EncodingAESKey string
	Mode           string
	Callback       string
	number         int64
	rules          map[string]reply.Rule
	plan           accountPlan
}

// Staff is a person who can log in at once.
type Staff struct {
	Role, Unit, Name, Login, Password, TOTPSecret string
	id                                            int64
}

// Citizen is a person with a phone.
type Citizen struct {
	ID, Name string
	OpenIDs  map[string]string // by account slug, of those they follow
}

// Build makes the city in an empty house. It takes seconds; it is not to be repeated.
func Build(ctx context.Context, d Deps) (*City, error) {
	b := &builder{Deps: d, rand: rand.New(rand.NewPCG(d.Seed, 0x9e3779b97f4a7c15)), units: map[string]int64{}}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"units", b.buildUnits}, {"calendars", b.buildCalendars}, {"accounts", b.buildAccounts}, {"staff", b.buildStaff}, {"rules", b.buildRules},
		{"forms", b.buildForms}, {"menus", b.buildMenus}, {"reminders", b.buildReminders},
		{"citizens", b.buildCitizens}, {"talk", b.playTalk}, {"phone", b.bindPhone},
	} {
		if err := step.do(ctx); err != nil {
			return nil, fmt.Errorf("city: %s: %w", step.name, err)
		}
		d.Log.InfoContext(ctx, "city built", "step", step.name)
	}
	return &b.city, nil
}

type builder struct {
	Deps
	rand  *rand.Rand
	city  City
	units map[string]int64
	root  int64
}
