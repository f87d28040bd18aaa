package conversation

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"strconv"

	"weizheng/platform/crypt"
)

// A sealed file is a row of frames: four bytes of length, big-endian, and an envelope of at most piece bytes. Each envelope
// is bound to its place and to whether it is the last one, so that pieces cannot be left out, doubled or changed about, and
// neither end needs the whole file in memory.
const (
	piece      = 256 << 10
	frameHead  = 4
	frameLimit = piece + 1024 // an envelope's head, nonce and tag are far shorter
)

var errFrame = errors.New("conversation: a sealed file is damaged")

func placed(aad string, n int, last bool) string {
	if last {
		return aad + ":" + strconv.Itoa(n) + ":end"
	}
	return aad + ":" + strconv.Itoa(n)
}

// sealing reads src and gives it sealed.
type sealing struct {
	src  *bufio.Reader
	key  crypt.DataKey
	aad  string
	n    int
	buf  []byte
	out  []byte
	done bool
}

func seal(src io.Reader, key crypt.DataKey, aad string) io.Reader {
	return &sealing{src: bufio.NewReader(src), key: key, aad: aad, buf: make([]byte, piece)}
}

// Read gives the next bytes of the sealed form.
func (s *sealing) Read(p []byte) (int, error) {
	for len(s.out) == 0 {
		if s.done {
			return 0, io.EOF
		}
		if err := s.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}

func (s *sealing) next() error {
	n, err := io.ReadFull(s.src, s.buf)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	_, err = s.src.Peek(1)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	s.done = err != nil
	envelope, err := s.key.Seal(s.buf[:n], placed(s.aad, s.n, s.done))
	if err != nil {
		return err
	}
	s.out = binary.BigEndian.AppendUint32(s.out[:0], uint32(len(envelope))) //nolint:gosec // frameLimit is far below
	s.out = append(s.out, envelope...)
	s.n++
	return nil
}

// opening reads a sealed file and gives what it holds.
type opening struct {
	src  *bufio.Reader
	key  crypt.DataKey
	aad  string
	n    int
	out  []byte
	done bool
}

func open(src io.Reader, key crypt.DataKey, aad string) io.Reader {
	return &opening{src: bufio.NewReader(src), key: key, aad: aad}
}

// Read gives the next bytes of the content; a damaged or cut file is an error before its end.
func (o *opening) Read(p []byte) (int, error) {
	for len(o.out) == 0 {
		if o.done {
			return 0, io.EOF
		}
		if err := o.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, o.out)
	o.out = o.out[n:]
	return n, nil
}

func (o *opening) next() error {
	var head [frameHead]byte
	if _, err := io.ReadFull(o.src, head[:]); err != nil {
		return errors.Join(errFrame, err)
	}
	size := binary.BigEndian.Uint32(head[:])
	if size > frameLimit {
		return errFrame
	}
	envelope := make([]byte, size)
	if _, err := io.ReadFull(o.src, envelope); err != nil {
		return errors.Join(errFrame, err)
	}
	_, err := o.src.Peek(1)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	o.done = err != nil
	if o.out, err = o.key.Open(envelope, placed(o.aad, o.n, o.done)); err != nil {
		return errors.Join(errFrame, err)
	}
	o.n++
	return nil
}
