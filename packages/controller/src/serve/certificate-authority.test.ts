import { X509Certificate } from "node:crypto";
import { connect, createServer } from "node:tls";
import { seededRng } from "@waystone/base/rng";
import { silentLogger } from "@waystone/base/logger";
import { type ApiWorld, openApiWorld } from "@waystone/kube/testing/api-world";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { nextEvent, until } from "@waystone/testkit/within";
import type { TlsMaterial } from "@waystone/xds/grpc/open-listener";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundleOf, type CaSecret, changeCaKey, parseCaSecret } from "./ca-record.ts";
import { type CertificateAuthority, openCertificateAuthority } from "./certificate-authority.ts";
import { issueAuthority } from "./issue-certificate.ts";

const key = "waystone-system/waystone-ca";
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

let world: ApiWorld;
const open: CertificateAuthority[] = [];
beforeEach(async () => {
  world = await openApiWorld();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  await world.close();
});

/** A leader, and what it published so far. */
interface Leader {
  readonly bundles: string[];
  readonly served: TlsMaterial[];
  readonly authority: CertificateAuthority;
}

interface LeadOptions {
  readonly lookMs?: number;
  /** Waited for. */
  readonly begun?: (leader: Leader) => boolean;
}

async function lead({
  lookMs,
  begun = ({ served }) => served.length > 0,
}: LeadOptions = {}): Promise<Leader> {
  const bundles: string[] = [];
  const served: TlsMaterial[] = [];
  const authority = openCertificateAuthority({
    transport: world.transport,
    namespace: "waystone-system",
    clusterDomain: "cluster.local",
    clock: world.clock,
    rng: seededRng(1),
    logger: silentLogger,
    publishBundle: (pem) => void bundles.push(pem),
    publishServing: (material) => void served.push(material),
    ...(lookMs !== undefined && { timing: { lookMs } }),
  });
  open.push(authority);
  const leader = { bundles, served, authority };
  await until(() => begun(leader), "it has begun");
  return leader;
}

/** Until everybody waits for the clock: keys are made on other threads, of which the world knows nothing. */
async function rest(): Promise<void> {
  await world.settle();
  await until(() => world.clock.pending > 0, "all wait for the clock");
  await world.settle();
}

/** Lets time pass, timer by timer, until `holds`; says how long it took. */
async function passUntil(holds: () => boolean, what: string, limitMs: number): Promise<number> {
  let passed = 0;
  for (await rest(); !holds(); await rest()) {
    if (passed > limitMs) throw new Error(`${limitMs} ms passed in vain until ${what}`);
    const nextMs = Math.max(1, world.clock.nextInMs ?? 0);
    world.clock.advance(nextMs);
    passed += nextMs;
  }
  return passed;
}

const secret = (): CaSecret => world.server.get("secrets", key) as unknown as CaSecret;
const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []).map((each) => new X509Certificate(each));
const isSignedBy = (served: TlsMaterial | undefined, authority: X509Certificate | undefined): boolean =>
  new X509Certificate(served?.certificate ?? "").verify(authority!.publicKey);

function annotate(name: string, value: string): void {
  const found = secret();
  const annotations = { ...found.metadata.annotations, [name]: value };
  world.server.put("secrets", { ...found, metadata: { ...found.metadata, annotations } } as never);
}

test("where there is no Secret, one is made; what it signs is for the push Service's names and 30 days", async () => {
  const { bundles, served } = await lead();
  expect(secret().metadata.labels).toEqual({ "app.kubernetes.io/managed-by": "waystone" });
  expect(bundles).toEqual([bundleOf(parseCaSecret(secret()))]);
  const [authority] = certificatesIn(bundles[0]!);
  expect(authority?.ca).toBe(true);
  const certificate = new X509Certificate(served[0]!.certificate);
  expect(certificate.subjectAltName).toBe(
    "DNS:waystone-push.waystone-system.svc, DNS:waystone-push.waystone-system, DNS:waystone-push.waystone-system.svc.cluster.local",
  );
  expect(certificate.checkIssued(authority!)).toBe(true);
  expect(isSignedBy(served[0], authority)).toBe(true);
  expect(certificate.validToDate.getTime() - world.clock.wallMs()).toBe(30 * dayMs);
  expect(authority!.validToDate.getTime() - world.clock.wallMs()).toBe(3_652 * dayMs);
});

test("a TLS client that believes the bundle alone believes the certificate, at one of its names", async () => {
  const { bundles, served } = await lead();
  const server = createServer({ key: served[0]!.key, cert: served[0]!.certificate });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const servername = "waystone-push.waystone-system.svc";
  // The clock of OpenSSL is the machine's.
  const [certificate] = certificatesIn(served[0]!.certificate);
  const isNow =
    certificate!.validFromDate.getTime() < Date.now() && Date.now() < certificate!.validToDate.getTime();
  const socket = connect({ host: "127.0.0.1", port, ca: bundles[0], servername, rejectUnauthorized: isNow });
  await nextEvent(socket, "secureConnect");
  expect(["", "CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"]).toContain(String(socket.authorizationError ?? ""));
  socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test("the next leader goes on with the same authority, and a certificate of its own", async () => {
  const first = await lead();
  await first.authority.close();
  const second = await lead();
  expect(second.bundles).toEqual(first.bundles);
  expect(second.served[0]!.key).not.toBe(first.served[0]!.key);
});

test("two leaders that race end with one authority", async () => {
  const leaders = await Promise.all([lead(), lead(), lead()]);
  expect(new Set(leaders.flatMap(({ bundles }) => bundles))).toEqual(
    new Set([bundleOf(parseCaSecret(secret()))]),
  );
});

test("the certificate is replaced after two thirds of its time, with the API server or without", async () => {
  const { served, bundles } = await lead({ lookMs: dayMs / 2 });
  const hourMs = 60 * minuteMs;
  await passUntil(() => world.clock.now() > 20 * dayMs - 12 * hourMs, "it is nearly time", 20 * dayMs);
  expect(served).toHaveLength(1);
  world.server.isDown = true;
  await passUntil(() => served.length === 2, "it is replaced", dayMs);
  expect(world.clock.now()).toBeGreaterThanOrEqual(20 * dayMs);
  expect(bundles).toHaveLength(1);
});

test("a change of authority: announced, then signing, then alone; the bundle is always ahead of the certificate", async () => {
  const { served, bundles } = await lead();
  annotate(changeCaKey, "please");
  const announcedAt = await passUntil(() => bundles.length === 2, "it is announced", 5 * minuteMs);
  expect(announcedAt).toBeLessThanOrEqual(1.1 * minuteMs);
  expect(secret().metadata.annotations).not.toHaveProperty(changeCaKey);
  const [old, next] = certificatesIn(bundles[1]!);
  expect(served).toHaveLength(1);

  const signedAfter = await passUntil(() => served.length === 2, "the next one signs", 20 * minuteMs);
  expect(signedAfter).toBeGreaterThanOrEqual(10 * minuteMs);
  expect(isSignedBy(served[1], next)).toBe(true);
  expect(isSignedBy(served[1], old)).toBe(false);
  expect(certificatesIn(bundles[2]!).map(({ serialNumber }) => serialNumber)).toEqual([
    next!.serialNumber,
    old!.serialNumber,
  ]);

  await passUntil(() => bundles.length === 4, "the old one is forgotten", 120 * minuteMs);
  expect(certificatesIn(bundles[3]!).map(({ serialNumber }) => serialNumber)).toEqual([next!.serialNumber]);
  expect(served).toHaveLength(2);
});

test("a change that one leader began is finished by the next", async () => {
  const first = await lead();
  annotate(changeCaKey, "please");
  await passUntil(() => first.bundles.length === 2, "it is announced", 5 * minuteMs);
  await first.authority.close();
  const second = await lead();
  expect(second.bundles).toEqual([first.bundles[1]]);
  expect(isSignedBy(second.served[0], certificatesIn(first.bundles[0]!)[0])).toBe(true);
  await passUntil(() => second.served.length === 2, "the next one signs", 20 * minuteMs);
  expect(isSignedBy(second.served[1], certificatesIn(first.bundles[1]!)[1])).toBe(true);
});

test("a Secret that is deleted is there again as it was: nobody has to connect anew", async () => {
  const { bundles, served } = await lead();
  const before = secret().data;
  world.server.remove("secrets", key);
  await passUntil(() => world.server.get("secrets", key) !== undefined, "it is back", 2 * minuteMs);
  expect(secret().data).toEqual(before);
  expect([bundles.length, served.length]).toEqual([1, 1]);
});

test("labels and annotations of others stay when the Secret is written", async () => {
  const { bundles } = await lead();
  annotate("example.com/backup", "yes");
  annotate(changeCaKey, "please");
  await passUntil(() => bundles.length === 2, "it is announced", 5 * minuteMs);
  expect(secret().metadata.annotations).toMatchObject({ "example.com/backup": "yes" });
});

test.for<[string, Record<string, string>, RegExp]>([
  ["empty", {}, /ca.crt and ca.key are not both there/],
  ["no certificate", { "ca.crt": "x", "ca.key": "y" }, /ca.crt and ca.key: /],
])("a Secret that is %s is left as it is, and said", async ([, data, text]) => {
  const encoded = Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, Buffer.from(value).toString("base64")]),
  );
  const metadata = { name: "waystone-ca", namespace: "waystone-system" };
  world.server.put("secrets", { apiVersion: "v1", kind: "Secret", metadata, data: encoded });
  expect(() => parseCaSecret(secret())).toThrow(text);
  const leader = await lead({ begun: () => world.server.seen.length > 0 });
  await passUntil(() => world.clock.now() > 5 * minuteMs, "time passes", 10 * minuteMs);
  expect(leader.served).toEqual([]);
  expect(secret().data).toEqual(encoded);
});

test("a key of another certificate is refused", async () => {
  const validity = { nowMs: new ManualClock().wallMs(), lifetimeMs: dayMs };
  const [one, other] = [await issueAuthority(validity), await issueAuthority(validity)];
  const data = {
    "ca.crt": Buffer.from(one.certificate).toString("base64"),
    "ca.key": Buffer.from(other.key).toString("base64"),
  };
  expect(() => parseCaSecret({ metadata: { name: "waystone-ca" }, data })).toThrow(
    /the key is of another certificate/,
  );
});

test("an API server that is away at first is asked again", async () => {
  world.server.isDown = true;
  const leader = await lead({ begun: () => world.server.seen.length > 0 });
  await passUntil(() => world.clock.now() > minuteMs, "time passes", 10 * minuteMs);
  expect(leader.bundles).toEqual([]);
  world.server.isDown = false;
  await passUntil(() => leader.served.length === 1, "it is made", 2 * minuteMs);
});
