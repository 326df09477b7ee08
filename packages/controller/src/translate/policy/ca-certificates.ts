/**
 * caCertificateRefs of a BackendTLSPolicy -> the certificates that it trusts, and what is wrong with each reference. A ConfigMap's
 * key "ca.crt" is a bundle of PEM certificates (Gateway API: core support). All of a bundle is read, or the reference is
 * invalid: half a bundle would refuse some backends and nobody could tell why.
 */
import { X509Certificate } from "node:crypto";
import type { LocalObjectReference } from "@waystone/api/kubernetes/gateway";
import type { FetchContext } from "@waystone/collection/collection";
import type { Sources } from "../../model/sources.ts";
import { describeUnreadConfigMap } from "../describe-unread.ts";

export interface CaCertificates {
  /** PEM, each once, in the order of the references. */
  readonly certificates: readonly string[];
  readonly faults: readonly CaFault[];
}

export interface CaFault {
  readonly field: string;
  readonly reason: "InvalidCACertificateRef" | "InvalidKind";
  readonly message: string;
}

export const caKey = "ca.crt";

/** A waypoint holds them in every worker. */
const bundleCertificates = 500;

export function readCaCertificates(
  fetch: FetchContext,
  sources: Pick<Sources, "configMaps" | "cluster">,
  namespace: string,
  refs: readonly LocalObjectReference[],
): CaCertificates {
  const certificates = new Set<string>();
  const faults: CaFault[] = [];
  refs.forEach((ref, index) => {
    const field = `spec.validation.caCertificateRefs[${index}]`;
    const read = readReference(fetch, sources, namespace, ref);
    if ("reason" in read) faults.push({ field, ...read });
    else for (const certificate of read.certificates) certificates.add(certificate);
  });
  return { certificates: [...certificates], faults };
}

/** References to ConfigMaps: what a policy needs to be known. */
export function configMapsOf(namespace: string, refs: readonly LocalObjectReference[]): readonly string[] {
  return refs.filter(isConfigMap).map(({ name }) => `${namespace}/${name}`);
}

function isConfigMap({ group, kind }: LocalObjectReference): boolean {
  return group === "" && kind === "ConfigMap";
}

type Read = { readonly certificates: readonly string[] } | Omit<CaFault, "field">;

function readReference(
  fetch: FetchContext,
  sources: Pick<Sources, "configMaps" | "cluster">,
  namespace: string,
  ref: LocalObjectReference,
): Read {
  if (!isConfigMap(ref)) {
    const group = ref.group === "" ? "" : ` of group ${ref.group}`;
    return { reason: "InvalidKind", message: `${ref.kind}${group} is not supported: name a ConfigMap` };
  }
  const key = `${namespace}/${ref.name}`;
  const invalid = (message: string): Read => ({ reason: "InvalidCACertificateRef", message });
  const configMap = fetch.get(sources.configMaps, key)?.object;
  if (configMap === undefined) return invalid(describeUnreadConfigMap(fetch, sources.cluster, key));
  const bundle = configMap.data?.[caKey];
  if (bundle === undefined) return invalid(`ConfigMap ${key} has no key ${caKey}`);
  const certificates = splitBundle(bundle);
  if (certificates.length === 0) return invalid(`${caKey} of ConfigMap ${key} holds no PEM certificate`);
  if (certificates.length > bundleCertificates)
    return invalid(`${caKey} of ConfigMap ${key} holds more than ${bundleCertificates} certificates`);
  const bad = certificates.findIndex((certificate) => !isCertificate(certificate));
  if (bad >= 0) return invalid(`certificate ${bad + 1} in ${caKey} of ConfigMap ${key} cannot be read`);
  return { certificates };
}

/** Text around the blocks is for people (RFC 7468 5.2). */
function splitBundle(bundle: string): readonly string[] {
  const blocks = bundle.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => `${block}\n`);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
