import { describe, expect, test } from "vitest";
import { parseTarget, type Target } from "./parse-target.ts";

describe("what a command is about", () => {
  test.for<[string, readonly string[], Target]>([
    ["a bare name is a namespace", ["shop"], { kind: "namespace", name: "shop" }],
    ["ns/ is a namespace", ["ns/shop"], { kind: "namespace", name: "shop" }],
    ["kubectl's two words are a namespace", ["namespace", "shop"], { kind: "namespace", name: "shop" }],
    [
      "svc/ is a Service of the namespace at hand",
      ["svc/web"],
      { kind: "service", namespace: "here", name: "web" },
    ],
    [
      "kubectl's two words are a Service",
      ["Service", "web"],
      { kind: "service", namespace: "here", name: "web" },
    ],
  ])("%s", ([, words, target]) => {
    expect(parseTarget(words, "here")).toEqual(target);
  });

  test.for(
    [["deployment/web"], ["svc/web/80"], ["Shop"], [""], ["svc", "web", "more"]].map((words) => [words]),
  )("%j is refused with what would be right", ([words]) => {
    expect(() => parseTarget(words ?? [], "here")).toThrow(
      'give a namespace ("shop") or "svc/web" with -n shop',
    );
  });
});
