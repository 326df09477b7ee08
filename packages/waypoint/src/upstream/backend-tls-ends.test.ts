/**
 * How an endpoint's TLS connection ends (RFC 8446 6.1, RFC 9112 9.8): with close_notify it has said all; without, somebody may
 * have cut it, and what its end would have ended is not whole.
 */
import { once } from "node:events";
import net from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { backendName as name, useBackendTls } from "../testing/backend-tls-rig.ts";

const backends = useBackendTls();
const { rig, planeTo, trusting, keep } = backends;

type Say = (socket: TLSSocket, cut: () => void) => void;

/** Says what it is told once it was asked; `cut` ends its TCP connection beneath TLS. */
async function openSayer(maxVersion: "TLSv1.2" | "TLSv1.3", say: Say): Promise<{ address: string }> {
  const identity = await backends.authority.issue({ dns: [name] });
  const raws = new Map<number | undefined, net.Socket>();
  const secure = createServer({ ...identity, maxVersion }, (socket) => {
    socket.on("error", () => {});
    socket.once("data", () => say(socket, () => void raws.get(socket.remotePort)?.end()));
  });
  const server = net.createServer({ allowHalfOpen: true }, (raw) => {
    raws.set(raw.remotePort, raw);
    raw.on("error", () => {});
    secure.emit("connection", raw);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  keep({
    close() {
      for (const raw of raws.values()) raw.destroy();
      server.close();
    },
  });
  return { address: `127.0.0.1:${(server.address() as net.AddressInfo).port}` };
}

const untilClose = "HTTP/1.1 200 OK\r\n\r\n";

describe.for(["TLSv1.2", "TLSv1.3"] as const)("%s", (version) => {
  test.for(["", "part of it", "x".repeat(200_000)])(
    "an answer that the connection's end ends is whole after close_notify (%#)",
    async (body) => {
      const backend = await openSayer(version, (socket) => socket.end(untilClose + body));
      const client = await rig.openClient(await planeTo(backend));
      await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      const answer = await client.readResponse();
      expect([answer.status, answer.body.toString()]).toEqual([200, body]);
    },
  );

  test("without close_notify it is cut, and the client sees that it is", async () => {
    const backend = await openSayer(version, (socket, cut) => socket.write(`${untilClose}part of it`, cut));
    const plane = await planeTo(backend);
    const client = await rig.openClient(plane);
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await until(() => client.peerState !== "open", "the client's connection is closed");
    expect(client.received.toString()).toContain("part of it");
    expect(client.received.toString()).not.toContain("\r\n0\r\n");
    expect(await plane.lines(1)).toMatchObject([
      {
        response_flags: "UC",
        response_code_details: "upstream-truncated",
        upstream_transport_failure_reason: "its connection ended without TLS's close_notify",
      },
    ]);
  });

  test("for a client of HTTP/1.0 that means a reset: an end would look whole to it", async () => {
    const backend = await openSayer(version, (socket, cut) => socket.write(`${untilClose}part of it`, cut));
    const client = await rig.openClient(await planeTo(backend));
    await client.send("GET / HTTP/1.0\r\nHost: h\r\n\r\n");
    await until(() => client.peerState !== "open", "the client's connection is closed");
    expect(client.peerState).toBe("reset");
  });

  test("an answer of a length is whole by that, however its connection ends", async () => {
    const whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    const backend = await openSayer(version, (socket, cut) => socket.write(whole, cut));
    const client = await rig.openClient(await planeTo(backend));
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    expect((await client.readResponse()).body.toString()).toBe("ok");
  });

  test("a TCP connection through it is reset where it was cut, and ends where it ended", async () => {
    for (const [how, state] of [
      ["cut", "reset"],
      ["end", "ended"],
    ] as const) {
      const backend = await openSayer(version, (socket, cut) =>
        how === "cut" ? socket.write("half", cut) : socket.end("half"),
      );
      const client = await rig.openClient(await planeTo(backend, trusting(), { protocol: "tcp" }));
      await client.send("hello");
      await until(() => client.peerState !== "open", "the client's connection has ended");
      expect(client.peerState).toBe(state);
      client.halfClose();
      await until(() => client.socket.destroyed, "the client's connection is closed");
    }
  });
});
