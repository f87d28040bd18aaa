package flow

// MayJudge reports whether somebody may decide in the present state as far as it is their own work that keeps them from it;
// whether they hold what it takes is not asked. True wherever nothing is decided.
func MayJudge(d *Definition, r Run, who Who) bool {
	state, _ := d.State(r.State)
	return d.unbiased(r, state, who) == nil
}
