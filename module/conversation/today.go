package conversation

import (
	"context"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

// Promise is how soon a person answers who waits: 24 hours, the norm of government new media (国办秘函〔2019〕19号 asks for
// timely answers; 24 h is the value that inspections name).
const Promise = 24 * time.Hour

// Today is how a civil day goes so far.
type Today struct {
	Received       int64 // what citizens said
	Automatic      int64 // what rules answered, the default rule not counted
	ByPerson       int64 // what people answered
	Unanswered     int64 // who waits now
	AnsweredInTime int64 // answers to somebody who waited, within Promise
	AnsweredLate   int64
	Followed, Left int64
}

// Today counts the lines since the beginning of the civil day, within the reach and maybe one account (0: all).
func (s *Service) Today(ctx context.Context, reach access.Reach, account int64) (Today, error) {
	begin := clock.Millis(clock.StartOfDay(s.Civil.Now()))
	where, args := reach.Where("u.path", "c.account_id", 4)
	var t Today
	err := s.db.QueryRow(ctx, `select
		coalesce(sum(case when l.author='citizen' then 1 else 0 end),0),
		coalesce(sum(case when l.author='rule' and l.waited = 0 then 1 else 0 end),0),
		coalesce(sum(case when l.author='staff' then 1 else 0 end),0),
		coalesce(sum(case when l.author='staff' and l.waited between 1 and $2 then 1 else 0 end),0),
		coalesce(sum(case when l.author='staff' and l.waited > $2 then 1 else 0 end),0),
		coalesce(sum(case when l.author='system' and l.text='subscribe' then 1 else 0 end),0),
		coalesce(sum(case when l.author='system' and l.text='unsubscribe' then 1 else 0 end),0)
		from conversation_line l join conversation c on c.id = l.conversation_id
			join account a on a.id = c.account_id join unit u on u.id = a.unit_id
		where l.at >= $1 and ($3 = 0 or c.account_id = $3) and `+where,
		append([]any{begin, Promise.Milliseconds(), account}, args...)...).
		Scan(&t.Received, &t.Automatic, &t.ByPerson, &t.AnsweredInTime, &t.AnsweredLate, &t.Followed, &t.Left)
	if err != nil {
		return t, errs.Wrap(err, "count today")
	}
	where, args = reach.Where("u.path", "c.account_id", 2)
	err = s.db.QueryRow(ctx, `select count(*)`+from+`where c.waiting_since > 0 and ($1 = 0 or c.account_id = $1) and `+where,
		append([]any{account}, args...)...).Scan(&t.Unanswered)
	return t, errs.Wrap(err, "count today")
}
