import { expect, test } from "vitest";
import { type Echo, openEchoServer } from "./http-echo-server.ts";
import { openRawClient } from "./raw-http-client.ts";

test("it answers with the request it saw and its own name", async () => {
  const server = await openEchoServer({ name: "stable" });
  const client = await openRawClient({ port: server.port });
  await client.send("POST /a%20b?c HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\n\r\nhi");
  const answer = await client.readResponse("POST");
  const echo = JSON.parse(answer.body.toString()) as Echo;
  expect(echo).toMatchObject({ name: "stable", method: "POST", target: "/a%20b?c", bodyBytes: 2 });
  expect(echo.headers.slice(1, 3)).toEqual([
    ["X-A", "1"],
    ["x-a", "2"],
  ]);
  expect(server.seen).toEqual([echo]);
  client.close();
  await server.close();
});
