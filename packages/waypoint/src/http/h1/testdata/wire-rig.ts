/**
 * A data plane between a client that says exactly what it is told and an upstream that records exactly what it hears. The
 * verdict on some bytes is what came back, what became of the connection, and the exact bytes upstream. After the bytes in
 * question the client asks for something harmless: on the same connection where it is still open (so it was left in step),
 * else on a new one; whatever the bytes caused upstream has arrived there by then.
 */
import { freePort } from "@waystone/testkit/free-port";
import { type Bytes, type Delivery, openRawClient, type RawClient } from "@waystone/testkit/raw-http-client";
import type { ReadResponse } from "@waystone/testkit/read-message";
import { type AnswerRequest, okAnswer, openRecordingUpstream } from "@waystone/testkit/recording-upstream";
import type { RecordingUpstream } from "@waystone/testkit/recording-upstream";
import type { UpstreamConnection } from "@waystone/testkit/upstream-connection";
import { openTestPlane, type TestPlane, type TestPlaneOptions } from "../../../testing/open-test-plane.ts";

export interface Verdict {
  readonly statuses: readonly number[];
  /** Afterwards; "reset" is never right for an answer that the client is to read. */
  readonly connection: "open" | "ended" | "reset";
  /** Every byte, without the X-Request-Id line. Latin-1. */
  readonly upstream: string;
  /** How many whole requests those bytes are. Where there are more bytes, their connection has ended. */
  readonly requests: number;
}

export interface WireRig {
  readonly plane: TestPlane;
  readonly upstream: RecordingUpstream;
  readonly port: number;
  /** `method`: of the first request in the bytes, where it is HEAD. */
  judge(bytes: Bytes, delivery?: Delivery, method?: string): Promise<Verdict>;
  /** The bytes cut in two at each offset. The verdicts that differ, and what all of them together brought upstream. */
  judgeEverySplit(bytes: Bytes): Promise<SplitVerdict>;
  /** What came upstream by other ways than these counts for no verdict. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

export interface SplitVerdict {
  readonly splits: number;
  /** "200 open" */
  readonly verdicts: ReadonlySet<string>;
  readonly upstream: string;
  readonly requests: number;
}

export type RigOptions = Partial<TestPlaneOptions> & { readonly answer?: AnswerRequest };

const probe = "GET /probe HTTP/1.1\r\nHost: probe.test\r\n\r\n";
const probeAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nprobe";

/** The lines that every forwarded request gets. */
export const forwarded = "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\n";
const probeUpstream = `GET /probe HTTP/1.1\r\nHost: probe.test\r\n${forwarded}\r\n`;

/** What is right for bytes in which anything about the framing is in doubt. */
export function refused(status: number): Verdict {
  return { statuses: [status], connection: "ended", upstream: "", requests: 0 };
}

/** What is right for one request that passes: one answer, one request upstream, and the connection stays in step. */
export function forwardedAs(upstream: string): Verdict {
  return { statuses: [200], connection: "open", upstream, requests: 1 };
}

export async function openWireRig(options: RigOptions = {}): Promise<WireRig> {
  const answer = options.answer ?? (() => okAnswer);
  const upstream = await openRecordingUpstream({
    answer: (request, connection) => (request.target === "/probe" ? probeAnswer : answer(request, connection)),
  });
  const port = await freePort();
  const settings = options.clock === undefined ? withPatience(options.settings) : (options.settings ?? {});
  const endpoints = [`127.0.0.1:${upstream.port}`];
  const plane = await openTestPlane({ port, endpoints, ...options, settings });
  const takeFresh = takeFreshOf(upstream);
  const ask = async (bytes: Bytes, delivery: Delivery, method: string): Promise<Answered> => {
    const client = await openRawClient({ port });
    try {
      await client.send(bytes, delivery);
      await client.send(probe);
      const statuses = await readStatuses(client, method);
      if (client.peerState !== "open") await probeOnceMore(port);
      return { statuses, connection: client.peerState };
    } finally {
      client.close();
    }
  };
  return {
    plane,
    upstream,
    port,
    async judge(bytes, delivery = "whole", method = "GET") {
      const answered = await ask(bytes, delivery, method);
      return { ...answered, ...(await takeFresh()) };
    },
    async judgeEverySplit(bytes) {
      const splits = bytes.length - 1;
      const verdicts = new Set<string>();
      // A few at a time: as fast as many, and no listen queue is in the way.
      for (let at = 1; at <= splits; at += 16) {
        const length = Math.min(16, splits - at + 1);
        const some = Array.from({ length }, async (_, more) => await ask(bytes, { splitAt: at + more }, "GET"));
        for (const { statuses, connection } of await Promise.all(some))
          verdicts.add(`${statuses.join(" ")} ${connection}`);
      }
      return { splits, verdicts, ...(await takeFresh()) };
    },
    async forget() {
      await takeFresh();
    },
    async close() {
      plane.close();
      await upstream.close();
    },
  };
}

/** Bytes that come one by one take their time on a busy machine, and where no clock is given time is not what is asked about. */
function withPatience(settings: RigOptions["settings"] = {}): NonNullable<RigOptions["settings"]> {
  const patience = { headerMs: 600_000, bodyMs: 600_000, streamIdleMs: 600_000 };
  return { ...settings, timeouts: { ...patience, ...settings.timeouts } };
}

type Answered = Pick<Verdict, "statuses" | "connection">;

/** Up to the answer to the probe, which is not counted, or the end. */
async function readStatuses(client: RawClient, method: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let next = method; ; next = "GET") {
    const response: ReadResponse | undefined = await client.readResponseOrEnd(next);
    if (response === undefined || response.body.toString() === "probe") return statuses;
    statuses.push(response.status);
    if (client.peerState === "open" && closes(response)) await client.readUntilEnd();
  }
}

function closes(response: ReadResponse): boolean {
  return response.headers.some(([name, value]) => name.toLowerCase() === "connection" && value === "close");
}

async function probeOnceMore(port: number): Promise<void> {
  const client = await openRawClient({ port });
  await client.send(probe);
  await client.readResponse();
  client.close();
}

/** What came since the last call, over all connections, the probes left out. */
function takeFreshOf(upstream: RecordingUpstream): () => Promise<Pick<Verdict, "upstream" | "requests">> {
  const seen = new Map<UpstreamConnection, { bytes: number; requests: number }>();
  return async () => {
    let text = "";
    let requests = 0;
    for (const connection of upstream.connections) {
      const before = seen.get(connection) ?? { bytes: 0, requests: 0 };
      const { length } = connection.bytes;
      if (length === before.bytes) continue;
      seen.set(connection, { bytes: length, requests: connection.requests.length });
      text += connection.bytes.toString("latin1", before.bytes);
      const newer = connection.requests.slice(before.requests);
      requests += newer.filter(({ target }) => target !== "/probe").length;
      // A request that was not finished ends its connection: nothing may follow on it.
      if (newer.reduce((sum, { raw }) => sum + raw.length, 0) < length - before.bytes) await connection.untilEnd();
    }
    return { upstream: text.replaceAll(/X-Request-Id: [^\r]*\r\n/g, "").replaceAll(probeUpstream, ""), requests };
  };
}
