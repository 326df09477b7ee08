/**
 * Refusals where a CORS filter is in force: a page that may not read an answer cannot tell a 403 from a network that is down (Fetch
 * 3.2), so they carry what an endpoint's answer would (GEP-1767), as behind Envoy's filter.
 */
import { typeUrls } from "@waystone/api/names";
import { Policy, type RouteRuleResource } from "@waystone/api/resources";
import { policyMessage, type PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import { encodeResource } from "@waystone/xds/version";
import type { EncodedResource } from "@waystone/xds/resource";
import { describe, expect, test } from "vitest";
import { type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";
import { serviceResource, sliceResource } from "../testing/open-test-plane.ts";
import { frontend, openKnownClient } from "../testing/policy-clients.ts";
import {
  askingOpa,
  authorizerResources,
  customPolicy,
  useTestAuthorizers,
} from "../testing/test-authorizer.ts";
import { who } from "../testing/token-clients.ts";

const rig = useExchangeRig();
const openAuthorizer = useTestAuthorizers();

const page = "https://shop.example";
const cors = { cors: { allowOrigins: [page], allowCredentials: true, exposeHeaders: ["X-Why"] } };
const web = { service: "shop/web", port: 80, weight: 1 };
const shown: RouteRuleResource[] = [{ backends: [web], filters: [cors] }];

function policy(text: PolicyText): EncodedResource {
  const message = policyMessage({ target: { kind: "Service", name: "shop/web" }, ...text });
  const name = `${message.kind}/${message.namespace}/${message.name}`;
  return encodeResource(typeUrls.policy, name, new Uint8Array(Policy.encode(message).finish()));
}

const denyAll = policy({ name: "shut", action: "DENY", rules: [{}] });

async function openPlane(more: readonly EncodedResource[], rules = shown) {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream], more: [...more], rules });
  return { plane, upstream };
}

/** The status, and the headers that are a page's business, as they come. */
async function answerTo(plane: RigPlane, ...lines: string[]): Promise<readonly unknown[]> {
  const client = await openKnownClient(rig, plane, frontend);
  await client.send(["GET / HTTP/1.1", "Host: h", ...lines, "", ""].join("\r\n"));
  const { status, headers } = await client.readResponse();
  return [
    status,
    ...headers.filter(([name]) => /^(access-control-|vary)/i.test(name)).map((line) => line.join(": ")),
  ];
}

const forThePage = [
  `Access-Control-Allow-Origin: ${page}`,
  "Access-Control-Allow-Credentials: true",
  "Access-Control-Expose-Headers: X-Why",
  "Vary: Origin",
];

describe("what a page of an allowed origin can read", () => {
  test.for<[string, readonly EncodedResource[], number]>([
    ["an answer", [], 200],
    ["a policy's 403", [denyAll], 403],
    ["the 401 of who shows no token", [who()], 401],
  ])("%s", async ([, more, status]) => {
    const { plane } = await openPlane(more);
    expect(await answerTo(plane, `Origin: ${page}`)).toEqual([status, ...forThePage]);
    expect(await answerTo(plane, "Origin: https://evil.example")).toEqual([status, "Vary: Origin"]);
    expect(await answerTo(plane)).toEqual([status, "Vary: Origin"]);
  });

  test("a refusal by the policies of another Service, where the filter is the backendRef's", async () => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({
      upstreams: [upstream],
      rules: [{ backends: [{ service: "shop/api", port: 80, weight: 1, filters: [cors] }] }],
      more: [
        serviceResource("shop", "api", 80),
        sliceResource("shop", "api", [`127.0.0.1:${upstream.port}`]),
        policy({ name: "shut", action: "DENY", rules: [{}], target: { kind: "Service", name: "shop/api" } }),
      ],
    });
    expect(await answerTo(plane, `Origin: ${page}`)).toEqual([403, ...forThePage]);
    expect(upstream.connections.length).toBe(0);
  });

  test("without a CORS filter nothing is added", async () => {
    const { plane } = await openPlane([denyAll], [{ backends: [web] }]);
    expect(await answerTo(plane, `Origin: ${page}`)).toEqual([403]);
  });
});

describe("an authorizer's refusal", () => {
  const said = [
    { header: { key: "Access-Control-Allow-Origin", value: "*" } },
    { header: { key: "X-Why", value: "no token" } },
  ];
  const refusal = {
    status: { code: 16 },
    deniedResponse: { status: { code: 401 }, headers: said, body: "who are you?" },
  };

  test("of a CUSTOM is shown to the filter's origins, and what it says itself of pages is left out", async () => {
    const authorizer = await openAuthorizer();
    authorizer.decide = () => refusal;
    const { plane, upstream } = await openPlane([customPolicy(), ...authorizerResources(authorizer.port)]);
    expect(await answerTo(plane, `Origin: ${page}`)).toEqual([401, ...forThePage]);
    expect(await answerTo(plane, "Origin: https://evil.example")).toEqual([401, "Vary: Origin"]);
    expect(upstream.connections.length).toBe(0);
  });

  test("where there is no CORS filter it is the authorizer who says which pages may read it", async () => {
    const authorizer = await openAuthorizer();
    authorizer.decide = () => refusal;
    const { plane } = await openPlane(
      [customPolicy(), ...authorizerResources(authorizer.port)],
      [{ backends: [web] }],
    );
    const [status, origin] = await answerTo(plane, `Origin: ${page}`);
    expect([status, String(origin).toLowerCase()]).toEqual([401, "access-control-allow-origin: *"]);
  });

  test("of an ExternalAuth filter on the same rule too, of whom a preflight does not depend", async () => {
    const authorizer = await openAuthorizer();
    authorizer.decide = () => refusal;
    const asking = { externalAuth: { ...askingOpa, timeoutMs: 60_000 } };
    const rules = [{ backends: [web], filters: [asking, cors] }];
    const { plane } = await openPlane(authorizerResources(authorizer.port), rules);
    expect(await answerTo(plane, `Origin: ${page}`)).toEqual([401, ...forThePage]);
    const client = await openKnownClient(rig, plane, frontend);
    const preflight = `OPTIONS / HTTP/1.1\r\nHost: h\r\nOrigin: ${page}\r\nAccess-Control-Request-Method: GET\r\n\r\n`;
    await client.send(preflight);
    expect((await client.readResponse("OPTIONS")).status).toBe(200);
    expect(authorizer.asked.length).toBe(1);
  });
});
