/** Who may ask for a capture, of what, and how: one row for each rule. */
import { describe, expect, test } from "vitest";
import { enrolledShop, openClusterWorld } from "../testing/cluster-world.ts";
import { messageOf, outcome, own, service, type Written } from "../testing/captured-service.ts";

describe("what is refused, whoever asks", () => {
  const rows: [string, Written & { readonly more?: string }, string, RegExp][] = [
    [
      "a headless Service",
      { spec: "clusterIP: None, selector: {app: web}" },
      "UnsupportedTrafficType",
      /no address of its own/,
    ],
    [
      "an ExternalName",
      { spec: "type: ExternalName, externalName: example.org" },
      "UnsupportedTrafficType",
      /is a DNS alias/,
    ],
    [
      "a Service without a selector",
      { spec: "" },
      "UnsupportedTrafficType",
      /endpoints that somebody else writes/,
    ],
    [
      "a Service without a TCP port",
      { ports: "ports: [{name: dns, port: 53, protocol: UDP}]" },
      "UnsupportedTrafficType",
      /without a TCP port/,
    ],
    [
      "a Service all of whose ports stay direct",
      { meta: "annotations: {waystone.dev/use-waypoint: waypoint, waystone.dev/direct-ports: '80'}" },
      "AllPortsDirect",
      /leave one out of it/,
    ],
    [
      "a Service that selects a waypoint's pods by chance",
      {
        spec: "selector: {team: shop}",
        more: `
---
apiVersion: v1
kind: Pod
metadata: {name: w, namespace: shop, labels: {team: shop, waystone.dev/waypoint: waypoint, app.kubernetes.io/managed-by: waystone}}
spec: {containers: [{name: c}]}`,
      },
      "SelectsWaypoint",
      /send requests round in circles/,
    ],
    [
      "a Service that selects the waypoint's pods before there are any",
      { spec: "selector: {gateway.networking.k8s.io/gateway-name: waypoint}" },
      "SelectsWaypoint",
      /let it select something that only its own pods have/,
    ],
    [
      "a Service that its owner wants back",
      { meta: "annotations: {waystone.dev/use-waypoint: waypoint, waystone.dev/release: 'true'}" },
      "ReleaseRequested",
      /remove it to have the Service captured/,
    ],
  ];
  test.for(rows)("%s", ([, { more = "", meta = own, ...written }, reason, message]) => {
    const text = service({ meta, ...written });
    // A field that is given twice is given by the row.
    const once = text.includes("clusterIP: None") ? text.replace("clusterIP: 10.96.0.1, ", "") : text;
    const plain = text.includes("ExternalName") ? text.replace("clusterIP: 10.96.0.1, ", "") : once;
    const world = openClusterWorld(enrolledShop + plain + more);
    expect(outcome(world)).toBe(reason);
    expect(messageOf(world)).toMatch(message);
  });

  test("Services of Waystone's own namespace", () => {
    const world = openClusterWorld(service({ namespace: "waystone-system", meta: own }));
    expect(outcome(world, "waystone-system/web")).toBe("ControllerNamespace");
  });

  test.for([
    ["a name with a dot", "way.point"],
    ["a name of 64 characters", "w".repeat(64)],
    ["a name with a capital letter", "Waypoint"],
    ["a name that begins with a digit", "1st"],
  ])("a Gateway by %s", ([, name]) => {
    const world = openClusterWorld(service({ meta: `annotations: {waystone.dev/use-waypoint: "${name}"}` }));
    expect(outcome(world)).toBe("AttachmentDenied");
    expect(messageOf(world)).toContain("cannot be a waypoint: its name becomes a label of its pods");
  });
});

describe("the Gateway that is asked for", () => {
  test("that nobody declared is implied in the Service's own namespace, up to 63 characters", () => {
    const name = `w${"-x".repeat(31)}`;
    const world = openClusterWorld(service({ meta: `annotations: {waystone.dev/use-waypoint: ${name}}` }));
    expect(name).toHaveLength(63);
    expect(outcome(world)).toBe("captured");
    expect(world.model.captureTargets.get("shop/web")?.isImplied).toBe(true);
  });

  test("that is being deleted serves nobody, and is not implied anew while it is there", () => {
    const world = openClusterWorld(enrolledShop + service({}));
    world.apply(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop, deletionTimestamp: "2026-11-22T10:00:00Z"}
spec: {gatewayClassName: waystone-waypoint, listeners: [{name: mesh, port: 15008, protocol: HTTP}]}`);
    expect(outcome(world)).toBe("AttachmentDenied");
    expect(messageOf(world)).toContain("is being deleted: its Services are given back first");
    world.remove("Gateway", "shop/waypoint");
    expect(outcome(world)).toBe("captured");
  });

  test("cannot be where the API server does not know the kind, until it does", () => {
    const world = openClusterWorld(service({ meta: own }));
    world.absentKinds.set({ key: "Gateway.gateway.networking.k8s.io" });
    expect(outcome(world)).toBe("AttachmentDenied");
    expect(messageOf(world)).toContain("install the CRDs of Gateway API");
    world.absentKinds.delete("Gateway.gateway.networking.k8s.io");
    expect(outcome(world)).toBe("captured");
  });

  test("of another namespace must let this one in", () => {
    const asking =
      "annotations: {waystone.dev/use-waypoint: waypoint, waystone.dev/use-waypoint-namespace: shop}";
    const world = openClusterWorld(enrolledShop + service({ namespace: "other", meta: asking }));
    expect(outcome(world, "other/web")).toBe("AttachmentDenied");
    expect(messageOf(world, "other/web")).toContain(
      "no mesh listener of Gateway shop/waypoint allows namespace other",
    );
  });
});

describe("who asks", () => {
  test("nobody: direct, and nothing to be said of it", () => {
    expect(openClusterWorld(service({})).targetOf("shop/web")).toEqual({ is: "direct", refusal: undefined });
  });

  test("none on the Service opts out of what the Namespace asks for", () => {
    const opted = service({ meta: "annotations: {waystone.dev/use-waypoint: none}" });
    expect(openClusterWorld(enrolledShop + opted).targetOf("shop/web")).toEqual({
      is: "direct",
      refusal: undefined,
    });
  });
});

describe("the way and the ports", () => {
  const shared =
    "annotations: {waystone.dev/use-waypoint: shared, waystone.dev/use-waypoint-namespace: infra}";
  const two = "ports: [{name: http, port: 80}, {name: metrics, port: 9090}]";
  const rows: [string, Written, "by-selector" | "by-slices", number[]][] = [
    [
      "by selector: a waypoint of its own namespace takes all ports",
      { ports: two },
      "by-selector",
      [80, 9090],
    ],
    ["by slices: a waypoint of another namespace", { meta: shared, ports: two }, "by-slices", [80, 9090]],
    [
      "by slices: a port stays direct, by name",
      { meta: "annotations: {waystone.dev/direct-ports: metrics}", ports: two },
      "by-slices",
      [80],
    ],
    [
      "by slices: a port stays direct, by number and among spaces",
      { meta: "annotations: {waystone.dev/direct-ports: ' 9090 ,'}", ports: two },
      "by-slices",
      [80],
    ],
    [
      "by slices: UDP beside TCP stays with the pods, or a selector would lead it to a waypoint that has no use for it",
      { ports: "ports: [{name: http, port: 80}, {name: quic, port: 80, protocol: UDP}]" },
      "by-slices",
      [80],
    ],
    [
      "by slices: SCTP beside TCP likewise",
      { ports: "ports: [{name: http, port: 80}, {name: sig, port: 3868, protocol: SCTP}]" },
      "by-slices",
      [80],
    ],
    [
      "by slices: it publishes pods that are not ready, and a waypoint's pod must be",
      { spec: "selector: {app: web}, publishNotReadyAddresses: true" },
      "by-slices",
      [80],
    ],
    [
      "by selector: a word that names no port changes nothing",
      { meta: "annotations: {waystone.dev/direct-ports: nope}", ports: two },
      "by-selector",
      [80, 9090],
    ],
  ];
  test.for(rows)("%s", ([, written, way, ports]) => {
    expect(openClusterWorld(enrolledShop + service(written)).targetOf("shop/web")).toMatchObject({
      is: "captured",
      way,
      ports,
    });
  });
});
