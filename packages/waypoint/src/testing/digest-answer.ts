/**
 * An upstream for large uploads: reads one request with a body of known length per connection and answers with the body's
 * SHA-256, keeping none of it. (The recording upstream keeps and reads all of it again for each piece.)
 */
import { createHash } from "node:crypto";
import type { RecordingUpstreamOptions } from "@waystone/testkit/recording-upstream";

export function digestAnswer(bodyLength: number): RecordingUpstreamOptions {
  return {
    readsHttp: false,
    onConnection(connection) {
      const hash = createHash("sha256");
      let head = "";
      let left = bodyLength;
      connection.socket.on("data", (chunk: Buffer) => {
        let body = chunk;
        if (!head.includes("\r\n\r\n")) {
          const before = head.length;
          head += chunk.toString("latin1");
          const end = head.indexOf("\r\n\r\n");
          if (end < 0) return;
          body = chunk.subarray(end + 4 - before);
        }
        hash.update(body);
        left -= body.length;
        if (left === 0)
          connection.write(`HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n${hash.digest("hex")}`);
      });
    },
  };
}
