/**
 * What a BackendTLSPolicy asks of a backend's certificate, as the waypoint is told, and why it cannot be carried out where it
 * cannot. The schema has checked forms; what is left is what the CRD's CEL rules and the specification's text say.
 */
import type { BackendTLSPolicy } from "@waystone/api/kubernetes/gateway";
import type { BackendTlsResource, SubjectAltNameResource } from "@waystone/api/resources";
import { parseIp } from "@waystone/base/ip";
import type { FetchContext } from "@waystone/collection/collection";
import type { Sources } from "../../model/sources.ts";
import { type CaFault, readCaCertificates } from "./ca-certificates.ts";

export interface BackendValidation {
  readonly backendTls: BackendTlsResource;
  /** What is wrong with references; with some of them good the rest is trusted. */
  readonly unresolved: readonly CaFault[];
  /** Not empty: nothing may be sent to its targets. */
  readonly faults: readonly ValidationFault[];
}

export interface ValidationFault {
  readonly field: string;
  readonly reason: "Invalid" | "NoValidCACertificate";
  readonly message: string;
}

export function translateBackendValidation(
  fetch: FetchContext,
  sources: Pick<Sources, "configMaps" | "cluster">,
  { metadata, spec }: BackendTLSPolicy,
): BackendValidation {
  const { validation } = spec;
  const refs = validation.caCertificateRefs ?? [];
  const { certificates, faults: unresolved } = readCaCertificates(
    fetch,
    sources,
    metadata.namespace ?? "",
    refs,
  );
  const faults: ValidationFault[] = [];
  const refuse = (field: string, message: string): void =>
    void faults.push({ field: `spec.${field}`, reason: "Invalid", message });
  for (const option of Object.keys(spec.options ?? {}))
    refuse(`options[${option}]`, "this option is not known; there are none");
  if (parseIp(validation.hostname) !== undefined)
    refuse("validation.hostname", `${validation.hostname} is an address, and must be a DNS name`);
  const systemRoots = checkTrust(validation, refuse);
  const subjectAltNames = (validation.subjectAltNames ?? []).map((name, index) =>
    subjectAltName(name, (message) => refuse(`validation.subjectAltNames[${index}]`, message)),
  );
  if (faults.length === 0 && !systemRoots && certificates.length === 0) {
    const message = `no CA certificate is valid: ${unresolved.map((fault) => fault.message).join("; ")}`;
    faults.push({ field: "spec.validation.caCertificateRefs", reason: "NoValidCACertificate", message });
  }
  const { hostname } = validation;
  const backendTls = { hostname, subjectAltNames, systemRoots, caCertificates: [...certificates] };
  return { backendTls, unresolved, faults };
}

type Validation = BackendTLSPolicy["spec"]["validation"];
type Refuse = (field: string, message: string) => void;

/** Gives back whether the system's roots are what is trusted. */
function checkTrust({ caCertificateRefs, wellKnownCACertificates }: Validation, refuse: Refuse): boolean {
  const hasRefs = (caCertificateRefs ?? []).length > 0;
  if (wellKnownCACertificates === undefined) {
    if (!hasRefs) refuse("validation", "it must name caCertificateRefs, or wellKnownCACertificates: System");
    return false;
  }
  if (hasRefs)
    refuse("validation.wellKnownCACertificates", "it stands beside caCertificateRefs: only one of them may");
  if (wellKnownCACertificates !== "System") {
    const message = `${wellKnownCACertificates} is not known; there is System`;
    refuse("validation.wellKnownCACertificates", message);
  }
  return wellKnownCACertificates === "System";
}

function subjectAltName(
  { type, hostname = "", uri = "" }: NonNullable<Validation["subjectAltNames"]>[number],
  refuse: (message: string) => void,
): SubjectAltNameResource {
  if (type === "URI") {
    if (uri === "" || hostname !== "") refuse("a name of type URI has uri, and no hostname");
    return { uri };
  }
  if (hostname === "" || uri !== "") refuse("a name of type Hostname has hostname, and no uri");
  else if (parseIp(hostname) !== undefined) refuse(`${hostname} is an address, and must be a DNS name`);
  return { hostname };
}
