/**
 * Whom a CUSTOM or an ExternalAuth filter asks, as the engine knows it: checked, immutable. The question itself is put by the waypoint
 * (waypoint/src/authorizer); what is decided here is which requests it is put for.
 */
import { AuthorizerApi, type AuthorizerResource } from "@waystone/api/resources";
import { isToken } from "../headers/header-line.ts";
import type { Problems } from "../route/problems.ts";

export interface Authorizer {
  readonly protocol: "grpc" | "http";
  /** "<namespace>/<name>:<port>", the key of its Backend. */
  readonly backend: string;
  /** "<name>.<namespace>.svc.cluster.local:<port>" */
  readonly authority: string;
  /** Not empty: why it cannot be asked; who would be asked about is refused. */
  readonly invalid: string;
  readonly timeoutMs: number;
  readonly failOpen: boolean;
  readonly statusOnError: number;
  /** Undefined: the body is not sent along. */
  readonly body: AuthorizerBody | undefined;
  readonly contextExtensions: Readonly<Record<string, string>>;
  /** Of HTTP. */
  readonly path: string;
  /** Header names in lower case. Of HTTP beside those that are always sent; of gRPC these alone, or all where there is none. */
  readonly allowedHeaders: readonly string[];
  /** Of HTTP; "all": what may be changed at all. */
  readonly headersToBackend: readonly string[] | "all";
  readonly headersToClient: readonly string[] | "all";
  /** Equal texts: the same question to the same authority, so that an answer stands for both. */
  readonly question: string;
}

export interface AuthorizerBody {
  readonly maxBytes: number;
  readonly allowPartial: boolean;
}

const protocols: ReadonlyMap<number, Authorizer["protocol"]> = new Map([
  [AuthorizerApi.EXT_AUTHZ_V3, "grpc"],
  [AuthorizerApi.HTTP_CHECK, "http"],
]);

/** As in the CRD. */
const longestTimeoutMs = 60_000;
export const largestBody = 1_048_576;

/** `owner`: the policy or route that asks is part of the question. `place`: where problems are. */
export function authorizerFromResource(
  resource: AuthorizerResource,
  owner: string,
  problems: Problems,
  place = "authorization.provider",
): Authorizer {
  const service = resource.service ?? "";
  const port = resource.port ?? 0;
  const timeoutMs = resource.timeoutMs ?? 0;
  const statusOnError = resource.statusOnError ?? 0;
  const bodyMaxBytes = resource.bodyMaxBytes ?? 0;
  const problem = (field: string, message: string): void => {
    problems.add(`${place}.${field}`, message);
  };
  const protocol = protocols.get(resource.api ?? 0);
  if (protocol === undefined) problem("api", `${resource.api ?? 0} is not known to this version`);
  const [namespace = "", name = "", ...more] = service.split("/");
  if (namespace === "" || name === "" || more.length > 0) {
    problem("service", `${JSON.stringify(service)} is not "<namespace>/<name>"`);
  }
  if (port < 1 || port > 65_535) problem("port", `${port} is not a port`);
  if (timeoutMs < 1 || timeoutMs > longestTimeoutMs) problem("timeout", `${timeoutMs} ms is not 1ms to 60s`);
  if (statusOnError < 400 || statusOnError > 599)
    problem("statusOnError", `${statusOnError} is not 400 to 599`);
  if (bodyMaxBytes > largestBody) problem("body.maxBytes", `${bodyMaxBytes} is more than ${largestBody}`);
  const names = (field: "allowedHeaders" | "headersToBackend" | "headersToClient"): readonly string[] =>
    (resource[field] ?? []).map((each, at) => {
      if (!isToken(each)) problem(`${field}[${at}]`, `${JSON.stringify(each)} is not a header name`);
      return each.toLowerCase();
    });
  const asked = {
    protocol: protocol ?? "grpc",
    backend: `${service}:${port}`,
    path: resource.path ?? "",
    allowedHeaders: names("allowedHeaders"),
    headersToBackend: resource.allHeadersToBackend === true ? "all" : names("headersToBackend"),
    body:
      bodyMaxBytes === 0
        ? undefined
        : { maxBytes: bodyMaxBytes, allowPartial: resource.bodyAllowPartial ?? false },
    contextExtensions: resource.contextExtensions ?? {},
  } as const;
  return {
    ...asked,
    authority: `${name}.${namespace}.svc.cluster.local:${port}`,
    invalid: resource.invalid ?? "",
    timeoutMs,
    failOpen: resource.failOpen ?? false,
    statusOnError,
    headersToClient: resource.allHeadersToClient === true ? "all" : names("headersToClient"),
    question: JSON.stringify([owner, asked]),
  };
}
