/** Waystone, one worker, metrics on, access log off: as `waystone run`, and as `waystone waypoint` beside a controller. */
import { existsSync } from "node:fs";
import path from "node:path";
import { freePort } from "@waystone/testkit/free-port";
import { loadCore, ProcessGroup, proxyCore } from "../../process/process-group.ts";
import { type ListenAddress, untilListening } from "../../process/until-listening.ts";
import { firstUrl, type Peer, type PeerSetup, type RunningPeer, shownHeaders, untilServing } from "./peer.ts";
import { addressOf, serviceAddress, writeManifests } from "./waystone-files.ts";

export const repository: string = path.resolve(import.meta.dirname, "../../..");
const commonFlags = ["--workers", "1", "--log-level", "warn"];

/** What is printed is the access log, and nothing else. */
function logging({ folder, policies }: PeerSetup): {
  readonly flags: readonly string[];
  readonly file?: string;
} {
  if (policies?.writesLog !== true) return { flags: [...commonFlags, "--access-log", "off"] };
  return { flags: [...commonFlags, "--access-log", "on"], file: path.join(folder, "access.log") };
}

/** As one process, and as `waystone waypoint`, whose process is the waypoint's alone: the controller's memory is not the proxy's. */
export interface WaystonePeer extends Peer {
  readonly asWaypoint: Peer;
}

export const waystone: WaystonePeer = waystoneOf("waystone", repository, "this checkout");

/** Another checkout, to compare with in the same run: an earlier commit in a work tree of its own. */
export function waystoneBefore(checkout: string): WaystonePeer {
  return waystoneOf("before", path.resolve(checkout), checkout);
}

function waystoneOf(name: string, checkout: string, described: string): WaystonePeer {
  const common = {
    name,
    missing: async (): Promise<string | undefined> =>
      existsSync(commandOf(checkout)) ? undefined : `${commandOf(checkout)} does not exist`,
    version: async (): Promise<string> => described,
  };
  return {
    ...common,
    start: async (setup) => await startRun(checkout, setup),
    asWaypoint: { ...common, start: async (setup) => await startWaypoint(checkout, setup) },
  };
}

async function startRun(checkout: string, setup: PeerSetup): Promise<RunningPeer> {
  const host = addressOf(setup);
  const port = await freePort(host);
  const manifests = await writeManifests(setup, port);
  const admin = ["--admin", `127.0.0.1:${await freePort()}`];
  const { flags, file } = logging(setup);
  const group = startWaystone(checkout, ["run", "-f", manifests, ...admin, ...flags], proxyCore, setup);
  await untilServing(firstUrl(host, port, setup), group, shownHeaders(setup));
  const running = { host, port, process: group, stop: async () => await group.stop() };
  return file === undefined ? running : { ...running, accessLog: file };
}

async function startWaypoint(checkout: string, setup: PeerSetup): Promise<RunningPeer> {
  const port = await freePort(serviceAddress);
  const manifests = await writeManifests(setup, port);
  const started = await startBesideController(checkout, manifests, setup);
  await untilServing(firstUrl(serviceAddress, port, setup), started.process, shownHeaders(setup)).catch(
    async (error: unknown) => {
      await started.stop();
      throw error;
    },
  );
  return { host: serviceAddress, port, ...started };
}

/** A waypoint, whose process it gives back, and the controller that reads the manifests. */
export async function startBesideController(
  checkout: string,
  manifests: string,
  setup?: PeerSetup,
): Promise<Pick<RunningPeer, "process" | "stop">> {
  const free = async (): Promise<string> => `127.0.0.1:${await freePort()}`;
  const push = await free();
  const controller = startWaystone(
    checkout,
    ["controller", "-f", manifests, "--listen", push, "--admin", await free()],
    loadCore,
  );
  await untilListening(parseAddress(push), controller);
  const served = ["--admin", await free(), "--metrics", await free(), "--readiness", await free()];
  const group = startWaystone(
    checkout,
    ["waypoint", "--controller", push, ...served, ...commonFlags, "--access-log", "off"],
    proxyCore,
    setup,
  );
  const stop = async (): Promise<void> => {
    await group.stop();
    await controller.stop();
  };
  return { process: group, stop };
}

function parseAddress(address: string): ListenAddress {
  const [host = "", port = ""] = address.split(":");
  return { host, port: Number(port) };
}

function commandOf(checkout: string): string {
  return path.join(checkout, "packages/cli/bin/waystone");
}

/** Profiles are written by Node itself when the process ends, the worker threads' too. */
function startWaystone(
  checkout: string,
  args: readonly string[],
  core: number,
  setup?: PeerSetup,
): ProcessGroup {
  const folder = setup?.profileFolder;
  const profile = folder === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` };
  const file = setup === undefined ? undefined : logging(setup).file;
  const output = file === undefined ? {} : { outputFile: file };
  return ProcessGroup.start(commandOf(checkout), args, { core, environment: profile, ...output });
}
