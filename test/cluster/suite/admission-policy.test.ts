/**
 * The admission policies on a real API server (more of it in the folder of this name): whichever tool the owner of a captured
 * Service writes it with, the front stays ours in the same request, the wish comes through to the shadow, and nobody sees a
 * conflict.
 */
import { describe, expect, test } from "vitest";
import type { Seen } from "./admission-policy/captured-service.ts";
import { type OwnerSpec, type Port, tools } from "./admission-policy/owner.ts";
import {
  admin,
  asOurs,
  asWritten,
  bySlices,
  http,
  ours,
  policySuite,
  portKey,
  web,
} from "./admission-policy/policy-suite.ts";

const { captured, owner } = policySuite("owners");

// Each on a Service of its own; at once, because most of the time is programs starting.
describe.concurrent("an owner who writes the whole manifest again", () => {
  /** Far more than anybody has: the cost of a policy's expressions is limited. */
  const manyPorts = Array.from(
    { length: 300 },
    (_, at): Port => ({ name: `p${at}`, port: 1000 + at, targetPort: `t${at}` }),
  );
  const changes: readonly {
    readonly what: string;
    readonly before?: OwnerSpec;
    readonly after: OwnerSpec;
  }[] = [
    { what: "nothing", after: web },
    {
      what: "the value of a label in the selector",
      after: { ...web, selector: { app: "shop", tier: "front" } },
    },
    { what: "the selector to one label fewer", after: { ...web, selector: { app: "web" } } },
    {
      what: "the selector to one label more",
      after: { ...web, selector: { app: "web", tier: "front", track: "b" } },
    },
    {
      what: "the selector to other labels",
      after: { ...web, selector: { "app.kubernetes.io/name": "web" } },
    },
    { what: "a targetPort", after: { ...web, ports: [{ ...http, targetPort: "web" }, admin] } },
    {
      what: "targetPorts from a name to a number and back",
      after: {
        ...web,
        ports: [
          { ...http, targetPort: 8080 },
          { ...admin, targetPort: "admin" },
        ],
      },
    },
    {
      what: "the ports to one more",
      after: { ...web, ports: [http, admin, { name: "new", port: 82, targetPort: "new" }] },
    },
    { what: "the ports to one fewer", after: { ...web, ports: [admin] } },
    { what: "the name of a port", after: { ...web, ports: [{ ...http, name: "web" }, admin] } },
    { what: "the number of a port", after: { ...web, ports: [{ ...http, port: 8080 }, admin] } },
    { what: "the order of the ports", after: { ...web, ports: [admin, http] } },
    {
      what: "all at once",
      after: {
        selector: { app: "shop" },
        ports: [
          { name: "http2", port: 80, targetPort: 8080 },
          { name: "new", port: 82, targetPort: "new" },
        ],
      },
    },
    {
      what: "one of 300 ports",
      before: { ...web, ports: manyPorts },
      after: {
        ...web,
        ports: manyPorts.map((port, at) => (at === 150 ? { ...port, targetPort: 8080 } : port)),
      },
    },
  ];
  const cases = tools.flatMap((tool) => changes.map((change) => ({ tool, ...change })));

  test.for(cases)(
    "by $tool, and changes $what, changes the shadow alone",
    async ({ tool, before = web, after }) => {
      const service = await captured({ tool, spec: before });
      await owner.write(tool, service.name, after, false);
      expect(await service.front()).toEqual(asOurs(before, after));
      await service.carryWishes();
      expect(service.shadow()).toEqual(asWritten(after));
      expect(service.shadowNames()).toEqual(
        Object.fromEntries(after.ports.map((port) => [portKey(port), port.name])),
      );
      expect(await service.wishes()).toEqual({});
      // And once more: no conflict with what the controller has written since.
      await owner.write(tool, service.name, after, false);
      expect(await service.front()).toEqual(asOurs(before, after));
      await service.carryWishes();
      expect(service.shadow()).toEqual(asWritten(after));
    },
  );

  test.for(tools)("by %s, with one number in two protocols, keeps two ports", async (tool) => {
    const dns: OwnerSpec = {
      selector: { app: "dns" },
      ports: [
        { name: "dns", port: 53, protocol: "UDP", targetPort: 5353 },
        { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 5354 },
      ],
    };
    const service = await captured({ tool, spec: dns });
    const after = { ...dns, selector: { app: "dns2" } };
    await owner.write(tool, service.name, after, false);
    const front = await service.front();
    expect(front.selector).toEqual(ours);
    expect(front.targetPorts).toEqual({ "53/UDP": 10_001, "53/TCP": 10_002 });
    await service.carryWishes();
    expect(service.shadow()).toEqual(asWritten(after));
  });
});

describe("the ownership of fields", () => {
  test.for(["client-side apply", "server-side apply", "helm 4"] as const)(
    "stays with %s: nothing of it is the controller's, neither after the capture nor after a wish",
    async (tool) => {
      const service = await captured({ tool });
      const managers = await service.fieldManagers();
      expect(managers).not.toContain("waystone-controller");
      await owner.write(tool, service.name, { ...web, selector: { app: "shop" } }, false);
      await service.carryWishes();
      expect(await service.fieldManagers()).toEqual(managers);
    },
  );
});

describe("a Service that is captured by slices", () => {
  const shows = (spec: OwnerSpec): Seen => ({ ...asWritten(spec), selector: bySlices });

  test.for(tools)("keeps its selector, and has the owner's ports, written by %s", async (tool) => {
    const service = await captured({ tool, way: "by-slices" });
    const after: OwnerSpec = {
      selector: { app: "shop" },
      ports: [
        { ...http, targetPort: "web" },
        { name: "new", port: 82, targetPort: 8082 },
      ],
    };
    await owner.write(tool, service.name, after, false);
    expect(await service.front()).toEqual(shows(after));
    expect((await service.wishes()).selector).toMatch(/^\+?app=shop$/);
    await service.carryWishes();
    expect(service.shadow()).toEqual(asWritten(after));
    await owner.write(tool, service.name, web, false);
    await service.carryWishes();
    expect(service.shadow()).toEqual(asWritten(web));
  });

  test("is put back by the documented patch", async () => {
    const service = await captured({ way: "by-slices" });
    expect(await owner.patch(service.name, "merge", await service.releasePatch())).toMatchObject({
      exitCode: 0,
    });
    expect(await service.front()).toEqual(asWritten(web));
  });
});
