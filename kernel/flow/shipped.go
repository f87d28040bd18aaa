package flow

import (
	"embed"
	"io/fs"

	"weizheng/platform/errs"
)

//go:embed shipped/*.yaml
var shipped embed.FS

// ShippedFile is a definition that comes with the house.
type ShippedFile struct {
	Definition *Definition
	Text       []byte // the YAML as it was written
}

// Shipped reads the definitions that come with the house, by key.
func Shipped() ([]ShippedFile, error) {
	names, err := fs.Glob(shipped, "shipped/*.yaml")
	if err != nil {
		return nil, errs.Wrap(err, "list shipped definitions")
	}
	var list []ShippedFile
	for _, name := range names {
		text, err := shipped.ReadFile(name)
		if err != nil {
			return nil, errs.Wrap(err, "read %s", name)
		}
		d, problems := Parse(text)
		if len(problems) > 0 {
			return nil, errs.Wrap(errs.New(errs.Internal, "internal"), "%s line %d: %s", name, problems[0].Line, problems[0].Key)
		}
		list = append(list, ShippedFile{Definition: d, Text: text})
	}
	return list, nil
}
