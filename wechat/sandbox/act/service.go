package act

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// What workers may be refused for.
var (
	ErrNoSession = errs.New(errs.NotFound, "sandbox.unknown_session")
	ErrUnbound   = errs.New(errs.Conflict, "sandbox.worker_unbound")
	ErrNotAsked  = errs.New(errs.NotFound, "sandbox.no_invitation")
	ErrOffline   = errs.New(errs.Conflict, "sandbox.worker_offline")
	ErrBusy      = errs.New(errs.Conflict, "sandbox.served_by_other")
)

// closedByWorker is the CloseType of a session that a worker ended (unverified).
const closedByWorker = "KF"

// attended reports which worker serves a contact now; ok is false when nobody does.
func (x *Acts) attended(ctx context.Context, tx *db.Tx, a *state.Account, c state.Contact) (w state.Worker, ok bool, err error) {
	if !a.NewService {
		return w, false, nil
	}
	session, ok, err := x.Store.Session(ctx, tx, c.N)
	if err != nil || !ok || session.Worker == 0 {
		return w, false, err
	}
	w, err = x.Store.WorkerN(ctx, tx, session.Worker)
	return w, err == nil, err
}

// forward gives a citizen's word to the worker who serves them.
func (x *Acts) forward(ctx context.Context, tx *db.Tx, c state.Contact, w state.Worker, d *draft) error {
	d.body["service"] = w.Name
	if err := x.Store.TouchSession(ctx, tx, c.N); err != nil {
		return err
	}
	return x.Store.AddServiceRecord(ctx, tx, c.Account, state.ServiceRecord{OpenID: c.OpenID, Worker: w.Name,
		Text: d.message.Content, Code: state.WorkerHeard})
}

// Spoke notes a worker's word to a contact: body, as the chat shows it, gets the worker's name and picture.
func (x *Acts) Spoke(ctx context.Context, tx *db.Tx, w state.Worker, c state.Contact, text string, body map[string]any) error {
	body["kf"], body["kf_nick"], body["kf_avatar"] = w.Name, w.Nick, state.MediaURL(w.Head)
	if err := x.Store.TouchSession(ctx, tx, c.N); err != nil {
		return err
	}
	return x.Store.AddServiceRecord(ctx, tx, c.Account, state.ServiceRecord{OpenID: c.OpenID, Worker: w.Name, Text: text, Code: state.WorkerSaid})
}

// Serve opens a session of a worker with a contact and tells the account.
func (x *Acts) Serve(ctx context.Context, tx *db.Tx, a *state.Account, c state.Contact, w state.Worker) error {
	if err := x.Store.OpenSession(ctx, tx, c, w.N); err != nil {
		return err
	}
	return x.event(ctx, tx, scene{account: a}, c, &wechat.Message{Event: "kf_create_session", KfAccount: w.Name})
}

// Release ends it.
func (x *Acts) Release(ctx context.Context, tx *db.Tx, a *state.Account, c state.Contact, w state.Worker) error {
	if err := x.Store.CloseSession(ctx, tx, c.N); err != nil {
		return err
	}
	return x.event(ctx, tx, scene{account: a}, c, &wechat.Message{Event: "kf_close_session", KfAccount: w.Name, CloseType: closedByWorker})
}

// AnswerInvitation binds a citizen to a customer-service account that asked them, or not.
func (x *Acts) AnswerInvitation(ctx context.Context, account, citizen, name string, accept bool) error {
	s, err := x.scene(ctx, account, citizen)
	if err != nil {
		return err
	}
	return x.changeWorker(ctx, s.account, name, func(w *state.Worker) error {
		if w.Invited != s.citizen.ID || w.Invite(x.Store.Civil()) != state.InviteWaiting {
			return ErrNotAsked
		}
		w.InviteState = state.InviteRejected
		if accept {
			w.Person, w.Invited, w.InviteState = s.citizen.ID, "", ""
		}
		return nil
	})
}

// changeWorker changes one customer-service account.
func (x *Acts) changeWorker(ctx context.Context, a *state.Account, name string, change func(*state.Worker) error) error {
	err := x.Store.Write(ctx, func(tx *db.Tx) error {
		w, err := x.Store.Worker(ctx, tx, a.N, name)
		if err != nil {
			return err
		}
		if err := change(&w); err != nil {
			return err
		}
		return x.Store.SetWorker(ctx, tx, w)
	})
	if err == nil {
		x.Store.Hint(state.Hint{Topic: "service", Account: a.ID})
	}
	return err
}

// GoOnline says whether a worker takes sessions.
func (x *Acts) GoOnline(ctx context.Context, account, name string, on bool) error {
	a, err := x.Store.Account(account)
	if err != nil {
		return err
	}
	return x.changeWorker(ctx, a, name, func(w *state.Worker) error {
		if w.Person == "" {
			return ErrUnbound
		}
		w.Online = on
		return nil
	})
}

// desk runs fn for a worker and a citizen of the same account.
func (x *Acts) desk(ctx context.Context, account, citizen, name string, fn func(tx *db.Tx, s scene, c state.Contact, w state.Worker) error) error {
	s, err := x.scene(ctx, account, citizen)
	if err != nil {
		return err
	}
	err = x.Store.Write(ctx, func(tx *db.Tx) error {
		w, err := x.Store.Worker(ctx, tx, s.account.N, name)
		if err != nil {
			return err
		}
		if w.Person == "" {
			return ErrUnbound
		}
		c, err := x.Store.Contact(ctx, tx, s.account.N, s.citizen.N)
		if err != nil {
			return err
		}
		return fn(tx, s, c, w)
	})
	if err == nil {
		x.Store.Hint(state.Hint{Topic: "service", Account: account, Citizen: citizen})
	}
	return err
}

// Take gives a citizen who waits to a worker.
func (x *Acts) Take(ctx context.Context, account, citizen, name string) error {
	return x.desk(ctx, account, citizen, name, func(tx *db.Tx, s scene, c state.Contact, w state.Worker) error {
		session, ok, err := x.Store.Session(ctx, tx, c.N)
		switch {
		case err != nil:
			return err
		case !ok:
			return ErrNoSession
		case !w.Online:
			return ErrOffline
		case session.Worker != 0 && session.Worker != w.N:
			return ErrBusy
		}
		return x.Serve(ctx, tx, s.account, c, w)
	})
}

// WorkerSays sends a text of the worker who serves a citizen; it uses no allowance of customer messages.
func (x *Acts) WorkerSays(ctx context.Context, account, citizen, name, content string) error {
	if content == "" || len(content) > longestText {
		return invalid("content", "length")
	}
	return x.serving(ctx, account, citizen, name, func(tx *db.Tx, s scene, c state.Contact, w state.Worker) error {
		body := map[string]any{"content": content}
		if err := x.Spoke(ctx, tx, w, c, content, body); err != nil {
			return err
		}
		_, err := x.Store.AddItem(ctx, tx, state.Item{Account: c.Account, Citizen: c.Citizen, From: state.FromAccount,
			Origin: "service", Type: "text", Body: body})
		return err
	})
}

// serving is desk for the worker who serves the citizen.
func (x *Acts) serving(ctx context.Context, account, citizen, name string, fn func(tx *db.Tx, s scene, c state.Contact, w state.Worker) error) error {
	return x.desk(ctx, account, citizen, name, func(tx *db.Tx, s scene, c state.Contact, w state.Worker) error {
		session, ok, err := x.Store.Session(ctx, tx, c.N)
		if err != nil {
			return err
		}
		if !ok || session.Worker != w.N {
			return ErrNoSession
		}
		return fn(tx, s, c, w)
	})
}

// EndSession is a worker who is done.
func (x *Acts) EndSession(ctx context.Context, account, citizen, name string) error {
	return x.serving(ctx, account, citizen, name, func(tx *db.Tx, s scene, c state.Contact, w state.Worker) error {
		return x.Release(ctx, tx, s.account, c, w)
	})
}

// HandOver is a worker who gives the citizen to another one.
func (x *Acts) HandOver(ctx context.Context, account, citizen, name, to string) error {
	return x.serving(ctx, account, citizen, name, func(tx *db.Tx, s scene, c state.Contact, w state.Worker) error {
		next, err := x.Store.Worker(ctx, tx, s.account.N, to)
		if err != nil {
			return err
		}
		if next.Person == "" {
			return ErrUnbound
		}
		if !next.Online {
			return ErrOffline
		}
		if err := x.Store.OpenSession(ctx, tx, c, next.N); err != nil {
			return err
		}
		return x.event(ctx, tx, s, c, &wechat.Message{Event: "kf_switch_session", FromKfAccount: w.Name, ToKfAccount: next.Name})
	})
}
