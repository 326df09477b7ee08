/** One message to a server, and what became of it. */
import { MessageError } from "@waystone/testkit/read-head";
import { openRawClient, type RawClient } from "@waystone/testkit/raw-http-client";

export interface Asked {
  /** Of the final answer; 0 when the connection ended without one. */
  readonly status: number;
  /** Nothing more came on this connection in time: neither an answer nor its end. */
  readonly stalled: boolean;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

const deadlineMs = 10_000;

export interface Message {
  readonly bytes: Buffer;
  readonly method: string;
  /** Half-close behind it, so that a message which is cut short is seen to be. */
  readonly ends?: boolean;
}

/** On a connection of its own. */
export async function askOnce(address: Address, { bytes, method, ends }: Message): Promise<Asked> {
  const client = await openRawClient({ ...address, deadlineMs });
  try {
    await client.send(bytes);
    if (ends === true) client.halfClose();
    return await readFinal(client, method);
  } finally {
    client.close();
  }
}

async function readFinal(client: RawClient, method: string): Promise<Asked> {
  try {
    for (;;) {
      const response = await client.readResponseOrEnd(method);
      if (response === undefined) return { status: 0, stalled: false };
      if (response.status >= 200) return { status: response.status, stalled: false };
    }
  } catch (error) {
    // A reset may overtake the answer: the connection was closed with bytes unread, as it should be.
    return { status: 0, stalled: !(error instanceof MessageError) && client.peerState === "open" };
  }
}

/** Many whole messages over one connection, all at once; gives how many were answered before it ended. */
export async function askPipelined(
  address: Address,
  messages: readonly Message[],
): Promise<readonly Asked[]> {
  const client = await openRawClient({ ...address, deadlineMs });
  const answers: Asked[] = [];
  try {
    await client.send(Buffer.concat(messages.map((message) => message.bytes)));
    for (const { method } of messages) {
      const asked = await readFinal(client, method);
      answers.push(asked);
      if (asked.status === 0) break;
    }
    return answers;
  } finally {
    client.close();
  }
}

/** Runs `work` over all items, `width` at a time. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

export function inBatches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}
