/** grpc-js as an endpoint of the same service as go/grpc (grpc-js-client.ts calls it): messages are plain bytes. */
import {
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  status,
} from "@grpc/grpc-js";

export interface GrpcJsServer {
  readonly port: number;
  /** Calls that their clients gave up, or whose deadline passed. */
  readonly ended: () => number;
  close(): void;
}

const same = (bytes: Buffer): Buffer => bytes;
export const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

const method = (name: string, requestStream: boolean, responseStream: boolean) => ({
  path: `/peers.Echo/${name}`,
  requestStream,
  responseStream,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
});

const service = {
  unary: method("Unary", false, false),
  fail: method("Fail", false, false),
  hang: method("Hang", false, false),
  left: method("Left", false, false),
  many: method("Many", false, true),
  collect: method("Collect", true, false),
  chat: method("Chat", true, true),
  refuse: method("Refuse", true, true),
};

export async function openGrpcJsServer(): Promise<GrpcJsServer> {
  let ended = 0;
  const unary: handleUnaryCall<Buffer, Buffer> = (call, reply) => {
    const [asked] = call.metadata.get("x-ask");
    const trailer = new Metadata();
    if (asked !== undefined) {
      const head = new Metadata();
      head.set("x-head", asked);
      call.sendMetadata(head);
      trailer.set("x-trailer", asked);
      trailer.set("x-trailer-bin", Buffer.from([0, 255]));
    }
    reply(null, call.request, trailer);
  };
  const fail: handleUnaryCall<Buffer, Buffer> = (call, reply) => {
    const [code = "", ...details] = call.request.toString().split(" ");
    reply({ code: status[status[Number(code)] as keyof typeof status], details: details.join(" ") });
  };
  const hang: handleUnaryCall<Buffer, Buffer> = (call) => void call.on("cancelled", () => ended++);
  const left: handleUnaryCall<Buffer, Buffer> = (call, reply) => {
    const end = call.getDeadline();
    const said = end === Number.POSITIVE_INFINITY ? "no deadline" : Math.floor(Number(end) - Date.now());
    reply(null, Buffer.from(String(said)));
  };
  const many: handleServerStreamingCall<Buffer, Buffer> = (call) => {
    for (let i = 0; i < call.request.readUInt32BE(0); i++) call.write(Buffer.from(`message ${i}`));
    call.end();
  };
  const collect: handleClientStreamingCall<Buffer, Buffer> = (call, reply) => {
    let [messages, bytes] = [0, 0];
    call.on("data", (message: Buffer) => {
      messages++;
      bytes += message.length;
    });
    call.on("end", () => reply(null, Buffer.from(`${messages} messages, ${bytes} bytes`)));
  };
  const chat: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
    call.on("data", (message: Buffer) => call.write(message));
    call.on("end", () => call.end());
    call.on("cancelled", () => ended++);
  };
  const refuse: handleBidiStreamingCall<Buffer, Buffer> = (call) =>
    void call.emit("error", { code: status.FAILED_PRECONDITION, details: "not a word of it" });
  const server = new Server(unlimited);
  server.addService(service, { unary, fail, hang, left, many, collect, chat, refuse });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return { port, ended: () => ended, close: () => server.forceShutdown() };
}
