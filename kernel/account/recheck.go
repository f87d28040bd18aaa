package account

import (
	"context"
	"errors"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// probes are calls that change nothing and say by their answer whether the account may make them.
var probes = map[string]func(ctx context.Context, c *client.Client) error{
	"/cgi-bin/menu/get":                          probe((*client.Client).Menu),
	"/cgi-bin/tags/get":                          probe((*client.Client).Tags),
	"/cgi-bin/draft/count":                       probe((*client.Client).CountDrafts),
	"/cgi-bin/material/get_materialcount":        probe((*client.Client).CountMaterials),
	"/cgi-bin/customservice/getkflist":           probe((*client.Client).Agents),
	"/cgi-bin/template/get_all_private_template": probe((*client.Client).Templates),
	"/wxaapi/newtmpl/gettemplate":                probe((*client.Client).NoticeTemplates),
	"/cgi-bin/get_current_autoreply_info":        probe((*client.Client).AutoReplies),
	"/cgi-bin/message/mass/speed/get":            probe((*client.Client).MassSpeed),
	"/cgi-bin/ticket/getticket":                  probe((*client.Client).JSTicket),
}

func probe[T any](call func(*client.Client, context.Context) (T, error)) func(context.Context, *client.Client) error {
	return func(ctx context.Context, c *client.Client) error {
		_, err := call(c, ctx)
		return err
	}
}

// Recheck looks at one call again that WeChat refused (48001) or said is used up, because somebody asked for the right or
// cleared the count over there. What only reads is called, and for what was used up WeChat is asked how much is left; what
// else WeChat refused is forgotten, and its next use decides. asked tells whether WeChat was asked now.
func (s *Service) Recheck(ctx context.Context, id int64, path string) (c Capability, asked bool, err error) {
	endpoint, ok := wechat.EndpointOf(path)
	if !ok || endpoint.Auth == wechat.AuthComponent {
		return Capability{}, false, errs.InvalidFields([]errs.Field{{Field: "path", Key: "account.quota_path"}})
	}
	e, err := s.ready(ctx, id)
	if err != nil {
		return Capability{}, false, err
	}
	_, refused := e.refusals[path]
	spent := e.spent[path].Day == clock.Day(s.Civil.Now())
	if refused {
		if err := s.forgive(ctx, e.account, path); err != nil {
			return Capability{}, false, err
		}
		if asked, err = s.askAgain(ctx, id, path); err != nil {
			return Capability{}, false, err
		}
	}
	if spent && endpoint.Auth == wechat.AuthToken {
		if _, err := s.AskQuota(ctx, id, path); err != nil {
			return Capability{}, false, err
		}
		asked = true
	}
	if e, err = s.ready(ctx, id); err != nil {
		return Capability{}, false, err
	}
	return e.capability(endpoint, clock.Day(s.Civil.Now())), asked, nil
}

// forgive forgets that WeChat refused a path.
func (s *Service) forgive(ctx context.Context, a Account, path string) error {
	if err := s.Flush(ctx); err != nil { // what is not written yet would come back
		return err
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `delete from account_refusal where account_id = $1 and path = $2`, a.ID, path); err != nil {
			return err
		}
		if err := s.announce(tx, a.ID); err != nil {
			return err
		}
		return s.audit(ctx, tx, "recheck", a, map[string]any{"path": path})
	})
	return errs.Wrap(err, "look at a refusal of account %d again", a.ID)
}

// askAgain calls what may be called without an effect. That WeChat refuses is an answer, which the client's observer noted.
func (s *Service) askAgain(ctx context.Context, id int64, path string) (bool, error) {
	call := probes[path]
	if call == nil {
		return false, nil
	}
	c, err := s.Client(ctx, id)
	if err != nil {
		return false, err
	}
	if err := call(ctx, c); err != nil {
		failed, ok := errors.AsType[*client.Error](err)
		if !ok || failed.Code == client.NoAnswer {
			return false, errs.Wrap(err, "ask WeChat again for account %d", id)
		}
	}
	return true, s.Flush(ctx)
}
