/** For tests: a controller over TLS on loopback that admits by token, and waypoints that dial it by name. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createLogger } from "@waystone/base/logger";
import type { ManualClock } from "@waystone/testkit/manual-clock";
import { until } from "@waystone/testkit/within";
import type { Admission, Authenticate, Caller, Refusal } from "../grpc/authenticate.ts";
import type { ResolveAddresses } from "../grpc/resolve-addresses.ts";
import type { WaitingLimits } from "../grpc/waiting-room.ts";
import { type Controller, GrpcRig, type Waypoint } from "./grpc-rig.ts";
import * as certificates from "./test-certificates.ts";

/** Admits who has a token that is listed, as the node that it is listed for. */
export class Gate {
  readonly tokens = new Map<string, string>([["good", "shop/waypoint/1"]]);
  readonly callers: Caller[] = [];
  readonly #open = new Map<string, Set<(refusal: Refusal) => void>>();
  /** While set, nobody hears whether he is admitted. */
  isSilent = false;

  readonly authenticate: Authenticate = async (caller, signal) => {
    this.callers.push(caller);
    if (this.isSilent) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    const { token = "" } = caller;
    const nodeId = this.tokens.get(token);
    if (nodeId === undefined)
      return { refusal: { kind: "unauthenticated", reason: "the token is not accepted" } };
    return { admission: this.#admit(token, nodeId) };
  };

  /** As when a token expires, or its pod goes. */
  revoke(token: string, refusal: Refusal): void {
    this.tokens.delete(token);
    this.end(token, refusal);
  }

  end(token: string, refusal: Refusal): void {
    for (const end of this.#open.get(token) ?? []) end(refusal);
  }

  watched(token: string): number {
    return this.#open.get(token)?.size ?? 0;
  }

  #admit(token: string, nodeId: string): Admission {
    const ends = this.#open.get(token) ?? new Set();
    this.#open.set(token, ends);
    const scope = nodeId.split("/").slice(0, 2).join("/");
    return {
      nodeId,
      scope,
      watch(end) {
        ends.add(end);
        return () => void ends.delete(end);
      },
    };
  }
}

export interface SecureControllerOptions {
  readonly tls?: typeof certificates.server;
  readonly address?: string;
  readonly clock?: ManualClock;
  readonly limits?: Partial<WaitingLimits>;
}

export interface DialledAs {
  readonly id?: string;
  readonly name?: string;
  readonly resolve?: ResolveAddresses;
  readonly caFile?: string;
  readonly tokenFile?: string;
  /** What it logs, as JSON. */
  readonly lines?: string[];
}

export const portOf = (address: string): string => address.slice(address.lastIndexOf(":") + 1);

/** The reasons why there was no controller, as the log says. */
export const reasonsIn = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => (JSON.parse(line) as { reason?: string }).reason ?? []);

export class SecureRig extends GrpcRig {
  readonly gate = new Gate();
  readonly folder: string;
  /** Holds "good", which the gate takes for shop/waypoint/1. */
  readonly tokenFile: string;

  private constructor(folder: string) {
    super();
    this.folder = folder;
    this.tokenFile = path.join(folder, "token");
    this.onClose(async () => await rm(folder, { recursive: true }));
  }

  static async open(): Promise<SecureRig> {
    const rig = new SecureRig(await mkdtemp(path.join(os.tmpdir(), "waystone-push-")));
    await writeFile(rig.tokenFile, "good\n");
    return rig;
  }

  async secureController(options: SecureControllerOptions = {}): Promise<Controller> {
    const { tls = certificates.server, limits, address = "127.0.0.1:0", clock } = options;
    const { authenticate } = this.gate;
    const secure = { tls, authenticate, ...(limits && { limits }) };
    return await this.controller({ address, secure, ...(clock && { clock }) });
  }

  dial(controller: { readonly address: string }, options: DialledAs = {}): Waypoint {
    const { id, name = certificates.serverName, resolve = async () => ["127.0.0.1"], lines } = options;
    const { caFile = certificates.caFile, tokenFile = this.tokenFile } = options;
    const stream = { write: (line: string) => void lines?.push(line) };
    return this.waypoint(`${name}:${portOf(controller.address)}`, {
      ...(id !== undefined && { id }),
      tls: { caFile },
      tokenFile,
      resolve,
      logger: createLogger({ level: "debug", stream }),
    });
  }

  /** Why a waypoint gets no stream. */
  async reasonOf(controller: { readonly address: string }, options: DialledAs = {}): Promise<string> {
    const lines: string[] = [];
    const waypoint = this.dial(controller, { ...options, lines });
    await until(() => reasonsIn(lines).length > 0, "it is refused");
    waypoint.close();
    return reasonsIn(lines)[0] ?? "";
  }
}
