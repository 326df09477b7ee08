/** API keys, over sockets: whose they are, where they are looked for, what the endpoint hears, and what fails closed. */
import type { EncodedResource } from "@waystone/xds/resource";
import { expect, test } from "vitest";
import { credentials } from "../testing/credential-resource.ts";
import { type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";
import { ask } from "../testing/policy-clients.ts";
import { bearer, jwks, may, token, who } from "../testing/token-clients.ts";

const rig = useExchangeRig();
async function open(...more: EncodedResource[]) {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream], more });
  return { upstream, plane };
}

async function statusOf(plane: RigPlane, headers: readonly string[] = [], path = "/"): Promise<number> {
  return await ask(await rig.openClient(plane), path, { headers });
}

const keys = { acme: "acme-key-7f1d3c", beta: "beta-key-91aa07" };
const key = (text: string): string => `X-API-Key: ${text}`;

test("a key lets its request in, and its owner is known to the endpoint; the key itself stays here", async () => {
  const { plane, upstream } = await open(who({ apiKeys: { setHeader: "X-Partner" } }), credentials({ keys }));
  expect(await statusOf(plane, [key(keys.acme), "X-Partner: forged"])).toBe(200);
  const [request] = upstream.requests;
  expect(request?.headers.filter(([name]) => /partner|api-key/i.test(name))).toEqual([["X-Partner", "acme"]]);
  const [line] = await plane.lines(1);
  expect(line).toMatchObject({
    response_code: 200,
    policy_rule: "apiKeys",
    request_principal: "apikey/acme",
  });
  expect(JSON.stringify(line)).not.toContain(keys.acme);
});

test("no key, another, an empty one and two are 401, and what is asked for is said", async () => {
  const { plane, upstream } = await open(who({ apiKeys: {} }), credentials({ keys }));
  const client = await rig.openClient(plane);
  await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const answer = await client.readResponse();
  expect([answer.status, Object.fromEntries(answer.headers)["WWW-Authenticate"]]).toEqual([401, "ApiKey"]);
  for (const shown of [
    [key("other")],
    [key("")],
    [key(keys.acme), key(keys.beta)],
    [key(keys.acme), key(keys.acme)],
    [key(keys.acme.toUpperCase())],
    [key(`${keys.acme}x`)],
  ])
    expect(await statusOf(plane, shown)).toBe(401);
  expect(upstream.requests.length).toBe(0);
});

test("a key is taken from a header with a prefix, a query parameter or a cookie, and from nowhere else", async () => {
  const places = { queryParameters: ["key"], cookies: ["key"] };
  const { plane, upstream } = await open(who({ apiKeys: places }), credentials({ keys }));
  expect(await statusOf(plane, [], `/?a=1&key=${keys.acme}&b=2`)).toBe(200);
  expect(await statusOf(plane, [`Cookie: a=1; key=${keys.acme}; b=2`])).toBe(200);
  expect(await statusOf(plane, [key(keys.acme)])).toBe(401);
  // Two that differ cannot both be right.
  expect(await statusOf(plane, [`Cookie: key=${keys.beta}`], `/?key=${keys.acme}`)).toBe(401);
  const [byQuery, byCookie] = upstream.requests;
  expect(byQuery?.target).toBe("/?a=1&b=2");
  expect(byCookie?.headers.find(([name]) => name === "Cookie")?.[1]).toBe("a=1; b=2");
  expect(JSON.stringify(await plane.lines(4))).not.toContain(keys.acme);
});

test("forward: true lets the key go on", async () => {
  const { plane, upstream } = await open(who({ apiKeys: { forward: true } }), credentials({ keys }));
  expect(await statusOf(plane, [key(keys.acme)])).toBe(200);
  expect(upstream.requests[0]?.headers.some(([, value]) => value === keys.acme)).toBe(true);
});

test("authorization knows the owner as apikey/<owner>, with no audience", async () => {
  const allow = may({ rules: [{ from: [{ requestPrincipals: ["apikey/acme"] }] }] });
  const { plane } = await open(who({ apiKeys: {} }), credentials({ keys }), allow);
  expect(await statusOf(plane, [key(keys.acme)])).toBe(200);
  expect(await statusOf(plane, [key(keys.beta)])).toBe(403);
});

test("without its Secret a policy takes no key; what it is pushed anew holds from the next request", async () => {
  const { plane } = await open(who({ apiKeys: {} }));
  expect(await statusOf(plane, [key(keys.acme)])).toBe(401);
  plane.apply([credentials({ keys })]);
  expect(await statusOf(plane, [key(keys.acme)])).toBe(200);
  plane.apply([credentials({ keys: { acme: "rotated-key-000" } })]);
  expect(await statusOf(plane, [key(keys.acme)])).toBe(401);
  expect(await statusOf(plane, [key("rotated-key-000")])).toBe(200);
});

test("the keys of another policy are not taken", async () => {
  const { plane } = await open(
    who({ apiKeys: {} }),
    credentials({ keys, policy: "AuthenticationPolicy/shop/others" }),
  );
  expect(await statusOf(plane, [key(keys.acme)])).toBe(401);
});

test("a token and a key that are both there have both to be right, and the token says who it is", async () => {
  const allow = may({ rules: [{ from: [{ requestPrincipals: ["*/alice"] }] }] });
  const { plane } = await open(who({ apiKeys: {}, providers: [{ jwks }] }), credentials({ keys }), allow);
  expect(await statusOf(plane, [bearer(token()), key(keys.acme)])).toBe(200);
  expect(await statusOf(plane, [bearer(token())])).toBe(200);
  expect(await statusOf(plane, [bearer(token()), key("other")])).toBe(401);
  expect(await statusOf(plane, [bearer(`${token()}x`), key(keys.acme)])).toBe(401);
  expect(await statusOf(plane, [key(keys.acme)])).toBe(403);
});

test("Optional: nothing goes on as nobody, a wrong key does not", async () => {
  const { plane } = await open(who({ apiKeys: {}, requirement: "Optional" }), credentials({ keys }));
  expect(await statusOf(plane)).toBe(200);
  expect(await statusOf(plane, [key("other")])).toBe(401);
});
