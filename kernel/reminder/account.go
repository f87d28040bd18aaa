package reminder

import (
	"context"

	"weizheng/kernel/account"
	"weizheng/platform/errs"
)

const (
	qrPath       = "/cgi-bin/qrcode/create"
	customPath   = "/cgi-bin/message/custom/send"
	templatePath = "/cgi-bin/message/template/send"
)

var (
	errNoAccount = errs.New(errs.Conflict, "reminder.no_account")
	errUnbound   = errs.New(errs.NotFound, "reminder.unbound")
)

// WayProblem returns the message key that an error of Way's says to people; "" for any other error and for none.
func WayProblem(err error) string {
	if errs.Is(err, errs.Conflict) {
		return errs.As(err).Key()
	}
	return ""
}

// Way is the account that reminders go through and what it may do. A problem is a message key, "" when there is none.
type Way struct {
	Account    account.Account
	Codes      bool // may make codes to be scanned
	Custom     bool // may send customer messages
	Template   bool // may send by template, and one is set
	Authorises bool // may ask WeChat who opens a page
	Problem    string
}

// Way returns the account of the setting. Errors: Conflict "reminder.no_account" when none is set, unknown or out of
// service.
func (s *Service) Way(ctx context.Context) (Way, error) {
	slug := s.Settings.Text(ctx, SettingAccount, everywhere)
	if slug == "" {
		return Way{}, errNoAccount
	}
	a, err := s.Accounts.BySlug(ctx, slug)
	if errs.Is(err, errs.NotFound) || err == nil && a.Status != account.Active {
		return Way{}, errNoAccount
	}
	if err != nil {
		return Way{}, err
	}
	w := Way{Account: a, Authorises: a.CanAuthorise()}
	for path, may := range map[string]*bool{qrPath: &w.Codes, customPath: &w.Custom, templatePath: &w.Template} {
		err := s.Accounts.May(ctx, a.ID, path)
		if err != nil && !errs.Is(err, errs.Refused) {
			return Way{}, err
		}
		*may = err == nil
	}
	switch {
	case !w.Custom && !w.Template:
		w.Problem = "reminder.way_mute"
	case !w.Template:
		w.Problem = "reminder.way_no_template"
	case s.Settings.Text(ctx, SettingTemplate, everywhere) == "":
		w.Problem, w.Template = "reminder.way_template_unset", false
	}
	return w, nil
}
