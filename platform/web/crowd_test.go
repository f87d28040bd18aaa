package web

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"weizheng/platform/clock"
)

// crowded serves "ok" to no more connections than places.
func crowded(t *testing.T, places int) string {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	door := newCrowd(socket, places, clock.Wall{})
	server := &http.Server{ConnState: door.watch, ReadHeaderTimeout: time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") })}
	served := make(chan error, 1)
	go func() { served <- server.Serve(door) }()
	t.Cleanup(func() {
		_ = server.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("served: %v", err)
		}
	})
	return socket.Addr().String()
}

// ask sends a request over a connection and returns how it was answered.
func ask(conn net.Conn) error {
	if _, err := fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		return err
	}
	if err := conn.SetReadDeadline(clock.Wall{}.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestOneMoreThanThereArePlacesGetsTheIdleOnes(t *testing.T) {
	t.Parallel()
	address := crowded(t, 2)
	first, second, third := dial(t, address), dial(t, address), dial(t, address)
	for name, conn := range map[string]net.Conn{"first": first, "second": second} {
		if err := ask(conn); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if err := ask(third); err != nil {
		t.Errorf("the third, after an idle one had to go: %v", err)
	}
	gone := 0
	for _, conn := range []net.Conn{first, second} {
		if ask(conn) != nil {
			gone++
		}
	}
	if gone == 0 {
		t.Error("three are served although there are two places")
	}
}

func TestAPlaceIsFreeAgainWhenSomebodyLeaves(t *testing.T) {
	t.Parallel()
	address := crowded(t, 1)
	for range 5 {
		conn := dial(t, address)
		if err := ask(conn); err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestACrowdedDoorCanBeClosed(t *testing.T) {
	t.Parallel()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	door := newCrowd(socket, 1, clock.Wall{})
	door.places <- struct{}{}
	ended := make(chan error, 1)
	go func() { _, err := door.Accept(); ended <- err }()
	if err := door.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept: %v", err)
	}
}
