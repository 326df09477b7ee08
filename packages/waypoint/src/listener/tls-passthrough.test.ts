/** TLS passed on by server name, with peers that nobody here wrote: Node's TLS, HTTP/2 inside it, and openssl (reference U07). */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { connect as connectHttp2, createSecureServer } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import path from "node:path";
import { connect, createServer, type TLSSocket } from "node:tls";
import { freePort } from "@waystone/testkit/free-port";
import { within } from "@waystone/testkit/within";
import { afterEach, expect, test } from "vitest";
import { type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";
import { connectionRouteResource, serviceResource, sliceResource } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();
const pem = readFileSync(path.join(import.meta.dirname, "../testing/testdata/passthrough.pem"));
const trust = { ca: pem, host: "127.0.0.1" };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers with its name, and what the client asked it for. */
async function openServer(name: string): Promise<string> {
  const server = createServer({ key: pem, cert: pem }, (socket) => {
    socket.on("error", () => {});
    socket.end(`${name} ${String(socket.servername)} ${String(socket.getProtocol())}`);
  });
  return listen(server);
}

/** Names to backends, each with its endpoint. */
async function openPlane(endpoints: Readonly<Record<string, string>>): Promise<RigPlane> {
  const services = Object.entries(endpoints).flatMap(([name, endpoint]) => [
    serviceResource("shop", name, 80, { protocol: "tls" }),
    sliceResource("shop", name, [endpoint]),
    connectionRouteResource("TLSRoute", name, {
      hostnames: [`${name}.shop.example`],
      backends: [{ service: `shop/${name}`, port: 80, weight: 1 }],
    }),
  ]);
  return rig.openPlane({ protocol: "tls", endpoints: [`127.0.0.1:${await freePort()}`], more: services });
}

function said(socket: TLSSocket): Promise<string> {
  let text = "";
  socket.on("data", (bytes: Buffer) => (text += bytes.toString()));
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  socket.once("end", () => resolve(text)).once("error", reject);
  return within(promise, "the server's words");
}

test.for(["TLSv1.2", "TLSv1.3"] as const)(
  "[U07] a %s client gets the server that it asks for, whose certificate it checks",
  async (version) => {
    const plane = await openPlane({ blue: await openServer("blue"), green: await openServer("green") });
    const versions = { minVersion: version, maxVersion: version };
    for (const name of ["blue", "green", "Green"]) {
      const servername = `${name}.shop.example`;
      const socket = connect({ ...trust, ...versions, port: plane.port, servername });
      expect(await said(socket)).toBe(`${name.toLowerCase()} ${servername} ${version}`);
    }
  },
);

test("[U07] a client whose name nobody takes is told so in TLS's own words", async () => {
  const plane = await openPlane({ blue: await openServer("blue") });
  const socket = connect({ ...trust, port: plane.port, servername: "red.shop.example" });
  await expect(said(socket)).rejects.toThrow(/unrecognized name/);
});

test("[U07] HTTP/2 inside TLS is none of the waypoint's business: ALPN and streams pass", async () => {
  const server = createSecureServer({ key: pem, cert: pem });
  server.on("stream", (stream, { ":path": target }) => stream.end(`${String(target)} of h2`));
  const plane = await openPlane({ blue: await listen(server) });
  const session = connectHttp2(`https://blue.shop.example:${plane.port}`, {
    createConnection: () =>
      connect({ ...trust, port: plane.port, servername: "blue.shop.example", ALPNProtocols: ["h2"] }),
  });
  closers.unshift(() => session.destroy());
  const ask = async (target: string): Promise<string> => {
    const stream = session.request({ ":path": target });
    let text = "";
    stream.on("data", (bytes: Buffer) => (text += bytes.toString()));
    await within(new Promise((resolve) => stream.once("end", resolve)), "the answer");
    return text;
  };
  expect(await Promise.all(["/a", "/b", "/c"].map(ask))).toEqual(["/a of h2", "/b of h2", "/c of h2"]);
});

const hasOpenssl = (process.env["PATH"] ?? "")
  .split(":")
  .some((folder) => existsSync(path.join(folder, "openssl")));

test.skipIf(!hasOpenssl)(
  "[U07] openssl's client gets the server that it asks for, and without a name none",
  async () => {
    const plane = await openPlane({ blue: await openServer("blue") });
    const ask = (...options: string[]): Promise<string> =>
      new Promise((resolve) => {
        const words = ["s_client", "-connect", `127.0.0.1:${plane.port}`, "-ign_eof", ...options];
        const child = execFile("openssl", words, (_, stdout, stderr) => resolve(stdout + stderr));
        child.stdin?.end();
        closers.push(() => child.kill());
      });
    expect(await within(ask("-servername", "blue.shop.example"), "openssl")).toContain(
      "blue blue.shop.example TLSv1.3",
    );
    expect(await within(ask("-noservername"), "openssl")).toMatch(/unrecognized.name/i);
  },
);
