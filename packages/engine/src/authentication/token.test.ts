/** Tokens taken apart, and what names in them may not do (reliability J03). */
import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import { parseKeySet } from "./key-set.ts";
import { parseStrictJson } from "./strict-json.ts";
import { encode } from "./testing/token-rig.ts";
import { decodeToken } from "./token.ts";

function claimsOf(payload: string) {
  const decoded = decodeToken(`${encode('{"alg":"ES256"}')}.${encode(payload)}.${encode("x")}`);
  return "refused" in decoded ? decoded : decoded.claims;
}

describe("[J03] names of prototypes are names like any other", () => {
  const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"];

  test.for(names)("%s in a token changes nothing, and is found only where it was said", (name) => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const said = claimsOf(`{"iss":"a","${name}":{"admin":"yes"},"x":{"${name}":"inner"}}`);
    if ("refused" in said) throw new Error(said.refused);
    expect(said.claim(`${name}.admin`)).toEqual(["yes"]);
    expect(said.claim(`x.${name}`)).toEqual(["inner"]);
    expect(said.claim("admin")).toEqual([]);
    const unsaid = claimsOf('{"iss":"a","x":{}}');
    if ("refused" in unsaid) throw new Error(unsaid.refused);
    for (const path of [name, `x.${name}`, `${name}.${name}`]) expect(unsaid.claim(path)).toEqual([]);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });

  test("a registered claim that a prototype would lend is not there", () => {
    const said = claimsOf('{"__proto__":{"iss":"a","sub":"root","exp":1}}');
    expect(said).toMatchObject({ issuer: "", principal: "", expires: undefined });
  });

  test("and in a key set as well", () => {
    const key = '"kty":"OKP","crv":"Ed25519","x":"AAAA"';
    expect(parseKeySet(`{"keys":[{${key},"__proto__":{"d":"x","kid":"k"}}]}`)).toMatchObject([{ id: "" }]);
    expect(() => parseKeySet('{"__proto__":{"keys":[]}}')).toThrow('no object with a list "keys"');
  });
});

describe("JSON that is read strictly", () => {
  test("is what JSON.parse reads, but for names that are there twice", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseStrictJson(text, 64)).toEqual({ value: JSON.parse(text) as unknown });
      }),
    );
  });

  test.for(['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"b":{"a":1,"c":[],"a" :2}}', '{"a":[{}],"a":1}'])(
    "%s says a name twice, however it is spelled",
    (text) => {
      expect(parseStrictJson(text, 8)).toEqual({ refused: 'says "a" twice' });
    },
  );

  test("may say one name in several objects, and as a value", () => {
    expect(parseStrictJson('{"a":{"a":"a"},"b":[{"a":1},{"a":"x:"}]}', 8)).toHaveProperty("value");
  });

  test("is nested no deeper than it may be", () => {
    expect(parseStrictJson("[[[]]]", 2)).toEqual({ refused: "is nested more than 2 deep" });
    expect(parseStrictJson("[".repeat(100_000), 16)).toEqual({ refused: "is nested more than 16 deep" });
  });
});

test("a set with what is secret is none, and is not quoted", () => {
  for (const secret of [
    '"kty":"oct","k":"c2VjcmV0"',
    '"kty":"EC","crv":"P-256","d":"c2VjcmV0"',
    '"kty":"X","k":"c2VjcmV0"',
  ]) {
    expect(() => parseKeySet(`{"keys":[{${secret}}]}`)).toThrow(
      /^the key set holds a (shared secret|private key)[^"]*$/,
    );
  }
});

test("whatever is no token is refused, and nothing is thrown", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
      const decoded = decodeToken([a, encode(b), encode(c)].join("."));
      expect(decoded).toHaveProperty("refused");
    }),
  );
});
