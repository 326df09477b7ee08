/** AuthenticationPolicies of several levels, in Shadow, and where they cannot be carried out, over sockets (design/0005). */
import { typeUrls } from "@waystone/api/names";
import { authenticationMessage } from "@waystone/engine/authentication/testing/policy-rig";
import { keySetText, makeKey } from "@waystone/engine/authentication/testing/token-rig";
import { policyMessage } from "@waystone/engine/authorization/testing/policy-rig";
import { until } from "@waystone/testkit/within";
import type { EncodedResource } from "@waystone/xds/resource";
import { describe, expect, test } from "vitest";
import { useExchangeRig, type RigPlane, samplesOf } from "../testing/exchange-rig.ts";
import { serviceResource, sliceResource } from "../testing/open-test-plane.ts";
import { ask } from "../testing/policy-clients.ts";
import { bearer, jwks, resource, token, web, who } from "../testing/token-clients.ts";

const rig = useExchangeRig();

async function open(...more: EncodedResource[]) {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream], more });
  return { upstream, plane };
}

async function statusOf(plane: RigPlane, headers: readonly string[] = [], path = "/"): Promise<number> {
  return await ask(await rig.openClient(plane), path, { headers });
}

describe("policies of several levels", () => {
  const other = makeKey("other");
  const elsewhere = { name: "elsewhere", issuer: "https://other.example.com", jwks: keySetText(other) };
  const foreign = (): string => token({ iss: elsewhere.issuer }, {}, other);
  const rules = [
    {
      name: "guarded",
      matches: [{ path: { type: 2, value: "/guarded" } }],
      backends: [{ service: "shop/web", port: 80, weight: 1 }],
    },
    { name: "open", backends: [{ service: "shop/web", port: 80, weight: 1 }] },
  ];

  test("the more specific says who the issuers are, and each field is taken by itself", async () => {
    const upstream = await rig.openUpstream();
    const ofNamespace = who({
      name: "wide",
      target: { kind: "Namespace", name: "shop" },
      requirement: "Optional",
      providers: [{ jwks }],
    });
    const ofRule = who({
      name: "narrow",
      target: { kind: "HTTPRoute", name: "shop/web", section: "guarded" },
      providers: [elsewhere],
    });
    const plane = await rig.openPlane({ upstreams: [upstream], rules, more: [ofNamespace, ofRule] });
    expect(await statusOf(plane, [bearer(token())])).toBe(200);
    expect(await statusOf(plane, [bearer(token())], "/guarded")).toBe(401);
    expect(await statusOf(plane, [bearer(foreign())], "/guarded")).toBe(200);
    expect(await statusOf(plane, [bearer(foreign())])).toBe(401);
    expect(await statusOf(plane, [], "/guarded")).toBe(200);
  });

  test("those of the Service that a request is sent on to are asked as well, and its authorization sees their token alone", async () => {
    const upstream = await rig.openUpstream();
    const api = serviceResource("other", "api", 80);
    const slice = sliceResource("other", "api", [`${upstream.host}:${upstream.port}`]);
    const toApi = [{ backends: [{ service: "other/api", port: 80, weight: 1 }] }];
    const atApi = who({
      namespace: "other",
      target: { kind: "Service", name: "other/api" },
      providers: [elsewhere],
    });
    const plane = await rig.openPlane({ upstreams: [upstream], rules: toApi, more: [api, slice, who()] });
    expect(await statusOf(plane, [bearer(token())])).toBe(200);
    const aliceAlone = resource(
      policyMessage({
        namespace: "other",
        target: { kind: "Service", name: "other/api" },
        rules: [{ from: [{ requestPrincipals: ["*"] }] }],
      }),
    );
    plane.apply([aliceAlone]);
    expect(await statusOf(plane, [bearer(token())])).toBe(403);
    plane.apply([atApi], [who()]);
    expect(await statusOf(plane, [bearer(token())])).toBe(401);
    expect(await statusOf(plane, [bearer(foreign())])).toBe(200);
  });

  test("what one policy makes of a token's claims is not what another makes of the same token, which is remembered meanwhile", async () => {
    const upstream = await rig.openUpstream();
    const naming = (name: string, header: string, section: string) =>
      who({
        name,
        target: { kind: "HTTPRoute", name: "shop/web", section },
        providers: [{ jwks, claimsToHeaders: { [header]: "sub" } }],
      });
    const more = [naming("a", "x-guarded", "guarded"), naming("b", "x-open", "open")];
    const plane = await rig.openPlane({ upstreams: [upstream], rules, more });
    const shown = bearer(token());
    for (const [path, header] of [
      ["/guarded", "x-guarded"],
      ["/", "x-open"],
      ["/guarded", "x-guarded"],
    ] as const) {
      expect(await statusOf(plane, [shown], path)).toBe(200);
      const set = upstream.requests.at(-1)!.headers.filter(([name]) => /^x-(guarded|open)$/i.test(name));
      expect(set).toEqual([[header, "alice"]]);
    }
  });
});

describe("what fails closed", () => {
  test.for<[string, EncodedResource[]]>([
    ["a policy that cannot be carried out", [who({ requirement: "Optional", unusable: ["jwt: no"] })]],
    [
      "one that names a port that there is not",
      [who({ target: { ...web, section: "no" }, providers: [{ jwks }] })],
    ],
    ["keys that are not there", [who({ providers: [{ jwksUri: "https://127.0.0.1:1/none" }] })]],
  ])("%s lets nobody in", async ([, more]) => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({ upstreams: [upstream], more });
    for (const message of plane.emitted) {
      if (message.type === "want-keys")
        for (const { id } of message.wanted) plane.plane.takeKeys(id, undefined);
    }
    expect(await statusOf(plane, [bearer(token())])).toBe(401);
  });

  test.for<[string, EncodedResource[]]>([
    ["a policy", [who()]],
    ["one that cannot be carried out", [who({ requirement: "Optional", unusable: ["jwt: no"] })]],
    [
      "one that names a port that there is not",
      [who({ requirement: "Optional", target: { ...web, section: "no" }, providers: [{ jwks }] })],
    ],
    [
      "one where a less specific one says Optional",
      [
        who({ requirement: "Required", providers: [{ jwks }] }),
        who({ name: "of-all", requirement: "Optional", target: { kind: "Namespace", name: "shop" } }),
      ],
    ],
  ])("%s on a TCP port closes it: a connection has nothing to show", async ([, more]) => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({ upstreams: [upstream], protocol: "tcp", more });
    const ended = rig.openClient(plane).then(
      async (client) => (await client.readUntilEnd()).state,
      () => "reset",
    );
    expect(await ended).toBe("reset");
    expect(upstream.connections.length).toBe(0);
  });

  test.for<[string, EncodedResource[]]>([
    ["Optional", [who({ requirement: "Optional", providers: [{ jwks }] })]],
    ["shadowed", [who({ mode: "Shadow", providers: [{ jwks }] })]],
    [
      "overridden by one that is Optional",
      [
        who({ requirement: "Optional", providers: [{ jwks }] }),
        who({ name: "of-all", requirement: "Required", target: { kind: "Namespace", name: "shop" } }),
      ],
    ],
  ])("but for one that is %s: who has nothing to show is let in as nobody", async ([, more]) => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({ upstreams: [upstream], protocol: "tcp", more });
    const client = await rig.openClient(plane);
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    expect((await client.readResponse()).status).toBe(200);
  });

  test("a policy with a setting that this version does not know is refused, and denies where there was none before", async () => {
    const message = authenticationMessage({ providers: [{ jwks }] });
    const newer = {
      ...message,
      authentication: { settings: [...(message.authentication?.settings ?? []), { name: "oidc" }] },
    };
    const { plane } = await open();
    const { rejected } = plane.store.apply([
      { typeUrl: typeUrls.policy, upserts: [resource(newer)], removals: [] },
    ]);
    expect(rejected.flat()).toMatchObject([
      { reason: expect.stringContaining("oidc: is not known") as string },
    ]);
    plane.plane.follow(plane.store.current());
    expect(await statusOf(plane, [bearer(token())])).toBe(403);
  });
});

describe("a shadowed policy", () => {
  test("changes nothing, and says what it would have done", async () => {
    const { plane } = await open(who({ mode: "Shadow", providers: [{ jwks }] }));
    expect(await statusOf(plane)).toBe(200);
    expect(await statusOf(plane, [bearer("x.y.z")])).toBe(200);
    expect(await statusOf(plane, [bearer(token())])).toBe(200);
    expect((await plane.lines(1))[0]).toMatchObject({
      shadow_denied_by: "AuthenticationPolicy/shop/who",
      policy: null,
    });
    await until(
      () => counted(plane)["deny Shadow"] === 2 && counted(plane)["allow Shadow"] === 1,
      "all is counted",
    );
  });

  const counted = (plane: RigPlane): Record<string, number> =>
    Object.fromEntries(
      samplesOf(plane, "waystone_policy_decisions_total").map(({ labels, value }) => [
        `${labels["decision"]} ${labels["mode"]}`,
        value ?? 0,
      ]),
    );
});
