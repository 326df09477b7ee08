/**
 * An external authorizer of the examples, over gRPC as Envoy's API has it: who shows `Authorization: Bearer <name>` may go on as
 * that name, nobody may delete, and what is posted must not hold the word "free".
 */
import { Server, ServerCredentials, type handleUnaryCall } from "@grpc/grpc-js";
import {
  CheckRequest,
  type CheckRequestMessage,
  CheckResponse,
  type CheckResponseMessage,
  checkMethodPath,
} from "@waystone/api/ext-authz";
import type { Seen } from "./ask.ts";
import type { Backend, BackendOptions } from "./backend.ts";

const permissionDenied = 7;

export async function openAuthorizerBackend(options: BackendOptions): Promise<Backend> {
  const { name, host, port } = options;
  const seen: Seen[] = [];
  const check: handleUnaryCall<CheckRequestMessage, CheckResponseMessage> = ({ request }, reply) => {
    const { method, path, headers, body } = request.attributes?.request?.http ?? {};
    const bodyBytes = body?.length ?? 0;
    seen.push({ name, method: method ?? "", path: path ?? "", headers: headers ?? {}, bodyBytes });
    reply(null, decide(request));
  };
  const server = new Server();
  const service = {
    check: {
      path: checkMethodPath,
      requestStream: false,
      responseStream: false,
      requestSerialize: (message: CheckRequestMessage) => Buffer.from(CheckRequest.encode(message).finish()),
      requestDeserialize: (bytes: Buffer) => CheckRequest.decode(bytes),
      responseSerialize: (message: CheckResponseMessage) =>
        Buffer.from(CheckResponse.encode(message).finish()),
      responseDeserialize: (bytes: Buffer) => CheckResponse.decode(bytes),
    },
  };
  server.addService(service, { check });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error) =>
      error === null ? resolve() : reject(error),
    );
  });
  return { ...options, seen, close: async () => server.forceShutdown() };
}

function decide({ attributes }: CheckRequestMessage): CheckResponseMessage {
  const { method, headers, body } = attributes?.request?.http ?? {};
  const who = /^Bearer (\w+)$/.exec(headers?.["authorization"] ?? "")?.[1];
  if (who === undefined) return refuse(401, "who are you?\n", { "www-authenticate": "Bearer" });
  if (method === "DELETE") return refuse(403, `${who} may not delete\n`);
  if (body?.includes("free")) return refuse(422, "nothing is free\n");
  return {
    status: { code: 0 },
    okResponse: {
      headers: [{ header: { key: "x-user", value: who } }],
      headersToRemove: ["authorization"],
      responseHeadersToAdd: [{ header: { key: "x-decided-by", value: "authorizer" } }],
    },
  };
}

function refuse(code: number, body: string, headers: Record<string, string> = {}): CheckResponseMessage {
  const options = Object.entries(headers).map(([key, value]) => ({ header: { key, value } }));
  return { status: { code: permissionDenied }, deniedResponse: { status: { code }, headers: options, body } };
}
