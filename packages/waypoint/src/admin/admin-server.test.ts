import { request } from "node:http";
import { createServer } from "node:net";
import { type LogLevel, silentLogger } from "@waystone/base/logger";
import { within } from "@waystone/testkit/within";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AdminSources, adminRoutes } from "./admin-routes.ts";
import { type AdminServers, openAdminServers } from "./admin-server.ts";

const everything = ["readiness", "metrics", "admin"] as const;
let servers: AdminServers;
let waitingFor: string[];
let level: LogLevel;

function sources(): AdminSources {
  return {
    waitingFor: () => waitingFor,
    metrics: () =>
      Promise.resolve([
        { name: "x_total", help: "X.", type: "counter", samples: [{ labels: { a: "b" }, value: 7 }] },
      ]),
    dump: () => Promise.resolve({ workers: [{ worker: 0 }] }),
    status: undefined,
    logLevel: () => level,
    setLogLevel: (next) => {
      level = next;
    },
  };
}

beforeEach(async () => {
  waitingFor = [];
  level = "info";
  servers = await openAdminServers({
    listen: [
      { address: "127.0.0.1", port: 0, groups: everything },
      { address: "127.0.0.1", port: 0, groups: ["metrics"] },
    ],
    routes: adminRoutes(sources()),
    logger: silentLogger,
  });
});
afterEach(() => servers.close());

interface Answer {
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; server?: number } = {},
) {
  const { method = "GET", headers = {}, server = 0 } = options;
  const { port } = servers.listening[server]!;
  const answer = new Promise<Answer>((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      let body = "";
      response.on("data", (bytes: Buffer) => (body += bytes.toString()));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    sent.on("error", reject);
    sent.end();
  });
  return within(answer, `${method} ${path}`);
}

test("live is 200 whatever is waited for; ready names all of it", async () => {
  waitingFor = ["waiting for the first complete snapshot from the controller", "worker 1 is starting"];
  expect(await ask("/healthz/live")).toMatchObject({ status: 200, body: "live\n" });
  expect(await ask("/healthz/ready")).toMatchObject({
    status: 503,
    body: "not ready: waiting for the first complete snapshot from the controller; worker 1 is starting\n",
  });
  waitingFor = [];
  expect(await ask("/healthz/ready")).toMatchObject({ status: 200, body: "ready\n" });
});

test("metrics are in Prometheus' text format", async () => {
  expect(await ask("/metrics")).toMatchObject({
    status: 200,
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
    body: '# HELP x_total X.\n# TYPE x_total counter\nx_total{a="b"} 7\n',
  });
});

test("config_dump is JSON", async () => {
  const { status, body } = await ask("/config_dump");
  expect([status, JSON.parse(body)]).toEqual([200, { workers: [{ worker: 0 }] }]);
});

test("where nobody knows the status of objects, /status says who does", async () => {
  expect(await ask("/status")).toMatchObject({
    status: 404,
    body: expect.stringContaining("`waystone status`"),
  });
});

test("HEAD has the headers of GET and no body", async () => {
  const [get, head] = [await ask("/healthz/live"), await ask("/healthz/live", { method: "HEAD" })];
  expect(head).toMatchObject({ status: 200, body: "" });
  expect(head.headers["content-length"]).toBe(get.headers["content-length"]);
});

test("an unknown path lists what there is", async () => {
  expect(await ask("/config-dump")).toMatchObject({
    status: 404,
    body: expect.stringContaining("/config_dump"),
  });
  expect(await ask("/")).toMatchObject({ status: 200, body: expect.stringContaining("/healthz/ready") });
});

test("a method that a path does not take is 405, with those that it takes", async () => {
  expect(await ask("/metrics", { method: "DELETE" })).toMatchObject({
    status: 405,
    headers: { allow: "GET, HEAD" },
  });
});

test("the log level is shown by GET and changed by POST and PUT alone", async () => {
  expect(await ask("/logging")).toMatchObject({ status: 200, body: expect.stringContaining('"info"') });
  expect(await ask("/logging?level=debug", { method: "POST" })).toMatchObject({ status: 200 });
  expect(level).toBe("debug");
  expect(await ask("/logging?level=error")).toMatchObject({ status: 405 });
  expect(level).toBe("debug");
  expect(await ask("/logging?level=warn", { method: "PUT" })).toMatchObject({ status: 200 });
  expect(level).toBe("warn");
});

test("a log level that there is not is 400, with those that there are", async () => {
  expect(await ask("/logging?level=loud", { method: "POST" })).toMatchObject({
    status: 400,
    body: 'no log level "loud"; give ?level= one of debug, info, warn, error, silent\n',
  });
});

test("a port serves its own groups alone", async () => {
  expect(await ask("/metrics", { server: 1 })).toMatchObject({ status: 200 });
  expect(await ask("/config_dump", { server: 1 })).toMatchObject({ status: 404 });
});

test.for([
  {
    headers: { Host: "evil.example:15000" },
    status: 403,
    rule: "a name of somebody's DNS is refused (rebinding)",
  },
  { headers: { Host: "localhost:15000" }, status: 200, rule: "localhost is served" },
  { headers: { Host: "[::1]:15000" }, status: 200, rule: "an address is served" },
  { headers: { Origin: "http://evil.example" }, status: 403, rule: "another site's page is refused" },
  {
    headers: { "Sec-Fetch-Site": "cross-site" },
    status: 403,
    rule: "a browser on behalf of another site is refused",
  },
])("the admin port is no web server: $rule", async ({ headers, status }) => {
  expect(await ask("/config_dump", { headers })).toMatchObject({ status });
});

test("scrapes and probes come by any name", async () => {
  expect(await ask("/metrics", { server: 1, headers: { Host: "waypoint.shop.svc" } })).toMatchObject({
    status: 200,
  });
});

test("a port that is taken is one clear line, and nothing stays open", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  const free = { address: "127.0.0.1", port: 0, groups: everything };
  const opened = openAdminServers({ listen: [free, { ...free, port }], routes: [], logger: silentLogger });
  await expect(opened).rejects.toThrow(
    `cannot listen on 127.0.0.1:${port} for the admin server: another process listens there (another waystone?); ` +
      "choose another address with --admin",
  );
  other.close();
});
