/** `waystone waypoint`, composed: a controller elsewhere -> gRPC -> waypoint -> traffic. In a pod, or on a machine. */
import { systemClock } from "@waystone/base/clock";
import { readCpuLimit } from "@waystone/base/cpu-limit";
import { systemRng } from "@waystone/base/rng";
import { createWaypoint } from "@waystone/waypoint/app";
import { connectDelta } from "@waystone/xds/grpc/connect-delta";
import { parsePushAddress } from "@waystone/xds/grpc/push-address";
import { CliError } from "../cli-error.ts";
import type { WaypointOptions } from "../commands/waypoint.ts";
import { formatAddress, parseAddress, parseLoopbackAddress } from "../flags/parse-address.ts";
import { AccessLogSink } from "../output/access-log-sink.ts";
import { openLog } from "../output/open-log.ts";
import { settingsFromFlags } from "../settings/settings-from-flags.ts";
import { version } from "../version.ts";
import { awaitShutdown } from "./await-shutdown.ts";
import { leaveThenDrain } from "./leave-then-drain.ts";
import { openStateDir } from "./open-state-dir.ts";
import { pushChannel } from "./push-channel.ts";

/** How long the last lines of the access log may take to leave. */
const flushMs = 1_000;

export async function runWaypoint(options: WaypointOptions): Promise<void> {
  // 1. What the flags say. A controller on this machine reads files, so loopback endpoints are what they name: allowed.
  const { isSecure, ...channel } = pushChannel(options);
  const admin = parseLoopbackAddress(
    options.admin,
    "--admin",
    "it has no password, so it must not leave this machine",
  );
  const scope = parseGateway(options.gateway);
  const settings = settingsFromFlags(
    {
      ...options,
      accessLog: options.accessLog === "on",
      allowLoopback: !isSecure,
      forbiddenAddresses: isSecure ? [] : [channel.address],
    },
    process.env,
  );
  const state = await openStateDir(options.stateDir);
  const logger = openLog(options);

  // 2. The waypoint, which connects by itself and serves what it has while nobody is there.
  const accessLog = new AccessLogSink({ descriptor: 1, clock: systemClock, logger });
  const waypoint = await createWaypoint({
    nodeId: `${scope}/${options.instance ?? process.pid}`,
    version,
    settings,
    workers: options.workers ?? Math.max(1, Math.floor(readCpuLimit())),
    clock: systemClock,
    rng: systemRng,
    controlPlane: [
      parsePushAddress(channel.address).host,
      process.env["KUBERNETES_SERVICE_HOST"] ?? [],
    ].flat(),
    logger,
    accessLog,
    refusesClosedPorts: isSecure,
    admin: [
      { ...parseAddress(options.readiness, "--readiness"), groups: ["readiness"] },
      { ...parseAddress(options.metrics, "--metrics"), groups: ["metrics"] },
      { ...admin, groups: ["admin"] },
    ],
    connect: (client) => connectDelta({ client, ...channel, clock: systemClock, rng: systemRng, logger }),
    ...state,
  });
  const [readiness, metrics, other] = waypoint.admin.map((each) => `http://${formatAddress(each)}`);
  const greet = (): void => {
    const places = `readiness on ${readiness}, metrics on ${metrics}, admin on ${other}`;
    logger.info({ controller: channel.address, gateway: scope }, places);
    void waypoint.ready.then(() => logger.info({ listening: waypoint.listening.length }, "serving"));
  };

  // 3. The end: others hear of it, then those under way finish, then everything else.
  await awaitShutdown(logger, greet, async () => {
    const times = { delayMs: options.drainDelay, drainMs: options.drainTimeout };
    await leaveThenDrain(waypoint, times, systemClock);
    await accessLog.flush(flushMs);
    await waypoint.close();
  });
}

/** "*" runs every Gateway of the files. */
function parseGateway(gateway: string | undefined): string {
  if (gateway === undefined) return "*";
  const name = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
  const [namespace = "", gatewayName = "", ...rest] = gateway.split("/");
  if (rest.length > 0 || !name.test(namespace) || !name.test(gatewayName)) {
    throw new CliError(
      `--gateway ${JSON.stringify(gateway)} is not namespace/name, for example --gateway shop/waypoint`,
    );
  }
  return gateway;
}
