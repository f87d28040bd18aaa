package api

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// Limits of customer-service accounts. WeChat docs: addKfAccount, inviteKfWorker.
const (
	maxWorkers = 100
	nickRunes  = 16
	inviteLife = 24 * 3600 * 1000 // ms (unverified)
)

var workerPrefix = regexp.MustCompile(`^[A-Za-z0-9_]{1,10}$`)

func (s *Server) workerHandlers() map[string]handler {
	all := map[string]handler{
		"/cgi-bin/customservice/getkflist":        s.workers,
		"/cgi-bin/customservice/getonlinekflist":  s.onlineWorkers,
		"/customservice/kfaccount/add":            s.workerAdd,
		"/customservice/kfaccount/update":         s.workerUpdate,
		"/customservice/kfaccount/del":            s.workerDelete,
		"/customservice/kfaccount/inviteworker":   s.workerInvite,
		"/customservice/kfaccount/uploadheadimg":  s.workerHead,
		"/customservice/kfsession/create":         s.sessionCreate,
		"/customservice/kfsession/close":          s.sessionClose,
		"/customservice/kfsession/getsession":     s.sessionOf,
		"/customservice/kfsession/getsessionlist": s.sessionList,
		"/customservice/kfsession/getwaitcase":    s.waiting,
		"/customservice/msgrecord/getmsglist":     s.records,
	}
	for path, h := range all {
		all[path] = onlyServed(h)
	}
	return all
}

// served refuses an account that has not switched the new customer service on.
func served(a *state.Account) error {
	if !a.NewService {
		return fail(65400, "please enable new custom service")
	}
	return nil
}

func onlyServed(h handler) handler {
	return func(ctx context.Context, c *call) (any, error) {
		if err := served(c.account); err != nil {
			return nil, err
		}
		return h(ctx, c)
	}
}

var errWorker = fail(65401, "invalid custom service account")

// worker finds a customer-service account: 65401 when it is not there.
func (s *Server) worker(ctx context.Context, q db.Queryer, a *state.Account, name string) (state.Worker, error) {
	w, err := s.Store.Worker(ctx, q, a.N, name)
	if errs.Is(err, errs.NotFound) {
		return w, errWorker
	}
	return w, err
}

// bound is worker for one that somebody is bound to.
func (s *Server) bound(ctx context.Context, a *state.Account, name string) (state.Worker, error) {
	w, err := s.worker(ctx, s.Store.Reader(), a, name)
	if err == nil && w.Person == "" {
		return w, fail(65402, "the account need bind to a wechat id")
	}
	return w, err
}

type workerIn struct {
	Name   string `json:"kf_account"`
	Nick   string `json:"nickname"`
	Invite string `json:"invite_wx"`
}

func checkNick(nick string) error {
	if n := utf8.RuneCountInString(nick); n < 1 || n > nickRunes {
		return fail(65403, "invalid kf nickname")
	}
	return nil
}

func (s *Server) workerAdd(ctx context.Context, c *call) (any, error) {
	var in workerIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	prefix, id, ok := strings.Cut(in.Name, "@")
	if !ok || !workerPrefix.MatchString(prefix) || id != c.account.WeixinID {
		return nil, fail(65404, "invalid kf account format")
	}
	if err := checkNick(in.Nick); err != nil {
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		list, err := s.Store.Workers(ctx, tx, c.account.N)
		if err != nil {
			return err
		}
		for _, w := range list {
			if w.Name == in.Name {
				return fail(65406, "kf account exist")
			}
		}
		if len(list) >= maxWorkers {
			return fail(65405, "kf account count reach limit")
		}
		return s.Store.AddWorker(ctx, tx, c.account.N, in.Name, in.Nick)
	})
}

// changeWorker changes one customer-service account.
func (s *Server) changeWorker(ctx context.Context, a *state.Account, name string, change func(tx *db.Tx, w *state.Worker) error) error {
	return s.Store.Write(ctx, func(tx *db.Tx) error {
		w, err := s.worker(ctx, tx, a, name)
		if err != nil {
			return err
		}
		if err := change(tx, &w); err != nil {
			return err
		}
		return s.Store.SetWorker(ctx, tx, w)
	})
}

func (s *Server) workerUpdate(ctx context.Context, c *call) (any, error) {
	var in workerIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := checkNick(in.Nick); err != nil {
		return nil, err
	}
	return nil, s.changeWorker(ctx, c.account, in.Name, func(_ *db.Tx, w *state.Worker) error {
		w.Nick = in.Nick
		return nil
	})
}

func (s *Server) workerDelete(ctx context.Context, c *call) (any, error) {
	in := workerIn{Name: c.query.Get("kf_account")} // as older programs name it
	if in.Name == "" {
		if err := c.decode(&in); err != nil {
			return nil, err
		}
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		w, err := s.worker(ctx, tx, c.account, in.Name)
		if err != nil {
			return err
		}
		return s.Store.DeleteWorker(ctx, tx, w.N)
	})
}
