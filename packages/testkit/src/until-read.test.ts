import net from "node:net";
import { expect, test } from "vitest";
import { untilRead } from "./until-read.ts";
import { nextEvent, until } from "./within.ts";

test("what is written counts as read only once the other side has taken it", async () => {
  let accepted: net.Socket | undefined;
  let read = 0;
  const server = net.createServer({ pauseOnConnect: true }, (socket) => {
    accepted = socket;
    socket.on("data", (bytes) => (read += bytes.length));
    socket.pause();
  });
  server.listen(0, "127.0.0.1");
  await nextEvent(server, "listening");
  const client = net.connect((server.address() as net.AddressInfo).port, "127.0.0.1");
  await nextEvent(client, "connect");
  await until(() => accepted !== undefined, "it is accepted");
  client.write("some");
  let isRead = false;
  const done = untilRead(client).then(() => (isRead = true));
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  if (process.platform === "linux") expect(isRead).toBe(false);
  accepted!.resume();
  await done;
  expect(read).toBe(4);
  client.destroy();
  await untilRead(client);
  accepted!.destroy();
  server.close();
});
