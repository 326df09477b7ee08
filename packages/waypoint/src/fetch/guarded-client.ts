/**
 * Fetches a small text on behalf of a policy. Addresses are checked after DNS, for the very addresses that are then dialled, and again at each
 * redirect; size, time and redirects are bounded. Throws an Error whose message is for people.
 */
import { lookup as lookupName, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { Agent } from "undici";
import type { Clock } from "@waystone/base/clock";
import { parseIp } from "@waystone/base/ip";
import { type AddressGuard, addressGuard } from "./guarded-addresses.ts";

export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

export interface GuardedClientOptions {
  readonly clock: Clock;
  /** Addresses of the control plane, and names that stand for more of them. */
  readonly controlPlane: readonly string[];
  readonly resolve?: Resolve;
  /** PEM; the system's roots unless given. */
  readonly ca?: string;
}

export interface FetchRequest {
  readonly uri: string;
  readonly allowedAddresses: readonly string[];
}

export interface GuardedClient {
  fetchText(request: FetchRequest): Promise<string>;
}

const longestMs = 10_000;
const mostBytes = 1_048_576;
const mostRedirects = 3;

export function openGuardedClient(options: GuardedClientOptions): GuardedClient {
  const resolve = options.resolve ?? resolveName;
  return {
    async fetchText({ uri, allowedAddresses }) {
      const abort = new AbortController();
      const timer = options.clock.after(longestMs, () =>
        abort.abort(new Error(`no answer within ${longestMs / 1000} s`)),
      );
      try {
        const guard = addressGuard(allowedAddresses, await addressesOf(options.controlPlane, resolve));
        return await follow({ ...options, resolve, guard, signal: abort.signal }, uri);
      } finally {
        timer.cancel();
      }
    },
  };
}

/** Names that are not known are nobody's. */
async function addressesOf(names: readonly string[], resolve: Resolve): Promise<readonly string[]> {
  const found = await Promise.all(
    names.map(async (name) => {
      const address = parseIp(name);
      if (address !== undefined) return [address];
      return await resolve(name).then(
        (answers) => answers.map((each) => each.address),
        () => [],
      );
    }),
  );
  return found.flat();
}

interface Surroundings extends Pick<GuardedClientOptions, "ca"> {
  readonly resolve: Resolve;
  readonly guard: AddressGuard;
  readonly signal: AbortSignal;
}

async function follow(surroundings: Surroundings, uri: string): Promise<string> {
  let url = new URL(uri);
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const answer = await ask(surroundings, url);
    if ("text" in answer) return answer.text;
    const next = URL.parse(answer.location, url);
    if (next === null) throw new Error("it leads to what is no URI");
    if (url.protocol === "https:" && next.protocol !== "https:")
      throw new Error("it leads from https to what anybody could exchange");
    url = next;
  }
  throw new Error(`it leads on more than ${mostRedirects} times`);
}

type Answer = { readonly text: string } | { readonly location: string };

async function ask({ ca, resolve, guard, signal }: Surroundings, url: URL): Promise<Answer> {
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new Error("only http and https are fetched");
  if (url.username !== "" || url.password !== "") throw new Error("a URI with a password is not fetched");
  // An address is dialled without being looked up.
  const literal = parseIp(url.hostname.replace(/^\[|\]$/g, ""));
  const problem = literal === undefined ? undefined : guard.problemWith(literal);
  if (problem !== undefined) throw new Error(problem);
  const agent = new Agent({
    connect: { lookup: guardedLookup(resolve, guard), timeout: longestMs, ...(ca !== undefined && { ca }) },
    headersTimeout: longestMs,
    bodyTimeout: longestMs,
    maxHeaderSize: 16_384,
    connections: 1,
    pipelining: 0,
  });
  try {
    const { statusCode, headers, body } = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: "GET",
      headers: { accept: "application/jwk-set+json, application/json" },
      signal,
    });
    const { location } = headers;
    if (statusCode >= 300 && statusCode < 400 && typeof location === "string") {
      body.on("error", () => {});
      body.destroy();
      return { location };
    }
    if (statusCode !== 200) {
      body.on("error", () => {});
      body.destroy();
      throw new Error(`it answers ${statusCode}`);
    }
    return { text: await readText(body) };
  } finally {
    await agent.destroy();
  }
}

async function readText(body: AsyncIterable<unknown>): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    const buffer = Buffer.from(piece as Uint8Array);
    bytes += buffer.length;
    if (bytes > mostBytes) throw new Error("its answer is larger than 1 MiB");
    pieces.push(buffer);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** What it gives back is what is dialled: a name that changes its mind in between (DNS rebinding) gains nothing. */
function guardedLookup(resolve: Resolve, guard: AddressGuard): LookupFunction {
  return (name, options, tell) => {
    resolve(name).then(
      (found) => {
        const problem = found
          .map(({ address }) => guard.problemWith(address))
          .find((each) => each !== undefined);
        const [first] = found;
        if (problem !== undefined || first === undefined) {
          tell(new Error(`${name}: ${problem ?? "has no address"}`), "", 0);
          return;
        }
        if (options.all === true) tell(null, [...found]);
        else tell(null, first.address, first.family);
      },
      (error: unknown) => tell(error instanceof Error ? error : new Error(String(error)), "", 0),
    );
  };
}

const resolveName: Resolve = (name) =>
  new Promise((tell, fail) => {
    lookupName(name, { all: true }, (error, found) => (error === null ? tell(found) : fail(error)));
  });
