package api

import "context"

// autoreplyHandlers are those of the rules that the account's website has.
func (s *Server) autoreplyHandlers() map[string]handler {
	return map[string]handler{"/cgi-bin/get_current_autoreply_info": s.autoreply}
}

// autoreply gives the rules of the website as they were set through the sandbox's own API; nothing here acts on them, as
// WeChat switches them off where a program answers.
func (s *Server) autoreply(ctx context.Context, c *call) (any, error) {
	rules, err := s.Store.AutoReply(ctx, c.account.N)
	if err != nil || rules != nil {
		return rules, err
	}
	return map[string]int{"is_add_friend_reply_open": 0, "is_autoreply_open": 0}, nil
}
