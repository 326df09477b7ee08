package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"
)

type echo struct {
	// Calls whose context ended before they did: cancelled by the client or over their deadline.
	cancelled, expired atomic.Int64
}

func serve(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage))
	server.RegisterService(&description, &echo{})
	healthServer := health.NewServer()
	healthServer.SetServingStatus("peers.Echo", grpc_health_v1.HealthCheckResponse_SERVING)
	grpc_health_v1.RegisterHealthServer(server, healthServer)
	reflection.Register(server)
	// As servers go in a cluster: GOAWAY, and what is under way is finished.
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM)
	go func() {
		<-told
		server.GracefulStop()
	}()
	fmt.Println("serving", listener.Addr())
	return server.Serve(listener)
}

var description = grpc.ServiceDesc{
	ServiceName: "peers.Echo",
	HandlerType: (*any)(nil),
	Methods: []grpc.MethodDesc{
		{MethodName: "Unary", Handler: unary((*echo).unary)},
		{MethodName: "Fail", Handler: unary((*echo).fail)},
		{MethodName: "Hang", Handler: unary((*echo).hang)},
		{MethodName: "Ended", Handler: unary((*echo).ended)},
		{MethodName: "Left", Handler: unary((*echo).left)},
	},
	Streams: []grpc.StreamDesc{
		{StreamName: "Many", Handler: stream((*echo).many), ServerStreams: true},
		{StreamName: "Collect", Handler: stream((*echo).collect), ClientStreams: true},
		{StreamName: "Chat", Handler: stream((*echo).chat), ClientStreams: true, ServerStreams: true},
		{StreamName: "Refuse", Handler: stream((*echo).refuse), ClientStreams: true, ServerStreams: true},
	},
}

func unary(method func(*echo, context.Context, []byte) ([]byte, error)) grpc.MethodHandler {
	return func(service any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		var request []byte
		if err := decode(&request); err != nil {
			return nil, err
		}
		answer, err := method(service.(*echo), ctx, request)
		return &answer, err
	}
}

func stream(method func(*echo, grpc.ServerStream) error) grpc.StreamHandler {
	return func(service any, stream grpc.ServerStream) error { return method(service.(*echo), stream) }
}

// unary gives the request back, its metadata "x-ask" in head and trailers.
func (*echo) unary(ctx context.Context, request []byte) ([]byte, error) {
	incoming, _ := metadata.FromIncomingContext(ctx)
	if asked := incoming.Get("x-ask"); len(asked) > 0 {
		grpc.SetHeader(ctx, metadata.Pairs("x-head", asked[0]))
		grpc.SetTrailer(ctx, metadata.Pairs("x-trailer", asked[0], "x-trailer-bin", "\x00\xff"))
	}
	return request, nil
}

// fail ends with the status that the request names: "9 not now".
func (*echo) fail(_ context.Context, request []byte) ([]byte, error) {
	number, message, _ := strings.Cut(string(request), " ")
	code, err := strconv.Atoi(number)
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	return nil, status.Error(codes.Code(code), message)
}

func (e *echo) hang(ctx context.Context, _ []byte) ([]byte, error) {
	<-ctx.Done()
	e.count(ctx)
	return nil, status.FromContextError(ctx.Err()).Err()
}

func (e *echo) count(ctx context.Context) {
	if ctx.Err() == context.DeadlineExceeded {
		e.expired.Add(1)
	} else {
		e.cancelled.Add(1)
	}
}

func (e *echo) ended(context.Context, []byte) ([]byte, error) {
	return fmt.Appendf(nil, "%d cancelled, %d expired", e.cancelled.Load(), e.expired.Load()), nil
}

// left says how many milliseconds the call has left, as its grpc-timeout said.
func (*echo) left(ctx context.Context, _ []byte) ([]byte, error) {
	end, ok := ctx.Deadline()
	if !ok {
		return []byte("no deadline"), nil
	}
	return fmt.Append(nil, time.Until(end).Milliseconds()), nil
}

// refuse ends the call without a look at its messages, however many there are.
func (*echo) refuse(grpc.ServerStream) error {
	return status.Error(codes.FailedPrecondition, "not a word of it")
}

func (*echo) many(stream grpc.ServerStream) error {
	var request []byte
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	for i := range binary.BigEndian.Uint32(request) {
		message := fmt.Appendf(nil, "message %d", i)
		if err := stream.SendMsg(&message); err != nil {
			return err
		}
	}
	return nil
}

func (*echo) collect(stream grpc.ServerStream) error {
	messages, size := 0, 0
	for {
		var message []byte
		err := stream.RecvMsg(&message)
		if err == io.EOF {
			answer := fmt.Appendf(nil, "%d messages, %d bytes", messages, size)
			return stream.SendMsg(&answer)
		}
		if err != nil {
			return err
		}
		messages++
		size += len(message)
	}
}

func (e *echo) chat(stream grpc.ServerStream) error {
	for {
		var message []byte
		err := stream.RecvMsg(&message)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			e.count(stream.Context())
			return err
		}
		if err := stream.SendMsg(&message); err != nil {
			return err
		}
	}
}
