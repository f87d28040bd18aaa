package notify

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

const templatePath = "/cgi-bin/message/template/send"

// Template is a message by template. Values are cut to what WeChat takes under their key (client.FitValue).
type Template struct {
	ID   string            `json:"id"`   // of the account's template
	URL  string            `json:"url"`  // what a tap opens; "" nothing
	Data map[string]string `json:"data"` // by key of the template: thing1
}

func (t Template) faults() []errs.Field {
	if t.ID == "" || len(t.Data) == 0 {
		return []errs.Field{{Field: "template", Key: "notify.template"}}
	}
	return nil
}

// keyLife is how long a message by template that was left open may be sent again under its client_msg_id: WeChat sends no
// second one within ten minutes of the first (unverified), and clocks differ.
const keyLife = 8 * time.Minute

// repeatable reports whether a message that was left open may be sent again without reaching anybody twice.
func (s *Service) repeatable(o Outbound) bool {
	return o.Channel == ByTemplate && o.Attempts < maxAttempts && clock.Millis(s.Wall.Now())-o.began < keyLife.Milliseconds()
}

// sendTemplate sends a message by template and returns WeChat's number for it.
func sendTemplate(ctx context.Context, c *client.Client, o Outbound, openid string, t Template) (int64, error) {
	data := make(map[string]string, len(t.Data))
	for key, value := range t.Data {
		data[key] = client.FitValue(key, value)
	}
	return c.SendTemplate(ctx, client.TemplateMessage{
		To: openid, Template: t.ID, URL: t.URL, Data: data, Key: "outbound-" + strconv.FormatInt(o.ID, 10),
	})
}

// template opens the content of a message by template.
func (s *Service) template(o Outbound) (t Template, err error) {
	plain, err := s.content(o)
	if err != nil {
		return t, err
	}
	return t, errs.Wrap(json.Unmarshal(plain, &t), "decode outbound %d", o.ID)
}

// doneArgs is what WeChat told of a message by template before its number was written down here.
type doneArgs struct {
	Account int64  `json:"account"`
	MsgID   int64  `json:"msg_id"`
	Status  string `json:"status"`
}

// Kind names the job.
func (doneArgs) Kind() string { return "notify.done" }

// doneAgain is when a number that nobody knew yet is looked up once more: its send was still being answered.
const doneAgain = 15 * time.Second

// TemplateDone writes down what WeChat tells of a message by template, in the transaction that marks the callback as read:
// that it arrived, or why it did not. A status is WeChat's own. WeChat docs: TEMPLATESENDJOBFINISH.
func (s *Service) TemplateDone(ctx context.Context, tx *db.Tx, account, msgID int64, status string) error {
	known, err := s.done(ctx, tx, doneArgs{account, msgID, status})
	if err != nil || known || msgID == 0 {
		return err
	}
	return s.Jobs.Enqueue(ctx, tx, doneArgs{account, msgID, status}, job.At(s.Wall.Now().Add(doneAgain)))
}

// doneLater is the second look.
func (s *Service) doneLater(ctx context.Context, args doneArgs, _ job.Attempt) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := s.done(ctx, tx, args)
		return err
	})
}

func (s *Service) done(ctx context.Context, tx *db.Tx, d doneArgs) (known bool, err error) {
	o, err := db.One(ctx, tx, scanOutbound, `select `+columns+from+`where o.account_id = $1 and o.msg_id = $2 and o.channel = 'template'`, d.Account, d.MsgID)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	if err != nil || o.State != Sent {
		return true, errs.Wrap(err, "find the message by template")
	}
	now := s.Civil.Now()
	m := wechat.Message{Status: d.Status}
	if m.StatusIs("success") {
		_, err = tx.Exec(ctx, `update outbound set delivered_at = $2 where id = $1`, o.ID, clock.Millis(now))
		return true, errs.Wrap(err, "note the delivery of outbound %d", o.ID)
	}
	problem := "notify.template_failed"
	if m.StatusIs("failed:user block") {
		problem = "notify.template_blocked"
	}
	if _, err := tx.Exec(ctx, `update outbound set state = 'refused', problem = $2, settled_at = $3 where id = $1`, o.ID, problem, clock.Millis(now)); err != nil {
		return true, errs.Wrap(err, "note the failure of outbound %d", o.ID)
	}
	return true, s.tell(ctx, tx, Outcome{Outbound: o.ID, Account: o.Account, Follower: o.Follower, Source: o.Source, State: Refused, Problem: problem, At: now})
}
