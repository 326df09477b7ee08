import { describe, expect, test } from "vitest";
import { canRestore, releasePatch, restorePatch } from "./restore-front.ts";
import { admin, applyPatch, capturedFront, front, http, served } from "./testing/capture-fixtures.ts";

const team = { annotations: { team: "a", "waystone.dev/use-waypoint": "waypoint" } };

describe("the patch that puts a front back", () => {
  test("makes it what it was, from its own annotation, with nobody else left to ask", () => {
    const captured = capturedFront(10_001, team);
    expect(applyPatch(captured, restorePatch(captured, undefined) ?? {})).toEqual(front(team));
  });

  test("from the shadow, which has what its owner wished since", () => {
    const now = front({ selector: { app: "cart2" }, ports: [{ ...http, targetPort: 8088 }] });
    const captured = capturedFront();
    expect(applyPatch(captured, restorePatch(captured, served(now).object) ?? {})).toEqual(now);
  });

  test("with the wishes that wait on the front itself", () => {
    const wishes = {
      "waystone.dev/wanted-selector": "app=cart3",
      "waystone.dev/wanted-target-ports": "80/TCP=8099",
    };
    const captured = capturedFront(10_001, { annotations: wishes });
    expect(applyPatch(captured, restorePatch(captured, served(front()).object) ?? {})).toEqual(
      front({ selector: { app: "cart3" }, ports: [{ ...http, targetPort: 8099 }] }),
    );
  });

  test("keeps all fields of all ports: a merge patch writes the list whole", () => {
    const ports = [
      { ...http, targetPort: 10_001, nodePort: 30_080, appProtocol: "http" },
      { ...admin, targetPort: 9, nodePort: 30_081 },
    ];
    const captured = capturedFront(10_001, { ports });
    const shadow = served(front({ ports: [http, admin] })).object;
    expect(applyPatch(captured, restorePatch(captured, shadow) ?? {}).spec?.ports).toEqual([
      { ...http, nodePort: 30_080, appProtocol: "http" },
      { ...admin, nodePort: 30_081 },
    ]);
  });

  test("is good for the version that was read, and no other", () => {
    expect(restorePatch(capturedFront(), undefined)).toHaveProperty("metadata.resourceVersion", "1");
  });

  test("puts back a front that lost its marker, as long as its shadow is there", () => {
    const { metadata, ...rest } = capturedFront();
    const { annotations: _, ...kept } = metadata;
    const unmarked = { ...rest, metadata: kept };
    expect(applyPatch(unmarked, restorePatch(unmarked, served(front()).object) ?? {})).toEqual(front());
    // Without one it may be the Service of the waypoint itself.
    expect(restorePatch(unmarked, undefined)).toBeUndefined();
  });

  test("takes what is left of ours from a front that its owner has put right already", () => {
    const righted = { ...front(), metadata: capturedFront().metadata };
    expect(applyPatch(righted, restorePatch(righted, undefined) ?? {})).toEqual(front());
  });

  test("of a front that nobody captured is none", () => {
    expect(restorePatch(front(), undefined)).toBeUndefined();
    expect(restorePatch(front(), served(front()).object)).toBeUndefined();
    expect(canRestore(front(), undefined)).toBe(true);
  });

  test.for(["", "?", "[]", '{"selector":{}}', '{"selector":{"a":1},"targetPorts":{}}'])(
    "is none where the original is %j and there is no shadow: nothing is guessed",
    (original) => {
      const captured = capturedFront(10_001, { annotations: { "waystone.dev/original": original } });
      expect(restorePatch(captured, undefined)).toBeUndefined();
      expect(canRestore(captured, undefined)).toBe(false);
      expect(canRestore(captured, served(front()).object)).toBe(true);
    },
  );
});

describe("the patch that releases a front", () => {
  test("has the marker too, so that it passes the admission policy, and nothing captures again", () => {
    const captured = capturedFront();
    const after = applyPatch(captured, releasePatch(captured, undefined) ?? {});
    expect(after).toEqual(front({ annotations: { "waystone.dev/release": "true" } }));
  });
});
