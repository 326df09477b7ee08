// A pod that tells who answered and who asked, and that can ask others: the suite's eyes inside the cluster.
//
//	echo serve :8080       answers every request with its own host name, $ECHO_VERSION, the caller's address and the body
//	echo get URL           prints the body, fails unless the status is 200
//	echo lookup NAME       prints the addresses that the cluster's DNS gives
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	timeout   = 5 * time.Second
	bodyLimit = 1 << 20
)

type answer struct {
	Host   string `json:"host"`
	Caller string `json:"caller"`
	Method string `json:"method"`
	Path   string `json:"path"`
	// Of the program, as its pod's environment has it: which release of a backend answered.
	Version string `json:"version,omitempty"`
	Body    string `json:"body,omitempty"`
	// As they arrived, with what proxies have added.
	Headers map[string][]string `json:"headers"`
}

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: echo serve ADDRESS | get URL | lookup NAME"))
	}
	verbs := map[string]func(string) error{"serve": serve, "get": get, "lookup": lookup}
	verb, known := verbs[os.Args[1]]
	if !known {
		fail(fmt.Errorf("no such verb: %s", os.Args[1]))
	}
	if err := verb(os.Args[2]); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// As process 1 of a container it must end on SIGTERM by itself: the kernel's default action is not applied to it.
func serve(address string) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	server := &http.Server{Addr: address, Handler: http.HandlerFunc(reply), ReadHeaderTimeout: timeout}
	go func() {
		<-signals
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		_ = server.Shutdown(ctx)
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return nil
}

func reply(w http.ResponseWriter, r *http.Request) {
	host, _ := os.Hostname()
	caller, _, _ := net.SplitHostPort(r.RemoteAddr)
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyLimit))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer{
		Host: host, Caller: caller, Method: r.Method, Path: r.URL.RequestURI(),
		Version: os.Getenv("ECHO_VERSION"), Body: string(body), Headers: r.Header,
	})
}

func get(url string) error {
	client := http.Client{Timeout: timeout}
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(os.Stdout, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", url, response.Status)
	}
	return nil
}

func lookup(name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupHost(ctx, name)
	for _, address := range addresses {
		fmt.Println(address)
	}
	return err
}
