/**
 * `provider` of an AuthorizationPolicy of action CUSTOM: whom the waypoint asks, how, and what holds where there is no answer. Names are
 * those of Istio's extension providers and of Envoy's ext_authz where these have a thing.
 */
import { Type } from "typebox";
import { validations } from "./field-types.ts";

const backendRef = Type.Object(
  {
    group: Type.Optional(Type.Enum([""], { description: 'The group of the kind: "". Default: "".' })),
    kind: Type.Optional(Type.Enum(["Service"], { description: "Service. Default: Service." })),
    name: Type.String({ description: "The Service's name.", minLength: 1, maxLength: 253 }),
    namespace: Type.Optional(
      Type.String({
        description:
          "The Service's namespace; another one than the policy's needs a ReferenceGrant there, from AuthorizationPolicy to Service. Default: the policy's.",
        minLength: 1,
        maxLength: 63,
      }),
    ),
    port: Type.Integer({ description: "The Service's port.", minimum: 1, maximum: 65_535 }),
  },
  { description: "The authorizer's Service: its endpoints are asked." },
);

const headerNames = (description: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 256, pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" }), {
      description,
      minItems: 1,
      maxItems: 64,
      "x-kubernetes-list-type": "atomic",
    }),
  );

const grpc = Type.Object(
  { backendRef },
  {
    description:
      "Envoy's ext_authz v3 over gRPC, which Open Policy Agent speaks. The port has to be declared gRPC or HTTP/2.",
  },
);

const http = Type.Object(
  {
    backendRef,
    path: Type.Optional(
      Type.String({
        description: "Goes before the path of the request that is asked about. Default: nothing.",
        maxLength: 256,
        pattern: "^(/[A-Za-z0-9._~/-]*)?$",
      }),
    ),
    allowedHeaders: headerNames(
      "Headers of the request that the authorizer gets, beside Host, Authorization and the method and path.",
    ),
    headersToBackend: headerNames(
      "Headers of the authorizer's 200 that the request goes on with, in place of the client's of that name.",
    ),
    headersToClient: headerNames(
      "Headers of the authorizer's refusal that the client gets, beside Content-Type, Location and WWW-Authenticate.",
    ),
  },
  {
    description:
      "A plain HTTP request: 200 lets the request through, any other answer but a 5xx is the client's.",
  },
);

const body = Type.Object(
  {
    maxBytes: Type.Integer({
      description: "The most that is held and sent to the authorizer; a longer body is refused with 413.",
      minimum: 1,
      maximum: 1_048_576,
    }),
    allowPartial: Type.Optional(
      Type.Boolean({
        description:
          "Of a longer body the first maxBytes are sent to the authorizer, instead of a refusal. Default: false.",
      }),
    ),
  },
  { description: "Send the request's body along. Default: the authorizer sees none." },
);

export const authorizer = Type.Object(
  {
    grpc: Type.Optional(grpc),
    http: Type.Optional(http),
    timeout: Type.Optional(
      Type.String({
        description: "How long an answer may take, at most 60s. Default: 1s.",
        pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$",
        maxLength: 24,
      }),
    ),
    failOpen: Type.Optional(
      Type.Boolean({
        description:
          "Let requests through, and count them, where the authorizer cannot be asked or does not answer. Default: false, they are refused.",
      }),
    ),
    statusOnError: Type.Optional(
      Type.Integer({
        description: "What the client gets where the authorizer cannot be asked. Default: 403.",
        minimum: 400,
        maximum: 599,
      }),
    ),
    body: Type.Optional(body),
    contextExtensions: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 1024 }), {
        description: "Goes along with every question: context_extensions of ext_authz.",
        minProperties: 1,
        maxProperties: 16,
        ...validations({
          rule: "self.all(key, key.size() >= 1 && key.size() <= 253)",
          message: "a key has 1 to 253 characters",
        }),
      }),
    ),
  },
  {
    description: "Whom a CUSTOM asks.",
    ...validations(
      {
        rule: "has(self.grpc) != has(self.http)",
        message: "exactly one of grpc and http says how the authorizer is asked",
      },
      {
        rule: "!has(self.contextExtensions) || has(self.grpc)",
        message: "contextExtensions go with grpc alone: HTTP has no place for them",
      },
    ),
  },
);
