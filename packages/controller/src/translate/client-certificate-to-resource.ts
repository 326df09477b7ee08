/**
 * A waypoint Gateway's `spec.tls.backend.clientCertificateRef` -> the certificate that the waypoint shows to backends that ask for one,
 * pushed to that waypoint alone. The Secret is one of the Gateway's own namespace, with tls.crt and tls.key (kubernetes.io/tls).
 * Nothing that is said of it quotes what is in it.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import type { Gateway, SecretReference } from "@waystone/api/kubernetes/gateway";
import { typeUrls } from "@waystone/api/names";
import { Secret as SecretMessage } from "@waystone/api/resources";
import type { FetchContext } from "@waystone/collection/collection";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import type { SourcedObject, Sources } from "../model/sources.ts";
import { findSecret, readEntry } from "./find-secret.ts";

export interface ClientCertificateTranslation {
  readonly resource: EncodedResource | undefined;
  readonly fault: ClientCertificateFault | undefined;
}

export interface ClientCertificateFault {
  readonly reason: "InvalidClientCertificateRef" | "RefNotPermitted";
  readonly message: string;
}

export const clientCertificateField = "spec.tls.backend.clientCertificateRef";

/** Undefined: the Gateway names none. */
export function translateClientCertificate(
  fetch: FetchContext,
  sources: Pick<Sources, "secrets" | "cluster">,
  { key, object }: SourcedObject<Gateway>,
): ClientCertificateTranslation | undefined {
  const ref = object.spec.tls?.backend?.clientCertificateRef;
  if (ref === undefined) return undefined;
  const own = object.metadata.namespace ?? "";
  const invalid = (message: string): ClientCertificateTranslation => ({
    resource: undefined,
    fault: { reason: "InvalidClientCertificateRef", message },
  });
  if (!isSecret(ref)) return invalid(`${ref.kind} is not supported: name a Secret`);
  if ((ref.namespace ?? own) !== own) {
    const message = `the Secret must be in the Gateway's own namespace, which is ${own}`;
    return { resource: undefined, fault: { reason: "RefNotPermitted", message } };
  }
  const name = `${own}/${ref.name}`;
  const found = findSecret(fetch, sources, own, ref.name);
  if (found.is === "refused")
    return { resource: undefined, fault: { reason: "RefNotPermitted", message: found.message } };
  if (found.is === "absent") return invalid(found.message);
  const certificatePem = readEntry(found.secret, "tls.crt");
  const keyPem = readEntry(found.secret, "tls.key");
  const problem = findProblem(certificatePem, keyPem);
  if (problem !== "") return invalid(`Secret ${name}: ${problem}`);
  const body = SecretMessage.encode({ clientCertificate: { certificatePem, keyPem } }).finish();
  return { resource: encodeResource(typeUrls.secret, key, body), fault: undefined };
}

/** The Secret that a Gateway names, "<namespace>/<name>"; undefined where it names none that could be read. */
export function clientCertificateSecret({ metadata, spec }: Gateway): string | undefined {
  const ref = spec.tls?.backend?.clientCertificateRef;
  const own = metadata.namespace ?? "";
  if (ref === undefined || !isSecret(ref) || (ref.namespace ?? own) !== own) return undefined;
  return `${own}/${ref.name}`;
}

function isSecret({ group = "", kind = "Secret" }: SecretReference): boolean {
  return group === "" && kind === "Secret";
}

function findProblem(certificatePem: string, keyPem: string): string {
  if (certificatePem === "") return "it has no tls.crt";
  if (keyPem === "") return "it has no tls.key";
  const certificate = tryRead(() => new X509Certificate(certificatePem));
  if (certificate === undefined) return "its tls.crt cannot be read as PEM certificates";
  const key = tryRead(() => createPrivateKey(keyPem));
  if (key === undefined) return "its tls.key cannot be read as a PEM key without a passphrase";
  if (!certificate.checkPrivateKey(key)) return "its tls.key is not the key of its tls.crt";
  return findTlsProblem(certificatePem, keyPem);
}

/** As a waypoint will use it, so that it is said before one has to refuse it. TLS takes less than can be read, and all of the chain. */
function findTlsProblem(cert: string, key: string): string {
  try {
    createSecureContext({ cert, key });
    return "";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ERR_SSL_EE_KEY_TOO_SMALL")
      return "the key of its tls.crt is too short for TLS: take one of elliptic curve, or RSA with 2,048 bits or more";
    // A code is one of OpenSSL's own words; its message may be more.
    const which = /^ERR_[A-Z0-9_]+$/.test(code) ? ` (${code})` : "";
    return `its tls.crt cannot be used: is each certificate of its chain whole?${which}`;
  }
}

/** What OpenSSL has to say of it may quote it. */
function tryRead<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
