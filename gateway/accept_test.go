package gateway

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"weizheng/part"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/wechat"
)

func TestADuplicateGetsTheSameAnswer(t *testing.T) {
	var calls atomic.Int64
	counting := part.Responder{Name: "count", Offer: func(context.Context, part.In) (part.Answer, bool, error) {
		return part.Answer{Reply: wechat.Text{Content: strings.Repeat("答", int(calls.Add(1)))}, Source: "reply:1"}, true, nil
	}}
	each(t, wechat.Safe, []part.Responder{counting}, func(t *testing.T, w *world) {
		first := w.said(w.push(text(42, "问")))
		for range 3 {
			if got := w.said(w.push(text(42, "问"))); got != first {
				t.Errorf("again: %q, first %q", got, first)
			}
		}
		event := &wechat.Message{ToUserName: testGh, FromUserName: testOpenID, CreateTime: 99, MsgType: "event", Event: "CLICK", EventKey: "A"}
		w.said(w.push(event))
		w.said(w.push(event))
		other := *event
		other.EventKey = "B" // two taps in one second are two
		w.said(w.push(&other))
		if n := w.rows(); n != 3 {
			t.Errorf("%d rows, want 3", n)
		}
	})
}

func TestDeliveriesAtTheSameTimeAreOne(t *testing.T) {
	each(t, wechat.Plain, nil, func(t *testing.T, w *world) {
		var calls, effects atomic.Int64
		w.Responders = []part.Responder{{Name: "effect", Offer: func(context.Context, part.In) (part.Answer, bool, error) {
			calls.Add(1)
			return part.Answer{Reply: wechat.Text{Content: "已登记"}, Source: "x:1", Effect: func(context.Context, *db.Tx, int64) error {
				effects.Add(1)
				return nil
			}}, true, nil
		}}}
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				if got := w.said(w.push(text(5, "登记"))); got != "已登记" {
					t.Errorf("answer %q", got)
				}
			})
		}
		wg.Wait()
		if w.rows() != 1 || effects.Load() != 1 {
			t.Errorf("%d rows, %d effects, want 1 and 1", w.rows(), effects.Load())
		}
	})
}

func TestAnEffectThatFailsLeavesNothing(t *testing.T) {
	broken := part.Responder{Name: "broken", Offer: func(context.Context, part.In) (part.Answer, bool, error) {
		return part.Answer{Reply: wechat.Text{Content: "已办"}, Effect: func(context.Context, *db.Tx, int64) error { return errors.New("no") }}, true, nil
	}}
	each(t, wechat.Plain, []part.Responder{broken}, func(t *testing.T, w *world) {
		if rec := w.push(text(1, "办")); rec.Code != 503 {
			t.Errorf("status %d, want 503 so that WeChat delivers again", rec.Code)
		}
		if w.rows() != 0 {
			t.Errorf("%d rows were left", w.rows())
		}
	})
}

func TestAnEffectThatPanicsHoldsUpNobody(t *testing.T) {
	each(t, wechat.Plain, nil, func(t *testing.T, w *world) {
		panics := true
		w.Responders = []part.Responder{{Name: "broken", Offer: func(context.Context, part.In) (part.Answer, bool, error) {
			return part.Answer{Reply: wechat.Text{Content: "已办"}, Source: "x:1", Effect: func(context.Context, *db.Tx, int64) error {
				if panics {
					panic("defect")
				}
				return nil
			}}, true, nil
		}}}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed: the server answers 500 to it, so that WeChat delivers again")
				}
			}()
			w.push(text(1, "办"))
		}()
		panics = false
		if got := w.said(w.push(text(1, "办"))); got != "已办" || w.rows() != 1 {
			t.Errorf("delivered again: %q, %d rows", got, w.rows())
		}
	})
}

func TestARowIsNotPassedOverForAnAbsentDatabase(t *testing.T) {
	each(t, wechat.Plain, []part.Responder{echoResponder}, func(t *testing.T, w *world) {
		w.said(w.push(text(1, "一")))
		known, away := w.Account, true
		w.Account = func(ctx context.Context, id int64) (part.Account, error) {
			if away {
				return part.Account{}, errs.New(errs.Unavailable, "db.away")
			}
			return known(ctx, id)
		}
		if n, err := w.ReadBatch(t.Context()); n != 0 || !errs.Is(err, errs.Unavailable) {
			t.Errorf("handed out %d, %v", n, err)
		}
		away = false
		if n, err := w.ReadBatch(t.Context()); n != 1 || err != nil || len(w.seen.got) != 1 {
			t.Errorf("then handed out %d, %v", n, err)
		}
	})
}

func TestRefusalsBeforeTheDoorAreCounted(t *testing.T) {
	each(t, wechat.Plain, nil, func(t *testing.T, w *world) {
		w.Doors = shutDoors{}
		if rec := w.push(text(1, "在吗")); rec.Code != 503 {
			t.Errorf("status %d, want 503", rec.Code)
		}
		if gap := w.gaps.open[0]; gap == nil || gap.Refused != 1 || gap.Reason != "db.away" {
			t.Errorf("the refusal was not counted: %+v", w.gaps.open)
		}
	})
}

type shutDoors struct{}

func (shutDoors) Door(context.Context, string) (Door, error) {
	return Door{}, errs.New(errs.Unavailable, "db.away")
}

func TestOneRespondersDefectIsPassedOver(t *testing.T) {
	panics := part.Responder{Name: "panics", Slot: part.SlotSafety, Offer: func(context.Context, part.In) (part.Answer, bool, error) {
		panic("defect")
	}}
	fails := part.Responder{Name: "fails", Slot: part.SlotDuty, Offer: func(context.Context, part.In) (part.Answer, bool, error) {
		return part.Answer{}, false, errors.New("away")
	}}
	each(t, wechat.Plain, []part.Responder{echoResponder, fails, panics}, func(t *testing.T, w *world) {
		if got := w.said(w.push(text(1, "在吗"))); got != "您说：在吗" {
			t.Errorf("answer %q", got)
		}
		var trace string
		if err := w.DB.QueryRow(t.Context(), `select trace from inbound`).Scan(&trace); err != nil {
			t.Fatal(err)
		}
		if trace != "panics! fails! echo+" {
			t.Errorf("trace %q", trace)
		}
	})
}

// slow answers nothing within the budget; when asked again, it does.
func slow() part.Responder {
	var asked atomic.Int64
	return part.Responder{Name: "slow", Offer: func(ctx context.Context, in part.In) (part.Answer, bool, error) {
		if asked.Add(1) == 1 {
			<-ctx.Done()
			return part.Answer{}, false, ctx.Err()
		}
		return part.Answer{Reply: wechat.Text{Content: "想好了"}, More: []wechat.Reply{wechat.Text{Content: "还有"}}, Source: "reply:2"}, true, nil
	}}
}

func TestASlowAnswerFollowsItsFallback(t *testing.T) {
	each(t, wechat.Safe, nil, func(t *testing.T, w *world) {
		w.Responders = []part.Responder{slow()}
		if got := w.said(w.push(text(1, "想想"))); got != "稍后答复您" {
			t.Fatalf("fallback %q", got)
		}
		if got := w.said(w.push(text(1, "想想"))); got != "稍后答复您" {
			t.Errorf("delivered again: %q", got)
		}
		row, err := unread(t.Context(), w.DB, 1)
		if err != nil || row[0].state != statePending {
			t.Fatalf("row %+v, %v", row, err)
		}
		for range 2 { // the job may run twice
			if err := w.finishLate(t.Context(), finishLate{Inbound: row[0].id, Slug: "qingyun"}, job.Attempt{N: 1, Max: 3}); err != nil {
				t.Fatal(err)
			}
		}
		want := []string{"inbound:1:late:0=想好了", "inbound:1:late:1=还有"}
		if strings.Join(w.sent.said, "|") != strings.Join(want, "|") {
			t.Errorf("sent %v, want %v", w.sent.said, want)
		}
	})
}

func TestFurtherRepliesFollowOnce(t *testing.T) {
	more := part.Responder{Name: "more", Offer: func(context.Context, part.In) (part.Answer, bool, error) {
		return part.Answer{Reply: wechat.Text{Content: "一"}, More: []wechat.Reply{wechat.Text{Content: "二"}, wechat.Text{Content: "三"}}}, true, nil
	}}
	each(t, wechat.Plain, []part.Responder{more}, func(t *testing.T, w *world) {
		w.said(w.push(text(1, "多说")))
		w.said(w.push(text(1, "多说")))
		for range 2 {
			if _, err := w.ReadBatch(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Join(w.sent.said, "|"); got != "inbound:1:1=二|inbound:1:2=三" {
			t.Errorf("sent %q", got)
		}
	})
}

func TestASubscriberThatFailsGetsTheBatchAgain(t *testing.T) {
	each(t, wechat.Plain, []part.Responder{echoResponder}, func(t *testing.T, w *world) {
		w.said(w.push(text(1, "一")))
		fails := true
		w.Subscriptions = append(w.Subscriptions, part.Subscription{Name: "shaky", Handle: func(context.Context, *db.Tx, []part.Inbound) error {
			if fails {
				return errors.New("not now")
			}
			return nil
		}})
		if _, err := w.ReadBatch(t.Context()); err == nil {
			t.Fatal("the failure was swallowed")
		}
		fails = false
		if n, err := w.ReadBatch(t.Context()); n != 1 || err != nil {
			t.Errorf("handed out %d, %v", n, err)
		}
	})
}

func TestTheReaderRunsByItself(t *testing.T) {
	each(t, wechat.Plain, []part.Responder{echoResponder}, func(t *testing.T, w *world) {
		handed := make(chan struct{}, 1)
		w.Subscriptions = []part.Subscription{{Name: "signal", Handle: func(context.Context, *db.Tx, []part.Inbound) error {
			handed <- struct{}{}
			return nil
		}}}
		if err := w.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.said(w.push(text(1, "快")))
		select {
		case <-handed:
		case <-time.After(10 * time.Second):
			t.Error("not handed out")
		}
		if err := w.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestADatabaseThatIsAwayIsNotAcknowledged(t *testing.T) {
	each(t, wechat.Safe, []part.Responder{echoResponder}, func(t *testing.T, w *world) {
		if err := w.DB.Close(); err != nil {
			t.Fatal(err)
		}
		var rec *httptest.ResponseRecorder
		if rec = w.push(text(1, "在吗")); rec.Code != 503 {
			t.Errorf("status %d, want 503", rec.Code)
		}
		if len(w.gaps.open) != 1 {
			t.Errorf("the refusal was not counted: %v", w.gaps.open)
		}
	})
}
