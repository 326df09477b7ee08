/** Whose word a token is: issuers that use one name for their keys, keys that changed under it, weak ones, and requests that show it twice. */
import { generateKeyPairSync } from "node:crypto";
import { testIssuer } from "@waystone/engine/authentication/testing/policy-rig";
import {
  keySetText,
  makeKey,
  makeToken,
  type SigningKey,
} from "@waystone/engine/authentication/testing/token-rig";
import type { EncodedResource } from "@waystone/xds/resource";
import { describe, expect, test } from "vitest";
import { serviceResource, sliceResource } from "../testing/open-test-plane.ts";
import { useExchangeRig } from "../testing/exchange-rig.ts";
import { ask } from "../testing/policy-clients.ts";
import { bearer, jwks, key, now, rsa, token, who } from "../testing/token-clients.ts";

const rig = useExchangeRig();

async function open(...more: EncodedResource[]) {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream], more });
  const client = await rig.openClient(plane);
  const statusOf = async (headers: readonly string[], path = "/"): Promise<number> =>
    await ask(client, path, { headers });
  return { upstream, plane, statusOf };
}

test("one name of two issuers' keys is two keys: neither speaks for the other, the first time and the second", async () => {
  const [ours, theirs] = [makeKey("same"), makeKey("same")];
  const { statusOf } = await open(
    who({
      providers: [
        { name: "ours", jwks: keySetText(ours) },
        { name: "theirs", issuer: "https://partner.example", jwks: keySetText(theirs) },
      ],
    }),
  );
  const by = (signer: SigningKey, iss: string): string =>
    bearer(makeToken(signer, { claims: { iss, sub: "alice", exp: now + 600 } }));
  for (let round = 0; round < 2; round++) {
    expect(await statusOf([by(ours, testIssuer)])).toBe(200);
    expect(await statusOf([by(theirs, "https://partner.example")])).toBe(200);
    expect(await statusOf([by(theirs, testIssuer)])).toBe(401);
    expect(await statusOf([by(ours, "https://partner.example")])).toBe(401);
  }
});

test("what is remembered of a token goes with its key, whatever the next one is called", async () => {
  const { plane, statusOf } = await open(who({ jwks }));
  const shown = [bearer(token())];
  expect(await statusOf(shown)).toBe(200);
  plane.apply([who({ jwks: keySetText(makeKey(key.id)) })]);
  expect([await statusOf(shown), await statusOf(shown)]).toEqual([401, 401]);
  plane.apply([who({ jwks })]);
  expect(await statusOf(shown)).toBe(200);
});

describe("a key of which two Services' sets say different things", () => {
  const backends = [{ service: "shop/other", port: 80, weight: 1 }];
  const other = { kind: "Service", name: "shop/other" } as const;
  const { alg: _, ...bare } = rsa.jwk;
  const set = (more: object): string => JSON.stringify({ keys: [{ ...bare, ...more }] });

  test.for([
    ["that it is for RS256, and nothing", { alg: "RS256" }, {}, 200],
    ["nothing, and that it is for RS256", {}, { alg: "RS256" }, 200],
    ["nothing, and that it has another name", {}, { kid: rsa.id, use: "sig" }, 200],
    ["that it is for RS256, and for RS512", { alg: "RS256" }, { alg: "RS512" }, 401],
  ] as const)("%s: its token is judged by each", async ([, here, there, status]) => {
    const upstream = await rig.openUpstream();
    const endpoint = await rig.openUpstream();
    const more = [
      serviceResource("shop", "other", 80),
      sliceResource("shop", "other", [`${endpoint.host}:${endpoint.port}`]),
      who({ name: "here", providers: [{ jwks: set(here) }] }),
      who({ name: "there", target: other, providers: [{ jwks: set(there) }] }),
    ];
    const plane = await rig.openPlane({ upstreams: [upstream], rules: [{ backends }], more });
    const client = await rig.openClient(plane);
    const headers = [bearer(token({}, {}, rsa))];
    for (let round = 0; round < 2; round++) expect(await ask(client, "/", { headers })).toBe(status);
  });
});

test("an RSA key of 1024 bits is nobody's word (RFC 7518 3.3)", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: "weak", alg: "RS256" };
  const weak: SigningKey = { id: "weak", algorithm: "RS256", jwk, privateKey, publicPem: "" };
  const { statusOf } = await open(who({ jwks: keySetText(weak, key) }));
  expect(await statusOf([bearer(token({}, {}, weak))])).toBe(401);
  expect(await statusOf([bearer(token())])).toBe(200);
});

describe("what is shown twice is believed never", () => {
  const places = {
    headers: [{ name: "authorization", prefix: "Bearer " }, { name: "x-token" }],
    queryParameters: ["token"],
    cookies: ["session"],
  };
  const [one, other] = [token(), token({ sub: "bob" })];
  test.for<[string, readonly string[], string?]>([
    ["two cookies of one name", [`Cookie: session=${one}; a=b; session=${one}`]],
    ["two cookies in two lines", [`Cookie: session=${one}`, `Cookie: session=${other}`]],
    ["two parameters", [], `/?token=${one}&token=${one}`],
    ["two parameters, one of them spelled in another way", [], `/?token=${one}&%74oken=${other}`],
    ["two lines of a header of its own", [`X-Token: ${one}`, `x-token: ${one}`]],
    ["two tokens in two places", [bearer(one)], `/?token=${other}`],
    ["a token with a list behind it", [bearer(`${one}, Basic YTpi`)]],
    ["two tokens in one line", [`${bearer(one)}, Bearer ${other}`]],
  ])("%s", async ([, headers, path]) => {
    const { statusOf, upstream } = await open(who({ jwks, ...places }));
    expect(await statusOf(headers, path)).toBe(401);
    expect(upstream.requests).toEqual([]);
  });

  test("but one token in two places is one", async () => {
    const { statusOf } = await open(who({ jwks, ...places }));
    expect(await statusOf([bearer(one), `Cookie: session="${one}"`], `/?token=${one}`)).toBe(200);
  });
});
