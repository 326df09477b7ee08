/**
 * What an endpoint says ahead of its answers (1xx) to a client that does not read: no window holds it back, so it is bounded like
 * everything else that waits to be read (reference D05). Found by reading: sixteen heads of 64 KiB for each stream were kept.
 */
import { connect } from "node:net";
import { okAnswer } from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { earlyAnswer } from "../http/early-answer.ts";
import { get, headers, magic, settings } from "../http/h2/testdata/frames.ts";
import { ResponseHead } from "../http/message.ts";
import { useExchangeRig } from "../testing/exchange-rig.ts";

const rig = useExchangeRig();

const streams = 20;
/** As many as are waited for; those of all streams are 19 MB. */
const hints = `HTTP/1.1 103 Early Hints\r\nX-Big: ${"x".repeat(60_000)}\r\n\r\n`.repeat(16);
const answer = Buffer.from(hints + okAnswer);

test("[D05] early answers to a client that does not read are not kept, and its answers come once it reads", async () => {
  const upstream = await rig.openUpstream({ answer: () => answer });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const socket = connect({ port: plane.port, host: "127.0.0.1" });
  socket.pause();
  const ids = Array.from({ length: streams }, (_, at) => 2 * at + 1);
  socket.write(Buffer.concat([magic, settings(), ...ids.map((id) => headers(id, get))]));
  await plane.lines(streams);
  let tail = "";
  socket.on("data", (bytes) => (tail = bytes.toString("latin1").slice(-2)));
  socket.resume();
  // The last stream's answer, two bytes of DATA, ends what is there to be read.
  await until(() => tail === "ok", "the answers are there");
  // What the kernel took before it was full, on either side; the rest is dropped.
  expect(socket.bytesRead).toBeLessThan(14 * 1024 * 1024);
  socket.destroy();
});

test("who waits to be told to go on is told so, whatever he has not read, and nothing beside it", () => {
  const head = new ResponseHead();
  head.status = 100;
  head.reason = "Continue";
  head.headers.append("X-Big", "x");
  expect(earlyAnswer(head, false)).toBe(head);
  expect(earlyAnswer(head, true)).toMatchObject({ status: 100, headers: { count: 0 } });
  head.status = 103;
  expect([earlyAnswer(head, false), earlyAnswer(head, true)]).toEqual([head, undefined]);
});
