/** Addresses that nothing may be sent to, whatever the configuration says. */
import { expect, test } from "vitest";
import { defaultSettings } from "../settings.ts";
import { useExchangeRig } from "../testing/exchange-rig.ts";
import { isForbiddenAddress } from "./forbidden-address.ts";

const rig = useExchangeRig();

const strict = {
  ...defaultSettings,
  allowLoopback: false,
  forbiddenAddresses: ["10.0.0.1:15020", "[fd00::7]:9"],
  forbiddenHosts: ["10.0.0.9", "fd00::9"],
};

test.for([
  ["127.0.0.1", 80, true],
  ["127.255.0.9", 80, true],
  ["::1", 80, true],
  ["::ffff:127.0.0.1", 80, true],
  ["169.254.169.254", 80, true],
  ["::ffff:169.254.169.254", 80, true],
  ["fe80::1", 80, true],
  ["fe80::1%eth0", 80, true],
  ["febf::1", 80, true],
  ["fd00:ec2::254", 80, true],
  ["FD00:EC2:0::254", 80, true],
  ["0.0.0.0", 80, true],
  ["::", 80, true],
  ["::ffff:0.0.0.0", 80, true],
  ["metadata.google.internal", 80, true],
  ["", 80, true],
  ["10.0.0.1", 15020, true],
  ["10.0.0.1", 15021, false],
  ["fd00::7", 9, true],
  ["FD00:0::7", 9, true],
  ["fd00::7", 10, false],
  ["10.0.0.9", 80, true],
  ["fd00:0:0::9", 443, true],
  ["192.168.0.1", 80, false],
  ["fd00::1", 80, false],
  ["fec0::1", 80, false],
] as const)("%s port %d is forbidden where loopback is not allowed: %s", ([address, port, expected]) => {
  expect(isForbiddenAddress(address, port, strict)).toBe(expected);
});

test("loopback may be allowed, and our own addresses stay forbidden then", () => {
  const standalone = { ...defaultSettings, allowLoopback: true, forbiddenAddresses: ["127.0.0.1:15000"] };
  expect(isForbiddenAddress("127.0.0.1", 80, standalone)).toBe(false);
  expect(isForbiddenAddress("127.0.0.1", 15_000, standalone)).toBe(true);
  expect(isForbiddenAddress("::ffff:127.0.0.1", 15_000, standalone)).toBe(true);
  expect(isForbiddenAddress("169.254.169.254", 80, standalone)).toBe(true);
});

test("an endpoint at a forbidden address is never dialled: 503 for HTTP, nothing retried", async () => {
  const upstream = await rig.openUpstream();
  const rules = [
    {
      backends: [{ service: "shop/web", port: 80, weight: 1 }],
      retry: { attempts: 3, backoffMs: 1, codes: [503] },
    },
  ];
  const plane = await rig.openPlane({ upstreams: [upstream], settings: { allowLoopback: false }, rules });
  const client = await rig.openClient(plane);
  await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  expect((await client.readResponse()).status).toBe(503);
  expect(upstream.connections.length).toBe(0);
  expect(await plane.lines(1)).toMatchObject([
    { response_flags: "NC", response_code_details: "forbidden-address", attempts: 1 },
  ]);
});

test("a forbidden endpoint resets a TCP client", async () => {
  const upstream = await rig.openUpstream({ readsHttp: false });
  const plane = await rig.openPlane({
    upstreams: [upstream],
    protocol: "tcp",
    settings: { forbiddenAddresses: [`127.0.0.1:${upstream.port}`] },
  });
  const state = rig.openClient(plane).then(
    async (client) => (await client.readUntilEnd()).state,
    (error: Error) => error.message,
  );
  expect(await state).toMatch(/reset/i);
  expect(upstream.connections.length).toBe(0);
  expect(await plane.lines(1)).toMatchObject([{ response_flags: "NC" }]);
});
