/** Names and passwords (RFC 7617), over sockets. */
import type { EncodedResource } from "@waystone/xds/resource";
import { expect, test } from "vitest";
import { credentials } from "../testing/credential-resource.ts";
import { type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";
import { ask } from "../testing/policy-clients.ts";
import { may, who } from "../testing/token-clients.ts";

const rig = useExchangeRig();
async function open(...more: EncodedResource[]) {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream], more });
  return { upstream, plane };
}

async function statusOf(plane: RigPlane, headers: readonly string[] = []): Promise<number> {
  return await ask(await rig.openClient(plane), "/", { headers });
}

// "correct horse" with bcrypt, "password" with SHA-1.
const users = {
  bob: "$2y$04$XPcwjYbYwoiYc.VAMuHKCOPRnOdHiyFfe2S4HZl/XPYLmQJ73XnEO",
  eve: "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
};
const basic = (text: string): string => `Authorization: Basic ${Buffer.from(text).toString("base64")}`;

test("a right password lets its request in, the second time without bcrypt; the endpoint hears the name alone", async () => {
  const allow = may({ rules: [{ from: [{ requestPrincipals: ["basic/bob"] }] }] });
  const policy = who({ basic: { setHeader: "X-User" } });
  const { plane, upstream } = await open(policy, credentials({ users }), allow);
  expect(await statusOf(plane, [basic("bob:correct horse"), "X-User: root"])).toBe(200);
  expect(await statusOf(plane, [basic("bob:correct horse")])).toBe(200);
  expect(await statusOf(plane, [basic("eve:password")])).toBe(403);
  for (const { headers } of upstream.requests) {
    expect(headers.filter(([name]) => /user|authorization/i.test(name) && name !== "User-Agent")).toEqual([
      ["X-User", "bob"],
    ]);
  }
  expect(JSON.stringify(await plane.lines(3))).not.toContain("horse");
});

test("wrong, unknown and malformed are one answer, with a challenge that makes a browser ask", async () => {
  const { plane, upstream } = await open(who({ basic: {} }), credentials({ users }));
  const client = await rig.openClient(plane);
  for (const line of [
    "",
    `${basic("bob:wrong")}\r\n`,
    `${basic("eve:wrong")}\r\n`,
    `${basic("nobody:correct horse")}\r\n`,
    `${basic("bob")}\r\n`,
    "Authorization: Basic ***\r\n",
    `${basic("bob:correct horse")}\r\n${basic("bob:correct horse")}\r\n`,
  ]) {
    await client.send(`GET / HTTP/1.1\r\nHost: h\r\n${line}\r\n`);
    const answer = await client.readResponse();
    expect([answer.status, Object.fromEntries(answer.headers)["WWW-Authenticate"]]).toEqual([
      401,
      'Basic realm="restricted", charset="UTF-8"',
    ]);
  }
  expect(upstream.requests.length).toBe(0);
});

test("a password that was taken is not taken any more once the Secret says another", async () => {
  const { plane } = await open(who({ basic: {} }), credentials({ users }));
  expect(await statusOf(plane, [basic("bob:correct horse")])).toBe(200);
  plane.apply([credentials({ users: { bob: "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=" } })]);
  expect(await statusOf(plane, [basic("bob:correct horse")])).toBe(401);
  expect(await statusOf(plane, [basic("bob:password")])).toBe(200);
});

test("who guesses waits for himself, and beyond his turns is told to come back; who was let in before never waits", async () => {
  // Guesses of one source that differ: one is compared at a time, four wait.
  const { plane } = await open(who({ basic: {} }), credentials({ users }));
  expect(await statusOf(plane, [basic("bob:correct horse")])).toBe(200);
  const guesses = Array.from(
    { length: 24 },
    async (_, guess) => await statusOf(plane, [basic(`bob:guess ${guess}`)]),
  );
  expect(await statusOf(plane, [basic("bob:correct horse")])).toBe(200);
  const answers = new Set(await Promise.all(guesses));
  expect([...answers].every((status) => status === 401 || status === 503)).toBe(true);
});
