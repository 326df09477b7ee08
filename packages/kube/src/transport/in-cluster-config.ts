/** How a pod reaches its own API server: two variables and three files (kubernetes.io: "Directly accessing the REST API"). */
import { readFileSync } from "node:fs";
import path from "node:path";
import { isIPv6 } from "node:net";
import type { Clock } from "@waystone/base/clock";
import { fileCredential } from "./file-credential.ts";
import { type Environment, pickProxy } from "./pick-proxy.ts";
import type { TransportConfig } from "./transport-config.ts";

const mountedAt = "/var/run/secrets/kubernetes.io/serviceaccount";

export interface InClusterOptions {
  readonly environment: Environment;
  readonly clock: Clock;
  /** Where the service account is mounted; Kubernetes' place unless given. */
  readonly folder?: string;
}

/** Undefined outside a pod. Throws where the variables are there and the files are not. */
export function inClusterConfig(options: InClusterOptions): TransportConfig | undefined {
  const { environment, clock, folder = mountedAt } = options;
  const host = environment["KUBERNETES_SERVICE_HOST"];
  const port = environment["KUBERNETES_SERVICE_PORT"];
  if (host === undefined || host === "" || port === undefined || port === "") return undefined;
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const files = { token: path.join(folder, "token"), ca: path.join(folder, "ca.crt") };
  return {
    server,
    namespace: readNamespace(folder),
    credentials: fileCredential({ files, clock }),
    proxyUrl: pickProxy(server, environment),
  };
}

function readNamespace(folder: string): string {
  try {
    return readFileSync(path.join(folder, "namespace"), "utf8").trim();
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(
      `this looks like a pod (KUBERNETES_SERVICE_HOST is set), but its service account can't be read: ${detail}. ` +
        "is automountServiceAccountToken false?",
      { cause: thrown },
    );
  }
}
