/**
 * What each part of judging a request costs a worker, in microseconds of CPU: rules, a remembered token, a remembered password, headers that
 * change, a line of the access log; and how long a password takes that is not remembered, on its thread, and how long the worker
 * itself was held up meanwhile. Run: bin/node packages/waypoint/bench/policy-cost.ts
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { hashSync } from "bcryptjs";
import { judgeClaims } from "@waystone/engine/authentication/judge-claims";
import { bearerPlace, findCredentials } from "@waystone/engine/authentication/credential-places";
import { buildPlan } from "@waystone/engine/authentication/plan";
import { keySetText, makeKey, makeToken } from "@waystone/engine/authentication/testing/token-rig";
import { decodeToken } from "@waystone/engine/authentication/token";
import { decide, noObserver } from "@waystone/engine/authorization/decide";
import { PolicyIndex } from "@waystone/engine/authorization/policy-index";
import { httpPlace, makePolicy, makeRequest } from "@waystone/engine/authorization/testing/policy-rig";
import { headerLine } from "@waystone/engine/headers/header-line";
import { changeHead } from "../src/http/changed-head.ts";
import { RequestHead } from "../src/http/message.ts";
import { openPasswordThread } from "../src/passwords/open-password-thread.ts";
import { PasswordChecker } from "../src/passwords/password-checker.ts";
import { VerifiedTokens } from "../src/tokens/verified-tokens.ts";
import { lastResult, leastCpuUs } from "./cpu-time.ts";

function report(name: string, call: () => unknown): void {
  process.stdout.write(`${name.padEnd(56)}${leastCpuUs(100_000, call).toFixed(3).padStart(8)} us\n`);
}

const rules = (action: "ALLOW" | "DENY", path: string) =>
  makePolicy({
    name: action.toLowerCase(),
    action,
    rules: Array.from({ length: 10 }, (_, at) => ({
      ...(action === "ALLOW" ? { from: [{ "claims[team]": [`team-${at}`] }] } : {}),
      to: [{ methods: ["GET", "HEAD"], paths: [path.replace("#", String(at))] }],
    })),
  });
const program = new PolicyIndex([rules("DENY", "/internal-#/*"), rules("ALLOW", "/api/*")]).programOf(
  httpPlace,
);
const asked = makeRequest({ path: "/api/v1/items/42", token: { claims: { team: ["team-9"] } } });
if (program === undefined || decide(program, asked, noObserver).verdict !== "allow")
  throw new Error("denied");
report("20 rules, of which the last allows", () => decide(program, asked, noObserver));

const issuer = "https://id.bench.test";
const key = makeKey("bench-1");
const text = makeToken(key, { claims: { iss: issuer, sub: "alice", aud: "bench", exp: 4e9 } });
const decoded = decodeToken(text);
if ("refused" in decoded) throw new Error(decoded.refused);
const provider = {
  name: "bench",
  issuer,
  audiences: ["bench"],
  keys: { type: "inline", text: keySetText(key) },
  places: [bearerPlace],
  clockSkewMs: 60_000,
  forward: true,
  claimsToHeaders: [],
} as const;
const plan = buildPlan([
  {
    level: "Service",
    isSectionMissing: false,
    policy: {
      key: "AuthenticationPolicy/shop/tokens",
      namespace: "shop",
      name: "tokens",
      generation: 1,
      createdAtSeconds: 0,
      mode: "Enforce",
      targets: [],
      requirement: undefined,
      jwt: { providers: [provider] },
      apiKeys: undefined,
      basic: undefined,
      unusable: [],
    },
  },
]);
if (plan === undefined) throw new Error("no plan");
const verified = new VerifiedTokens();
verified.add({ text, claims: decoded.claims, fingerprint: "" });
const head = new RequestHead();
head.headers.append("Host", "api.shop");
head.headers.append("Authorization", `Bearer ${text}`);
head.headers.append("Accept", "*/*");
report("a token that is remembered", () => {
  const found = findCredentials(plan.places, { sentValues: (name) => head.headers.values(name), query: "" });
  if ("refused" in found) throw new Error(found.refused);
  const [{ text: shown, place } = { text: "", place: bearerPlace }] = found;
  const known = verified.get(shown);
  return judgeClaims(plan, { place, claims: known!.claims, now: 1e12 }, () => true);
});
const header = headerLine("x-user", "alice");
report("a header set in its head", () => changeHead(head, [{ kind: "set", header, onlyIfThere: false }]));

const passwords = new PasswordChecker({ openThread: openPasswordThread });
const hash = { scheme: "bcrypt", text: hashSync("right", 10) } as const;
const check = async (password: string): Promise<string> =>
  await new Promise((tell) => passwords.check({ user: "alice", password, hash, source: "10.0.0.1" }, tell));
if ((await check("right")) !== "right") throw new Error("the password is right");
report("a bcrypt password that is remembered", () =>
  passwords.known({ user: "alice", password: "right", hash }),
);

const compared = 20;
const held = monitorEventLoopDelay({ resolution: 1 });
held.enable();
const start = performance.now();
for (let at = 0; at < compared; at++) if ((await check(`wrong-${at}`)) !== "wrong") throw new Error("wrong");
held.disable();
const each = (performance.now() - start) / compared;
process.stdout.write(
  `a bcrypt password (cost 10) that is not, on its thread  ${each.toFixed(1).padStart(8)} ms\n`,
);
process.stdout.write(
  `the worker's loop meanwhile, p99 of its delays          ${(held.percentile(99) / 1e6).toFixed(1).padStart(8)} ms\n`,
);
await passwords.close();
if (lastResult() === report) process.exitCode = 1;
