package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
)

// What a case saw: names are the test's.
type seen map[string]any

const deadline = 60 * time.Second

func call(target, name string, arguments []string) (seen, error) {
	connection, err := grpc.NewClient("passthrough:///"+target,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage), grpc.MaxCallSendMsgSize(maxMessage)),
		grpc.WithDisableServiceConfig(), grpc.WithDisableRetry())
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	c := caller{connection, arguments}
	cases := map[string]func(context.Context) (seen, error){
		"unary": c.unary, "many-unary": c.manyUnary, "method": c.method, "server-stream": c.serverStream,
		"client-stream": c.clientStream, "chat": c.chat, "large": c.large, "deadline": c.deadline, "cancel": c.cancel,
		"push": c.push, "any": c.any, "health": c.health, "reflection": c.reflection,
	}
	run, ok := cases[name]
	if !ok {
		return nil, fmt.Errorf("no case is called %q", name)
	}
	return run(ctx)
}

type caller struct {
	connection *grpc.ClientConn
	arguments  []string
}

func (c caller) number(at, otherwise int) int {
	if at >= len(c.arguments) {
		return otherwise
	}
	value, err := strconv.Atoi(c.arguments[at])
	fail(err)
	return value
}

func (c caller) invoke(ctx context.Context, method string, request []byte, options ...grpc.CallOption) ([]byte, error) {
	var answer []byte
	err := c.connection.Invoke(ctx, "/peers.Echo/"+method, &request, &answer, options...)
	return answer, err
}

func ending(err error) seen {
	said := status.Convert(err)
	return seen{"code": said.Code().String(), "message": said.Message()}
}

func (c caller) unary(ctx context.Context) (seen, error) {
	ctx = metadata.AppendToOutgoingContext(ctx, "x-ask", "why", "x-ask-bin", "\x00\x01\xff")
	var head, trailer metadata.MD
	answer, err := c.invoke(ctx, "Unary", []byte("hello"), grpc.Header(&head), grpc.Trailer(&trailer))
	return seen{
		"answer": string(answer), "code": status.Code(err).String(), "head": head.Get("x-head"),
		"trailer": trailer.Get("x-trailer"), "binary": fmt.Sprintf("%x", trailer.Get("x-trailer-bin")),
	}, nil
}

// manyUnary: so many calls, so many at once, on one connection.
func (c caller) manyUnary(ctx context.Context) (seen, error) {
	count, width := c.number(0, 1000), c.number(1, 50)
	next, wrong := make(chan int), make(chan string, count)
	var group sync.WaitGroup
	for range width {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range next {
				asked := fmt.Sprintf("call %d", i)
				if answer, err := c.invoke(ctx, "Unary", []byte(asked)); err != nil || string(answer) != asked {
					wrong <- fmt.Sprintf("%s: %q, %v", asked, answer, err)
				}
			}
		}()
	}
	for i := range count {
		next <- i
	}
	close(next)
	group.Wait()
	close(wrong)
	first := ""
	for each := range wrong {
		first = each
	}
	return seen{"calls": count, "wrong": first}, nil
}

// method: any unary method by name with any message.
func (c caller) method(ctx context.Context) (seen, error) {
	answer, err := c.invoke(ctx, c.arguments[0], []byte(c.arguments[1]))
	result := ending(err)
	result["answer"] = string(answer)
	return result, nil
}

// any: an empty call of any path.
func (c caller) any(ctx context.Context) (seen, error) {
	var request, answer []byte
	return ending(c.connection.Invoke(ctx, c.arguments[0], &request, &answer)), nil
}

func (c caller) open(ctx context.Context, method string) (grpc.ClientStream, error) {
	description := grpc.StreamDesc{ClientStreams: true, ServerStreams: true}
	return c.connection.NewStream(ctx, &description, "/peers.Echo/"+method)
}

func (c caller) serverStream(ctx context.Context) (seen, error) {
	count := binary.BigEndian.AppendUint32(nil, uint32(c.number(0, 2000)))
	stream, err := c.open(ctx, "Many")
	if err != nil {
		return nil, err
	}
	if err := stream.SendMsg(&count); err != nil {
		return nil, err
	}
	if err := stream.CloseSend(); err != nil {
		return nil, err
	}
	got, last := 0, ""
	for {
		var message []byte
		if err := stream.RecvMsg(&message); err == io.EOF {
			return seen{"messages": got, "last": last}, nil
		} else if err != nil {
			return ending(err), nil
		}
		got++
		last = string(message)
	}
}

func (c caller) clientStream(ctx context.Context) (seen, error) {
	stream, err := c.open(ctx, "Collect")
	if err != nil {
		return nil, err
	}
	for i := range c.number(0, 1000) {
		message := make([]byte, i)
		if err := stream.SendMsg(&message); err != nil {
			return ending(err), nil
		}
	}
	if err := stream.CloseSend(); err != nil {
		return nil, err
	}
	var answer, none []byte
	// Who goes with the answer and does not wait for the status has cancelled the call.
	if err = stream.RecvMsg(&answer); err == nil {
		if err = stream.RecvMsg(&none); err == io.EOF {
			err = nil
		}
	}
	return seen{"answer": string(answer), "code": status.Code(err).String()}, nil
}

// chat: so many turns of so many bytes, each answered before the next, then half-closed.
func (c caller) chat(ctx context.Context) (seen, error) {
	stream, err := c.open(ctx, "Chat")
	if err != nil {
		return nil, err
	}
	turns, size := c.number(0, 500), c.number(1, 20)
	for i := range turns {
		message, answer := make([]byte, size), []byte(nil)
		binary.BigEndian.PutUint32(message, uint32(i))
		if err := stream.SendMsg(&message); err != nil {
			return ending(err), nil
		}
		if err := stream.RecvMsg(&answer); err != nil {
			return ending(err), nil
		}
		if string(answer) != string(message) {
			return seen{"turns": i, "code": "WRONG"}, nil
		}
	}
	if err := stream.CloseSend(); err != nil {
		return nil, err
	}
	var none []byte
	if err = stream.RecvMsg(&none); err == io.EOF {
		err = nil
	}
	return seen{"turns": turns, "code": status.Code(err).String()}, nil
}

// push: messages on a stream of the method, until it has ended, and how it did.
func (c caller) push(ctx context.Context) (seen, error) {
	stream, err := c.open(ctx, c.arguments[0])
	if err != nil {
		return ending(err), nil
	}
	message := make([]byte, 16384)
	for stream.SendMsg(&message) == nil {
	}
	var answer []byte
	return ending(stream.RecvMsg(&answer)), nil
}

// large: one message there and back, compared by hash.
func (c caller) large(ctx context.Context) (seen, error) {
	message := make([]byte, c.number(0, 100<<20))
	for i := range message {
		message[i] = byte(i * 7 >> 3)
	}
	answer, err := c.invoke(ctx, "Unary", message)
	sent, got := sha256.Sum256(message), sha256.Sum256(answer)
	return seen{"bytes": len(answer), "same": sent == got, "code": status.Code(err).String(), "hash": hex.EncodeToString(got[:4])}, nil
}

func (c caller) deadline(ctx context.Context) (seen, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(c.number(0, 300))*time.Millisecond)
	defer cancel()
	_, err := c.invoke(ctx, "Hang", nil)
	return ending(err), nil
}

// cancel: a bidirectional stream that has carried one message each way.
func (c caller) cancel(ctx context.Context) (seen, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.open(ctx, "Chat")
	if err != nil {
		return nil, err
	}
	message, answer := []byte("once"), []byte(nil)
	if err := stream.SendMsg(&message); err != nil {
		return ending(err), nil
	}
	if err := stream.RecvMsg(&answer); err != nil {
		return ending(err), nil
	}
	cancel()
	return ending(stream.RecvMsg(&answer)), nil
}

func (c caller) health(ctx context.Context) (seen, error) {
	client := grpc_health_v1.NewHealthClient(c.connection)
	answer, err := client.Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: "peers.Echo"})
	if err != nil {
		return ending(err), nil
	}
	watch, err := client.Watch(ctx, &grpc_health_v1.HealthCheckRequest{Service: "peers.Echo"})
	if err != nil {
		return ending(err), nil
	}
	first, err := watch.Recv()
	_, unknown := client.Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: "peers.None"})
	return seen{
		"check": answer.GetStatus().String(), "watch": first.GetStatus().String(), "code": status.Code(err).String(),
		"unknown": status.Code(unknown).String(),
	}, nil
}

func (c caller) reflection(ctx context.Context) (seen, error) {
	stream, err := grpc_reflection_v1.NewServerReflectionClient(c.connection).ServerReflectionInfo(ctx)
	if err != nil {
		return ending(err), nil
	}
	list := grpc_reflection_v1.ServerReflectionRequest{
		MessageRequest: &grpc_reflection_v1.ServerReflectionRequest_ListServices{},
	}
	if err := stream.Send(&list); err != nil {
		return ending(err), nil
	}
	answer, err := stream.Recv()
	if err != nil {
		return ending(err), nil
	}
	names := []string{}
	for _, service := range answer.GetListServicesResponse().GetService() {
		names = append(names, service.GetName())
	}
	return seen{"services": names}, nil
}
