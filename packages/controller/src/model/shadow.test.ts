import { describe, expect, test } from "vitest";
import type { Service } from "@waystone/api/kubernetes/core";
import { frontObject, shadowObject } from "../testing/shadow-objects.ts";
import { isShadowOf, parseShadow } from "./shadow.ts";
import { shadowName } from "./shadow-name.ts";
import { parseWaypointPorts } from "./waypoint-port.ts";

const front = frontObject({ name: "web" });
const shadow = shadowObject(front, { waypoint: "shop/waypoint", ports: { 80: 10001 } });

function with_(metadata: Partial<Service["metadata"]>): Service {
  return { ...shadow, metadata: { ...shadow.metadata, ...metadata } };
}

test("a shadow says whose it is, who has it, and where it is served", () => {
  expect(parseShadow(shadow)).toMatchObject({
    front: "shop/web",
    key: `shop/${shadow.metadata.name}`,
    waypoint: "shop/waypoint",
    movingTo: undefined,
    ports: new Map([[80, 10001]]),
  });
});

describe("what only looks like a shadow is a Service like any other", () => {
  const [owner] = shadow.metadata.ownerReferences ?? [];
  const rows: [string, Service][] = [
    ["without the label", with_({ labels: { "app.kubernetes.io/managed-by": "waystone" } })],
    ["not managed by Waystone", with_({ labels: { "waystone.dev/shadow-of": "web" } })],
    ["by a name that its front's shadow does not have", with_({ name: "web-shadow" })],
    ["with the name of the shadow of another namespace's front", with_({ namespace: "other" })],
    ["without an owner", with_({ ownerReferences: [] })],
    ["owned by another Service", with_({ ownerReferences: [{ ...owner!, name: "cart" }] })],
    ["owned by another kind of that name", with_({ ownerReferences: [{ ...owner!, kind: "Ingress" }] })],
    [
      "owned by a Service of another group",
      with_({ ownerReferences: [{ ...owner!, apiVersion: "serving.knative.dev/v1" }] }),
    ],
  ];
  test.for(rows)("%s", ([, object]) => expect(parseShadow(object)).toBeUndefined());
});

test("it is the shadow of the very front that it was made for, not of one of the same name", () => {
  expect(isShadowOf(parseShadow(shadow), front)).toBe(true);
  const another = { ...front, metadata: { ...front.metadata, uid: "another" } };
  expect(isShadowOf(parseShadow(shadow), another)).toBe(false);
});

test("a shadow without a uid to compare is nobody's", () => {
  const { uid: _, ...metadata } = front.metadata;
  expect(isShadowOf(parseShadow(shadow), { ...front, metadata })).toBe(false);
});

test.for([
  ["no slash", "waypoint"],
  ["two slashes", "shop/way/point"],
  ["a dot in the Gateway's name", "shop/way.point"],
  ["nothing", ""],
  ["more than 63 characters", `shop/${"w".repeat(64)}`],
])("a waypoint written with %s is none", ([, text]) => {
  expect(parseShadow(shadowObject(front, { waypoint: text }))?.waypoint).toBeUndefined();
});

test("shadows' names fit into 63 characters and differ where names are alike up to the cut", () => {
  const long = "a".repeat(63);
  expect(shadowName("shop", long)).toHaveLength(63);
  expect(shadowName("shop", long)).not.toBe(shadowName("shop", long.slice(0, 62)));
  expect(shadowName("shop", "web")).toBe("web-shadow-97375");
});

describe("the annotation with the ports", () => {
  const rows: [string, string, [number, number][]][] = [
    [
      "is read as far as it makes sense",
      '{"80":10001,"81":10002}',
      [
        [80, 10001],
        [81, 10002],
      ],
    ],
    ["is nothing when it is no JSON", '{"80":10001', []],
    ["is nothing when it is a list", "[10001]", []],
    ["is nothing when it is longer than any could be", `{"80":10001,"x":"${"y".repeat(20_000)}"}`, []],
    ["gives no port below the range", '{"80":9999,"81":80}', []],
    ["gives no port above the range", '{"80":30000}', []],
    ["gives none of the waypoint's own ports", '{"80":15021,"81":15020,"82":15000}', []],
    ["gives no fraction and no text", '{"80":10001.5,"81":"10002"}', []],
    [
      "knows no port 0, and none that is written oddly",
      '{"0":10001,"080":10002,"1e2":10003,"65536":10004}',
      [],
    ],
    ["gives one waypoint port once", '{"80":10001,"81":10001}', [[80, 10001]]],
    [
      "may name both ends of the range",
      '{"1":10000,"65535":29999}',
      [
        [1, 10000],
        [65535, 29999],
      ],
    ],
  ];
  test.for(rows)("%s", ([, text, expected]) => {
    expect([...parseWaypointPorts({ "waystone.dev/waypoint-ports": text })]).toEqual(expected);
  });
});
