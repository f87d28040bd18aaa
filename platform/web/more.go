package web

import "strconv"

// More cuts a list that was read with one row more than a page to the page, and returns the cursor of the next one: what key
// says of the page's last row; "" when nothing follows.
func More[T any](list []T, limit int, key func(T) int64) (page []T, next string) {
	if len(list) <= limit {
		return list, ""
	}
	return list[:limit], strconv.FormatInt(key(list[limit-1]), 10)
}
