package access

import (
	"strconv"
	"strings"
)

// Units are the ids on a unit's path "/1/4/", from the root down. Words that are no ids are passed over, so that a broken
// path covers less, never more.
func Units(path string) []int64 {
	var ids []int64
	for word := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if id, err := strconv.ParseInt(word, 10, 64); err == nil && id > 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// UnitID is the id of the unit that a path "/1/4/" leads to; 0, which is nobody's, for a path without one.
func UnitID(path string) int64 {
	ids := Units(path)
	if len(ids) == 0 {
		return 0
	}
	return ids[len(ids)-1]
}
