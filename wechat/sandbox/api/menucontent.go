package api

import (
	"context"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// checkContent wants what the buttons of a menu show to be there: permanent materials of the account.
func (s *Server) checkContent(ctx context.Context, a *state.Account, buttons []state.Button) error {
	for _, b := range buttons {
		if err := s.checkContent(ctx, a, b.Sub); err != nil {
			return err
		}
		if !buttonKinds[b.Type].media || len(b.Sub) > 0 {
			continue
		}
		if _, err := s.Store.Material(ctx, s.Store.Reader(), a.N, b.MediaID); errs.Is(err, errs.NotFound) {
			return errMediaID
		} else if err != nil {
			return err
		}
	}
	return nil
}
