/** `waystone controller -f`, composed: files -> controller -> gRPC on loopback, with its own admin address. */
import { systemClock } from "@waystone/base/clock";
import { MetricsRegistry } from "@waystone/base/metrics";
import { adminRoutes } from "@waystone/waypoint/admin/admin-routes";
import { openAdminServers } from "@waystone/waypoint/admin/admin-server";
import { openProcessMetrics } from "@waystone/waypoint/admin/process-metrics";
import { openThreadMetrics } from "@waystone/waypoint/worker/thread-metrics";
import { serveDelta } from "@waystone/xds/grpc/serve-delta";
import type { ControllerOptions } from "../commands/controller.ts";
import { formatAddress, parseLoopbackAddress } from "../flags/parse-address.ts";
import { openLog } from "../output/open-log.ts";
import { version } from "../version.ts";
import { awaitShutdown } from "./await-shutdown.ts";
import { openConfiguration } from "./open-configuration.ts";

/** How long waypoints may take to hear that the controller leaves. */
const goodbyeMs = 1_000;

export async function runController(options: ControllerOptions): Promise<void> {
  // 1. What the flags say.
  const admin = parseLoopbackAddress(
    options.admin ?? "127.0.0.1:15001",
    "--admin",
    "it has no password, so it must not leave this machine",
  );
  const reason = "the push channel has no TLS and no tokens yet";
  const listen = parseLoopbackAddress(options.listen ?? "127.0.0.1:15010", "--listen", reason);
  const logger = openLog(options);

  // 2. The files, and the controller that understands them.
  const configuration = await openConfiguration({ paths: options.filename, watch: true, logger });
  const { controller } = configuration;

  // 3. Where people and probes look, then where waypoints connect: who connects finds everything there.
  const metrics = new MetricsRegistry();
  const refreshProcess = openProcessMetrics(metrics, systemClock, version);
  const refreshThread = openThreadMetrics(metrics, "main");
  const servers = await openAdminServers({
    listen: [{ ...admin, groups: ["readiness", "metrics", "admin"] }],
    logger,
    routes: adminRoutes({
      waitingFor: () => [],
      metrics: async () => {
        refreshProcess();
        refreshThread();
        return metrics.collect();
      },
      dump: async () => ({
        version,
        streams: controller.server.streams(),
        routes: controller.resolvedRoutes(),
      }),
      status: () => controller.status(),
      logLevel: () => logger.level,
      setLogLevel: (level) => void (logger.level = level),
    }),
  });
  const served = await serveDelta({
    server: controller.server,
    address: formatAddress(listen),
    clock: systemClock,
  });
  const adminAddress = formatAddress(servers.listening[0] ?? admin);

  // 4. The end. Waypoints go on serving what they have.
  const greet = (): void => {
    const { address: push } = served;
    logger.info({ push }, `waypoints may connect to ${push}; admin on http://${adminAddress}`);
  };
  await awaitShutdown(logger, greet, async () => {
    await served.close(goodbyeMs);
    configuration.close();
    await servers.close();
  });
}
