import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import { wantedShadow } from "./wanted-shadow.ts";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const original = '{"selector":{"app":"web"},"targetPorts":{"80/TCP":"http","81/TCP":8081}}';
const bySelector = { [captureKeys.waypoint]: "waypoint" };
const bySlices = { [captureKeys.waypoint]: "none.by-slices" };

interface FrontSpec {
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly ServicePort[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly isCaptured?: boolean;
  readonly applied?: object;
}

const capturedPorts: readonly ServicePort[] = [
  { name: "http", port: 80, protocol: "TCP", targetPort: 10_001 },
  { name: "admin", port: 81, protocol: "TCP", targetPort: 10_002 },
];
const ownPorts: readonly ServicePort[] = [
  { name: "http", port: 80, protocol: "TCP", targetPort: "http" },
  { name: "admin", port: 81, protocol: "TCP", targetPort: 8081 },
];

function front({
  selector = bySelector,
  ports = capturedPorts,
  annotations = {},
  isCaptured = true,
  applied,
}: FrontSpec): Service {
  const marks = isCaptured
    ? { [captureKeys.capturedBy]: "shop/waypoint", [captureKeys.original]: original }
    : {};
  const manifest = applied === undefined ? {} : { [lastApplied]: JSON.stringify({ spec: applied }) };
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "web",
      namespace: "shop",
      resourceVersion: "7",
      annotations: { ...marks, ...manifest, ...annotations },
    },
    spec: { selector, ports },
  };
}

function shadow(
  selector: Readonly<Record<string, string>> = { app: "web" },
  ports: readonly ServicePort[] = ownPorts,
): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "web-shadow-00000",
      namespace: "shop",
      annotations: { [captureKeys.waypointPorts]: '{"80":10001,"81":10002}' },
    },
    spec: { selector, ports, clusterIP: "None" },
  };
}

const wish = (text: string): FrontSpec => ({ annotations: { [captureKeys.wantedSelector]: text } });
const portWish = (text: string, ports?: readonly ServicePort[]): FrontSpec => ({
  annotations: { [captureKeys.wantedTargetPorts]: text },
  ...(ports === undefined ? {} : { ports }),
});

describe("the selector", () => {
  const cases: readonly {
    readonly is: string;
    readonly front: FrontSpec;
    readonly shadow?: Service;
    readonly selector: Readonly<Record<string, string>>;
  }[] = [
    { is: "is the shadow's where nothing is wished", front: {}, selector: { app: "web" } },
    {
      is: "is what is wished, the whole of it",
      front: wish("app=shop,tier=front"),
      selector: { app: "shop", tier: "front" },
    },
    {
      is: "gains what is wished on top of it",
      front: wish("+version=v2"),
      selector: { app: "web", version: "v2" },
    },
    {
      is: "is the whole of an addition that kubectl has applied: a key that left the manifest is gone",
      front: { ...wish("+app=web"), applied: { selector: { app: "web" } } },
      shadow: shadow({ app: "web", tier: "front" }),
      selector: { app: "web" },
    },
    {
      is: "gains an addition that differs from what kubectl has applied: it came by another way",
      front: { ...wish("+version=v2"), applied: { selector: { app: "web" } } },
      selector: { app: "web", version: "v2" },
    },
    { is: "is none where none is wished", front: wish("none"), selector: {} },
    { is: "may have empty values and prefixed keys", front: wish("a.b/c="), selector: { "a.b/c": "" } },
    { is: "stays as it was where the wish makes no sense", front: wish("app web"), selector: { app: "web" } },
    {
      is: "is the front's where the front is not captured",
      front: { isCaptured: false, selector: { app: "other" } },
      selector: { app: "other" },
    },
    {
      is: "is the front's where somebody wrote past the policy",
      front: { selector: { app: "other" }, ports: ownPorts },
      selector: { app: "other" },
    },
    {
      is: "is theirs in a mixture of theirs and ours, if kubectl has applied just that",
      front: { selector: { ...bySelector, app: "new" }, applied: { selector: { app: "new" } } },
      shadow: shadow({ app: "web", tier: "front" }),
      selector: { app: "new" },
    },
    {
      is: "gains what is mixed into ours by somebody else",
      front: { selector: { ...bySelector, version: "v2" } },
      selector: { app: "web", version: "v2" },
    },
    {
      is: "is the shadow's by slices too",
      front: { selector: bySlices, ports: ownPorts },
      selector: { app: "web" },
    },
  ];

  test.for(cases)("$is", ({ front: spec, shadow: known = shadow(), selector }) => {
    expect(wantedShadow(front(spec), known).selector).toEqual(selector);
  });

  test("is what the front's annotation says, where the shadow is gone", () => {
    expect(wantedShadow(front({}), undefined).selector).toEqual({ app: "web" });
  });
});

describe("the ports", () => {
  const [http, admin] = capturedPorts as [ServicePort, ServicePort];
  const added: ServicePort = { name: "new", port: 90, protocol: "TCP", targetPort: 9 };
  const cases: readonly {
    readonly is: string;
    readonly front: FrontSpec;
    readonly shadow?: Service;
    readonly targetPorts: Readonly<Record<string, string | number>>;
  }[] = [
    { is: "keep the shadow's targetPorts", front: {}, targetPorts: { "80/TCP": "http", "81/TCP": 8081 } },
    {
      is: "take the targetPorts that are wished, others stay",
      front: portWish("80/TCP=web"),
      targetPorts: { "80/TCP": "web", "81/TCP": 8081 },
    },
    {
      is: "that are new get what is wished for them",
      front: portWish("90/TCP=9090", [http, admin, added]),
      targetPorts: { "80/TCP": "http", "81/TCP": 8081, "90/TCP": 9090 },
    },
    {
      is: "that are renumbered keep the targetPort of the number before",
      front: portWish("8080/TCP=80/TCP", [{ ...http, port: 8080, targetPort: 9 }, admin]),
      targetPorts: { "8080/TCP": "http", "81/TCP": 8081 },
    },
    {
      is: "that were renumbered keep it when the number before is gone from the shadow",
      front: portWish("8080/TCP=80/TCP", [{ ...http, port: 8080, targetPort: 9 }]),
      shadow: shadow({ app: "web" }, [{ name: "http", port: 8080, protocol: "TCP", targetPort: "http" }]),
      targetPorts: { "8080/TCP": "http" },
    },
    { is: "that are removed are gone", front: { ports: [admin] }, targetPorts: { "81/TCP": 8081 } },
    {
      is: "of one number in two protocols are two ports",
      front: portWish("80/UDP=dns", [http, { name: "udp", port: 80, protocol: "UDP", targetPort: 9 }]),
      targetPorts: { "80/TCP": "http", "80/UDP": "dns" },
    },
    {
      is: "have Kubernetes' default where nothing is known of them",
      front: { ports: [{ name: "new", port: 90, targetPort: 9 }] },
      targetPorts: { "90/TCP": 90 },
    },
    {
      is: "are the front's by slices, whatever is still wished",
      front: {
        ...portWish("80/TCP=stale"),
        selector: bySlices,
        ports: [{ name: "http", port: 80, targetPort: "fresh" }],
      },
      targetPorts: { "80/TCP": "fresh" },
    },
    {
      is: "are the front's where it is not captured, in the waypoints' range too",
      front: { isCaptured: false, selector: { app: "web" }, ports: [{ port: 80, targetPort: 15_672 }] },
      targetPorts: { "80/TCP": 15_672 },
    },
    {
      is: "show the owner's targetPort where somebody wrote past the policy",
      front: { ports: [{ ...http, targetPort: 8888 }, admin] },
      targetPorts: { "80/TCP": 8888, "81/TCP": 8081 },
    },
    {
      is: "show ours where they show a port of another waypoint: the Service is moving",
      front: { ports: [{ ...http, targetPort: 20_000 }, admin] },
      targetPorts: { "80/TCP": "http", "81/TCP": 8081 },
    },
    {
      is: "show the owner's where kubectl has applied a port of the waypoints' range",
      front: {
        ports: [{ ...http, targetPort: 15_672 }, admin],
        applied: { ports: [{ port: 80, targetPort: 15_672 }] },
      },
      targetPorts: { "80/TCP": 15_672, "81/TCP": 8081 },
    },
    {
      is: "are not what a manifest says that was read from a captured Service",
      front: {
        ...portWish("80/TCP=12000,81/TCP=8888"),
        applied: {
          selector: bySelector,
          ports: [
            { port: 80, targetPort: 12_000 },
            { port: 81, targetPort: 8888 },
          ],
        },
      },
      targetPorts: { "80/TCP": "http", "81/TCP": 8888 },
    },
    {
      is: "keep the rest where one wish makes no sense",
      front: portWish("80/TCP=,81/TCP=9999,82=1,83/ICMP=1,0/TCP=1"),
      targetPorts: { "80/TCP": "http", "81/TCP": 9999 },
    },
  ];

  test.for(cases)("$is", ({ front: spec, shadow: known = shadow(), targetPorts }) => {
    const { ports } = wantedShadow(front(spec), known);
    const found = ports.map((port) => [`${port.port}/${port.protocol}`, port.targetPort] as const);
    expect(Object.fromEntries(found)).toEqual(targetPorts);
  });

  test("carry the front's names and appProtocols, in its order, and no nodePort", () => {
    const { ports } = wantedShadow(
      front({
        ports: [
          { ...admin, name: "renamed", appProtocol: "kubernetes.io/h2c", nodePort: 30_000 },
          { ...http, name: "" },
        ],
      }),
      shadow(),
    );
    expect(ports).toEqual([
      { name: "renamed", port: 81, protocol: "TCP", targetPort: 8081, appProtocol: "kubernetes.io/h2c" },
      { port: 80, protocol: "TCP", targetPort: "http" },
    ]);
  });
});

describe("what is done", () => {
  const wished: FrontSpec = {
    annotations: {
      [captureKeys.wantedSelector]: "app=shop",
      [captureKeys.wantedTargetPorts]: "80/TCP=web",
    },
  };
  const fulfilled = shadow({ app: "shop" }, [
    { ...ownPorts[0], port: 80, targetPort: "web" },
    ...ownPorts.slice(1),
  ]);

  test("is nothing while the shadow does not have it", () => {
    expect(wantedShadow(front(wished), shadow()).donePatch).toBeUndefined();
    expect(wantedShadow(front(wished), undefined).donePatch).toBeUndefined();
  });

  test("is every wish once the shadow has all; the way back by hand then says what is wanted now", () => {
    expect(wantedShadow(front(wished), fulfilled).donePatch).toEqual({
      metadata: {
        resourceVersion: "7",
        annotations: {
          [captureKeys.wantedSelector]: null,
          [captureKeys.wantedTargetPorts]: null,
          [captureKeys.original]: '{"selector":{"app":"shop"},"targetPorts":{"80/TCP":"web","81/TCP":8081}}',
        },
      },
    });
  });

  test("is a wish for what the shadow has had all along", () => {
    const again = wantedShadow(front(wish("app=web")), shadow());
    expect(again.donePatch).toEqual({
      metadata: { resourceVersion: "7", annotations: { [captureKeys.wantedSelector]: null } },
    });
  });

  test("leaves nothing to write where nothing is wished and the front's annotation is right", () => {
    expect(wantedShadow(front({}), shadow()).donePatch).toBeUndefined();
  });

  test("of a Service that is no longer captured is whatever is left of wishes", () => {
    const released = { ...wish("app=web"), isCaptured: false, selector: { app: "web" }, ports: ownPorts };
    expect(wantedShadow(front(released), shadow()).donePatch).toEqual({
      metadata: { resourceVersion: "7", annotations: { [captureKeys.wantedSelector]: null } },
    });
  });
});

describe("properties", () => {
  const key = fc.constantFrom("app", "tier", "a.b/c", "version");
  const label = fc.constantFrom("", "web", "v2", "A_b.c-9");
  const selector = fc.dictionary(key, label, { minKeys: 1, maxKeys: 4 });
  const targetPort = fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constantFrom("http", "web-2"));

  test("a shadow that is given what is wanted wants nothing else, and every wish is done", () => {
    fc.assert(
      fc.property(selector, fc.boolean(), targetPort, (wanted, isAddition, port) => {
        const text = Object.entries(wanted).map(([name, value]) => `${name}=${value}`);
        const owner = front({
          annotations: {
            [captureKeys.wantedSelector]: `${isAddition ? "+" : ""}${text.join(",")}`,
            [captureKeys.wantedTargetPorts]: `80/TCP=${port}`,
          },
        });
        const first = wantedShadow(owner, shadow());
        const second = wantedShadow(owner, shadow(first.selector, first.ports));
        expect(second).toMatchObject({ selector: first.selector, ports: first.ports });
        expect(second.donePatch).toMatchObject({
          metadata: { annotations: { [captureKeys.wantedSelector]: null } },
        });
        expect(first.selector).toEqual(isAddition ? { app: "web", ...wanted } : wanted);
      }),
      { numRuns: 300 },
    );
  });

  test("no text in an annotation makes it throw", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
        const annotations = {
          [captureKeys.wantedSelector]: a,
          [captureKeys.wantedTargetPorts]: b,
          [captureKeys.original]: c,
          [lastApplied]: c,
        };
        wantedShadow(front({ annotations }), undefined);
      }),
    );
  });
});
