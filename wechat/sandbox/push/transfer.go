package push

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// transfer hands a citizen to customer service, as the answer transfer_customer_service asks: to the account it names,
// else they wait. Without the new customer service the answer does nothing.
func (e *Engine) transfer(ctx context.Context, tx *db.Tx, d state.Delivery, a *state.Account, to string) error {
	if !a.NewService || !a.Verified || d.OpenID == "" {
		return nil
	}
	c, err := e.Store.ContactByOpenID(ctx, tx, d.OpenID)
	if err != nil {
		return err
	}
	if open, ok, err := e.Store.Session(ctx, tx, c.N); err != nil || ok && open.Worker != 0 {
		return err // somebody serves them already
	}
	w, err := e.Store.Worker(ctx, tx, a.N, to)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	named := err == nil && w.Person != ""
	if err := e.keepHeard(ctx, tx, d, c, w); err != nil {
		return err
	}
	tx.AfterCommit(func() { e.Store.Hint(state.Hint{Topic: "service", Account: a.ID}) })
	if !named {
		return e.Store.OpenSession(ctx, tx, c, 0)
	}
	if err := e.Store.OpenSession(ctx, tx, c, w.N); err != nil {
		return err
	}
	return e.Send(ctx, tx, a, c, &wechat.Message{MsgType: "event", Event: "kf_create_session", KfAccount: w.Name}, 0)
}

// keepHeard records the word that was handed over.
func (e *Engine) keepHeard(ctx context.Context, tx *db.Tx, d state.Delivery, c state.Contact, w state.Worker) error {
	m, err := wechat.ParseMessage([]byte(d.XML))
	if err != nil || !m.FromCitizen() {
		return err
	}
	return e.Store.AddServiceRecord(ctx, tx, c.Account, state.ServiceRecord{OpenID: c.OpenID, Worker: w.Name, Text: m.Content,
		Code: state.WorkerHeard})
}
