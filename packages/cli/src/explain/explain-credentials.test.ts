/** What a client shows, explained on files: verified where keys and Secrets are at hand, and else taken as right, and said to be. */
import { hash } from "node:crypto";
import path from "node:path";
import { keySetText, makeKey, makeToken } from "@waystone/engine/authentication/testing/token-rig";
import { describe, expect, test } from "vitest";
import { useExplainedFiles } from "./testing/explained-files.ts";

const { folder, write, explain, lines } = useExplainedFiles();
const key = makeKey("one", "EdDSA");

const policy = (method: string): string => `
apiVersion: waystone.dev/v1alpha1
kind: AuthenticationPolicy
metadata: {name: corp, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
${method}
`;
const jwt = (jwks: string): string =>
  policy(`  jwt:
    providers:
      - name: corp
        issuer: https://id.test
        audiences: [shop]
        jwks: {${jwks}}
        claimsToHeaders: [{claim: sub, header: x-user}]`);
const inline = jwt(`inline: '${keySetText(key)}'`);
const may = (principal: string, header = ""): string => `
apiVersion: waystone.dev/v1alpha1
kind: AuthorizationPolicy
metadata: {name: may, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
  rules:
    - from: [{source: {requestPrincipals: ["${principal}"]}}]${header}
`;
const alice = may(
  "https://id.test/alice",
  "\n      to: [{operation: {headers: [{name: x-user, values: [alice]}]}}]",
);
const claims = { iss: "https://id.test", aud: "shop", sub: "alice" };

function show(more: object = {}, by = key): { readonly jwt: string } {
  write("token", `${makeToken(by, { claims: { ...claims, ...more } })}\n`);
  return { jwt: path.join(folder(), "token") };
}

const verdict = async (words: Parameters<typeof explain>[0]): Promise<readonly string[]> => {
  const all = lines(await explain(words));
  return all.slice(all.lastIndexOf("") + 1);
};

test("where no policy asks for it, it proves nothing", async () => {
  const { text } = await explain(show());
  expect(text).toContain(
    "no AuthenticationPolicy is about shop/api:80: what the request shows proves nothing",
  );
});

describe("a token", () => {
  test("is verified by the keys in the policy, and its claims say who asks, to policies and endpoint", async () => {
    write("policies.yaml", `${inline}---${alice}`);
    const explained = await explain(show());
    expect(explained.isAllowed).toBe(true);
    expect(explained.text).toContain("the request is known as https://id.test/alice (a token of corp)");
    expect(explained.text).not.toContain("IF ");
    expect((await explain({ ...show({ sub: "mallory" }), header: ["x-user: alice"] })).isAllowed).toBe(false);
  });

  test("that another key signed is refused", async () => {
    write("policies.yaml", inline);
    expect(await verdict(show({}, makeKey("one", "EdDSA")))).toEqual([
      "REFUSED  401 credential-refused: no key of its issuer made its signature",
    ]);
  });

  test.for([
    [{ aud: "bank" }, "it is for another audience"],
    [{ exp: 1 }, "it has expired"],
    [{ iss: "https://elsewhere" }, "its issuer is not one of the providers"],
  ] as const)("with claims %j is refused: %s", async ([wrong, why]) => {
    write("policies.yaml", inline);
    expect(await verdict(show(wrong))).toEqual([`REFUSED  401 credential-refused: ${why}`]);
  });

  test("is verified by the keys of a ConfigMap that is among the files", async () => {
    const configMap = `
apiVersion: v1
kind: ConfigMap
metadata: {name: keys, namespace: shop}
data: {jwks.json: '${keySetText(key)}'}
`;
    write("policies.yaml", `${jwt("configMapRef: {name: keys}")}---${configMap}`);
    expect(await verdict(show())).toEqual(["ALLOWED  to shop/api:80"]);
    expect((await verdict(show({}, makeKey("one", "EdDSA"))))[0]).toContain("REFUSED  401");
  });

  test.for([
    ["configMapRef: {name: keys}", "ConfigMap shop/keys is not among the files"],
    ["uri: https://id.test/keys", "the keys at https://id.test/keys are not fetched here"],
  ] as const)("whose keys are not at hand (%s) is taken as signed, and that is said", async ([jwks, why]) => {
    write("policies.yaml", `${jwt(jwks)}---${alice}`);
    expect(await verdict(show())).toEqual([
      "ALLOWED  to shop/api:80",
      `IF       AuthenticationPolicy/shop/corp: the signature of its token is right (${why})`,
    ]);
    expect(await verdict(show({ aud: "bank" }))).toEqual([
      "REFUSED  401 credential-refused: it is for another audience",
    ]);
  });

  test("is missed where something is required, and not where it is optional", async () => {
    write("policies.yaml", inline);
    expect(await verdict({})).toEqual(["REFUSED  401 credential-missing: a policy requires a credential"]);
    write("policies.yaml", `${inline}  requirement: Optional`);
    expect(await verdict({})).toEqual(["ALLOWED  to shop/api:80"]);
  });
});

describe("an API key", () => {
  const keyed = policy("  apiKeys: {secretRefs: [{name: partners}], ownerHeader: x-partner}");
  const secret = `
apiVersion: v1
kind: Secret
metadata: {name: partners, namespace: shop}
stringData: {acme: key-of-acme, late: "sha256:${hash("sha256", "key-of-late")}"}
`;

  test("is looked up in the Secret that is among the files: its owner is who asks", async () => {
    write("policies.yaml", `${keyed}---${secret}---${may("apikey/acme")}`);
    expect(await verdict({ header: ["x-api-key: key-of-acme"] })).toEqual(["ALLOWED  to shop/api:80"]);
    const other = await explain({ header: ["x-api-key: key-of-late"] });
    expect(other.text).toContain("the request is known as apikey/late (by apiKeys)");
    expect(other.isAllowed).toBe(false);
    expect(await verdict({ header: ["x-api-key: guessed"] })).toEqual([
      "REFUSED  401 credential-refused: its API key is nobody's",
    ]);
  });

  test("without its Secret is taken as somebody's, and nothing that is printed quotes it", async () => {
    write("policies.yaml", keyed);
    const { text } = await explain({ header: ["x-api-key: key-of-acme"] });
    expect(text).toContain(
      "IF       AuthenticationPolicy/shop/corp: its API key is somebody's, and whose is not known (Secret shop/partners is not among the files)",
    );
    expect(text).not.toContain("key-of-acme");
  });
});

describe("a name and password", () => {
  const basic = policy("  basic: {secretRef: {name: staff}, userHeader: x-user}");
  const header = (text: string) => ({ header: [`Authorization: Basic ${btoa(text)}`] });
  // "right", by bcrypt at its least cost.
  const secret = `
apiVersion: v1
kind: Secret
metadata: {name: staff, namespace: shop}
stringData: {.htpasswd: "carol:HASH"}
`;

  test("are compared with the hash in the Secret", async () => {
    const { hashSync } = await import("bcryptjs");
    write(
      "policies.yaml",
      `${basic}---${secret.replace("HASH", hashSync("right", 4))}---${may("basic/carol")}`,
    );
    expect(await verdict(header("carol:right"))).toEqual(["ALLOWED  to shop/api:80"]);
    for (const wrong of ["carol:wrong", "dave:right"])
      expect((await verdict(header(wrong)))[0]).toContain("REFUSED  401 credential-refused");
  });

  test("without the Secret are taken as right, under that name", async () => {
    write("policies.yaml", `${basic}---${may("basic/carol")}`);
    expect(await verdict(header("carol:right"))).toEqual([
      "ALLOWED  to shop/api:80",
      "IF       AuthenticationPolicy/shop/corp: its name and password are right (Secret shop/staff is not among the files)",
    ]);
  });
});
