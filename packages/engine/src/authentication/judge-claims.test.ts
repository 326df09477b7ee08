/** The borders of when and for whom a token is good, and what claims in them may be (RFC 7519 4.1, RFC 8725). */
import { describe, expect, test } from "vitest";
import { bearerPlace } from "./credential-places.ts";
import { judgeClaims } from "./judge-claims.ts";
import { buildPlan } from "./plan.ts";
import { authenticationFromResource } from "./policy-from-resource.ts";
import { authenticationMessage, type ProviderText, testIssuer } from "./testing/policy-rig.ts";
import { encode, keySetText, makeKey } from "./testing/token-rig.ts";
import { decodeToken } from "./token.ts";

const jwks = keySetText(makeKey("k1"));
const now = Date.UTC(2026, 0, 1);
const seconds = now / 1000;

function planOf(...providers: readonly ProviderText[]) {
  const policy = authenticationFromResource(authenticationMessage({ providers }));
  return buildPlan([{ policy, level: "Service", isSectionMissing: false }])!;
}

/** The name of the provider that takes it, or why none does. `claims`: as JSON, or what JSON is made of. */
function judge(claims: string | Record<string, unknown>, ...providers: readonly ProviderText[]): string {
  const payload = typeof claims === "string" ? claims : JSON.stringify({ iss: testIssuer, ...claims });
  const decoded = decodeToken(`${encode('{"alg":"ES256"}')}.${encode(payload)}.${encode("x")}`);
  if ("refused" in decoded) return decoded.refused;
  const plan = planOf(...(providers.length === 0 ? [{ jwks, clockSkewMs: 60_000 }] : providers));
  const verdict = judgeClaims(plan, { place: bearerPlace, claims: decoded.claims, now }, () => true);
  return "refused" in verdict ? verdict.refused : verdict.accepted.provider.name;
}

describe("time", () => {
  test.for<[Record<string, unknown>, string]>([
    [{ exp: seconds - 60 }, "it has expired"],
    [{ exp: seconds - 59.999 }, "corp"],
    [{ nbf: seconds + 60 }, "corp"],
    [{ nbf: seconds + 60.001 }, "it is not valid yet"],
    [{ iat: seconds + 60 }, "corp"],
    [{ iat: seconds + 60.001 }, "it was issued in the future"],
    [{ exp: -1 }, "it has expired"],
    [{ exp: 0 }, "it has expired"],
    [{ nbf: -1e300, iat: -1, exp: 1e300 }, "corp"],
    [{ exp: null }, "its exp is no number"],
    [{ exp: true }, "its exp is no number"],
    [{ nbf: "0" }, "its nbf is no number"],
    [{ iat: [0] }, "its iat is no number"],
    [{}, "corp"],
  ])("%j: %s", ([claims, outcome]) => {
    expect(judge(claims)).toBe(outcome);
  });

  test.for([
    ["1e999", "its exp is no number"],
    ["-1e999", "its exp is no number"],
    ["NaN", "its payload is not JSON"],
  ])("an expiry of %s is none", ([text, outcome]) => {
    expect(judge(`{"iss":"${testIssuer}","exp":${text}}`)).toBe(outcome);
  });

  test("without any skew the borders are the claims' own", () => {
    const exact = { jwks, clockSkewMs: 0 };
    expect(judge({ exp: seconds }, exact)).toBe("it has expired");
    expect(judge({ exp: seconds + 0.001, nbf: seconds, iat: seconds }, exact)).toBe("corp");
  });
});

describe("whom it is for", () => {
  const shop = { jwks, audiences: ["shop"] };
  test.for<[unknown, string]>([
    ["shop", "corp"],
    [["other", "shop"], "corp"],
    ["shop ", "it is for another audience"],
    ["Shop", "it is for another audience"],
    ["other shop", "it is for another audience"],
    [[["shop"]], "its aud is no text"],
    [{ shop: true }, "its aud is no text"],
    [["shop", 1], "its aud is no text"],
    [null, "its aud is no text"],
    [[], "it is for another audience"],
  ])("aud %j: %s", ([aud, outcome]) => {
    expect(judge({ aud }, shop)).toBe(outcome);
  });

  test("one issuer may be trusted by two providers, each for its own audience", () => {
    const providers = [
      { ...shop, name: "shop" },
      { jwks, name: "pay", audiences: ["pay"] },
    ];
    expect([judge({ aud: "shop" }, ...providers), judge({ aud: "pay" }, ...providers)]).toEqual([
      "shop",
      "pay",
    ]);
    expect(judge({ aud: "other" }, ...providers)).toBe("it is for another audience");
  });

  test.for(["https://id.example.com/", "HTTPS://id.example.com", "https://id.example.com\u0000", ""])(
    "an issuer is that very text: %j is another",
    (iss) => {
      expect(judge({ iss })).toBe("its issuer is not one of the providers");
    },
  );
});

test("a token within a token, an encrypted one and one without JSON are none", () => {
  const inner = `${encode('{"alg":"ES256"}')}.${encode("{}")}.${encode("x")}`;
  const header = encode('{"alg":"ES256","cty":"JWT"}');
  expect(decodeToken(`${header}.${encode(inner)}.${encode("x")}`)).toHaveProperty("refused");
  expect(decodeToken(`${header}.${encode(JSON.stringify(inner))}.${encode("x")}`)).toHaveProperty("refused");
  const encrypted = encode('{"alg":"RSA-OAEP","enc":"A256GCM","zip":"DEF"}');
  expect(decodeToken(`${encrypted}.a.b.c.d`)).toEqual({ refused: "has 5 parts, not 3" });
  expect(decodeToken(`${encrypted}.${encode("{}")}.${encode("x")}`)).toEqual({ refused: "alg is not taken" });
});
