/**
 * Certificates, made: authorities that sign themselves, and what they sign for the push port. ECDSA on P-256, about 4 ms
 * each. Imported when a leader needs one, by import(): the library is 20 MiB of memory that no standby has to hold.
 */
// oxlint-disable-next-line import/no-unassigned-import -- the library asks for it: it injects by metadata.
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { TlsMaterial } from "@waystone/xds/grpc/open-listener";
import type { Authority } from "./ca-record.ts";

const keyAlgorithm = { name: "ECDSA", namedCurve: "P-256" };
const signingAlgorithm = { name: "ECDSA", hash: "SHA-256" };
/** Nodes' clocks differ. */
const backdatedMs = 60 * 60_000;

export interface Validity {
  readonly nowMs: number;
  readonly lifetimeMs: number;
}

export async function issueAuthority(validity: Validity): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      ...dates(validity),
      serialNumber: serialNumber(),
      // A name of its own: old and new stand in one bundle, and who checks finds the signer by its name first.
      name: `CN=Waystone push CA ${randomBytes(4).toString("hex")}`,
      keys,
      signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    webcrypto,
  );
  return {
    key: await exportKey(keys.privateKey),
    certificate: `${certificate.toString("pem")}\n`,
    notBeforeMs: certificate.notBefore.getTime(),
    notAfterMs: certificate.notAfter.getTime(),
  };
}

/** For a server of these names; the first is its subject. */
export async function issueServing(
  authority: Authority,
  names: readonly string[],
  validity: Validity,
): Promise<TlsMaterial> {
  const issuer = new X509Certificate(authority.certificate);
  const signingKey = await importKey(authority.key);
  const keys = await webcrypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.create(
    {
      ...dates(validity),
      serialNumber: serialNumber(),
      subject: "CN=waystone-push",
      issuer: issuer.subject,
      publicKey: keys.publicKey,
      signingKey,
      signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns", value }))),
        await AuthorityKeyIdentifierExtension.create(issuer),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    webcrypto,
  );
  return { key: await exportKey(keys.privateKey), certificate: `${certificate.toString("pem")}\n` };
}

function dates({ nowMs, lifetimeMs }: Validity): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(nowMs - backdatedMs), notAfter: new Date(nowMs + lifetimeMs) };
}

/** Positive, 127 bits of chance (RFC 5280 section 4.1.2.2 takes up to 20 bytes). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x01;
  return bytes.toString("hex");
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const pem = PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
  return `${pem}\n`;
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  return await webcrypto.subtle.importKey("pkcs8", PemConverter.decodeFirst(pem), keyAlgorithm, false, [
    "sign",
  ]);
}
