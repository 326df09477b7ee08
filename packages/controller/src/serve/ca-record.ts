/**
 * The controller's certificate authority as it is kept: Secret waystone-ca of the release's namespace. Everything that a
 * change of authority needs to remember stands in it, so that any leader can go on with one that another has begun.
 */
import { errorMessage } from "@waystone/base/error-message";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { caObject } from "@waystone/api/names";
import type { KubeObject } from "@waystone/kube/kube-object";
import type { KubeResource } from "@waystone/kube/kube-resource";

/** A key and the certificate that it belongs to, PEM. */
export interface Authority {
  readonly key: string;
  readonly certificate: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

export interface CaRecord {
  /** Signs. */
  readonly current: Authority;
  /** Announced to waypoints, since then; signs when all of them have had the time to hear of it. */
  readonly next: { readonly authority: Authority; readonly sinceMs: number } | undefined;
  /** Signs no more; believed until then. */
  readonly previous: { readonly certificate: string; readonly untilMs: number } | undefined;
  /** Somebody wants another authority. */
  readonly isChangeAsked: boolean;
}

export interface CaSecret extends KubeObject {
  readonly type?: string;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
}

export const secrets: KubeResource = {
  group: "",
  version: "v1",
  plural: "secrets",
  kind: "Secret",
  namespaced: true,
};

/** On the Secret, by a person: anything asks for another authority. */
export const changeCaKey = "waystone.dev/change-ca";
const nextSinceKey = "waystone.dev/ca-next-since";
const previousUntilKey = "waystone.dev/ca-previous-until";

/** What waypoints believe, PEM: the one that signs first. */
export function bundleOf({ current, next, previous }: CaRecord): string {
  return [current.certificate, next?.authority.certificate, previous?.certificate]
    .filter((each) => each !== undefined)
    .map((pem) => `${pem.trim()}\n`)
    .join("");
}

/** Throws with what is wrong and what to do. */
export function parseCaSecret(secret: CaSecret): CaRecord {
  const annotations = secret.metadata.annotations ?? {};
  const read = (entry: string): string | undefined => {
    const text = secret.data?.[entry];
    return text === undefined || text === "" ? undefined : Buffer.from(text, "base64").toString("utf8");
  };
  const current = parseAuthority("ca", read);
  if (current === undefined) throw broken("ca.crt and ca.key are not both there");
  const next = parseAuthority("next", read);
  const previous = read("previous.crt");
  return {
    current,
    next: next && { authority: next, sinceMs: parseTime(nextSinceKey, annotations) },
    previous:
      previous === undefined
        ? undefined
        : { certificate: previous, untilMs: parseTime(previousUntilKey, annotations) },
    isChangeAsked: changeCaKey in annotations,
  };
}

/** `found` is the Secret as it was read, whose labels and other annotations stay; undefined: a new one. */
export function formatCaSecret(
  record: CaRecord,
  namespace: string,
  found: CaSecret | undefined,
  labels: Readonly<Record<string, string>>,
): CaSecret {
  const { current, next, previous, isChangeAsked } = record;
  const kept = Object.entries(found?.metadata.annotations ?? {}).filter(([name]) => !ours.has(name));
  const annotations = {
    ...Object.fromEntries(kept),
    ...(next && { [nextSinceKey]: new Date(next.sinceMs).toISOString() }),
    ...(previous && { [previousUntilKey]: new Date(previous.untilMs).toISOString() }),
    ...(isChangeAsked && { [changeCaKey]: found?.metadata.annotations?.[changeCaKey] ?? "true" }),
  };
  const data = {
    "ca.crt": current.certificate,
    "ca.key": current.key,
    ...(next && { "next.crt": next.authority.certificate, "next.key": next.authority.key }),
    ...(previous && { "previous.crt": previous.certificate }),
  };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata:
      found === undefined
        ? { name: caObject, namespace, labels, annotations }
        : { ...found.metadata, annotations },
    type: "Opaque",
    data: Object.fromEntries(
      Object.entries(data).map(([entry, text]) => [entry, Buffer.from(text).toString("base64")]),
    ),
  };
}

const ours: ReadonlySet<string> = new Set([changeCaKey, nextSinceKey, previousUntilKey]);

function parseAuthority(
  entry: "ca" | "next",
  read: (entry: string) => string | undefined,
): Authority | undefined {
  const certificate = read(`${entry}.crt`);
  const key = read(`${entry}.key`);
  if (certificate === undefined || key === undefined) return undefined;
  try {
    const parsed = new X509Certificate(certificate);
    if (!parsed.checkPrivateKey(createPrivateKey(key))) throw new Error("the key is of another certificate");
    return {
      certificate,
      key,
      notBeforeMs: parsed.validFromDate.getTime(),
      notAfterMs: parsed.validToDate.getTime(),
    };
  } catch (error) {
    throw broken(`${entry}.crt and ${entry}.key: ${errorMessage(error)}`);
  }
}

/** What is not a time has been long ago: the step that waits for it is taken. */
function parseTime(name: string, annotations: Readonly<Record<string, string>>): number {
  const parsed = Date.parse(annotations[name] ?? "");
  return Number.isNaN(parsed) ? 0 : parsed;
}

function broken(what: string): Error {
  return new Error(
    `Secret ${caObject} can't be used: ${what}. It is left as it is; delete it to have a new authority made ` +
      "(waypoints then need up to two minutes to connect again)",
  );
}
