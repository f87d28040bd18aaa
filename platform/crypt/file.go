package crypt

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ringFile is the ring as JSON; []byte is base64 there.
type ringFile struct {
	Version int       `json:"version"`
	Current string    `json:"current"`
	Keys    []keyFile `json:"keys"`
	Index   keyFile   `json:"index"`
}

type keyFile struct {
	ID      string  `json:"id"`
	Profile Profile `json:"profile"`
	Secret  []byte  `json:"secret"`
}

// Marshal returns the ring in its file format. The result is the secret of the house.
func (r *Ring) Marshal() ([]byte, error) {
	f := ringFile{Version: 1, Current: r.current, Index: keyFile{r.index.id, r.index.profile, r.index.secret}}
	for _, id := range r.KeyIDs() {
		k := r.keys[id]
		f.Keys = append(f.Keys, keyFile{k.id, k.profile, k.secret})
	}
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("crypt: write the key ring: %w", err)
	}
	return append(b, '\n'), nil
}

// ParseRing reads what Marshal wrote. Errors never quote the input.
func ParseRing(data []byte) (*Ring, error) {
	var f ringFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, errors.New("crypt: the key ring is not valid JSON")
	}
	if f.Version != 1 {
		return nil, fmt.Errorf("crypt: key ring of version %d, this program knows 1", f.Version)
	}
	index, err := newKey(f.Index.ID, f.Index.Profile, f.Index.Secret)
	if err != nil {
		return nil, err
	}
	r := &Ring{current: f.Current, keys: map[string]key{}, index: index}
	for _, kf := range f.Keys {
		k, err := newKey(kf.ID, kf.Profile, kf.Secret)
		if err != nil {
			return nil, err
		}
		if _, twice := r.keys[k.id]; twice || k.id == "" || k.id == dataKeyID {
			return nil, fmt.Errorf("crypt: key id %q is empty, reserved or used twice", k.id)
		}
		r.keys[k.id] = k
	}
	if _, ok := r.keys[r.current]; !ok {
		return nil, fmt.Errorf("crypt: the current key %q is not in the ring", r.current)
	}
	return r, nil
}

// LoadRing reads a key file; it refuses one that others than its owner may read or write.
func LoadRing(path string) (*Ring, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("crypt: key file: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("crypt: key file %s is open to others (%#o): chmod 600 it", path, info.Mode().Perm())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("crypt: key file: %w", err)
	}
	return ParseRing(data)
}

// Save writes the ring to path with mode 0600: whole or not at all, on disk when it returns.
func (r *Ring) Save(path string) error {
	data, err := r.Marshal()
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // 0600 by CreateTemp
	if err != nil {
		return fmt.Errorf("crypt: save the key ring: %w", err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when it was renamed
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("crypt: save the key ring: %w", err)
	}
	return nil
}

// syncFolder makes a rename survive a power cut.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
