/**
 * What the admin server answers, as one table. `group` says on which port a route is served: a pod has three (readiness for
 * the kubelet, metrics for Prometheus, the rest on loopback alone), `waystone run` has one for all.
 */
import { type LogLevel, logLevels } from "@waystone/base/logger";
import type { Family } from "@waystone/base/metrics";
import { metricsContentType, renderMetrics } from "@waystone/base/metrics-text";
import { type AdminAnswer, jsonAnswer, textAnswer } from "./admin-answer.ts";

export type AdminGroup = "readiness" | "metrics" | "admin";

export interface AdminRoute {
  readonly path: string;
  readonly group: AdminGroup;
  readonly methods: readonly string[];
  /** For the listing at "/". */
  readonly summary: string;
  readonly answer: (request: AdminRequest) => AdminAnswer | Promise<AdminAnswer>;
}

export interface AdminRequest {
  readonly method: string;
  readonly query: URLSearchParams;
}

export interface AdminSources {
  /** What serving waits for; empty: ready. */
  readonly waitingFor: () => readonly string[];
  readonly metrics: () => Promise<readonly Family[]>;
  readonly dump: () => Promise<unknown>;
  /** The status of the user's objects, where this process knows it (`waystone run`). */
  readonly status: (() => unknown) | undefined;
  readonly logLevel: () => LogLevel;
  readonly setLogLevel: (level: LogLevel) => void;
}

export function adminRoutes(sources: AdminSources): readonly AdminRoute[] {
  return [
    {
      path: "/healthz/live",
      group: "readiness",
      methods: ["GET"],
      summary: "200 while the process answers at all",
      answer: () => textAnswer(200, "live"),
    },
    {
      path: "/healthz/ready",
      group: "readiness",
      methods: ["GET"],
      summary: "200 when traffic is welcome, 503 with what is waited for",
      answer: () => readiness(sources.waitingFor()),
    },
    {
      path: "/metrics",
      group: "metrics",
      methods: ["GET"],
      summary: "all workers' metrics, in Prometheus' text format",
      answer: async () => ({
        status: 200,
        contentType: metricsContentType,
        body: renderMetrics(await sources.metrics()),
      }),
    },
    {
      path: "/config_dump",
      group: "admin",
      methods: ["GET"],
      summary: "what each worker runs, generation by generation",
      answer: async () => jsonAnswer(await sources.dump()),
    },
    {
      path: "/status",
      group: "admin",
      methods: ["GET"],
      summary: "the status of routes, Gateways and Services",
      answer: () => (sources.status === undefined ? noStatus() : jsonAnswer(sources.status())),
    },
    {
      path: "/logging",
      group: "admin",
      methods: ["GET", "POST", "PUT"],
      summary: `the log level; POST ?level=${logLevels.join("|")} changes it`,
      answer: (request) => logging(sources, request),
    },
  ];
}

function readiness(waitingFor: readonly string[]): AdminAnswer {
  if (waitingFor.length === 0) return textAnswer(200, "ready");
  return textAnswer(503, `not ready: ${waitingFor.join("; ")}`);
}

function noStatus(): AdminAnswer {
  return textAnswer(
    404,
    "this process only runs a waypoint; the status of objects is with its controller (`waystone status`)",
  );
}

function logging(sources: AdminSources, { method, query }: AdminRequest): AdminAnswer {
  const wanted = query.get("level");
  if (method === "GET" && wanted === null) return jsonAnswer({ level: sources.logLevel() });
  const level = logLevels.find((known) => known === wanted);
  if (level === undefined) {
    return textAnswer(
      400,
      `no log level ${JSON.stringify(wanted ?? "")}; give ?level= one of ${logLevels.join(", ")}`,
    );
  }
  // A link or an image in a web page can make a GET: it must change nothing.
  if (method === "GET")
    return textAnswer(405, "send POST or PUT to change the level", { Allow: "GET, HEAD, POST, PUT" });
  sources.setLogLevel(level);
  return jsonAnswer({ level });
}
