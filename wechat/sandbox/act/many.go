package act

import (
	"context"
	"slices"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// Followers makes a crew of followers without callbacks, and returns how many of them did not follow before.
func (x *Acts) Followers(ctx context.Context, c state.Crew) (made int64, err error) {
	if c.How != "" && !slices.Contains(ways, c.How) {
		return 0, invalid("how", "how")
	}
	return x.Store.SeedFollowers(ctx, c)
}

// Readers has followers of an article's account do the same with it, now: up to limit of them in the order of following, after the
// openid "after". It returns whom to go on after, "" at the end. What each likes once is not for many.
func (x *Acts) Readers(ctx context.Context, id, kind, scene, after string, limit int) (next string, err error) {
	if kind == "" {
		kind = state.ActRead
	}
	if !slices.Contains([]string{state.ActRead, state.ActShare}, kind) {
		return "", invalid("kind", "kind")
	}
	number, err := sceneOf(kind, scene)
	if err != nil {
		return "", err
	}
	a, err := x.readable(ctx, x.Store.Reader(), id)
	if err != nil {
		return "", err
	}
	next, err = x.Store.SeedReaders(ctx, a, kind, number, after, limit)
	if errs.Is(err, errs.NotFound) {
		err = invalid("after", "kind")
	}
	return next, err
}

// sceneOf is the number of a scene of a kind of act; "" is the usual one.
func sceneOf(kind, scene string) (int, error) {
	usual, ok := articleActs[kind]
	if !ok {
		return 0, invalid("kind", "kind")
	}
	if scene == "" {
		scene = usual
	}
	number, ok := state.Scenes[scene]
	if !ok || kind == state.ActShare && !slices.Contains([]string{"friend", "moments"}, scene) {
		return 0, invalid("scene", "kind")
	}
	return number, nil
}
