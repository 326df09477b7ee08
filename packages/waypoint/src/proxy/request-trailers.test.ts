/**
 * An endpoint may merge a request's trailers into its headers (RFC 9110 6.5.1), and policies have judged those before the trailers come:
 * none passes whose name decided, none that may be read as one of them, and none where somebody saw all headers.
 */
import type { EncodedResource } from "@waystone/xds/resource";
import type { PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { policy, useAuthorizationRig } from "../testing/authorization-rig.ts";
import { credentials } from "../testing/credential-resource.ts";
import type { RigPlane } from "../testing/exchange-rig.ts";
import { routeResource, serviceResource, sliceResource } from "../testing/open-test-plane.ts";
import { frontend, openKnownClient } from "../testing/policy-clients.ts";
import { authorizerResources, customPolicy, useTestAuthorizers } from "../testing/test-authorizer.ts";
import { jwks, who } from "../testing/token-clients.ts";

const { rig } = useAuthorizationRig();
const openAuthorizer = useTestAuthorizers();

const begin = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n";
const end = "0\r\nX-Debug: 1\r\nX_DEBUG: 1\r\nX-Team: red\r\nX-Api-Key: k\r\nX-Sum: 9\r\n\r\n";

/** The trailers of a request with a body of one byte, as they came. */
function trailersIn({ raw }: { readonly raw: Buffer }): string[] {
  const text = raw.toString("latin1");
  return text
    .slice(text.indexOf("\r\n0\r\n") + 5)
    .split("\r\n")
    .filter((line) => line !== "");
}

async function open(...more: readonly EncodedResource[]) {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream], more: [...more] });
  const send = async (): Promise<string[]> => {
    const client = await openKnownClient(rig, plane, frontend);
    await client.send(begin + end);
    expect((await client.readResponse("POST")).status).toBe(200);
    return trailersIn(await upstream.request());
  };
  return { upstream, plane, send };
}

const all = ["X-Debug: 1", "X_DEBUG: 1", "X-Team: red", "X-Api-Key: k", "X-Sum: 9"];
const unDebugged = ["X-Team: red", "X-Api-Key: k", "X-Sum: 9"];
const when = (expression: string): PolicyText => ({
  action: "DENY",
  rules: [{ to: [{ "cel[0]": [expression] }] }],
});
const noDebug: PolicyText = { action: "DENY", rules: [{ to: [{ "headers[X-Debug]": ["*"] }] }] };

test("all pass where nobody judges", async () => {
  const { send } = await open();
  expect(await send()).toEqual(all);
});

test.for<[string, readonly EncodedResource[], readonly string[]]>([
  ["a DENY about a header", [policy(noDebug)], unDebugged],
  [
    "an ALLOW about a header, which is right",
    [policy({ rules: [{ to: [{ "notHeaders[x-debug]": ["2"] }] }] })],
    unDebugged,
  ],
  [
    "an expression that names headers",
    [policy(when('"x-debug" in request.headers || has(request.headers.b) || "x-team" in request.headers'))],
    ["X-Api-Key: k", "X-Sum: 9"],
  ],
  ["an expression that finds them out", [policy(when('["x-a"].exists(name, name in request.headers)'))], []],
  ["a policy about paths alone", [policy({ action: "DENY", rules: [{ to: [{ paths: ["/admin"] }] }] })], all],
  ["a policy that is shadowed", [policy({ ...noDebug, mode: "Shadow" })], all],
  [
    "API keys in a header of their own",
    [who({ requirement: "Optional", apiKeys: {} }), credentials({ keys: { acme: "acme-key-7f1d3c" } })],
    ["X-Debug: 1", "X_DEBUG: 1", "X-Team: red", "X-Sum: 9"],
  ],
  [
    "claims that are set as headers",
    [who({ requirement: "Optional", providers: [{ jwks, claimsToHeaders: { "x-debug": "sub" } }] })],
    unDebugged,
  ],
])("%s", async ([, policies, expected]) => {
  const { send } = await open(...policies);
  expect(await send()).toEqual(expected);
});

test("an authorizer saw all headers, and may have gone by any", async () => {
  const authorizer = await openAuthorizer();
  const { send } = await open(...authorizerResources(authorizer.port), customPolicy());
  expect(await send()).toEqual([]);
  expect(authorizer.asked.length).toBe(1);
});

describe("elsewhere", () => {
  const backend = async (name: string) => {
    const upstream = await rig.openUpstream();
    const to = [
      serviceResource("shop", name, 80),
      sliceResource("shop", name, [`127.0.0.1:${upstream.port}`]),
    ];
    return { upstream, to };
  };
  const ofOther = policy({ ...noDebug, target: { kind: "Service", name: "shop/other" } });

  test("a policy of the Service that a route leads to", async () => {
    const { upstream, to } = await backend("other");
    const backends = [{ service: "shop/other", port: 80, weight: 1 }];
    const { plane } = await open(...to, ofOther, routeResource("away", { rules: [{ backends }] }));
    expect(await sendTo(plane)).toBe(200);
    expect(trailersIn(await upstream.request())).toEqual(unDebugged);
  });

  test("a policy of a mirror is about its copy alone", async () => {
    const { upstream: copy, to } = await backend("other");
    const filter = {
      requestMirror: {
        backend: { service: "shop/other", port: 80, weight: 1 },
        numerator: 100,
        denominator: 100,
      },
    };
    const rules = [{ filters: [filter], backends: [{ service: "shop/web", port: 80, weight: 1 }] }];
    const { send } = await open(...to, ofOther, routeResource("copied", { rules }));
    expect(await send()).toEqual(all);
    expect(trailersIn(await copy.request())).toEqual(unDebugged);
  });

  async function sendTo(plane: RigPlane): Promise<number> {
    const client = await rig.openClient(plane);
    await client.send(begin + end);
    return (await client.readResponse("POST")).status;
  }
});

test("a policy that comes while the body does", async () => {
  const { plane, upstream } = await open();
  const client = await rig.openClient(plane);
  await client.send(begin);
  await until(() => upstream.bytes.includes("\r\n\r\n1\r\na"), "the request is on its way");
  plane.apply([policy(noDebug)]);
  await client.send(end);
  expect((await client.readResponse("POST")).status).toBe(200);
  expect(trailersIn(await upstream.request())).toEqual(unDebugged);
});

test("a policy that goes while the body comes: it has judged the request", async () => {
  const { plane, upstream } = await open(policy(noDebug));
  const client = await rig.openClient(plane);
  await client.send(begin);
  await until(() => upstream.bytes.includes("\r\n\r\n1\r\na"), "the request is on its way");
  plane.apply([], [policy(noDebug)]);
  await client.send(end);
  expect((await client.readResponse("POST")).status).toBe(200);
  expect(trailersIn(await upstream.request())).toEqual(unDebugged);
});
