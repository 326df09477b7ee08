/** AuthenticationPolicies carried out, over sockets: who is let in, what the endpoint hears, and what fails closed (design/0005). */
import { testIssuer } from "@waystone/engine/authentication/testing/policy-rig";
import { encode, makeHmacToken, makeKey, makeToken } from "@waystone/engine/authentication/testing/token-rig";
import type { EncodedResource } from "@waystone/xds/resource";
import { describe, expect, test } from "vitest";
import { useExchangeRig, type RigPlane, samplesOf } from "../testing/exchange-rig.ts";
import { ask } from "../testing/policy-clients.ts";
import { bearer, jwks, key, may, now, rsa, token, who } from "../testing/token-clients.ts";

const rig = useExchangeRig();
async function open(...more: EncodedResource[]) {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream], more });
  return { upstream, plane };
}

async function statusOf(plane: RigPlane, headers: readonly string[] = [], path = "/"): Promise<number> {
  return await ask(await rig.openClient(plane), path, { headers });
}

describe("a token", () => {
  test("that is right lets its request in; none, or another, is 401 with what RFC 6750 says, and keeps the connection", async () => {
    const { plane, upstream } = await open(who());
    const client = await rig.openClient(plane);
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    const missing = await client.readResponse();
    expect([missing.status, missing.body.toString()]).toEqual([401, "authentication is required\n"]);
    expect(Object.fromEntries(missing.headers)).toMatchObject({ "WWW-Authenticate": "Bearer" });
    await client.send(`GET / HTTP/1.1\r\nHost: h\r\n${bearer(token({ iss: "https://elsewhere" }))}\r\n\r\n`);
    const wrong = await client.readResponse();
    expect(wrong.status).toBe(401);
    expect(Object.fromEntries(wrong.headers)).toMatchObject({
      "WWW-Authenticate": 'Bearer error="invalid_token"',
    });
    expect(upstream.connections.length).toBe(0);
    expect(await ask(client, "/", { headers: [bearer(token())] })).toBe(200);
    expect(await plane.lines(3)).toMatchObject([
      { response_code: 401, reason: "Authentication", policy: "AuthenticationPolicy/shop/who" },
      {
        upstream_transport_failure_reason: "its issuer is not one of the providers",
        request_principal: null,
      },
      {
        response_code: 200,
        policy: "AuthenticationPolicy/shop/who",
        policy_rule: "corp",
        request_principal: `${testIssuer}/alice`,
      },
    ]);
    const counted = samplesOf(plane, "waystone_policy_decisions_total").map(({ labels, value }) => [
      labels["rule"],
      labels["decision"],
      value,
    ]);
    expect(counted.toSorted(([a = ""], [b = ""]) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ["", "deny", 2],
      ["corp", "allow", 1],
    ]);
  });
});

describe("[J01] what is no token of an issuer is 401, the first time and the second", () => {
  const claims = { iss: testIssuer, sub: "alice", exp: now + 3600 };
  const [head, body, signature] = token().split(".") as [string, string, string];
  const unsigned = (alg: string): string => `${encode(JSON.stringify({ alg }))}.${body}.`;
  const cases: readonly [string, readonly string[]][] = [
    ["alg none", [bearer(unsigned("none"))]],
    ["alg None", [bearer(unsigned("None"))]],
    ["alg nOnE", [bearer(`${unsigned("nOnE")}${signature}`)]],
    [
      "HS256 by the public key as PEM",
      [bearer(makeHmacToken(rsa.publicPem, { alg: "HS256", kid: "r1" }, claims))],
    ],
    [
      "HS256 by the public key as JWK",
      [bearer(makeHmacToken(JSON.stringify(rsa.jwk), { alg: "HS256" }, claims))],
    ],
    ["alg that is not the key's", [bearer(token({}, { header: { alg: "RS384" } }, rsa))]],
    ["kid of a path", [bearer(token({}, { header: { kid: "../../../../dev/null" } }))]],
    ["kid of SQL", [bearer(token({}, { header: { kid: "k1' OR '1'='1" } }))]],
    ["kid unknown", [bearer(token({}, { header: { kid: "k9" } }))]],
    ["kid that is no text", [bearer(token({}, { header: { kid: ["k1"] } }))]],
    ["crit unknown", [bearer(token({}, { header: { crit: ["x"], x: 1 } }))]],
    ["b64", [bearer(token({}, { header: { b64: false, crit: ["b64"] } }))]],
    [
      "a key of its own (jwk)",
      [bearer(token({}, { header: { kid: "own", jwk: makeKey("own").jwk } }, makeKey("own")))],
    ],
    [
      "a URI of its own (jku)",
      [bearer(token({}, { header: { jku: "http://127.0.0.1:1/" } }, makeKey("k1")))],
    ],
    [
      "a certificate of its own (x5u)",
      [bearer(token({}, { header: { x5u: "http://127.0.0.1:1/" } }, makeKey("k1")))],
    ],
    [
      "a claim twice",
      [
        bearer(
          makeToken(key, {
            claims: `{"iss":"${testIssuer}","sub":"mallory","sub":"alice","exp":${now + 60}}`,
          }),
        ),
      ],
    ],
    ["5 parts", [bearer(`${head}.${body}.${signature}.a.b`)]],
    ["2 parts", [bearer(`${head}.${body}`)]],
    ["no parts", [bearer("token")]],
    ["nothing", ["Authorization: Bearer "]],
    ["padding", [bearer(`${head}.${body}.${signature}==`)]],
    ["white space before", [bearer(` ${token()}`)]],
    ["white space within", [bearer(`${head}. ${body}.${signature}`)]],
    [
      "another payload",
      [bearer(`${head}.${encode(JSON.stringify({ ...claims, sub: "root" }))}.${signature}`)],
    ],
    ["a signature of another key", [bearer(token({}, {}, makeKey("k1")))]],
    ["a signature in DER", [bearer(token({}, { isDer: true }))]],
    ["two Authorization headers", [bearer(token()), bearer(token())]],
    ["a right one beside Basic", [bearer(token()), "Authorization: Basic YTpi"]],
    ["another issuer", [bearer(token({ iss: "https://elsewhere" }))]],
    ["no issuer", [bearer(token({ iss: undefined }))]],
    ["the issuer as a list", [bearer(token({ iss: [testIssuer] }))]],
    ["another audience", [bearer(token({ aud: "other" }))]],
    ["other audiences", [bearer(token({ aud: ["other", "another"] }))]],
    ["no audience", [bearer(token({ aud: undefined }))]],
    ["an audience that is no text", [bearer(token({ aud: [{ shop: 1 }] }))]],
    ["expired", [bearer(token({ exp: now - 61 }))]],
    ["an expiry that is text", [bearer(token({ exp: `${now + 3600}` }))]],
    ["not valid yet", [bearer(token({ nbf: now + 120 }))]],
    ["issued in the future", [bearer(token({ iat: now + 120 }))]],
  ];
  const good = token({ aud: "shop" });
  const also = token({ aud: ["other", "shop"], exp: now - 30, nbf: now + 30, iat: now + 30 });

  test("the whole list, twice in a row, with right ones between", async () => {
    const { plane, upstream } = await open(who({ jwks, audiences: ["shop"] }));
    const client = await rig.openClient(plane);
    for (let round = 0; round < 2; round++) {
      for (const [name, headers] of cases) {
        const audience = headers.map((line) => line);
        expect([name, await ask(client, "/", { headers: audience })]).toEqual([name, 401]);
      }
      expect([
        await ask(client, "/?token=" + good),
        await ask(client, "/", { headers: [`Cookie: t=${good}`] }),
      ]).toEqual([401, 401]);
      for (const each of [good, also]) expect(await ask(client, "/", { headers: [bearer(each)] })).toBe(200);
    }
    expect(upstream.requests.length).toBe(4);
  });

  test("each of them is refused for its own fault: with audiences of any kind the rest of the list is as before", async () => {
    const { plane } = await open(who({ jwks }));
    const client = await rig.openClient(plane);
    for (const [name, headers] of cases) {
      if (name.includes("audience") && !name.includes("no text")) continue;
      expect([name, await ask(client, "/", { headers })]).toEqual([name, 401]);
    }
    expect(await ask(client, "/", { headers: [bearer(token())] })).toBe(200);
  });

  test("a token of 100 kB is refused before anybody looks at it", async () => {
    const { plane } = await open(who());
    const status = await statusOf(plane, [bearer(token({ long: "x".repeat(100_000) }))]);
    expect([401, 431]).toContain(status);
    expect(await statusOf(plane, [bearer(token({ long: "x".repeat(16_000) }))])).toBe(401);
  });
});

describe("what a request is known by", () => {
  test("is what AuthorizationPolicy judges: principals, audiences, presenters, claims and the assurance of a token", async () => {
    const rules = [
      { from: [{ requestPrincipals: [`${testIssuer}/alice`], audiences: ["shop"], presenters: ["app"] }] },
      { from: [{ "claims[realm_access.roles]": ["admin"] }] },
    ];
    const { plane } = await open(who(), may({ minimumAssurance: "Token", rules }));
    const as = async (claims: Record<string, unknown>): Promise<number> =>
      await statusOf(plane, [bearer(token(claims))]);
    expect(await as({ aud: ["x", "shop"], azp: "app" })).toBe(200);
    expect(await as({ aud: "x", azp: "app" })).toBe(403);
    expect(await as({ aud: "shop", azp: "app", sub: "bob" })).toBe(403);
    expect(await as({ sub: "bob", realm_access: { roles: ["user", "admin"] } })).toBe(200);
    expect(await as({ sub: "bob", realm_access: { roles: ["user"] } })).toBe(403);
    expect(await statusOf(plane)).toBe(401);
  });

  test("is nobody where nothing is shown and nothing has to be, and 401 comes for what is shown and wrong", async () => {
    const rules = [{ to: [{ methods: ["GET"] }], from: [{ notRequestPrincipals: ["*"] }] }];
    const optional = who({ requirement: "Optional", providers: [{ jwks }] });
    const { plane } = await open(optional, may({ rules }));
    expect(await statusOf(plane)).toBe(200);
    expect(await statusOf(plane, [bearer(token())])).toBe(403);
    expect(await statusOf(plane, [bearer("x.y.z")])).toBe(401);
    expect(await statusOf(plane, ["Authorization: Basic YTpi"])).toBe(200);
  });

  test("a gRPC call that shows nothing is UNAUTHENTICATED, in trailers alone", async () => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({ upstreams: [upstream], protocol: "grpc", more: [who()] });
    const client = await rig.openClient(plane);
    await client.send(
      "POST /a.B/C HTTP/1.1\r\nHost: h\r\nContent-Type: application/grpc\r\nContent-Length: 0\r\n\r\n",
    );
    const { status, headers } = await client.readResponse("POST");
    expect([status, Object.fromEntries(headers)["grpc-status"]]).toEqual([200, "16"]);
  });
});

describe("what the endpoint hears", () => {
  const heard = async (
    plane: RigPlane,
    upstream: { requests: readonly { headers: readonly (readonly [string, string])[] }[] },
  ) => {
    await plane.lines(1);
    return upstream.requests.at(-1)!.headers.map(([name, value]) => `${name}: ${value}`);
  };

  test("headers that policies set are never the client's: with a token they are its claims, without one they are not there", async () => {
    const claimsToHeaders = { "x-user": "sub", "x-roles": "roles", "x-none": "none" };
    const { plane, upstream } = await open(
      who({ requirement: "Optional", providers: [{ jwks, claimsToHeaders }] }),
    );
    const forged = ["X-User: root", "x-user: admin", "X-ROLES: all", "x-none: x", "x-other: kept"];
    expect(await statusOf(plane, [...forged, bearer(token({ roles: ["a", "b"] }))])).toBe(200);
    const lines = await heard(plane, upstream);
    expect(lines).toEqual(expect.arrayContaining(["x-user: alice", "x-roles: a,b", "x-other: kept"]));
    expect(lines.filter((line) => /root|admin|all|x-none/i.test(line))).toEqual([]);
    expect(await statusOf(plane, forged)).toBe(200);
    expect((await heard(plane, upstream)).filter((line) => /^x-(user|roles|none)/i.test(line))).toEqual([]);
  });

  test("nor does an underscore or Connection (RFC 9110 7.6.1) put the client's word in their place, or take them out", async () => {
    const claimsToHeaders = { "x-user": "sub", x_role: "role" };
    const { plane, upstream } = await open(
      who({ requirement: "Optional", providers: [{ jwks, claimsToHeaders }] }),
    );
    const forged = [
      "X_User: root",
      "x-role: admin",
      "X_ROLE: admin",
      "x_other: kept",
      "Connection: x-user, x_role",
    ];
    expect(await statusOf(plane, [...forged, bearer(token({ role: "reader" }))])).toBe(200);
    const lines = await heard(plane, upstream);
    expect(lines).toEqual(expect.arrayContaining(["x-user: alice", "x_role: reader", "x_other: kept"]));
    expect(lines.filter((line) => /root|admin/.test(line))).toEqual([]);
    expect(await statusOf(plane, forged)).toBe(200);
    expect((await heard(plane, upstream)).filter((line) => /^x[-_](user|role)/i.test(line))).toEqual([]);
  });

  test("nor does a trailer, which an endpoint may merge into the headers (RFC 9110 6.5.1)", async () => {
    const { plane, upstream } = await open(
      who({ requirement: "Optional", providers: [{ jwks, claimsToHeaders: { "x-user": "sub" } }] }),
    );
    const client = await rig.openClient(plane);
    await client.send(
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-User: root\r\nX_USER: root\r\nX-Sum: 1\r\n\r\n",
    );
    expect((await client.readResponse("POST")).status).toBe(200);
    const raw = (await upstream.request()).raw.toString("latin1");
    expect(raw.slice(raw.indexOf("\r\n\r\n"))).toBe("\r\n\r\n0\r\nX-Sum: 1\r\n\r\n");
  });

  test("not even where the policy is shadowed, and routes and authorization do not see them either", async () => {
    const shadowed = who({ mode: "Shadow", providers: [{ jwks, claimsToHeaders: { "x-user": "sub" } }] });
    const rules = [{ to: [{ "headers[x-user]": ["root"] }] }];
    const { plane } = await open(shadowed, may({ action: "DENY", rules }));
    expect(await statusOf(plane, ["x-user: root"])).toBe(200);
  });

  test("a claim that cannot stand in a header has none, and its token goes on", async () => {
    const { plane, upstream } = await open(who({ jwks, claimsToHeaders: { "x-user": "name" } }));
    expect(await statusOf(plane, [bearer(token({ name: "a\r\nx-admin: 1" }))])).toBe(200);
    expect((await heard(plane, upstream)).filter((line) => /^x-(user|admin)/i.test(line))).toEqual([]);
  });

  test("forward: false takes the token out of header, query and cookie, and leaves the rest", async () => {
    const places = { headers: [{ name: "x-token" }], queryParameters: ["token"], cookies: ["session"] };
    const { plane, upstream } = await open(who({ jwks, forward: false, ...places }));
    const text = token();
    expect(await statusOf(plane, [`X-Token: ${text}`])).toBe(200);
    expect((await heard(plane, upstream)).some((line) => line.includes(text))).toBe(false);
    expect(await statusOf(plane, ["Cookie: a=1; b=2"], `/p?a=1&token=${text}&b=2`)).toBe(200);
    expect(upstream.requests.at(-1)).toMatchObject({ target: "/p?a=1&b=2" });
    expect(await statusOf(plane, [], `/p?token=${text}`)).toBe(200);
    expect(upstream.requests.at(-1)).toMatchObject({ target: "/p" });
    expect(await statusOf(plane, [`Cookie: a=1; session=${text}; b=2`])).toBe(200);
    expect(await heard(plane, upstream)).toContain("Cookie: a=1; b=2");
    const lines = await plane.lines(4);
    expect(lines[1]).toMatchObject({ path: "/p?a=1&token=...&b=2" });
    expect(JSON.stringify(lines)).not.toContain(text);
  });
});
