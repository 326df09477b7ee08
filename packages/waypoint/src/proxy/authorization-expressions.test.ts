/** Expressions (`when`) at a live waypoint: what they read of a request over sockets, and that failures are counted. */
import { typeUrls } from "@waystone/api/names";
import { Policy } from "@waystone/api/resources";
import { policyMessage, type PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import { expect, test } from "vitest";
import { samplesOf, useExchangeRig } from "../testing/exchange-rig.ts";
import { ask, frontend, openKnownClient, type Person, stranger } from "../testing/policy-clients.ts";

const rig = useExchangeRig();

function policy(text: PolicyText): EncodedResource {
  const message = policyMessage({ ...text, target: { kind: "Service", name: "shop/web" } });
  const name = `${message.kind}/${message.namespace}/${message.name}`;
  return encodeResource(typeUrls.policy, name, new Uint8Array(Policy.encode(message).finish()));
}

async function open(action: "ALLOW" | "DENY", expression: string) {
  const upstream = await rig.openUpstream();
  const rules = [{ to: [{ "cel[0]": [expression] }] }];
  const plane = await rig.openPlane({ upstreams: [upstream], more: [policy({ action, rules })] });
  const statusFor = async (person: Person, path: string, headers: string[] = []): Promise<number> =>
    await ask(await openKnownClient(rig, plane, person), path, { headers });
  const failures = (): number =>
    samplesOf(plane, "waystone_policy_expression_errors_total").reduce(
      (sum, { value }) => sum + (value ?? 0),
      0,
    );
  return { statusFor, failures };
}

test("an ALLOW lets through what its expression is true of, by the path as it is normalised and the query", async () => {
  const { statusFor } = await open(
    "ALLOW",
    'source.namespace == "shop" && request.path == "/a/b" && request.query == "x=1" && destination.service == "web"',
  );
  expect(await statusFor(frontend, "/y/../a/%62?x=1")).toBe(200);
  expect(await statusFor(frontend, "/a/b")).toBe(403);
  expect(await statusFor(stranger, "/a/b?x=1")).toBe(403);
});

test("where an expression reads the path, an encoded slash is refused as it is where a policy names paths", async () => {
  const { statusFor } = await open("DENY", 'request.path.startsWith("/admin/")');
  expect(await statusFor(frontend, "/x")).toBe(200);
  expect(await statusFor(frontend, "/admin%2Fx")).toBe(400);
});

test("an expression that fails denies, by ALLOW and by DENY, and is counted", async () => {
  const allow = await open("ALLOW", 'request.headers["x-tier"] == "gold"');
  expect(await allow.statusFor(frontend, "/", ["X-Tier: gold"])).toBe(200);
  expect(allow.failures()).toBe(0);
  expect(await allow.statusFor(frontend, "/")).toBe(403);
  expect(await allow.statusFor(frontend, "/", ["X-Tier: gold", "X-Tier: gold"])).toBe(403);
  expect(allow.failures()).toBe(2);
  const deny = await open("DENY", 'request.headers["x-tier"] == "free"');
  expect(await deny.statusFor(frontend, "/", ["X-Tier: gold"])).toBe(200);
  expect(await deny.statusFor(frontend, "/")).toBe(403);
  expect(deny.failures()).toBe(1);
});
