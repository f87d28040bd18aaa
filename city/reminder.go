package city

import (
	"context"
	"fmt"
	"net/http"
	"regexp"

	"weizheng/kernel/reminder"
	"weizheng/kernel/setting"
)

// The template in WeChat's library (the sandbox's) that staff are reminded by, and the words of its lines that are used.
const reminderTemplate = "1013"

var reminderWords = []string{"待办事项", "事项编号", "当前环节", "提醒时间"}

// bound is the member of staff who has a phone from the start, and that phone.
const (
	boundLogin = "shenhe"
	boundPhone = "shenhe-phone"
	boundName  = "审核员的手机"
)

// buildReminders chooses the account and the template for staff's phones, as a system administrator does.
func (b *builder) buildReminders(ctx context.Context) error {
	a := b.city.Accounts[0]
	c, err := b.Accounts.Client(ctx, a.number)
	if err != nil {
		return err
	}
	template, err := c.AddTemplate(ctx, reminderTemplate, reminderWords)
	if err != nil {
		return err
	}
	// Whoever tries the demo at night wants to see the phone buzz.
	for name, value := range map[string]string{
		reminder.SettingAccount: a.ID, reminder.SettingTemplate: template, reminder.SettingQuietFrom: "00:00", reminder.SettingQuietUntil: "00:00",
		reminder.SettingGather: "0", // whoever tries the demo on does not wait ten minutes for the second reminder
	} {
		if err := b.Settings.Set(ctx, setting.SetIn{Name: name, Value: value}); err != nil {
			return err
		}
	}
	return nil
}

// bindPhone binds the reviewer's phone as they would: a code at the desk, scanned and confirmed on the phone, its digits
// typed at the desk.
func (b *builder) bindPhone(ctx context.Context) error {
	desk, err := b.as(ctx, boundLogin)
	if err != nil {
		return err
	}
	drawn, err := b.Reminders.Begin(desk)
	if err != nil {
		return err
	}
	account := b.city.Accounts[0]
	var out struct {
		Citizen struct {
			OpenIDs map[string]string `json:"openids"`
		} `json:"citizen"`
	}
	if err := b.act(ctx, http.MethodPost, "/citizens", fields{"id": boundPhone, "name": boundName, "snapshot": false}, &out); err != nil {
		return err
	}
	if err := b.act(ctx, http.MethodPost, "/scan", fields{"citizen": boundPhone, "url": drawn.URL, "follow": true}, nil); err != nil {
		return err
	}
	if err := b.Settled(ctx); err != nil {
		return err
	}
	if err := b.act(ctx, http.MethodPost, "/messages", fields{"account": account.ID, "citizen": boundPhone, "type": "text", "content": "确认绑定"}, nil); err != nil {
		return err
	}
	if err := b.Settled(ctx); err != nil {
		return err
	}
	digits, err := b.lastDigits(ctx, account.ID)
	if err != nil {
		return err
	}
	if _, err := b.Reminders.Confirm(desk, digits); err != nil {
		return err
	}
	b.city.Citizens = append(b.city.Citizens, Citizen{ID: boundPhone, Name: boundName, OpenIDs: map[string]string{account.ID: out.Citizen.OpenIDs[account.ID]}})
	return b.Idle(ctx)
}

var fourDigits = regexp.MustCompile(`[0-9]{4}`)

// lastDigits are those that the account told the phone last.
func (b *builder) lastDigits(ctx context.Context, account string) (string, error) {
	var out struct {
		Items []struct {
			From    string `json:"from"`
			Content string `json:"content"`
		} `json:"items"`
	}
	if err := b.act(ctx, http.MethodGet, "/chat?account="+account+"&citizen="+boundPhone, nil, &out); err != nil {
		return "", err
	}
	if n := len(out.Items); n > 0 && out.Items[n-1].From == "account" {
		if digits := fourDigits.FindString(out.Items[n-1].Content); digits != "" {
			return digits, nil
		}
	}
	return "", fmt.Errorf("the phone was told no digits: %+v", out.Items)
}
