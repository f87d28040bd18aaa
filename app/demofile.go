package app

import (
	"context"

	"weizheng/city"
	"weizheng/kernel/account"
	"weizheng/wechat/client"
)

// demoFile is demo.json: how scripts find their way. Its schema is fixed.
type demoFile struct {
	Version  int           `json:"version"`
	App      string        `json:"app"`
	Console  string        `json:"console"`
	API      string        `json:"api"`
	Sandbox  string        `json:"sandbox"`
	Accounts []demoAccount `json:"accounts"`
	Staff    []demoStaff   `json:"staff"`
	Citizens []demoCitizen `json:"citizens"`
	APIKeys  []demoKey     `json:"api_keys"`
}

type demoAccount struct {
	ID             string `json:"id"`
	Name           string `json:"name"`
	Kind           string `json:"kind"`
	Verified       bool   `json:"verified"`
	OriginalID     string `json:"original_id"`
	AppID          string `json:"appid"`
	Secret         string `json:"secret"`
	Token          string `json:"token"`
	EncodingAESKey string `json:"encoding_aes_key"`
	Mode           string `json:"mode"`
	Callback       string `json:"callback"`
}

type demoStaff struct {
	Role       string `json:"role"`
	Unit       string `json:"unit"`
	Name       string `json:"name"`
	Login      string `json:"login"`
	Password   string `json:"password"`
	TOTPSecret string `json:"totp_secret"`
}

type demoCitizen struct {
	Name    string            `json:"name"`
	OpenIDs map[string]string `json:"openids"`
}

type demoKey struct {
	Name string `json:"name"`
	Key  string `json:"key"`
}

// announce writes demo.json and tells where to look.
func (d *demo) announce(c *city.City) error {
	file := demoFile{
		Version: 1, App: d.app, Console: d.app + "/console/", API: d.app + "/api/v1/", Sandbox: d.sandbox,
		Accounts: []demoAccount{}, Staff: []demoStaff{}, Citizens: []demoCitizen{}, APIKeys: []demoKey{},
	}
	for _, a := range c.Accounts {
		file.Accounts = append(file.Accounts, demoAccount{
			a.ID, a.Name, a.Kind, a.Verified, a.OriginalID, a.AppID, a.Secret, a.Token, a.EncodingAESKey, a.Mode, a.Callback,
		})
	}
	for _, s := range c.Staff {
		file.Staff = append(file.Staff, demoStaff{s.Role, s.Unit, s.Name, s.Login, s.Password, s.TOTPSecret})
	}
	for _, p := range c.Citizens {
		file.Citizens = append(file.Citizens, demoCitizen{p.Name, p.OpenIDs})
	}
	if err := writeJSON(d.path("demo.json"), file); err != nil {
		return err
	}
	say(d.Out, "\n手机（本地微信）  %s/\n工作人员控制台    %s/console/\n\n", d.sandbox, d.app)
	say(d.Out, "%-18s %-12s %-10s %-16s %s\n", "登录名", "密码", "姓名", "岗位", "单位")
	for _, s := range c.Staff {
		say(d.Out, "%-18s %-14s %-8s %-16s %s\n", s.Login, s.Password, s.Name, s.Role, s.Unit)
	}
	say(d.Out, "\n第二步的动态验证码在 %s/demo 随时可查；全部信息在 %s\n按 Ctrl-C 结束，数据留在 %s\n", d.app, d.path("demo.json"), d.Data)
	return nil
}

// moveEndpoints points an account's client at another address of WeChat.
func (h *House) moveEndpoints(ctx context.Context, slug, base string) error {
	a, err := h.Accounts.BySlug(ctx, slug)
	if err != nil || a.Endpoints.API == base {
		return err
	}
	_, err = h.Accounts.Change(ctx, account.ChangeIn{
		ID: a.ID, Version: a.Version, Profile: a.Profile, Kind: a.Kind, Verified: a.Verified, UnitID: a.UnitID,
		OriginalID: a.OriginalID, OAuthDomain: a.OAuthDomain,
		Endpoints: client.Endpoints{API: base, MP: base, Open: base, Res: base, Pay: base},
	})
	return err
}
