import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import path from "node:path";
import { connect as connectTls } from "node:tls";
import { typeUrls } from "@waystone/api/names";
import { nextEvent, until, within } from "@waystone/testkit/within";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { portOf, reasonsIn, SecureRig } from "../testing/secure-rig.ts";
import * as certificates from "../testing/test-certificates.ts";

const { route } = typeUrls;
const { serverName } = certificates;

let rig: SecureRig;
beforeEach(async () => {
  rig = await SecureRig.open();
});
afterEach(() => rig.close());

describe("certificates", () => {
  test("are swapped without cutting a stream; connections from then on see the new one", async () => {
    const controller = await rig.secureController();
    const waypoint = rig.dial(controller);
    await waypoint.until(() => waypoint.completions === 1);
    controller.served.replaceTls(certificates.renewed);
    rig.put(route, { r: "1" });
    await waypoint.until(() => waypoint.client.held(route).size === 1);
    expect(rig.gate.callers).toHaveLength(1);
    const socket = connectTls({
      host: "127.0.0.1",
      port: Number(portOf(controller.address)),
      servername: serverName,
      ca: certificates.ca,
      ALPNProtocols: ["h2"],
    });
    await nextEvent(socket, "secureConnect");
    expect(socket.getPeerCertificate().subject.CN).toBe("renewed");
    expect(socket.getProtocol()).toBe("TLSv1.3");
    socket.destroy();
  });

  test("that do not fit their key are refused, and the old ones stay", async () => {
    const controller = await rig.secureController();
    const { key } = certificates.renewed;
    expect(() => controller.served.replaceTls({ ...certificates.server, key })).toThrow(/key/);
    const waypoint = rig.dial(controller);
    await waypoint.until(() => waypoint.completions === 1);
  });

  test("of another authority are not believed, and the token is not shown", async () => {
    const controller = await rig.secureController({ tls: certificates.stranger });
    expect(await rig.reasonOf(controller)).toMatch(
      /^push.test:\d+ \(127\.0\.0\.1\): its certificate is of none of the authorities in .*ca\.pem: the ConfigMap waystone-ca/,
    );
    expect(rig.gate.callers).toEqual([]);
  });

  test("are believed as soon as their authority is in the file", async () => {
    const controller = await rig.secureController({ tls: certificates.stranger });
    const caFile = path.join(rig.folder, "ca.crt");
    await writeFile(caFile, certificates.ca);
    const waypoint = rig.dial(controller, { caFile });
    await writeFile(caFile, certificates.ca + (await readFile(certificates.otherCaFile, "utf8")));
    await waypoint.until(() => waypoint.completions === 1);
  });

  test("for another name are not believed", async () => {
    const controller = await rig.secureController();
    const reason = await rig.reasonOf(controller, { name: "other.test" });
    expect(reason).toContain("its certificate is for another name");
    expect(rig.gate.callers).toEqual([]);
  });
});

describe("several addresses behind one name", () => {
  /** Loopback has many: each stands for a replica. */
  const replicas = ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"];

  test("the one that listens is found", async () => {
    const controller = await rig.secureController({ address: "127.0.0.4:0" });
    const waypoint = rig.dial(controller, { resolve: async () => replicas });
    await waypoint.until(() => waypoint.completions === 1);
    expect(rig.gate.callers).toHaveLength(1);
  });

  test("one that is silent delays nobody for long, and its connection is let go", async () => {
    const controller = await rig.secureController({ address: "127.0.0.4:0" });
    const silent = createServer();
    const held: Socket[] = [];
    silent.on("connection", (socket) => {
      held.push(socket);
      socket.on("error", () => {});
      socket.resume();
    });
    await new Promise<void>((resolve) =>
      silent.listen(Number(portOf(controller.address)), "127.0.0.2", resolve),
    );
    rig.onClose(() => new Promise<void>((resolve) => silent.close(() => resolve())));
    const waypoint = rig.dial(controller, { resolve: async () => ["127.0.0.2", "127.0.0.4"] });
    await within(
      waypoint.until(() => waypoint.completions === 1),
      "it is connected",
      1_000,
    );
    await until(
      () => held.every(({ destroyed, readableEnded }) => destroyed || readableEnded),
      "it is let go",
    );
  });

  test("are looked up anew at every attempt: a new leader may be at a new address", async () => {
    const first = await rig.secureController({ address: "127.0.0.2:0" });
    const port = portOf(first.address);
    let addresses = ["127.0.0.2"];
    const waypoint = rig.dial(first, { resolve: async () => addresses });
    await waypoint.until(() => waypoint.completions === 1);
    await rig.secureController({ address: `127.0.0.3:${port}` });
    addresses = ["127.0.0.2", "127.0.0.3"];
    await first.close(0);
    await waypoint.until(() => waypoint.completions === 2);
  });

  test("that all refuse mean that nobody leads yet", async () => {
    const controller = await rig.secureController({ address: "127.0.0.9:0" });
    expect(await rig.reasonOf(controller, { resolve: async () => replicas })).toMatch(
      /^all 4 addresses of push\.test:\d+ refused the connection: no controller leads yet/,
    );
  });

  test.for([
    ["ENOTFOUND", /push\.test has no address: its headless Service is not there/],
    ["EAI_AGAIN", /the cluster's DNS does not answer/],
  ] as const)("a name that gives %s is said in words", async ([code, text]) => {
    const controller = await rig.secureController();
    const resolve = async (): Promise<string[]> => {
      throw Object.assign(new Error(`getaddrinfo ${code}`), { code });
    };
    expect(await rig.reasonOf(controller, { resolve })).toMatch(text);
  });
});

describe("files", () => {
  test.for<[string, string | undefined, RegExp]>([
    ["is not there", undefined, /^the token can't be read: ENOENT.*is its volume mounted\?$/],
    ["is empty", "\n", /holds no token/],
    ["has two lines", "good\nbad\n", /holds no token/],
  ])("a token file that %s is said, and tried again", async ([, content, text]) => {
    const controller = await rig.secureController();
    if (content === undefined) await rm(rig.tokenFile);
    else await writeFile(rig.tokenFile, content);
    const lines: string[] = [];
    const waypoint = rig.dial(controller, { lines });
    await until(() => reasonsIn(lines).length > 0, "it is said");
    expect(reasonsIn(lines)[0]).toMatch(text);
    await writeFile(rig.tokenFile, "good");
    await waypoint.until(() => waypoint.completions === 1);
    expect(lines.join("")).not.toContain('"good"');
  });

  test("a CA file without a certificate is said", async () => {
    const caFile = path.join(rig.folder, "ca.crt");
    await writeFile(caFile, "");
    expect(await rig.reasonOf(await rig.secureController(), { caFile })).toMatch(
      /holds no certificate: ConfigMap/,
    );
  });
});
