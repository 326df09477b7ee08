/**
 * Whether a certificate, whose chain is good, is for the backend that the policy means: for its hostname, or for one of the
 * subjectAltNames where those are given (Gateway API, BackendTLSPolicyValidation: the hostname is then SNI alone). Names
 * are compared as RFC 9525 says: subjectAltName only and never the CN, a wildcard is a whole left-most label and stands for one.
 */
import type { X509Certificate } from "node:crypto";
import type { BackendTls, SubjectAltName } from "../store/backend-tls.ts";
import { parseSubjectAltNames, type CertificateName } from "./parse-subject-alt-names.ts";

export type ExpectedNames = Pick<BackendTls, "hostname" | "subjectAltNames">;

const hostOptions = {
  subject: "never",
  wildcards: true,
  partialWildcards: false,
  multiLabelWildcards: false,
  singleLabelSubdomains: false,
} as const;

/** What the peer may say of itself in our log. */
const quotedChars = 200;

/** "" where it fits. */
export function findCertificateProblem(certificate: X509Certificate, expected: ExpectedNames): string {
  const { hostname, subjectAltNames } = expected;
  const wanted: readonly SubjectAltName[] =
    subjectAltNames.length > 0 ? subjectAltNames : [{ type: "hostname", value: hostname }];
  const names = parseSubjectAltNames(certificate.subjectAltName ?? "");
  if (wanted.some((name) => isFor(certificate, names, name))) return "";
  const found =
    names.length === 0 ? "no name" : names.map(({ type, value }) => `${type}:${value}`).join(", ");
  const shown = found.length > quotedChars ? `${found.slice(0, quotedChars)}...` : found;
  return `its certificate is for ${shown}, and not for ${wanted.map(({ value }) => value).join(" or ")}`;
}

function isFor(
  certificate: X509Certificate,
  names: readonly CertificateName[],
  { type, value }: SubjectAltName,
): boolean {
  // A URI is compared as it stands (RFC 9525 6.5 leaves the rest of it to its scheme; SPIFFE wants it exact).
  if (type === "uri") return names.some((name) => name.type === "URI" && name.value === value);
  if (!value.startsWith("*.")) return certificate.checkHost(value, hostOptions) !== undefined;
  const parent = value.slice(1).toLowerCase();
  return names.some((name) => name.type === "DNS" && parentOf(name.value.toLowerCase()) === parent);
}

/** ".example.com" of "www.example.com" and of "*.example.com". */
function parentOf(name: string): string {
  const dot = name.indexOf(".");
  return dot <= 0 ? "" : name.slice(dot);
}
