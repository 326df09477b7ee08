/**
 * A backend that does not end by itself: GET /stream answers a piece every 50 ms for as long as it is wanted, an upgrade to
 * WebSocket becomes a tunnel that does the same. Anything else is answered with the headers that arrived. Runs our own image, for
 * its Node.
 */
import type { IncomingHttpHeaders } from "node:http";

export interface StreamPodAnswer {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

const program = `
  const http = require("node:http");
  const { createHash } = require("node:crypto");
  const pour = (out, piece) => {
    const ticker = setInterval(() => out.write(piece), 50);
    out.on("close", () => clearInterval(ticker));
    out.on("error", () => clearInterval(ticker));
  };
  const server = http.createServer((request, response) => {
    request.resume();
    if (request.url.startsWith("/stream")) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      return pour(response, "data: more\\n\\n");
    }
    request.on("end", () => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ method: request.method, path: request.url, headers: request.headers }));
    });
  });
  server.on("upgrade", (request, socket) => {
    const key = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    const accept = createHash("sha1").update(key).digest("base64");
    const head = ["HTTP/1.1 101 Switching Protocols", "upgrade: websocket", "connection: Upgrade", "sec-websocket-accept: " + accept];
    socket.write(head.join("\\r\\n") + "\\r\\n\\r\\n");
    // An unmasked text frame of one letter.
    pour(socket, Buffer.from([0x81, 1, 0x61]));
  });
  server.listen(8080);
  process.on("SIGTERM", () => process.exit());`;

/** The pod, and a Service of its name at port 80. */
export function streamPod(namespace: string, name: string, image: string): readonly object[] {
  const metadata = { name, namespace, labels: { app: name } };
  const container = {
    name: "server",
    image,
    imagePullPolicy: "Never",
    command: ["node", "-e", program],
    ports: [{ name: "http", containerPort: 8080 }],
    // A machine that is busy with something else must not take the only endpoint away.
    readinessProbe: {
      httpGet: { path: "/", port: "http" },
      periodSeconds: 1,
      timeoutSeconds: 10,
      failureThreshold: 20,
    },
  };
  return [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata,
      spec: { terminationGracePeriodSeconds: 1, containers: [container] },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace },
      spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
    },
  ];
}
