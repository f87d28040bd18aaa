package crowd

import (
	"context"
	"math/rand/v2"
	"regexp"
	"slices"
	"time"

	"weizheng/wechat"
	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/push"
	"weizheng/wechat/sandbox/state"
)

// patience is how long a citizen waits for what becomes of a callback: three tries of five seconds, and some more.
const patience = 20 * time.Second

// outOfService is what WeChat shows when the account's server does not answer.
const outOfService = "该公众号暂时无法提供服务，请稍后再试"

// scene is one citizen about to act.
type scene struct {
	crowd   *Crowd
	citizen state.Citizen
	rng     *rand.Rand
}

// do does one step and says what was seen. An error is the sandbox's.
func (p *scene) do(ctx context.Context, s Step) (Seen, error) {
	switch s.Act {
	case Follow:
		return p.follow(ctx)
	case Tap:
		return p.tap(ctx, s.Path)
	case Open:
		return p.open(ctx, s.URL)
	case Fill:
		return p.fill(ctx, s)
	case Rate:
		return p.rate(ctx)
	}
	return p.say(ctx, act.Said{Type: "text", Content: s.Words})
}

// awaited does something that makes a callback and waits for what becomes of it.
func (p *scene) awaited(ctx context.Context, cue string, does func() (made bool, err error)) (Seen, error) {
	ended, forget := p.crowd.home.Watch.expect(pair{p.crowd.account.N, p.citizen.N})
	defer forget()
	made, err := does()
	if err != nil {
		return Seen{}, err
	}
	if !made {
		return Seen{Outcome: Skipped}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	e, ok := await(ctx, ended, cue)
	if !ok {
		return Seen{Outcome: Lost}, nil
	}
	return heard(e), nil
}

// heard is what the citizen reads.
func heard(e push.Ended) Seen {
	if e.Failed {
		return Seen{Outcome: Unavailable, Saw: outOfService}
	}
	kind, saw := "", ""
	switch r := e.Reply.(type) {
	case nil, wechat.TransferToService:
		return Seen{Outcome: Nothing}
	case wechat.Text:
		kind, saw = "text", r.Content
	case wechat.News:
		kind = "news"
		for _, a := range r.Articles {
			saw += a.Title + " "
		}
	case wechat.Image:
		kind, saw = "image", "[图片]"
	case wechat.Voice:
		kind, saw = "voice", "[语音]"
	case wechat.Video:
		kind, saw = "video", "[视频]"
	case wechat.Music:
		kind, saw = "music", "[音乐]"
	}
	return Seen{Outcome: Answered, Kind: kind, Saw: saw}
}

func (p *scene) follow(ctx context.Context) (Seen, error) {
	return p.awaited(ctx, "event:subscribe", func() (bool, error) {
		_, already, err := p.crowd.home.Acts.Follow(ctx, p.crowd.account.ID, p.citizen.ID, "", "")
		return !already, err
	})
}

func (p *scene) say(ctx context.Context, said act.Said) (Seen, error) {
	seen, err := p.awaited(ctx, "text", func() (bool, error) {
		_, _, err := p.crowd.home.Acts.Say(ctx, p.crowd.account.ID, p.citizen.ID, said)
		return true, err
	})
	seen.Did = said.Content
	return seen, err
}

// menuLink is a choice that a text offers. WeChat docs: Service_Center_messages, "msgmenu".
var menuLink = regexp.MustCompile(`weixin://bizmsgmenu\?msgmenucontent=([^&"]+)&(?:amp;)?msgmenuid=([^&"]+)`)

// rate answers the newest question of the account that offers choices.
func (p *scene) rate(ctx context.Context) (Seen, error) {
	items, _, err := p.crowd.home.Store.Chat(ctx, p.crowd.account.N, p.citizen.N, 0, 20)
	if err != nil {
		return Seen{}, err
	}
	for _, item := range slices.Backward(items) {
		if item.From != state.FromAccount {
			continue
		}
		if choices := choicesOf(item); len(choices) > 0 {
			return p.say(ctx, choices[p.rng.IntN(len(choices))])
		}
	}
	return Seen{Outcome: Skipped}, nil
}

func choicesOf(i state.Item) []act.Said {
	var choices []act.Said
	if list, ok := i.Body["list"].([]any); ok && i.Type == "msgmenu" {
		for _, entry := range list {
			e, _ := entry.(map[string]any)
			id, _ := e["id"].(string)
			content, _ := e["content"].(string)
			if content != "" {
				choices = append(choices, act.Said{Type: "text", Content: content, MenuID: id})
			}
		}
	}
	text, _ := i.Body["content"].(string)
	for _, m := range menuLink.FindAllStringSubmatch(text, -1) {
		choices = append(choices, act.Said{Type: "text", Content: m[1], MenuID: m[2]})
	}
	return choices
}
