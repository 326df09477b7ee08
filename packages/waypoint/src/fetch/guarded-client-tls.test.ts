/** Fetching over TLS: who the issuer is has to be shown, what it says may not lead to where anybody could exchange it, and nobody waits for long. */
import type { RequestListener } from "node:http";
import { createServer as createPlainServer } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { type Clock, systemClock } from "@waystone/base/clock";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { openTestAuthority, type TestAuthority } from "@waystone/testkit/test-authority";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { type GuardedClient, openGuardedClient, type Resolve } from "./guarded-client.ts";

const servers: (Server & { closeAllConnections(): void })[] = [];
let authority: TestAuthority;

beforeAll(async () => {
  authority = await openTestAuthority();
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server & { closeAllConnections(): void }): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function serveTls(listener: RequestListener, name = "issuer.test"): Promise<number> {
  const server = createServer(await authority.issue({ dns: [name] }), listener);
  server.on("tlsClientError", () => {});
  return await listen(server);
}

const here: Resolve = async () => await Promise.resolve([{ address: "127.0.0.1", family: 4 }]);

function openClient(ca: string | undefined, clock: Clock = systemClock): GuardedClient {
  return openGuardedClient({ clock, controlPlane: [], resolve: here, ...(ca !== undefined && { ca }) });
}

const fetchText = (uri: string, ca: string | undefined = authority.certificate): Promise<string> =>
  openClient(ca).fetchText({ uri, allowedAddresses: ["127.0.0.1"] });

describe("[J02] over TLS", () => {
  test("an issuer is believed by its certificate: of an authority that is trusted, and of its name", async () => {
    const port = await serveTls((_, response) => response.end("{}"));
    await expect(fetchText(`https://issuer.test:${port}/`)).resolves.toBe("{}");
    await expect(fetchText(`https://other.test:${port}/`)).rejects.toThrow("altnames");
    const another = await openTestAuthority("another");
    await expect(fetchText(`https://issuer.test:${port}/`, another.certificate)).rejects.toThrow(
      /certificate/,
    );
    await expect(
      openClient(undefined).fetchText({
        uri: `https://issuer.test:${port}/`,
        allowedAddresses: ["127.0.0.1"],
      }),
    ).rejects.toThrow(/certificate/);
  });

  test("nothing leads on to plain HTTP, be it to a server that would answer", async () => {
    let asked = 0;
    const plain = await listen(createPlainServer((_, response) => (asked++, response.end("{}"))));
    const port = await serveTls((_, response) =>
      response.writeHead(302, { location: `http://issuer.test:${plain}/` }).end(),
    );
    await expect(fetchText(`https://issuer.test:${port}/`)).rejects.toThrow("from https to what anybody");
    expect(asked).toBe(0);
  });

  test("credentials in a URI are not sent, nor in one that it leads on to", async () => {
    const port = await serveTls((request, response) =>
      response.writeHead(302, { location: `https://a:b@issuer.test${request.url}` }).end(),
    );
    await expect(fetchText(`https://issuer.test:${port}/`)).rejects.toThrow("with a password");
    await expect(fetchText(`https://:b@issuer.test:${port}/`)).rejects.toThrow("with a password");
  });
});

describe("[J02] nobody is waited for longer than 10 s in all", () => {
  const never: RequestListener = () => {};
  test.for<[string, RequestListener]>([
    ["that says nothing", never],
    ["that stops in the middle", (_, response) => void response.writeHead(200).write('{"keys":[')],
    [
      "that leads on to itself, and then says nothing",
      (request, response) => {
        if (request.url === "/") response.writeHead(302, { location: "/next" }).end();
      },
    ],
  ])("an issuer %s", async ([, listener]) => {
    const asked = Promise.withResolvers<void>();
    const port = await serveTls((request, response) => {
      listener(request, response);
      if (!response.writableEnded) asked.resolve();
    });
    const clock = new ManualClock();
    const fetched = openClient(authority.certificate, clock).fetchText({
      uri: `https://issuer.test:${port}/`,
      allowedAddresses: ["127.0.0.1"],
    });
    const outcome = expect(fetched).rejects.toThrow("no answer within 10 s");
    await asked.promise;
    clock.advance(10_000);
    await outcome;
    expect(clock.pending).toBe(0);
  });
});
