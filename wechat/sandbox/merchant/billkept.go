package merchant

import "sync"

// keptBills is how many written bills wait for who asked for them; ours.
const keptBills = 32

// bills keeps what was promised with a digest: a refund that ends between the request and the download changes the day's
// bill, and not the one that was promised. After a restart, or for the 33rd, it is written anew.
type bills struct {
	mu    sync.Mutex
	byURL map[string][]byte
	order []string
}

func (b *bills) keep(token string, content []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.byURL == nil {
		b.byURL = map[string][]byte{}
	}
	b.byURL[token], b.order = content, append(b.order, token)
	if len(b.order) > keptBills {
		delete(b.byURL, b.order[0])
		b.order = b.order[1:]
	}
}

func (b *bills) find(token string) ([]byte, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	content, ok := b.byURL[token]
	return content, ok
}
