/**
 * Server and client together, over a wire that a random schedule delivers, loses and reopens. What must hold however it
 * goes: at most one unanswered push, nothing sent twice without a change, nothing that points at what is not there, and in
 * the end the waypoint holds the catalog, less what it refused.
 */
import {
  DeltaDiscoveryRequest,
  DeltaDiscoveryResponse,
  type DeltaResponse,
  Resource,
} from "@waystone/api/discovery";
import { type TypeUrl, typeUrls, wildcardTypeUrls } from "@waystone/api/names";
import { ManualClock } from "@waystone/testkit/manual-clock";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { createDeltaClient, type DeltaClient } from "./client/delta-client.ts";
import type { Rejected, ResourceDelta } from "./resource.ts";
import { createDeltaServer, type DeltaServer } from "./server/delta-server.ts";
import type { ServerStream } from "./server/delta-stream.ts";
import { contentOf, type Edit, MapCatalog } from "./testing/map-catalog.ts";
import { RecordingObserver } from "./testing/recording-observer.ts";

const { service, endpointSlice, route, workload } = typeUrls;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type Step =
  | { readonly do: "edit"; readonly edits: readonly Edit[]; readonly urgent: boolean }
  | { readonly do: "to-client" | "to-server" | "lose" | "wait" }
  | { readonly do: "subscribe" | "unsubscribe"; readonly name: string };

/** A wire whose messages move when told to. */
class Wire {
  readonly server: DeltaServer;
  readonly client: DeltaClient;
  toClient: Uint8Array[] = [];
  toServer: Uint8Array[] = [];
  readonly violations: string[] = [];
  #unanswered = 0;
  /** Versions sent in this stream, by type and name. */
  readonly #sent = new Map<string, string>();
  #stream: ServerStream | undefined;

  constructor(server: DeltaServer, client: DeltaClient) {
    this.server = server;
    this.client = client;
    this.open();
  }

  open(): void {
    const stream = this.server.openStream({
      send: (bytes) => {
        this.#check(DeltaDiscoveryResponse.decode(bytes));
        this.toClient.push(bytes);
        return true;
      },
      close: (reason) => {
        throw new Error(reason);
      },
    });
    this.#stream = stream;
    this.client.open({
      send: (bytes) => {
        if (this.#stream === stream) this.toServer.push(bytes);
        return true;
      },
      close: (reason) => {
        throw new Error(reason);
      },
    });
  }

  lose(): void {
    this.#stream?.closed();
    this.client.disconnected();
    this.toClient = [];
    this.toServer = [];
    this.#unanswered = 0;
    this.#sent.clear();
    this.open();
  }

  async deliverToClient(): Promise<void> {
    const bytes = this.toClient.shift();
    if (bytes !== undefined) await this.client.receive(bytes);
  }

  deliverToServer(): void {
    const bytes = this.toServer.shift();
    if (bytes === undefined) return;
    if (DeltaDiscoveryRequest.decode(bytes).responseNonce !== "") this.#unanswered--;
    this.#stream?.receive(bytes);
  }

  async drain(clock: ManualClock): Promise<void> {
    do {
      await turn();
      while (this.toServer.length > 0) this.deliverToServer();
      if (this.toClient.length === 0) clock.advance(10);
      while (this.toClient.length > 0) await this.deliverToClient();
    } while (this.toServer.length + this.toClient.length > 0);
  }

  #check(response: DeltaResponse): void {
    if (++this.#unanswered > 1) this.violations.push("a second push before the first was answered");
    for (const bytes of response.resources ?? []) {
      const { name, version } = Resource.decode(bytes);
      const key = `${response.typeUrl} ${name}`;
      if (this.#sent.get(key) === version && response.typeUrl !== workload)
        this.violations.push(`${key} twice`);
      this.#sent.set(key, version);
    }
    for (const name of response.removedResources ?? []) this.#sent.delete(`${response.typeUrl} ${name}`);
  }
}

function build(options: { responseBytes: number; apply: (delta: ResourceDelta) => Rejected[] }) {
  const clock = new ManualClock();
  const catalog = new MapCatalog();
  const observer = new RecordingObserver();
  const server = createDeltaServer({
    catalog,
    observer,
    clock,
    settings: { responseBytes: options.responseBytes, answerTimeoutMs: 1_000_000 },
  });
  const client = createDeltaClient({
    nodeId: "shop/waypoint/1",
    wildcardTypes: wildcardTypeUrls,
    clock,
    apply: async (delta) => options.apply(delta),
    onComplete: () => {},
  });
  return { clock, catalog, client, wire: new Wire(server, client) };
}

async function run(steps: readonly Step[], rig: ReturnType<typeof build>): Promise<void> {
  const { clock, catalog, client, wire } = rig;
  for (const step of steps) {
    switch (step.do) {
      case "edit":
        catalog.edit(step.edits, step.urgent);
        break;
      case "to-client":
        await wire.deliverToClient();
        break;
      case "to-server":
        await turn();
        wire.deliverToServer();
        break;
      case "lose":
        wire.lose();
        break;
      case "wait":
        // A wire that takes longer than the gathering of first requests (a second) may show a removal early: not here.
        clock.advance(10);
        break;
      case "subscribe":
        client.subscribe(workload, step.name);
        break;
      case "unsubscribe":
        client.unsubscribe(workload, step.name);
        break;
    }
  }
  await wire.drain(clock);
}

const names = fc.constantFrom("a", "b", "c", "d");
const wireSteps = fc.constantFrom<Step>(
  { do: "to-client" },
  { do: "to-client" },
  { do: "to-server" },
  { do: "to-server" },
  { do: "wait" },
  { do: "lose" },
);
const nameSteps = fc.record({
  do: fc.constantFrom("subscribe" as const, "unsubscribe" as const),
  name: names,
});
const anyEdit = fc.record<Edit>({
  typeUrl: fc.constantFrom<TypeUrl>(service, endpointSlice, route, workload),
  name: names,
  content: fc.constantFrom("1", "2", "3", "bad", undefined),
});
const anyEdits = fc.record({
  do: fc.constant("edit" as const),
  edits: fc.array(anyEdit, { minLength: 1, maxLength: 4 }),
  urgent: fc.boolean(),
});

test("after any changes, losses and refusals a waypoint holds the catalog, less what it refused", async () => {
  const steps = fc.array(fc.oneof(anyEdits, wireSteps, wireSteps, nameSteps), { maxLength: 60, size: "max" });
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom(60, 150, 1_000_000), async (steps, responseBytes) => {
      const asked = new Set<string>();
      for (const step of steps) {
        if (step.do === "subscribe") asked.add(step.name);
        if (step.do === "unsubscribe") asked.delete(step.name);
      }
      const apply = ({ upserts }: ResourceDelta): Rejected[] =>
        upserts.filter((one) => contentOf(one) === "bad").map(({ name }) => ({ name, reason: "bad" }));
      const rig = build({ responseBytes, apply });
      await run(steps, rig);
      for (const typeUrl of [service, endpointSlice, route, workload]) {
        const held = rig.client.held(typeUrl);
        const offered = rig.catalog.of(typeUrl);
        for (const [name, resource] of offered) {
          if (typeUrl === workload && !asked.has(name)) expect(held.has(name)).toBe(false);
          else if (contentOf(resource) === "bad") expect(held.get(name)?.version).not.toBe(resource.version);
          else expect(held.get(name)?.version).toBe(resource.version);
        }
        for (const name of held.keys()) expect(offered.has(name)).toBe(true);
      }
      expect(rig.wire.violations).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test("at no moment does a waypoint hold a route to a Service, or a slice of one, that it does not hold", async () => {
  // A pass puts in place, for a few names, which Service a route and a slice of that name point to; Services that nothing
  // points to are removed in the same pass: the catalog is whole at any time.
  const pointer = fc.option(names, { nil: undefined });
  const wish = fc.record({ route: pointer, slice: pointer });
  const pass = fc.dictionary(names, wish, { minKeys: 1, maxKeys: 4 });
  const steps = fc.array(fc.oneof(pass, wireSteps, wireSteps, wireSteps), { maxLength: 80, size: "max" });
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom(60, 150, 1_000_000), async (script, responseBytes) => {
      const dangling: string[] = [];
      const holding = new Map<TypeUrl, Map<string, string>>(
        wildcardTypeUrls.map((type) => [type, new Map()]),
      );
      const apply = ({ typeUrl, upserts, removals }: ResourceDelta): Rejected[] => {
        const kept = holding.get(typeUrl)!;
        for (const resource of upserts) kept.set(resource.name, contentOf(resource));
        for (const name of removals) kept.delete(name);
        for (const type of [route, endpointSlice]) {
          for (const [name, target] of holding.get(type)!) {
            if (!holding.get(service)!.has(target)) dangling.push(`${type} ${name} points to ${target}`);
          }
        }
        return [];
      };
      const rig = build({ responseBytes, apply });
      await run(planPasses(script), rig);
      expect([...dangling, ...rig.wire.violations]).toEqual([]);
      for (const type of wildcardTypeUrls) {
        const offered = [...rig.catalog.of(type)].map(([name, resource]) => [name, contentOf(resource)]);
        expect(new Map(holding.get(type))).toEqual(new Map(offered as [string, string][]));
      }
    }),
    { numRuns: 400 },
  );
});

type Pass = Record<string, { route: string | undefined; slice: string | undefined }>;

function isStep(pass: Pass | Step): pass is Step {
  return typeof pass.do === "string";
}

function planPasses(script: readonly (Pass | Step)[]): Step[] {
  const routes = new Map<string, string>();
  const slices = new Map<string, string>();
  const services = new Set<string>();
  return script.map((pass) => {
    if (isStep(pass)) return pass;
    const edits: Edit[] = [];
    for (const [name, wish] of Object.entries(pass)) {
      for (const [typeUrl, map, target] of [
        [route, routes, wish.route],
        [endpointSlice, slices, wish.slice],
      ] as const) {
        edits.push({ typeUrl, name, content: target });
        if (target === undefined) map.delete(name);
        else map.set(name, target);
      }
    }
    const needed = new Set([...routes.values(), ...slices.values()]);
    for (const name of needed) if (!services.has(name)) edits.push({ typeUrl: service, name, content: "1" });
    for (const name of services)
      if (!needed.has(name)) edits.push({ typeUrl: service, name, content: undefined });
    services.clear();
    for (const name of needed) services.add(name);
    return { do: "edit", edits, urgent: edits.length % 2 === 0 };
  });
}
