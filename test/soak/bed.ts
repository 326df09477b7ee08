/**
 * What the soak runs on: endpoints and waypoints as processes of their own. Where more than one waypoint is asked for each has
 * a folder of its own, with the same Services at another address and on the same endpoints, and all are changed together.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { freePort } from "@waystone/testkit/free-port";
import { WaystoneProcess } from "../../examples/harness/waystone-process.ts";
import { Child } from "../attacks/child.ts";
import { loadCore, proxyCore } from "../process/process-group.ts";
import type { SoakPorts } from "./backend-process.ts";
import {
  type SoakPlaces,
  type SoakService,
  servicesOf,
  writeEndpoints,
  writeRoute,
  writeServices,
} from "./manifests.ts";

export interface BedOptions {
  readonly waypoints: number;
  /** Workers of each. */
  readonly workers: number;
  readonly environment?: Readonly<Record<string, string>>;
}

const backendFile = "../soak/backend-process.ts";

/** What one waypoint serves. */
interface Ground {
  readonly folder: string;
  readonly places: SoakPlaces;
  readonly services: readonly SoakService[];
}

interface Processes {
  readonly backend: Child;
  readonly polite: Child;
  readonly waypoints: readonly WaystoneProcess[];
}

export class SoakBed {
  readonly backend: Child;
  readonly waypoints: readonly WaystoneProcess[];
  readonly #folder: string;
  readonly #grounds: readonly Ground[];
  readonly #polite: Child;

  private constructor(folder: string, grounds: readonly Ground[], { backend, polite, waypoints }: Processes) {
    this.#folder = folder;
    this.#grounds = grounds;
    this.backend = backend;
    this.#polite = polite;
    this.waypoints = waypoints;
  }

  static async open({ waypoints: count, workers, environment = {} }: BedOptions): Promise<SoakBed> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-soak-"));
    const backend = new Child(backendFile, { core: loadCore });
    const polite = new Child(backendFile, { core: proxyCore });
    const [endpoints, politeEndpoints] = await Promise.all([
      backend.next<SoakPorts>(),
      polite.next<SoakPorts>(),
    ]);
    const grounds: Ground[] = [];
    for (let at = 0; at < count; at++)
      grounds.push(
        await layGround(path.join(folder, String(at)), `127.76.0.${at + 1}`, {
          ...endpoints,
          polite: politeEndpoints.http,
        }),
      );
    const flags = ["--admin", "127.0.0.1:0", "--access-log", "off", "--workers", String(workers)];
    const waypoints = grounds.map(
      (ground) => new WaystoneProcess(["run", "-f", ground.folder, ...flags], { environment }),
    );
    const bed = new SoakBed(folder, grounds, { backend, polite, waypoints });
    try {
      for (const each of waypoints) await each.find(/ serving/, "it serves", 60_000);
    } catch (error) {
      await bed.close();
      throw error;
    }
    return bed;
  }

  /** Of the first waypoint. */
  get places(): SoakPlaces {
    return this.#grounds[0]!.places;
  }

  /** Of each waypoint. */
  get allPlaces(): readonly SoakPlaces[] {
    return this.#grounds.map(({ places }) => places);
  }

  /** `prefix`: of the paths of the only requests that it takes. */
  async writeRoute(generation: number, prefix?: string): Promise<void> {
    for (const { folder, places } of this.#grounds) await writeRoute(folder, places.http, generation, prefix);
  }

  async writeEndpoints(count: number): Promise<void> {
    for (const { folder, services } of this.#grounds) await writeEndpoints(folder, services, count);
  }

  async close(): Promise<void> {
    await Promise.all(this.waypoints.map(async (each) => await each.stop()));
    await this.backend.stop();
    await this.#polite.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function layGround(
  folder: string,
  address: string,
  endpoints: SoakPorts & { readonly polite: number },
): Promise<Ground> {
  await mkdir(folder);
  const places: SoakPlaces = {
    address,
    http: await freePort(address),
    grpc: await freePort(address),
    tcp: await freePort(address),
    polite: await freePort(address),
  };
  const services = servicesOf(places, endpoints);
  await writeServices(folder, address, services);
  await writeEndpoints(folder, services, 2);
  await writeRoute(folder, places.http, 0);
  return { folder, places, services };
}
