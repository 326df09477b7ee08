/**
 * A gRPC backend of the examples: shop.Prices, with Quote (one answer), Watch (a stream of them) and Slow (none in time).
 * Messages are plain text: what is shown is how calls travel, and that needs no schema.
 */
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import type { Seen } from "./ask.ts";
import type { Backend, BackendOptions } from "./backend.ts";

export const toBytes = (text: string): Buffer => Buffer.from(text);
export const toText = (bytes: Buffer): string => bytes.toString();

const prices: ServiceDefinition = {
  quote: method("Quote", false),
  watch: method("Watch", true),
  slow: method("Slow", false),
};

function method(name: string, responseStream: boolean): ServiceDefinition[string] {
  return {
    path: `/shop.Prices/${name}`,
    requestStream: false,
    responseStream,
    requestSerialize: toBytes,
    requestDeserialize: toText,
    responseSerialize: toBytes,
    responseDeserialize: toText,
  };
}

export async function openGrpcBackend(options: BackendOptions): Promise<Backend> {
  const { name, host, port } = options;
  const seen: Seen[] = [];
  const note = (path: string, message: string): void => {
    seen.push({ name, method: "POST", path, headers: {}, bodyBytes: message.length });
  };
  const quote: handleUnaryCall<string, string> = (call, reply) => {
    note(call.getPath(), call.request);
    reply(null, `${name}: ${call.request} at 42`);
  };
  const watch: handleServerStreamingCall<string, string> = (call) => {
    note(call.getPath(), call.request);
    for (let price = 1; price <= 5; price++) call.write(`${name}: ${call.request} at ${price}`);
    call.end();
  };
  const slow: handleUnaryCall<string, string> = (call) => note(call.getPath(), call.request);
  const server = new Server();
  server.addService(prices, { quote, watch, slow });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error) =>
      error === null ? resolve() : reject(error),
    );
  });
  return { ...options, seen, close: async () => server.forceShutdown() };
}
