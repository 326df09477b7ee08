// An external authorizer that nobody here wrote the parts of: gRPC by grpc-go, messages by Envoy's published types
// (go-control-plane), decisions by OPA's engine. `opa-peer ADDRESS POLICY.rego`: asks for data.envoy.authz.allow, a boolean or an
// object with allowed, headers, request_headers_to_remove, response_headers_to_add, http_status and body, as OPA's own Envoy
// plugin has it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	typev3 "github.com/envoyproxy/go-control-plane/envoy/type/v3"
	"github.com/open-policy-agent/opa/v1/rego"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
)

type authorizer struct {
	authv3.UnimplementedAuthorizationServer
	query rego.PreparedEvalQuery
}

type decision struct {
	Allowed                bool              `json:"allowed"`
	Headers                map[string]string `json:"headers"`
	RequestHeadersToRemove []string          `json:"request_headers_to_remove"`
	ResponseHeadersToAdd   map[string]string `json:"response_headers_to_add"`
	HTTPStatus             int32             `json:"http_status"`
	Body                   string            `json:"body"`
}

func (a *authorizer) Check(ctx context.Context, request *authv3.CheckRequest) (*authv3.CheckResponse, error) {
	decided, err := a.decide(ctx, request)
	if err != nil {
		return nil, err
	}
	if decided.Allowed {
		return &authv3.CheckResponse{
			Status: &status.Status{Code: int32(code.Code_OK)},
			HttpResponse: &authv3.CheckResponse_OkResponse{OkResponse: &authv3.OkHttpResponse{
				Headers:              options(decided.Headers),
				HeadersToRemove:      decided.RequestHeadersToRemove,
				ResponseHeadersToAdd: options(decided.ResponseHeadersToAdd),
			}},
		}, nil
	}
	denied := &authv3.DeniedHttpResponse{Headers: options(decided.Headers), Body: decided.Body}
	if decided.HTTPStatus != 0 {
		denied.Status = &typev3.HttpStatus{Code: typev3.StatusCode(decided.HTTPStatus)}
	}
	return &authv3.CheckResponse{
		Status:       &status.Status{Code: int32(code.Code_PERMISSION_DENIED)},
		HttpResponse: &authv3.CheckResponse_DeniedResponse{DeniedResponse: denied},
	}, nil
}

// The input is the request as protobuf's own JSON has it, with the names of the fields: what OPA's plugin hands to policies.
func (a *authorizer) decide(ctx context.Context, request *authv3.CheckRequest) (decision, error) {
	text, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(request)
	if err != nil {
		return decision{}, err
	}
	var input any
	if err := json.Unmarshal(text, &input); err != nil {
		return decision{}, err
	}
	results, err := a.query.Eval(ctx, rego.EvalInput(input))
	if err != nil {
		return decision{}, err
	}
	if len(results) == 0 {
		return decision{}, nil
	}
	switch value := results[0].Expressions[0].Value.(type) {
	case bool:
		return decision{Allowed: value}, nil
	default:
		text, err := json.Marshal(value)
		if err != nil {
			return decision{}, err
		}
		var decided decision
		err = json.Unmarshal(text, &decided)
		return decided, err
	}
}

func options(headers map[string]string) []*corev3.HeaderValueOption {
	var list []*corev3.HeaderValueOption
	for key, value := range headers {
		list = append(list, &corev3.HeaderValueOption{Header: &corev3.HeaderValue{Key: key, Value: value}})
	}
	return list
}

func run(address, policy string) error {
	query, err := rego.New(rego.Query("data.envoy.authz.allow"), rego.Load([]string{policy}, nil)).
		PrepareForEval(context.Background())
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	authv3.RegisterAuthorizationServer(server, &authorizer{query: query})
	return server.Serve(listener)
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: opa-peer ADDRESS POLICY.rego")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
