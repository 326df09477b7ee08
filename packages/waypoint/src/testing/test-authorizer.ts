/** External authorizers for tests: gRPC (ext_authz v3, on Node's own HTTP/2) and a policy that asks them. */
import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import { CheckRequest, CheckResponse, type CheckResponseMessage } from "@waystone/api/ext-authz";
import { typeUrls } from "@waystone/api/names";
import { AuthorizerApi, type AuthorizerResource, Policy } from "@waystone/api/resources";
import { policyMessage, type PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import { afterEach } from "vitest";
import { serviceResource, sliceResource, testService } from "./open-test-plane.ts";

type Asked = ReturnType<typeof CheckRequest.decode>;
/** Undefined: it never answers. */
type Decide = (asked: Asked) => CheckResponseMessage | undefined;

export interface TestAuthorizer {
  readonly port: number;
  readonly asked: Asked[];
  readonly connections: number;
  /** Questions whose stream was closed before an answer. */
  readonly cancelled: number;
  decide: Decide;
  /** The next question is answered by what is handed over, when it comes. */
  hold(take: (answer: (said: CheckResponseMessage) => void) => void): void;
  close(): Promise<void>;
}

export const yes: CheckResponseMessage = { status: { code: 0 } };
export const no: CheckResponseMessage = { status: { code: 7 } };

/** `certificate`: it speaks TLS alone. */
export async function openTestAuthorizer(
  decide: Decide = () => yes,
  certificate?: { readonly cert: string; readonly key: string },
): Promise<TestAuthorizer> {
  const server =
    certificate === undefined ? http2.createServer() : http2.createSecureServer({ ...certificate });
  server.on("tlsClientError", () => {});
  const sessions = new Set<http2.ServerHttp2Session>();
  const state = { connections: 0, cancelled: 0, asked: [] as Asked[], decide };
  let held: Parameters<TestAuthorizer["hold"]>[0] | undefined;
  server.on("session", (session) => {
    state.connections++;
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("error", () => {});
  });
  server.on("stream", (stream: http2.ServerHttp2Stream) => {
    const pieces: Buffer[] = [];
    stream.on("error", () => {});
    stream.on("close", () => {
      if (!stream.headersSent) state.cancelled++;
    });
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    stream.on("end", () => {
      const asked = CheckRequest.decode(Buffer.concat(pieces).subarray(5));
      state.asked.push(asked);
      const take = held;
      held = undefined;
      if (take !== undefined) return take((said) => answerWith(stream, said));
      const answer = state.decide(asked);
      if (answer !== undefined) answerWith(stream, answer);
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  return Object.assign(state, {
    port: (server.address() as AddressInfo).port,
    hold(take: Parameters<TestAuthorizer["hold"]>[0]): void {
      held = take;
    },
    async close(): Promise<void> {
      if (!server.listening) return;
      for (const session of sessions) session.destroy();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  });
}

/** Opens them for a test of the file; they are closed after it. */
export function useTestAuthorizers(): typeof openTestAuthorizer {
  const opened: TestAuthorizer[] = [];
  afterEach(async () => {
    for (const authorizer of opened.splice(0)) await authorizer.close();
  });
  return async (...given) => {
    const authorizer = await openTestAuthorizer(...given);
    opened.push(authorizer);
    return authorizer;
  };
}

function answerWith(stream: http2.ServerHttp2Stream, answer: CheckResponseMessage): void {
  if (stream.destroyed) return;
  const message = CheckResponse.encode(answer).finish();
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(Buffer.concat([prefix, message]));
}

/** Service policy/opa with the authorizer as its endpoint; "http": spoken to in HTTP/1.1. */
export function authorizerResources(port: number, protocol: "grpc" | "http" = "grpc"): EncodedResource[] {
  return [
    serviceResource("policy", "opa", 9191, { protocol }),
    sliceResource("policy", "opa", [`127.0.0.1:${port}`]),
  ];
}

/** On the wire: whoever names it has policy/opa asked, and passes on what it says. */
export const askingOpa: AuthorizerResource = {
  service: "policy/opa",
  port: 9191,
  api: AuthorizerApi.EXT_AUTHZ_V3,
  timeoutMs: 60_000,
  statusOnError: 403,
  allHeadersToClient: true,
};

/** A CUSTOM about the Service under test that asks policy/opa over gRPC, unless it says otherwise. */
export function customPolicy(text: PolicyText = {}): EncodedResource {
  const target = { kind: "Service", name: testService } as const;
  const message = policyMessage({ action: "CUSTOM", target, ...text });
  const name = `${message.kind}/${message.namespace}/${message.name}`;
  return encodeResource(typeUrls.policy, name, Policy.encode(message).finish());
}

export const overHttp = { api: AuthorizerApi.HTTP_CHECK } as const;
