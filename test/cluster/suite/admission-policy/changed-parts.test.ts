/** Owners of captured Services who change a part of them, by hand or by a patch, with and without a controller at work. */
import { describe, expect, test } from "vitest";
import type { ProgramResult } from "../../run-program.ts";
import type { CapturedService, Seen, Wishes } from "./captured-service.ts";
import type { OwnerSpec, Port } from "./owner.ts";
import { admin, asWritten, http, kept, ours, policySuite, web } from "./policy-suite.ts";

const { captured, owner } = policySuite("owners-parts");

interface Action {
  readonly is: string;
  readonly act: (name: string, service: CapturedService) => Promise<ProgramResult>;
  readonly front?: Seen;
  readonly wishes: Wishes;
  /** As `web` unless given. */
  readonly shadow?: Seen;
}

async function tryActions(service: CapturedService, action: Action): Promise<void> {
  const { exitCode, stderr } = await action.act(service.name, service);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(await service.front()).toEqual(action.front ?? kept);
  expect(await service.wishes()).toEqual(action.wishes);
  await service.carryWishes();
  expect(service.shadow()).toEqual(action.shadow ?? asWritten(web));
  expect(await service.wishes()).toEqual({});
}

const withSelector = (selector: OwnerSpec["selector"] & object): Seen => asWritten({ ...web, selector });
const withPorts = (...ports: readonly Port[]): Seen => asWritten({ ...web, ports });

describe("an owner who changes a part", () => {
  const actions: readonly Action[] = [
    {
      is: "by a merge patch of a label in the selector",
      act: async (name) => await owner.patch(name, "merge", { spec: { selector: { track: "b" } } }),
      wishes: { selector: "+track=b" },
      shadow: withSelector({ app: "web", tier: "front", track: "b" }),
    },
    {
      is: "by a strategic patch of a label in the selector",
      act: async (name) => await owner.patch(name, "strategic", { spec: { selector: { app: "shop" } } }),
      wishes: { selector: "+app=shop" },
      shadow: withSelector({ app: "shop", tier: "front" }),
    },
    {
      is: "by a JSON patch of the selector",
      act: async (name) =>
        await owner.patch(name, "json", [{ op: "replace", path: "/spec/selector", value: { app: "shop" } }]),
      wishes: { selector: "app=shop" },
      shadow: withSelector({ app: "shop" }),
    },
    {
      is: "by kubectl set selector",
      act: async (name) => await owner.kubectl(["set", "selector", "service", name, "app=shop,track=b"]),
      wishes: { selector: "app=shop,track=b" },
      shadow: withSelector({ app: "shop", track: "b" }),
    },
    {
      is: "by editing the selector",
      act: async (name) => await owner.edit(name, "s|waystone.dev/waypoint: waypoint|app: shop|"),
      wishes: { selector: "app=shop" },
      shadow: withSelector({ app: "shop" }),
    },
    {
      is: "by editing a targetPort",
      act: async (name) => await owner.edit(name, "s/targetPort: 10001/targetPort: web/"),
      wishes: { targetPorts: "80/TCP=web" },
      shadow: withPorts({ ...http, targetPort: "web" }, admin),
    },
    {
      is: "by editing the number of a port: it keeps the targetPort that the editor does not show",
      act: async (name) => await owner.edit(name, "s/port: 80$/port: 8080/"),
      front: { selector: ours, targetPorts: { "8080/TCP": 9, "81/TCP": 10_002 } },
      wishes: { targetPorts: "8080/TCP=80/TCP" },
      shadow: withPorts({ ...http, port: 8080 }, admin),
    },
    {
      is: "by a JSON patch of a port's protocol: the same",
      act: async (name) =>
        await owner.patch(name, "json", [{ op: "replace", path: "/spec/ports/1/protocol", value: "UDP" }]),
      front: { selector: ours, targetPorts: { "80/TCP": 10_001, "81/UDP": 9 } },
      wishes: { targetPorts: "81/UDP=81/TCP" },
      shadow: withPorts(http, { ...admin, protocol: "UDP" }),
    },
    {
      is: "by a strategic patch that adds a port",
      act: async (name) =>
        await owner.patch(name, "strategic", {
          spec: { ports: [{ name: "new", port: 90, targetPort: 9090 }] },
        }),
      front: { selector: ours, targetPorts: { ...kept.targetPorts, "90/TCP": 9 } },
      wishes: { targetPorts: "90/TCP=9090" },
      shadow: withPorts(http, admin, { name: "new", port: 90, targetPort: 9090 }),
    },
    {
      is: "by a merge patch that leaves one port, its targetPort unsaid",
      act: async (name) =>
        await owner.patch(name, "merge", { spec: { ports: [{ name: "http", port: 80 }] } }),
      front: { selector: ours, targetPorts: { "80/TCP": 10_001 } },
      wishes: { targetPorts: "80/TCP=80" },
      shadow: withPorts({ ...http, targetPort: 80 }),
    },
    {
      is: "by taking the selector away",
      act: async (name) => await owner.patch(name, "merge", { spec: { selector: null } }),
      wishes: { selector: "none" },
      shadow: withSelector({}),
    },
    {
      is: "by taking our annotations away",
      act: async (name) =>
        await owner.kubectl([
          "annotate",
          "service",
          name,
          "waystone.dev/captured-by-",
          "waystone.dev/original-",
        ]),
      wishes: {},
    },
    {
      is: "by writing another waypoint into our annotation and our selector",
      act: async (name) =>
        await owner.patch(name, "merge", {
          metadata: {
            annotations: { "waystone.dev/captured-by": "other/waypoint", "waystone.dev/original": "{}" },
          },
          spec: { selector: { "waystone.dev/waypoint": "other" } },
        }),
      wishes: {},
    },
    {
      is: "by labels and annotations of their own",
      act: async (name) =>
        await owner.patch(name, "merge", { metadata: { labels: { team: "a" }, annotations: { note: "b" } } }),
      wishes: {},
    },
    {
      is: "by the type NodePort",
      act: async (name) => await owner.patch(name, "merge", { spec: { type: "NodePort" } }),
      wishes: {},
    },
    {
      is: "by the type ExternalName: the controller sees it and gives it back",
      act: async (name) =>
        await owner.patch(name, "merge", { spec: { type: "ExternalName", externalName: "example.com" } }),
      wishes: {},
    },
    {
      is: "by the marker of release alone: the controller sees it and gives it back",
      act: async (name) => await owner.kubectl(["annotate", "service", name, "waystone.dev/release=true"]),
      wishes: {},
    },
  ];

  test.for(actions)("$is", async (action) => {
    await tryActions(await captured(), action);
  });

  test("by the status subresource is not looked at", async () => {
    const service = await captured();
    const condition = {
      type: "a.test/A",
      status: "True",
      reason: "A",
      message: "",
      lastTransitionTime: "2026-01-01T00:00:00Z",
    };
    const status = { status: { conditions: [condition] } };
    const args = [
      "patch",
      "service",
      service.name,
      "--subresource=status",
      "--type=merge",
      "-p",
      JSON.stringify(status),
    ];
    expect(await owner.kubectl(args)).toMatchObject({ exitCode: 0 });
    expect(await service.front()).toEqual(kept);
  });

  test("without any port left, and with ports again, is followed", async () => {
    const service = await captured();
    const external = { type: "ExternalName", externalName: "example.com", ports: null };
    await owner.patch(service.name, "merge", { spec: external });
    expect(await service.front()).toEqual({ selector: ours, targetPorts: {} });
    const back = { type: "ClusterIP", externalName: null, ports: [http] };
    await owner.patch(service.name, "merge", { spec: back });
    expect(await service.front()).toEqual({ selector: ours, targetPorts: { "80/TCP": 9 } });
    expect(await service.wishes()).toEqual({ targetPorts: "80/TCP=http" });
  });
});

describe("wishes that wait, because the controller is away", () => {
  const steps: readonly { readonly what: string; readonly patch: unknown; readonly wishes: Wishes }[] = [
    {
      what: "a targetPort",
      patch: { spec: { ports: [{ port: 80, targetPort: "web" }] } },
      wishes: { targetPorts: "80/TCP=web" },
    },
    {
      what: "another port's targetPort beside it",
      patch: { spec: { ports: [{ port: 81, targetPort: 9999 }] } },
      wishes: { targetPorts: "80/TCP=web,81/TCP=9999" },
    },
    {
      what: "a new port beside both",
      patch: { spec: { ports: [{ name: "new", port: 82, targetPort: "new" }] } },
      wishes: { targetPorts: "82/TCP=new,80/TCP=web,81/TCP=9999" },
    },
    {
      what: "the first again, with another targetPort",
      patch: { spec: { ports: [{ port: 80, targetPort: 8080 }] } },
      wishes: { targetPorts: "82/TCP=new,80/TCP=8080,81/TCP=9999" },
    },
    {
      what: "one port away",
      patch: { spec: { ports: [{ $patch: "delete", port: 81 }] } },
      wishes: { targetPorts: "82/TCP=new,80/TCP=8080" },
    },
    {
      what: "a label on top",
      patch: { spec: { selector: { track: "a" } } },
      wishes: { selector: "+track=a", targetPorts: "82/TCP=new,80/TCP=8080" },
    },
    {
      what: "two labels on top of that",
      patch: { spec: { selector: { track: "b", zone: "1" } } },
      wishes: { selector: "+track=b,zone=1", targetPorts: "82/TCP=new,80/TCP=8080" },
    },
    {
      what: "the whole selector",
      patch: { spec: { selector: { $patch: "replace", app: "shop" } } },
      wishes: { selector: "app=shop", targetPorts: "82/TCP=new,80/TCP=8080" },
    },
    {
      what: "a label on top of the whole",
      patch: { spec: { selector: { track: "c" } } },
      wishes: { selector: "app=shop,track=c", targetPorts: "82/TCP=new,80/TCP=8080" },
    },
    {
      what: "no selector",
      patch: { spec: { selector: null } },
      wishes: { selector: "none", targetPorts: "82/TCP=new,80/TCP=8080" },
    },
    {
      what: "a label after all",
      patch: { spec: { selector: { app: "last" } } },
      wishes: { selector: "app=last", targetPorts: "82/TCP=new,80/TCP=8080" },
    },
    {
      what: "the wishes themselves away",
      patch: {
        metadata: {
          annotations: { "waystone.dev/wanted-selector": null, "waystone.dev/wanted-target-ports": null },
        },
      },
      wishes: { selector: "app=last", targetPorts: "82/TCP=new,80/TCP=8080" },
    },
  ];

  test("add up, the later over the earlier, and come to the shadow together", async () => {
    const service = await captured();
    for (const { what, patch, wishes } of steps) {
      const { exitCode, stderr } = await owner.patch(service.name, "strategic", patch);
      expect({ what, exitCode, stderr }).toMatchObject({ exitCode: 0 });
      expect({ what, ...(await service.wishes()) }).toEqual({ what, ...wishes });
      expect((await service.front()).selector).toEqual(ours);
    }
    await service.carryWishes();
    expect(service.shadow()).toEqual({
      selector: { app: "last" },
      targetPorts: { "80/TCP": 8080, "82/TCP": "new" },
    });
  });

  test("of a port that waits are kept when it is renumbered once more", async () => {
    const service = await captured();
    await owner.edit(service.name, "s/port: 80$/port: 8080/");
    await owner.edit(service.name, "s/port: 8080$/port: 9090/");
    expect(await service.wishes()).toEqual({ targetPorts: "9090/TCP=80/TCP" });
    await service.carryWishes();
    expect(service.shadow()).toEqual(withPorts({ ...http, port: 9090 }, admin));
  });

  test("that are gone with their ports leave no annotation", async () => {
    const service = await captured();
    await owner.patch(service.name, "strategic", { spec: { ports: [{ port: 81, targetPort: 1 }] } });
    await owner.patch(service.name, "strategic", { spec: { ports: [{ $patch: "delete", port: 81 }] } });
    expect(await service.wishes()).toEqual({});
  });
});
