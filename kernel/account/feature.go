package account

import (
	"context"
	"slices"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// Feature is something that people compose for WeChat, by one name, whatever calls it takes.
type Feature string

// The features, in the order in which they are shown.
const (
	Menu            Feature = "menu"
	ConditionalMenu Feature = "menu_conditional"
	CustomMessage   Feature = "custom"
	CustomAccount   Feature = "custom_account"
	TemplateMessage Feature = "template"
	Notice          Feature = "notice"
	OnceNotice      Feature = "once"
	MassToAll       Feature = "mass"
	MassToSome      Feature = "mass_list"
	MassPreview     Feature = "mass_preview"
	Draft           Feature = "draft"
	Publish         Feature = "publish"
	Comments        Feature = "comment"
	TemporaryMedia  Feature = "media"
	Material        Feature = "material"
	FollowerList    Feature = "follower"
	FollowerRemark  Feature = "remark"
	Tags            Feature = "tag"
	Tagging         Feature = "tagging"
	Blacklist       Feature = "blacklist"
	QRCode          Feature = "qrcode"
	WebAuth         Feature = "oauth"
	JSSDK           Feature = "jssdk"
	Statistics      Feature = "datacube"
)

// featureRow names the calls of a feature; the first is the one that is counted and shown.
type featureRow struct {
	feature Feature
	paths   []string
}

var features = []featureRow{
	{Menu, []string{"/cgi-bin/menu/create"}},
	{ConditionalMenu, []string{"/cgi-bin/menu/addconditional", "/cgi-bin/menu/create"}},
	{CustomMessage, []string{"/cgi-bin/message/custom/send"}},
	{CustomAccount, []string{"/customservice/kfaccount/add"}},
	{TemplateMessage, []string{"/cgi-bin/message/template/send"}},
	{Notice, []string{"/cgi-bin/message/subscribe/bizsend"}},
	{OnceNotice, []string{"/cgi-bin/message/template/subscribe"}},
	{MassToAll, []string{"/cgi-bin/message/mass/sendall"}},
	{MassToSome, []string{"/cgi-bin/message/mass/send"}},
	{MassPreview, []string{"/cgi-bin/message/mass/preview"}},
	{Draft, []string{"/cgi-bin/draft/add"}},
	{Publish, []string{"/cgi-bin/freepublish/submit", "/cgi-bin/draft/add"}},
	{Comments, []string{"/cgi-bin/comment/list"}},
	{TemporaryMedia, []string{"/cgi-bin/media/upload"}},
	{Material, []string{"/cgi-bin/material/add_material"}},
	{FollowerList, []string{"/cgi-bin/user/get"}},
	{FollowerRemark, []string{"/cgi-bin/user/info/updateremark"}},
	{Tags, []string{"/cgi-bin/tags/create"}},
	{Tagging, []string{"/cgi-bin/tags/members/batchtagging"}},
	{Blacklist, []string{"/cgi-bin/tags/members/batchblacklist"}},
	{QRCode, []string{"/cgi-bin/qrcode/create"}},
	{WebAuth, []string{"/sns/oauth2/access_token"}},
	{JSSDK, []string{"/cgi-bin/ticket/getticket"}},
	{Statistics, []string{"/datacube/getusersummary"}},
}

// Features lists every feature.
func Features() []Feature {
	list := make([]Feature, len(features))
	for i, row := range features {
		list[i] = row.feature
	}
	return list
}

// Standing is how an account stands with a feature at this moment.
type Standing struct {
	Feature Feature
	Capability
	Usage    Usage // today, of the feature's first call
	ResetsAt time.Time
}

// Able returns nil when an account can do something now, else errs.Refused in the words that its faces show before
// anything is composed: ask in every verb that will call WeChat. Beyond May it knows of credentials that WeChat does not
// accept, and of a day's calls that WeChat said are used up. It answers from memory.
func (s *Service) Able(ctx context.Context, id int64, f Feature) error {
	e, err := s.ready(ctx, id)
	if err != nil {
		return err
	}
	c, err := s.judge(e, f)
	if err != nil {
		return err
	}
	return c.problem()
}

// Has returns nil when an account has the right to do something, else errs.Refused in the same words: for what is composed
// now and used for long, whatever the account's state at this moment.
func (s *Service) Has(ctx context.Context, id int64, f Feature) error {
	e, err := s.ready(ctx, id)
	if err != nil {
		return err
	}
	lasting := &entry{account: e.account, refusals: e.refusals}
	lasting.account.Status, lasting.account.Fault = Active, Fault{}
	c, err := s.judge(lasting, f)
	if err != nil {
		return err
	}
	return c.problem()
}

// judge finds the first call of a feature that may not be made now, or its first call.
func (s *Service) judge(e *entry, f Feature) (Capability, error) {
	i := slices.IndexFunc(features, func(r featureRow) bool { return r.feature == f })
	if i < 0 {
		return Capability{}, errs.New(errs.Internal, "account.path").With("path", f)
	}
	var first Capability
	today := clock.Day(s.Civil.Now())
	for n, path := range features[i].paths {
		endpoint, ok := wechat.EndpointOf(path)
		if !ok {
			return Capability{}, errs.New(errs.Internal, "account.path").With("path", path)
		}
		c := e.capability(endpoint, today)
		if !c.Allowed() {
			return c, nil
		}
		if n == 0 {
			first = c
		}
	}
	return first, nil
}

// Standings tells of every feature how an account stands with it.
func (s *Service) Standings(ctx context.Context, id int64) ([]Standing, error) {
	e, err := s.ready(ctx, id)
	if err != nil {
		return nil, err
	}
	usage, err := s.usageOf(ctx, id)
	if err != nil {
		return nil, err
	}
	resets := clock.StartOfDay(s.Civil.Now()).AddDate(0, 0, 1)
	list := make([]Standing, 0, len(features))
	for _, row := range features {
		c, err := s.judge(e, row.feature)
		if err != nil {
			return nil, err
		}
		list = append(list, Standing{Feature: row.feature, Capability: c, Usage: usage(row.paths[0]), ResetsAt: resets})
	}
	return list, nil
}

// usageOf tells today's calls of any path, called or not.
func (s *Service) usageOf(ctx context.Context, id int64) (func(path string) Usage, error) {
	day := clock.Day(s.Civil.Now())
	called, err := s.Quota(ctx, id, day)
	if err != nil {
		return nil, err
	}
	told, err := s.limits(ctx, id)
	if err != nil {
		return nil, err
	}
	return func(path string) Usage {
		if i := slices.IndexFunc(called, func(u Usage) bool { return u.Path == path }); i >= 0 {
			return called[i]
		}
		e, _ := wechat.EndpointOf(path)
		u := Usage{Path: path, Purpose: e.Purpose, Day: day, Daily: int64(e.Daily)}
		if daily := told[path]; daily > 0 {
			u.Daily, u.Told = daily, true
		}
		return u
	}, nil
}
