/** `waystone controller` in a cluster, composed: admin servers -> API server -> controller -> (elected) the leader's tasks. */
import { errorMessage } from "@waystone/base/error-message";
import { hostname, networkInterfaces } from "node:os";
import { setFlagsFromString } from "node:v8";
import { systemClock } from "@waystone/base/clock";
import { parseIp } from "@waystone/base/ip";
import type { Logger } from "@waystone/base/logger";
import { MetricsRegistry } from "@waystone/base/metrics";
import { systemRng } from "@waystone/base/rng";
import { ports } from "@waystone/api/names";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import {
  type ClusterController,
  openClusterController,
} from "@waystone/controller/cluster/cluster-controller";
import { type ClusterSettings, readClusterSettings } from "@waystone/controller/cluster/cluster-settings";
import { openSourceAnswers } from "@waystone/controller/probe/answer-source";
import { findCluster } from "@waystone/kube/find-cluster";
import { openTransport } from "@waystone/kube/transport/open-transport";
import type { Transport } from "@waystone/kube/transport/transport";
import type { AdminListen } from "@waystone/waypoint/admin/admin-server";
import { adminRoutes, type AdminRoute } from "@waystone/waypoint/admin/admin-routes";
import { openAdminServers } from "@waystone/waypoint/admin/admin-server";
import { openProcessMetrics } from "@waystone/waypoint/admin/process-metrics";
import { openThreadMetrics } from "@waystone/waypoint/worker/thread-metrics";
import { CliError } from "../cli-error.ts";
import type { ControllerOptions } from "../commands/controller.ts";
import { formatAddress, parseAddress, parseLoopbackAddress } from "../flags/parse-address.ts";
import { openLog } from "../output/open-log.ts";
import { version } from "../version.ts";
import { awaitShutdown } from "./await-shutdown.ts";

/** By how much the heap may grow beyond what is kept before it is collected again: 30 MB less for ten thousand pods. */
const heapGrowingPercent = 25;

export async function runClusterController(options: ControllerOptions): Promise<void> {
  // Most of what is read at the start is garbage: V8 would let the heap grow to several times what is kept.
  setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`);

  // 1. What the flags and the environment say.
  const listen = adminListen(options);
  const logger = openLog(options);
  const transport = await connect(options);
  const settings = readSettings(transport, options.listen);

  // 2. Where people and probes look. It answers from now on, whatever becomes of the API server.
  const metrics = new MetricsRegistry();
  let cluster: ClusterController | undefined;
  let isLeaving = false;
  const waitingFor = (): readonly string[] =>
    isLeaving ? ["the controller shuts down"] : (cluster?.waitingFor ?? ["the start"]);
  const servers = await openAdminServers({
    listen,
    logger,
    routes: controllerRoutes({ logger, metrics, waitingFor, cluster: () => cluster }),
  });
  const answers = await answerSources(settings.podName, logger);

  // 3. The controller, which comes up by itself however long the API server takes.
  const graph = createCollectionGraph({
    onError: (error) =>
      logger.error({ error }, "a part of the configuration could not be computed; it stays as it was"),
  });
  const surroundings = { clock: systemClock, rng: systemRng, logger, metrics };
  cluster = openClusterController({ transport, graph, settings, ...surroundings });

  // 4. The end. Waypoints go on serving what they have; another replica leads at once.
  const [readiness, metricsAt, admin] = servers.listening.map((each) => `http://${formatAddress(each)}`);
  const greet = (): void => {
    const places = `readiness on ${readiness}, metrics on ${metricsAt}, admin on ${admin}`;
    logger.info({ version, namespace: settings.ownNamespace, pod: settings.podName }, places);
  };
  await awaitShutdown(logger, greet, async () => {
    isLeaving = true;
    await cluster.close();
    await transport.close();
    await answers.close();
    await servers.close();
  });
}

/**
 * In a pod its own cluster; elsewhere one that was named. Not whatever ~/.kube/config happens to be at: a controller changes
 * a cluster from the moment that it runs.
 */
async function connect({ kubeconfig, context }: ControllerOptions): Promise<Transport> {
  const environment = process.env;
  const isPod = (environment["KUBERNETES_SERVICE_HOST"] ?? "") !== "";
  const isNamed =
    kubeconfig !== undefined || context !== undefined || (environment["KUBECONFIG"] ?? "") !== "";
  if (!isPod && !isNamed) {
    throw new CliError(
      "this is no pod, and no cluster is named: give manifest files with -f, or a cluster with --kubeconfig or KUBECONFIG",
    );
  }
  try {
    const config = await findCluster({ environment, clock: systemClock, kubeconfig, context });
    return openTransport({ ...config, userAgent: `waystone-controller/${version}` }, { clock: systemClock });
  } catch (thrown) {
    throw new CliError(errorMessage(thrown));
  }
}

function readSettings({ namespace }: Transport, pushAddress: string | undefined): ClusterSettings {
  try {
    return readClusterSettings({
      environment: process.env,
      namespace,
      hostname: hostname(),
      addresses: ownAddresses(),
      version,
      pushAddress,
    });
  } catch (thrown) {
    throw new CliError(errorMessage(thrown));
  }
}

/** A pod has three: readiness for the kubelet, metrics for Prometheus, and the rest on loopback alone. */
function adminListen(options: ControllerOptions): readonly AdminListen[] {
  const every = everyAddress();
  const readiness = options.readiness ?? `[${every}]:${ports.readiness}`;
  const metrics = options.metrics ?? `[${every}]:${ports.metrics}`;
  const admin = options.admin ?? `127.0.0.1:${ports.admin}`;
  const reason = "it has no password, so it must not leave this machine";
  return [
    { ...parseAddress(readiness, "--readiness"), groups: ["readiness"] },
    { ...parseAddress(metrics, "--metrics"), groups: ["metrics"] },
    { ...parseLoopbackAddress(admin, "--admin", reason), groups: ["admin"] },
  ];
}

/** Of this pod: whom others should see when it dials them. */
function ownAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.flatMap(({ address, internal }) => (internal ? [] : (parseIp(address) ?? [])));
}

/** Whether the cluster keeps source addresses is nothing to fail for. */
async function answerSources(pod: string, logger: Logger): Promise<{ close(): Promise<void> }> {
  try {
    return await openSourceAnswers({ pod, port: ports.sourceProbe });
  } catch (thrown) {
    const message = `port ${ports.sourceProbe} cannot be opened, so nobody learns from here whether source addresses are kept`;
    logger.warn({ error: thrown }, message);
    return { close: async () => {} };
  }
}

/** Of both families, where the kernel has both. */
function everyAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.some(({ family }) => family === "IPv6") ? "::" : "0.0.0.0";
}

interface ControllerRoutesOptions {
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
  readonly waitingFor: () => readonly string[];
  readonly cluster: () => ClusterController | undefined;
}

function controllerRoutes({
  logger,
  metrics,
  waitingFor,
  cluster,
}: ControllerRoutesOptions): readonly AdminRoute[] {
  const refreshProcess = openProcessMetrics(metrics, systemClock, version);
  const refreshThread = openThreadMetrics(metrics, "main");
  return adminRoutes({
    waitingFor,
    metrics: async () => {
      refreshProcess();
      refreshThread();
      return metrics.collect();
    },
    dump: async () => ({
      version,
      leadership: cluster()?.leadership,
      waitingFor: waitingFor(),
      streams: cluster()?.controller?.server.streams() ?? [],
      routes: cluster()?.controller?.resolvedRoutes() ?? [],
    }),
    status: () => cluster()?.controller?.status() ?? { waitingFor: waitingFor() },
    logLevel: () => logger.level,
    setLogLevel: (level) => void (logger.level = level),
  });
}
