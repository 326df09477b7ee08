/**
 * Which of a client's headers are believed (design.md section 5, U03), worked out once per connection: what is dropped
 * from its requests, and the X-Forwarded lines that every one of them gets where nothing of the client's is kept.
 */
import {
  claimedForwardingHeaders,
  forbiddenForwardingHeaders,
  forwardedFor,
  forwardedProto,
  ownForwardingHeaders,
  type PeerTrust,
} from "@waystone/engine/headers/forwarded";
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";
import { buildRequestId, requestId } from "@waystone/engine/headers/request-id";
import type { Rng } from "@waystone/base/rng";
import { droppedTable } from "../http/dropped-headers.ts";
import type { HeaderBlock } from "../http/header-block.ts";
import { Known, knownId } from "../http/known-headers.ts";

export interface Forwarding {
  readonly trust: PeerTrust;
  readonly peerAddress: string;
  /** For OutgoingRequest.dropped. */
  readonly dropped: Uint8Array;
  /** Whole lines, used as they are when trust is "unknown". */
  readonly lines: string;
}

/** Never passed on as they came: written anew from the parsed request. */
const rewritten: readonly number[] = [Known.host, Known.expect];

const droppedFromKnown = droppedTable(
  ...rewritten,
  ...idsOf(ownForwardingHeaders),
  ...idsOf(forbiddenForwardingHeaders),
);
const droppedFromUnknown = droppedTable(
  ...rewritten,
  ...idsOf(ownForwardingHeaders),
  ...idsOf(forbiddenForwardingHeaders),
  ...idsOf(claimedForwardingHeaders),
);

/** The scanner must know each of these names, else it could not drop it. */
function idsOf(names: ReadonlySet<string>): number[] {
  return [...names].map((name) => {
    const id = knownId(name);
    if (id === 0) throw new Error(`${name} is missing from known-headers.ts`);
    return id;
  });
}

export function buildForwarding(trust: PeerTrust, peerAddress: string): Forwarding {
  return {
    trust,
    peerAddress,
    dropped: trust === "unknown" ? droppedFromUnknown : droppedFromKnown,
    lines: `X-Forwarded-For: ${peerAddress}\r\nX-Forwarded-Proto: http\r\n`,
  };
}

/** Header lines to add. */
export interface ForwardedLines {
  /** Most of a client's requests have the same. */
  readonly lines: string;
  /** Goes on a line of its own after them. */
  readonly requestId: string;
}

/** As text. */
export function forwardedText({ lines, requestId }: ForwardedLines): string {
  return `${lines}X-Request-Id: ${requestId}\r\n`;
}

export function forwardedLines(forwarding: Forwarding, headers: HeaderBlock, rng: Rng): ForwardedLines {
  if (forwarding.trust === "unknown") {
    return { lines: forwarding.lines, requestId: buildRequestId(rng) };
  }
  const chain = forwardedFor(forwarding.trust, headers.values("x-forwarded-for"), forwarding.peerAddress);
  const proto = forwardedProto(forwarding.trust, headers.values("x-forwarded-proto"), "http");
  const id = requestId(forwarding.trust, headers.values("x-request-id"), rng);
  const host = headers.values("x-forwarded-host");
  const hostLine = host.length === 1 ? `X-Forwarded-Host: ${host[0]}\r\n` : "";
  return {
    lines: `X-Forwarded-For: ${chain}\r\nX-Forwarded-Proto: ${proto}\r\n${hostLine}`,
    requestId: id,
  };
}

/** The lines but for those that a filter sets or removes: the user's word stands in their place. */
export function linesBeside(modifiers: readonly HeaderModifier[], lines: string): string {
  if (!modifiers.some(isAboutForwarding)) return lines;
  const isModified = (name: string): boolean => modifiers.some(({ removeNames }) => removeNames.has(name));
  const kept = lines
    .split("\r\n")
    .filter((line) => !isModified(line.slice(0, line.indexOf(":")).toLowerCase()));
  return kept.join("\r\n");
}

const aboutForwarding = new WeakMap<HeaderModifier, boolean>();

function isAboutForwarding(modifier: HeaderModifier): boolean {
  let isOne = aboutForwarding.get(modifier);
  if (isOne === undefined) {
    isOne = ownForwardingHeaders.values().some((name) => modifier.removeNames.has(name));
    aboutForwarding.set(modifier, isOne);
  }
  return isOne;
}
