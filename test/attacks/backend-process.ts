/** The endpoint that means well: small answers, and on /big one without end, written as fast as it is taken. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const piece = Buffer.alloc(64 * 1024, "x");

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  if (request.url === "/big") return writeForEver(response);
  response.setHeader("content-length", 2);
  response.end("ok");
});

function writeForEver(response: ServerResponse): void {
  const write = (): void => {
    while (!response.destroyed && response.write(piece));
  };
  response.on("drain", write);
  response.on("error", () => {});
  write();
}

server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
