/**
 * Pods that end TLS, answer plain HTTP and speak a TCP protocol of one line, each saying who it is; with certificates of an authority
 * made for the run. They run our own image, which has Node in it.
 */
import type { TestCertificate } from "@waystone/testkit/test-authority";

/** What the HTTP ports answer, with TLS or without. */
export interface TlsPodAnswer {
  readonly name: string;
  /** Of the ClientHello; false where there was none. */
  readonly servername: string | false;
  readonly path: string;
  /** The common name of the client's certificate; "" where none is asked for. */
  readonly client: string;
  /** How often this path was asked for at this pod. */
  readonly times: number;
}

export const tlsPodPorts = { https: 8443, http: 8080, line: 9090 } as const;

/** GET /busy: 503, always. */
const program = `
  const fs = require("node:fs");
  const https = require("node:https");
  const http = require("node:http");
  const net = require("node:net");
  const name = process.env.NAME;
  const seen = new Map();
  const answer = (request, response) => {
    const path = request.url;
    const times = (seen.get(path) ?? 0) + 1;
    seen.set(path, times);
    response.statusCode = path.startsWith("/busy") ? 503 : 200;
    response.setHeader("content-type", "application/json");
    const client = request.socket.getPeerCertificate?.().subject?.CN ?? "";
    response.end(JSON.stringify({ name, servername: request.socket.servername ?? false, path, times, client }));
  };
  const pair = { cert: fs.readFileSync("/tls/tls.crt"), key: fs.readFileSync("/tls/tls.key") };
  const ca = process.env.CLIENT_CA;
  const demand = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true };
  https.createServer({ ...pair, ...demand }, answer).listen(${tlsPodPorts.https});
  http.createServer(answer).listen(${tlsPodPorts.http});
  net.createServer((socket) => socket.on("error", () => {}).end(name + "\\n")).listen(${tlsPodPorts.line});
  process.on("SIGTERM", () => process.exit());`;

export interface TlsPodOptions {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  /** Over TLS only those are answered whose certificate is of this authority. */
  readonly clientCa?: string;
}

/** A Secret, a Pod and nothing else: Services are the tests'. */
export function tlsPod(
  { namespace, name, image, clientCa }: TlsPodOptions,
  { cert, key }: TestCertificate,
): readonly object[] {
  return [
    {
      apiVersion: "v1",
      kind: "Secret",
      type: "kubernetes.io/tls",
      metadata: { name, namespace },
      stringData: { "tls.crt": cert, "tls.key": key },
    },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, labels: { app: name, role: "tls-pod" } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: "server",
            image,
            command: ["node", "-e", program],
            env: [
              { name: "NAME", value: name },
              ...(clientCa === undefined ? [] : [{ name: "CLIENT_CA", value: clientCa }]),
            ],
            readinessProbe: { tcpSocket: { port: tlsPodPorts.line }, periodSeconds: 1 },
            volumeMounts: [{ name: "tls", mountPath: "/tls" }],
          },
        ],
        volumes: [{ name: "tls", secret: { secretName: name } }],
      },
    },
  ];
}
