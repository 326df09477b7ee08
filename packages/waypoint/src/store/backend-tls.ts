/**
 * A BackendTLSPolicy as the data path wants it: the names that a certificate must be for, and the TLS context, made once, when
 * the policy comes. One object for as long as the policy says the same: endpoints, pools and TLS sessions are bound to it.
 */
import { X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import type { BackendTlsResource, SubjectAltNameResource } from "@waystone/api/resources";
import { parseIp } from "@waystone/base/ip";
import type { ClientIdentity } from "./client-identity.ts";

export interface BackendTls {
  /** Sent as SNI; what the certificate has to be for, unless subjectAltNames are given. */
  readonly hostname: string;
  /** One is enough. */
  readonly subjectAltNames: readonly SubjectAltName[];
  readonly context: SecureContext;
  /** What it was made of: equal texts, equal objects. */
  readonly content: string;
}

export interface SubjectAltName {
  readonly type: "hostname" | "uri";
  readonly value: string;
}

const name = /^(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

/** `before`: kept where it says the same. Adds to `reasons` what is wrong with the message; then nothing of it is to be used. */
export function backendTlsFromResource(
  message: BackendTlsResource,
  identity: ClientIdentity | undefined,
  before: BackendTls | undefined,
  reasons: string[],
): BackendTls | undefined {
  const hostname = message.hostname ?? "";
  if (!isName(hostname) || hostname.startsWith("*")) reasons.push(`hostname "${hostname}" is no DNS name`);
  const subjectAltNames = (message.subjectAltNames ?? []).map((each) => nameFromResource(each, reasons));
  const authorities = message.caCertificates ?? [];
  const systemRoots = message.systemRoots ?? false;
  if (systemRoots === authorities.length > 0)
    reasons.push("it trusts neither CA certificates nor the system's roots, or both");
  authorities.forEach((pem, index) => {
    if (!isCertificate(pem)) reasons.push(`CA certificate ${index + 1} cannot be read`);
  });
  if (reasons.length > 0) return undefined;
  const content = JSON.stringify([
    hostname,
    subjectAltNames,
    systemRoots,
    authorities,
    identity?.fingerprint ?? "",
  ]);
  if (before?.content === content) return before;
  const context = createSecureContext({
    minVersion: "TLSv1.2",
    // What is named is what is trusted, be it a root, an intermediate CA or the certificate itself.
    ...(systemRoots ? {} : { ca: [...authorities], allowPartialTrustChain: true }),
    ...(identity === undefined ? {} : { cert: identity.certificatePem, key: identity.keyPem }),
  });
  return { hostname, subjectAltNames, context, content };
}

function nameFromResource(message: SubjectAltNameResource, reasons: string[]): SubjectAltName {
  const uri = message.uri ?? "";
  if (uri !== "") return { type: "uri", value: uri };
  const value = message.hostname ?? "";
  if (!isName(value)) reasons.push(`subjectAltName "${value}" is neither a DNS name nor a URI`);
  return { type: "hostname", value };
}

function isName(text: string): boolean {
  return text.length <= 253 && name.test(text) && parseIp(text) === undefined;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
