/** What policies have fetched, over real sockets: only from where it may be, and never more than is bounded (reliability J02). */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "@waystone/base/clock";
import { afterEach, describe, expect, test } from "vitest";
import { addressGuard } from "./guarded-addresses.ts";
import { openGuardedClient, type Resolve } from "./guarded-client.ts";

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** On 127.0.0.1. */
async function serve(listener: RequestListener): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, asked };
}

const ipv4 =
  (...addresses: string[]): Resolve =>
  async () =>
    await Promise.resolve(addresses.map((address) => ({ address, family: 4 })));

/** The control plane's name is nobody's. */
const issuerAt =
  (...addresses: string[]): Resolve =>
  async (name) =>
    name === "controller.test" ? [] : await ipv4(...addresses)(name);

function fetchText(
  uri: string,
  allowedAddresses: string[] = ["127.0.0.1"],
  resolve?: Resolve,
): Promise<string> {
  const client = openGuardedClient({
    clock: systemClock,
    controlPlane: ["10.96.0.1", "controller.test"],
    ...(resolve !== undefined && { resolve }),
  });
  return client.fetchText({ uri, allowedAddresses });
}

describe("[J02] an address is guarded", () => {
  test.for([
    "http://127.0.0.1:PORT/",
    "http://127.1.2.3:PORT/",
    "http://[::1]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f.1:PORT/",
    "http://0.0.0.0:PORT/",
    "http://[::]:PORT/",
    "http://169.254.169.254/latest/meta-data",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "http://100.100.100.200/",
    "http://224.0.0.1/",
    "http://[ff02::1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://10.96.0.1/api/v1/secrets",
  ])("%s is not asked", async (uri) => {
    const { port, asked } = await serve((_, response) => response.end("{}"));
    await expect(fetchText(uri.replace("PORT", String(port)), [])).rejects.toThrow(
      /may be fetched|control plane/,
    );
    expect(asked).toEqual([]);
  });

  test("after its name was looked up as well, and by the addresses that are then dialled", async () => {
    const { port, asked } = await serve((_, response) => response.end("{}"));
    await expect(fetchText(`http://issuer.test:${port}/`, [], issuerAt("127.0.0.1"))).rejects.toThrow(
      "127.0.0.1",
    );
    await expect(
      fetchText(`http://issuer.test:${port}/`, [], issuerAt("10.0.0.2", "169.254.169.254")),
    ).rejects.toThrow("169.254.169.254");
    let calls = 0;
    const rebinding: Resolve = async () => await ipv4(calls++ === 0 ? "127.0.0.1" : "169.254.169.254")("x");
    await expect(
      fetchText(`http://issuer.test:${port}/`, ["127.0.0.1"], async (name) =>
        name === "controller.test" ? [] : await rebinding(name),
      ),
    ).resolves.toBe("{}");
    expect([asked.length, calls]).toEqual([1, 1]);
  });

  test("the control plane's by its name too", async () => {
    await expect(fetchText("http://issuer.test/", [], ipv4("10.1.2.3"))).rejects.toThrow("control plane");
  });

  test("and at each redirect", async () => {
    const { port } = await serve((request, response) => {
      if (request.url === "/good") return response.writeHead(302, { location: "/end" }).end();
      if (request.url === "/end") return response.end("{}");
      if (request.url === "/loop") return response.writeHead(302, { location: "/loop" }).end();
      if (request.url === "/file") return response.writeHead(302, { location: "file:///etc/passwd" }).end();
      return response.writeHead(307, { location: "http://169.254.169.254/keys" }).end();
    });
    const at = (path: string): Promise<string> => fetchText(`http://127.0.0.1:${port}${path}`);
    await expect(at("/bad")).rejects.toThrow("169.254.169.254");
    await expect(at("/loop")).rejects.toThrow("more than 3 times");
    await expect(at("/file")).rejects.toThrow("only http and https");
    await expect(at("/good")).resolves.toBe("{}");
  });

  test("private ones are open, and what a policy names is", () => {
    const guard = addressGuard(["127.0.0.0/8"], []);
    for (const each of ["10.0.0.1", "192.168.1.1", "fd00::1", "127.0.0.1", "203.0.113.7"])
      expect([each, guard.problemWith(each)]).toEqual([each, undefined]);
    expect(guard.problemWith("169.254.169.254")).toContain("allowedAddresses");
  });
});

describe("[J02] an answer", () => {
  test.for<[string, RequestListener, string]>([
    ["of 500", (_, response) => response.writeHead(500).end("{}"), "answers 500"],
    ["of 404", (_, response) => response.writeHead(404).end("{}"), "answers 404"],
    ["that breaks off", (_, response) => void response.destroy(), ""],
    ["larger than 1 MiB", (_, response) => response.end(Buffer.alloc(10_000_000)), "larger than 1 MiB"],
  ])("%s is none", async ([, listener, message]) => {
    const { port } = await serve(listener);
    await expect(fetchText(`http://127.0.0.1:${port}/`)).rejects.toThrow(message);
  });

  test("from a name that nobody knows is none", async () => {
    const unknown: Resolve = async () => await Promise.reject(new Error("ENOTFOUND"));
    await expect(fetchText("http://issuer.test/", [], unknown)).rejects.toThrow();
  });
});
