// A gRPC peer that is grpc-go and nothing else: `serve ADDRESS`, and `call TARGET CASE [ARGUMENTS]`, which prints one JSON object
// of what it saw. Messages are plain bytes; health and reflection speak protobuf.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"google.golang.org/grpc/encoding"
	"google.golang.org/protobuf/proto"
)

// bytesCodec passes []byte as it is, and protobuf messages as protobuf.
type bytesCodec struct{}

func (bytesCodec) Name() string { return "proto" }

func (bytesCodec) Marshal(v any) ([]byte, error) {
	switch message := v.(type) {
	case *[]byte:
		return *message, nil
	case proto.Message:
		return proto.Marshal(message)
	}
	return nil, fmt.Errorf("cannot marshal %T", v)
}

func (bytesCodec) Unmarshal(data []byte, v any) error {
	switch message := v.(type) {
	case *[]byte:
		*message = append([]byte(nil), data...)
		return nil
	case proto.Message:
		return proto.Unmarshal(data, message)
	}
	return fmt.Errorf("cannot unmarshal %T", v)
}

const maxMessage = 256 << 20

func main() {
	encoding.RegisterCodec(bytesCodec{})
	if len(os.Args) >= 3 && os.Args[1] == "serve" {
		fail(serve(os.Args[2]))
		return
	}
	if len(os.Args) >= 4 && os.Args[1] == "call" {
		seen, err := call(os.Args[2], os.Args[3], os.Args[4:])
		fail(err)
		fail(json.NewEncoder(os.Stdout).Encode(seen))
		return
	}
	fail(fmt.Errorf("usage: grpc-peer serve ADDRESS | grpc-peer call TARGET CASE [ARGUMENTS]"))
}

func fail(err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
