/** What an authorizer is told of a request: as it is judged and forwarded, with nothing of the client's claims that nobody believes. */
import type { HeaderBlock } from "../http/header-block.ts";

export interface RequestFacts {
  readonly method: string;
  /** Normalised, with the query. */
  readonly target: string;
  /** As sent, with its port. */
  readonly authority: string;
  readonly protocol: string;
  /** -1: unknown. */
  readonly bodyLength: number;
  readonly requestId: string;
  /** The lines by which the request is forwarded: "Name: value\r\n". */
  readonly forwarded: string;
  readonly headers: HeaderBlock;
  /** Of `headers`, by known-headers.ts number: not passed on. */
  readonly dropped: Uint8Array;
  readonly connectionNames: ReadonlySet<string> | undefined;
  /** Unix time. */
  readonly atMs: number;
  readonly source: PeerFacts;
  readonly destination: PeerFacts;
  /** What of the body is sent along, and whether it is all; undefined: none of it. */
  readonly body: { readonly pieces: readonly Buffer[]; readonly isWhole: boolean } | undefined;
}

export interface PeerFacts {
  readonly address: string;
  readonly port: number;
  /** The Service; "" for none. */
  readonly service: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** In a certificate; "" for none. */
  readonly principal: string;
}

/** Each line that goes to the authorizer, in order, names in lower case. */
export function* linesFor(facts: RequestFacts): Generator<[name: string, value: string]> {
  const { headers, dropped, connectionNames, forwarded } = facts;
  for (let i = 0; i < headers.count; i++) {
    if (dropped[headers.ids[i]!] === 1) continue;
    const name = headers.nameAt(i);
    if (connectionNames?.has(name) !== true) yield [name, headers.valueAt(i)];
  }
  for (const line of forwarded.split("\r\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) yield [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
  }
}
