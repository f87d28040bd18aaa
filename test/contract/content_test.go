package contract

import "slices"

// contentRows are those of what an account says to all.
func contentRows() []row {
	return slices.Concat(materialRows(), draftRows())
}
