import { createServer, type ListenOptions, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { freePort } from "@waystone/testkit/free-port";
import { openRawClient } from "@waystone/testkit/raw-http-client";
import { expect, test } from "vitest";
import { useExchangeRig } from "../testing/exchange-rig.ts";
import { serviceResource } from "../testing/open-test-plane.ts";
import { listenAt } from "./listen-at.ts";

const rig = useExchangeRig();
const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ family }) => family === "IPv6"),
);

/** A server on a machine without IPv6, and the hosts that it was asked to listen on. */
function createIpv4Server(code: string): { readonly server: Server; readonly hosts: readonly unknown[] } {
  const server = createServer();
  const hosts: unknown[] = [];
  const listen = server.listen.bind(server);
  server.listen = ((options: ListenOptions) => {
    hosts.push(options.host);
    if (options.host !== "::") return listen(options);
    queueMicrotask(() => server.emit("error", Object.assign(new Error("no IPv6"), { code })));
    return server;
  }) as Server["listen"];
  return { server, hosts };
}

test.for(["EAFNOSUPPORT", "EADDRNOTAVAIL"])(
  "every address is every IPv4 address where :: is %s",
  async (code) => {
    const { server, hosts } = createIpv4Server(code);
    await new Promise<void>((resolve, reject) =>
      listenAt(server, { address: "::", port: 0 }, resolve, reject),
    );
    expect(hosts).toEqual(["::", "0.0.0.0"]);
    expect(server.address()).toMatchObject({ address: "0.0.0.0" });
    server.close();
  },
);

test("another error is told, and not tried again", async () => {
  const port = await freePort();
  const first = createServer();
  await new Promise<void>((resolve) => first.listen(port, "127.0.0.1", resolve));
  const { server: second, hosts } = createIpv4Server("EAFNOSUPPORT");
  const failed = await new Promise((resolve) =>
    listenAt(second, { address: "127.0.0.1", port }, () => {}, resolve),
  );
  expect(failed).toMatchObject({ code: "EADDRINUSE" });
  expect(hosts).toEqual(["127.0.0.1"]);
  first.close();
});

test("a Service port on every address is reached by each of them, and IPv4 clients are seen as IPv4", async () => {
  const upstream = await rig.openUpstream({ answer: () => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const port = await freePort();
  plane.apply([serviceResource("shop", "web", 80, { listen: port, address: "::" })]);
  for (const host of ["127.0.0.1", ...(hasIpv6 ? ["::1"] : [])]) {
    const client = await openRawClient({ host, port });
    await client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    expect((await client.readResponse()).status).toBe(200);
    client.close();
  }
  const [first] = await plane.lines(1);
  expect(first?.["downstream_remote_address"]).toMatch(/^127\.0\.0\.1:/);
});
