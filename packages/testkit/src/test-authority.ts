/** Certificates for tests, made when they are asked for: an authority, and whatever it is told to sign, good or bad. */
// oxlint-disable-next-line import/no-unassigned-import -- the library asks for it: it injects by metadata.
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

const keyAlgorithm = { name: "ECDSA", namedCurve: "P-256" };
const signingAlgorithm = { name: "ECDSA", hash: "SHA-256" };
const rsaAlgorithm = (modulusLength: number) =>
  ({
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength,
    publicExponent: Uint8Array.of(1, 0, 1),
  }) as const;
const dayMs = 24 * 60 * 60_000;

/** For node:tls. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface TestCertificateOptions {
  /** subjectAltName. */
  readonly dns?: readonly string[];
  readonly uris?: readonly string[];
  readonly commonName?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly usage?: "server" | "client";
  /** A key of RSA with so many bits. */
  readonly rsaBits?: number;
}

export interface TestAuthority {
  /** PEM. */
  readonly certificate: string;
  issue(options: TestCertificateOptions): Promise<TestCertificate>;
}

export async function openTestAuthority(name = "test CA"): Promise<TestAuthority> {
  const keys = await webcrypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);
  const subject = `CN=${name} ${randomBytes(4).toString("hex")}`;
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      ...validity({}),
      serialNumber: serialNumber(),
      name: subject,
      keys,
      signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(true, 2, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    },
    webcrypto,
  );
  return {
    certificate: `${certificate.toString("pem")}\n`,
    issue: async (options) => await issue({ subject, key: keys.privateKey }, options),
  };
}

/** Signed by itself. */
export async function issueSelfSigned(options: TestCertificateOptions): Promise<TestCertificate> {
  return await issue(undefined, options);
}

interface Issuer {
  readonly subject: string;
  readonly key: webcrypto.CryptoKey;
}

async function issue(issuer: Issuer | undefined, options: TestCertificateOptions): Promise<TestCertificate> {
  const { rsaBits } = options;
  const algorithm = rsaBits === undefined ? keyAlgorithm : rsaAlgorithm(rsaBits);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const subject = `CN=${options.commonName ?? "test"}`;
  const usage = options.usage === "client" ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth;
  const certificate = await X509CertificateGenerator.create(
    {
      ...validity(options),
      serialNumber: serialNumber(),
      subject,
      issuer: issuer?.subject ?? subject,
      publicKey: keys.publicKey,
      signingKey: issuer?.key ?? keys.privateKey,
      signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usage]),
        ...subjectAltNames(options),
      ],
    },
    webcrypto,
  );
  const key = PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return { cert: `${certificate.toString("pem")}\n`, key: `${key}\n` };
}

function subjectAltNames({ dns = [], uris = [] }: TestCertificateOptions): SubjectAlternativeNameExtension[] {
  const names: JsonGeneralName[] = [
    ...dns.map((value) => ({ type: "dns", value }) as const),
    ...uris.map((value) => ({ type: "url", value }) as const),
  ];
  return names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)];
}

function validity({ notBefore, notAfter }: TestCertificateOptions): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: notBefore ?? new Date(Date.now() - dayMs),
    notAfter: notAfter ?? new Date(Date.now() + dayMs),
  };
}

function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x01;
  return bytes.toString("hex");
}
