/** From a kubeconfig and a context to a TransportConfig: whom to trust, who we are, and the way there. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Clock } from "@waystone/base/clock";
import { suggest } from "@waystone/base/suggest";
import { fileCredential } from "../transport/file-credential.ts";
import { type Environment, pickProxy } from "../transport/pick-proxy.ts";
import {
  type Credential,
  type CredentialSource,
  fixedCredential,
  type TransportConfig,
} from "../transport/transport-config.ts";
import { execCredential } from "./exec-credential.ts";
import type { Kubeconfig, KubeconfigCluster, KubeconfigUser, Said } from "./kubeconfig.ts";

export interface KubeconfigTransportOptions {
  /** current-context unless given. */
  readonly context?: string | undefined;
  /** The context's, else "default", unless given. */
  readonly namespace?: string | undefined;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly isInteractive: boolean;
}

export function kubeconfigTransport(
  kubeconfig: Kubeconfig,
  options: KubeconfigTransportOptions,
): TransportConfig {
  const { context: name = kubeconfig.currentContext, environment } = options;
  if (name === undefined) {
    throw new Error(
      `${said(kubeconfig)} says no current-context: name one, or run kubectl config use-context`,
    );
  }
  const context = find(kubeconfig, "contexts", name).value;
  if (context.cluster === undefined)
    throw new Error(`context ${name} of ${said(kubeconfig)} names no cluster`);
  const cluster = find(kubeconfig, "clusters", context.cluster);
  const { server } = cluster.value;
  if (server === undefined || !URL.canParse(server)) {
    throw new Error(`cluster ${context.cluster} of ${said(kubeconfig)} has no server, or one that is no URL`);
  }
  // A context may do without a user: a server may admit anybody.
  const nobody = { value: {}, folder: cluster.folder };
  const user = context.user === undefined ? nobody : find(kubeconfig, "users", context.user);
  return {
    server,
    namespace: options.namespace ?? (context.namespace || "default"),
    credentials: credentialsOf(cluster, user, options),
    proxyUrl: cluster.value["proxy-url"] || pickProxy(server, environment),
  };
}

function credentialsOf(
  { value: cluster, folder }: Said<KubeconfigCluster>,
  { value: user, folder: userFolder }: Said<KubeconfigUser>,
  { clock, environment, isInteractive }: KubeconfigTransportOptions,
): CredentialSource {
  const base: Credential = {
    authorization: authorizationOf(user),
    headers: impersonationOf(user),
    tls: {
      ca: inline(cluster["certificate-authority-data"]) ?? fromFile(folder, cluster["certificate-authority"]),
      certificate: inline(user["client-certificate-data"]),
      key: inline(user["client-key-data"]),
      serverName: cluster["tls-server-name"],
      insecureSkipVerify: cluster["insecure-skip-tls-verify"],
    },
  };
  if (user.exec !== undefined) {
    return execCredential({
      exec: user.exec,
      folder: userFolder,
      base,
      cluster,
      environment,
      clock,
      isInteractive,
    });
  }
  const files = {
    // As in kubectl: what stands in the file itself counts less than a file for tokens, and more than one for certificates.
    token: absolute(userFolder, user.tokenFile),
    certificate:
      base.tls.certificate === undefined ? absolute(userFolder, user["client-certificate"]) : undefined,
    key: base.tls.key === undefined ? absolute(userFolder, user["client-key"]) : undefined,
  };
  const hasFiles = Object.values(files).some((file) => file !== undefined);
  return hasFiles ? fileCredential({ files, base, clock }) : fixedCredential(base);
}

function authorizationOf(user: KubeconfigUser): string | undefined {
  if (user.token !== undefined && user.token !== "") return `Bearer ${user.token}`;
  if (user.username !== undefined && user.username !== "") {
    return `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`, "utf8").toString("base64")}`;
  }
  const provider = user["auth-provider"];
  if (provider === undefined) return undefined;
  const idToken = provider.config?.["id-token"];
  if (provider.name === "oidc" && idToken !== undefined) return `Bearer ${idToken}`;
  throw new Error(
    `the kubeconfig's auth-provider ${provider.name} is not supported, kubectl has dropped it too: use its exec plugin`,
  );
}

function impersonationOf(user: KubeconfigUser): Credential["headers"] {
  if (user.as === undefined || user.as === "") return undefined;
  const groups = user["as-groups"] ?? [];
  return {
    "impersonate-user": user.as,
    ...(user["as-uid"] === undefined ? {} : { "impersonate-uid": user["as-uid"] }),
    ...(groups.length === 0 ? {} : { "impersonate-group": [...groups] }),
  };
}

function find<K extends "clusters" | "users" | "contexts">(
  kubeconfig: Kubeconfig,
  kind: K,
  name: string,
): NonNullable<ReturnType<Kubeconfig[K]["get"]>> {
  const known = kubeconfig[kind];
  const found = known.get(name);
  if (found !== undefined) return found as NonNullable<ReturnType<Kubeconfig[K]["get"]>>;
  const meant = suggest(name, [...known.keys()]);
  const hint = meant === undefined ? "" : `, did you mean ${meant}?`;
  throw new Error(`${said(kubeconfig)} has no ${kind.slice(0, -1)} ${name}${hint}`);
}

const said = ({ files }: Kubeconfig): string => `kubeconfig ${files.join(", ")}`;

function inline(data: string | undefined): string | undefined {
  return data === undefined || data === "" ? undefined : Buffer.from(data, "base64").toString("utf8");
}

function absolute(folder: string, file: string | undefined): string | undefined {
  return file === undefined || file === "" ? undefined : path.resolve(folder, file);
}

function fromFile(folder: string, file: string | undefined): string | undefined {
  const found = absolute(folder, file);
  if (found === undefined) return undefined;
  try {
    return readFileSync(found, "utf8");
  } catch (thrown) {
    throw new Error(`certificate-authority ${found} of the kubeconfig can't be read`, { cause: thrown });
  }
}
