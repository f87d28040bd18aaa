// Package form is what is asked of people: field lists that are drawn and checked the same everywhere. The server draws
// them for citizens (formweb), Vue for staff; both send the same JSON values, and one function judges them.
//
// The pure half needs no database. A Form is an ordered list of Fields; Validate judges the form, Check the values:
//
//	clean, faults := f.Check(values, env)
//
// Promises:
//
//   - Check is total: any JSON is answered, all faults at once, each with the field's path ("kin.0.phone") and a key of
//     text.zh.json. What it passes it passes again unchanged. What is hidden by a condition is dropped.
//   - Amend is Check for a form that several people fill in one after the other: what is given is judged beside what is held.
//   - Conditions look at earlier fields only, so a form is evaluated in one walk and cannot contradict itself.
//   - What the state can get by sharing is never asked for (Shared hides the upload; decree 716, decree 809 of the State
//     Council), and materials are named: 其他材料 does not pass Validate.
//
// The service keeps forms with a draft, one live and many retired versions (a version never changes once it was
// published), people's unfinished answers, their files and what was submitted. Fields of class 个人 and 敏感 are sealed
// with the citizen's data key, files with a key each.
package form
