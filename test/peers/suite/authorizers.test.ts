/**
 * An external authorizer that nobody here wrote: grpc-go, Envoy's published types and OPA's engine (go/opa), asked by `waystone run`.
 * Its policy is Rego as people write it for Envoy.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { freePort } from "@waystone/testkit/free-port";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ProcessGroup } from "../../process/process-group.ts";
import { untilListening } from "../../process/until-listening.ts";
import { type RunningWaystone, startWaystone } from "../harness/waystone.ts";
import { peerProgram } from "../programs.ts";

const rego = `
package envoy.authz

import rego.v1

request := input.attributes.request.http

default allow := {"allowed": false, "http_status": 403, "body": "not by this policy"}

allow := {
	"allowed": true,
	"headers": {"x-user": who},
	"request_headers_to_remove": ["authorization"],
	"response_headers_to_add": {"x-opa": "yes"},
} if {
	who := trim_prefix(request.headers.authorization, "Bearer ")
	request.method == "GET"
	startswith(request.path, "/orders")
}

allow := true if {
	request.method == "POST"
	json.unmarshal(request.body).total < 100
	input.attributes.context_extensions.shop == "toys"
}

allow := {"allowed": false, "http_status": 302, "headers": {"location": "/login"}} if request.path == "/account"
`;

let opa: ProcessGroup;
let folder: string;
let waystone: RunningWaystone;
const seen: { readonly headers: http.IncomingHttpHeaders; readonly body: string }[] = [];
const endpoint = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.end("ok");
  });
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "waystone-opa-"));
  const file = path.join(folder, "policy.rego");
  await writeFile(file, rego);
  const port = await freePort();
  opa = ProcessGroup.start(peerProgram("opa-peer"), [`127.0.0.1:${port}`, file], {});
  await untilListening({ host: "127.0.0.1", port }, opa);
  const listening = Promise.withResolvers<void>();
  endpoint.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  const endpointPort = (endpoint.address() as AddressInfo).port;
  waystone = await startWaystone(
    [
      { name: "api", appProtocol: "http", endpointPort },
      { name: "opa", appProtocol: "grpc", endpointPort: port },
    ],
    (portOf) => [
      {
        apiVersion: "waystone.dev/v1alpha1",
        kind: "AuthorizationPolicy",
        metadata: { name: "opa-decides", namespace: "peers" },
        spec: {
          action: "CUSTOM",
          targetRefs: [{ group: "", kind: "Service", name: "api" }],
          provider: {
            grpc: { backendRef: { name: "opa", port: portOf("opa") } },
            timeout: "10s",
            body: { maxBytes: 1000 },
            contextExtensions: { shop: "toys" },
          },
        },
      },
    ],
  );
});

afterAll(async () => {
  await waystone.stop();
  await opa.stop();
  endpoint.close();
  await rm(folder, { recursive: true, force: true });
});

async function ask(target: string, options: RequestInit = {}): Promise<Response> {
  const { host, port } = waystone.at("api");
  return await fetch(`http://${host}:${port}${target}`, { redirect: "manual", ...options });
}

test("a rule of Rego allows, and its headers go on and come back", async () => {
  const answer = await ask("/orders?a=b", { headers: { authorization: "Bearer ann", "x-user": "root" } });
  expect([answer.status, answer.headers.get("x-opa")]).toEqual([200, "yes"]);
  const { headers } = seen.at(-1)!;
  expect([headers["x-user"], headers["authorization"]]).toEqual(["ann", undefined]);
});

test("what no rule allows is refused with the policy's words, as is what it sends elsewhere", async () => {
  const before = seen.length;
  const refused = await ask("/orders", { method: "DELETE", headers: { authorization: "Bearer ann" } });
  expect([refused.status, await refused.text()]).toEqual([403, "not by this policy"]);
  const elsewhere = await ask("/account");
  expect([elsewhere.status, elsewhere.headers.get("location")]).toEqual([302, "/login"]);
  expect(seen.length).toBe(before);
});

test("it reads the body, which goes on as it came, and what the policy says beside it", async () => {
  const post = async (total: number) =>
    await ask("/orders", { method: "POST", body: JSON.stringify({ total }) });
  expect((await post(99)).status).toBe(200);
  expect(seen.at(-1)?.body).toBe('{"total":99}');
  expect((await post(100)).status).toBe(403);
});

test("a thousand questions share few connections, and each has its own answer", async () => {
  const counted = async (outcome: string): Promise<number> =>
    await waystone.metric("waystone_authorizer_requests_total", { outcome, mode: "Enforce" });
  const before = { error: await counted("error"), allowed: await counted("allowed") };
  const statuses: number[] = [];
  const askOn = async (worker: number): Promise<void> => {
    for (let i = 0; i < 50; i++) {
      const isAllowed = (worker + i) % 2 === 0;
      const headers = isAllowed ? { authorization: "Bearer ann" } : { "x-none": "1" };
      const { status, body } = await ask("/orders", { headers });
      await body?.cancel();
      statuses.push(status === (isAllowed ? 200 : 403) ? 1 : 0);
    }
  };
  await Promise.all(Array.from({ length: 20 }, (_, worker) => askOn(worker)));
  expect(statuses.reduce((sum, each) => sum + each, 0)).toBe(1000);
  expect(await counted("error")).toBe(before.error);
  expect(await counted("allowed")).toBe(before.allowed + 500);
});
