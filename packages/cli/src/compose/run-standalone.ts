/**
 * `waystone run`, composed: files -> controller -> (in memory, the same bytes as over the wire) -> waypoint -> traffic.
 * Everything is opened in this order and closed in the other.
 */
import { systemClock } from "@waystone/base/clock";
import { readCpuLimit } from "@waystone/base/cpu-limit";
import { systemRng } from "@waystone/base/rng";
import { createWaypoint, type Waypoint } from "@waystone/waypoint/app";
import type { PortProblem } from "@waystone/waypoint/worker/port-problem";
import { pairDelta } from "@waystone/xds/pair";
import { CliError } from "../cli-error.ts";
import type { RunOptions } from "../commands/run.ts";
import { formatAddress, parseLoopbackAddress } from "../flags/parse-address.ts";
import { AccessLogSink } from "../output/access-log-sink.ts";
import { listProblems } from "../output/list-problems.ts";
import { openLog } from "../output/open-log.ts";
import { startQuietly } from "../output/quiet-start.ts";
import { renderProblemList, renderStartSummary } from "../output/start-summary.ts";
import { settingsFromFlags } from "../settings/settings-from-flags.ts";
import { version } from "../version.ts";
import { awaitShutdown } from "./await-shutdown.ts";
import { openStateDir } from "./open-state-dir.ts";
import { type Configuration, openConfiguration } from "./open-configuration.ts";
import { withPortProblems } from "./with-port-problems.ts";

/** How long the last lines of the access log may take to leave. */
const flushMs = 1_000;

export async function runStandalone(options: RunOptions): Promise<void> {
  // 1. What the flags say, all of it checked before anything is opened. Loopback endpoints are what files name here.
  const admin = parseLoopbackAddress(
    options.admin,
    "--admin",
    "it has no password, so it must not leave this machine",
  );
  const settings = settingsFromFlags(
    { ...options, accessLog: options.accessLog === "on", allowLoopback: true, forbiddenAddresses: [] },
    process.env,
  );
  const workers = options.workers ?? Math.max(1, Math.floor(readCpuLimit()));
  const state = await openStateDir(options.stateDir);
  const log = openLog(options);
  const quiet = startQuietly(log);

  // 2. The files, and the controller that understands them.
  const configuration = await openConfiguration({
    paths: options.filename,
    watch: true,
    logger: quiet.logger,
  });
  const { controller } = configuration;
  refuseNothing(configuration);

  // 3. The waypoint, paired with the controller in memory. Its admin address shows the status of both.
  const accessLog = new AccessLogSink({ descriptor: 1, clock: systemClock, logger: log });
  let portProblems: readonly PortProblem[] = [];
  const status = () => withPortProblems(controller.status(), portProblems);
  const waypoint = await createWaypoint({
    nodeId: `*/${process.pid}`,
    version,
    settings,
    workers,
    clock: systemClock,
    rng: systemRng,
    controlPlane: [],
    logger: quiet.logger,
    accessLog,
    admin: [{ ...admin, groups: ["readiness", "metrics", "admin"] }],
    connect: (client) => pairDelta({ server: controller.server, client, clock: systemClock }),
    ...state,
    statusProvider: status,
    onPortProblems: (problems) => void (portProblems = problems),
  });
  const close = async (): Promise<void> => {
    await waypoint.close();
    configuration.close();
  };

  // 4. Serving: ports are open, or said to be taken.
  await waypoint.ready;
  const { listening } = waypoint;
  if (listening.length === 0) {
    await close();
    throw new CliError(describeNoPort(waypoint));
  }
  const adminAddress = formatAddress(waypoint.admin[0] ?? admin);
  const greet = (): void => {
    const report = status();
    const problems = listProblems(report);
    const summary = { version, report, listening, admin: adminAddress, workers, problems };
    if (options.logFormat === "text") process.stderr.write(renderStartSummary(summary));
    else for (const problem of problems) log.warn({}, problem);
    quiet.speak();
    log.info({ listening: listening.length }, `serving; admin on http://${adminAddress}`);
  };

  // 5. The end: no new requests, then those under way, then everything else.
  await awaitShutdown(log, greet, async () => {
    await waypoint.drain(options.drainTimeout);
    await accessLog.flush(flushMs);
    await close();
  });
}

/** Without a port to open there is nothing that could ever answer. */
function refuseNothing(configuration: Configuration): void {
  const { controller } = configuration;
  const report = controller.status();
  if (report.services.some(({ ports }) => ports.some(({ listen }) => listen.length > 0))) return;
  const problems = listProblems(report);
  if (problems.length > 0) process.stderr.write(`${renderProblemList(problems).join("\n")}\n`);
  configuration.close();
  const isEnrolled = report.services.some(({ waypoint }) => waypoint !== null);
  throw new CliError(
    isEnrolled
      ? "nothing to serve: no enrolled Service has a port and a clusterIP in 127.0.0.0/8; give one, such as clusterIP: 127.20.0.10"
      : "nothing to serve: no Service has a waypoint; annotate a Namespace or Service with waystone.dev/use-waypoint: waypoint",
  );
}

function describeNoPort({ portProblems }: Waypoint): string {
  const [first, ...others] = portProblems;
  if (first === undefined) return "nothing to serve: no port could be opened";
  return others.length === 0 ? first.message : `${first.message}; and ${others.length} more ports like it`;
}
