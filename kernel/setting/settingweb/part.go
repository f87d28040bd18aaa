// Package settingweb is the console's face of kernel/setting: the list of settings as they stand at a place, and giving or
// taking back a value there. A place is the installation, a unit (?unit=) or an account (?account=); who may change what
// is decided by the place, so it stands in the address, where the guard reads it.
package settingweb

import (
	"context"
	_ "embed"

	"weizheng/kernel/setting"
	"weizheng/part"
	"weizheng/platform/access"
)

//go:embed text.zh.json
var texts []byte

// Units finds a unit's path.
type Units interface {
	UnitPath(ctx context.Context, id int64) (string, error)
}

// Accounts tells what an account belongs to.
type Accounts interface {
	Object(ctx context.Context, account int64) (access.Object, error)
}

// Staff tells who changed a value.
type Staff interface {
	Names(ctx context.Context, ids []int64) (map[int64]string, error)
}

// Deps is what the face needs.
type Deps struct {
	Settings *setting.Service
	Units    Units
	Accounts Accounts
	Staff    Staff
}

const (
	read = "setting.read"
	edit = "setting.edit"
)

// Part is everything that setting adds to the house.
func Part(d Deps) part.Part {
	return part.Part{
		Name:   "setting",
		Schema: setting.Schema(),
		Texts:  texts,
		Permissions: []part.Permission{
			{Key: read, Text: "查看设置"},
			{Key: edit, Text: "修改设置"},
		},
		Routes:   console{d}.routes(),
		Services: []part.Service{{Name: "setting", Start: d.Settings.Start, Stop: d.Settings.Stop}},
	}
}
