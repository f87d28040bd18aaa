package text

import "strings"

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// LikePattern returns the pattern of SQL's `like … escape '\'` that finds words anywhere, with what they hold of
// wildcards taken as it is.
func LikePattern(words string) string { return "%" + likeEscaper.Replace(words) + "%" }
