/** The lines of a log, replayed through two worlds, gathered into what would change and how often. */
import { Asker } from "../explain/ask.ts";
import type { World } from "../explain/world.ts";
import { LoggedCaller } from "./logged-caller.ts";
import { type LogLine, parseLogLine } from "./log-line.ts";
import { askedPort, nameClient, type Replayed, replay } from "./replay.ts";

export interface Impact {
  readonly lines: number;
  readonly unchanged: number;
  readonly changes: readonly Change[];
  /** Lines that nobody can judge, by the reason. */
  readonly unjudged: Readonly<Record<string, number>>;
  /** Lines that the present configuration would answer otherwise than they were: it has changed since. */
  readonly answeredOtherwise: number;
}

export interface Change {
  readonly count: number;
  readonly client: string;
  /** "<name>.<namespace>:<port>" */
  readonly service: string;
  /** "POST /orders" */
  readonly operation: string;
  readonly before: string;
  readonly after: string;
  /** What decides after the change, or before it where nothing does. */
  readonly policies: readonly string[];
}

/** Bounds what a log of any size can take. */
const mostGroups = 10_000;

export async function gatherImpact(
  worlds: { readonly before: World; readonly after: World },
  lines: AsyncIterable<string>,
): Promise<Impact> {
  const gatherer = new Gatherer(new Asker(worlds.before), new Asker(worlds.after));
  for await (const line of lines) if (line.trim() !== "") await gatherer.add(line);
  return gatherer.finish();
}

class Gatherer {
  readonly #before: Asker;
  readonly #after: Asker;
  readonly #changes = new Map<string, { change: Omit<Change, "count">; count: number }>();
  readonly #unjudged = new Map<string, number>();
  #lines = 0;
  #unchanged = 0;
  #otherwise = 0;

  constructor(before: Asker, after: Asker) {
    this.#before = before;
    this.#after = after;
  }

  async add(text: string): Promise<void> {
    this.#lines++;
    const line = parseLogLine(text);
    if (line === undefined) return this.#skip("it is no line of an access log about a request");
    const to = askedPort(this.#after.world, line);
    if (to === undefined) return this.#skip("its Service is not known");
    const [before, after] = await this.#replayBoth(line, to);
    if ("unknown" in before) return this.#skip(before.unknown);
    if ("unknown" in after) return this.#skip(after.unknown);
    if (wasDenied(line) !== before.verdict.startsWith("deny 403")) this.#otherwise++;
    if (before.verdict === after.verdict) this.#unchanged++;
    else this.#note(line, to, before, after);
  }

  /** By the log's word as to who it was, where both take the same credentials. */
  async #replayBoth(line: LogLine, to: string): Promise<readonly [Replayed, Replayed]> {
    const callers = [this.#before, this.#after].map(({ world }) => LoggedCaller.of(world, line));
    const before = await replay(this.#before, line, to, callers[0]);
    const after = await replay(this.#after, line, to, callers[1]);
    if (callers[0]?.asked === callers[1]?.asked) return [before, after];
    return [await replay(this.#before, line, to), await replay(this.#after, line, to)];
  }

  finish(): Impact {
    const changes = [...this.#changes.values()]
      .map(({ change, count }) => ({ count, ...change }))
      .toSorted(
        (a, b) => b.count - a.count || compare(a.client, b.client) || compare(a.operation, b.operation),
      );
    return {
      lines: this.#lines,
      unchanged: this.#unchanged,
      changes,
      unjudged: Object.fromEntries([...this.#unjudged].toSorted(([a], [b]) => compare(a, b))),
      answeredOtherwise: this.#otherwise,
    };
  }

  #note(line: LogLine, service: string, before: Known, after: Known): void {
    const policies = after.policies.length > 0 ? after.policies : before.policies;
    const operation = `${line.method} ${line.path.replace(/\?.*$/s, "")}`;
    const client = nameClient(line);
    const change = { client, service, operation, before: before.verdict, after: after.verdict, policies };
    const key = JSON.stringify(change);
    const known = this.#changes.get(key);
    if (known !== undefined) known.count++;
    else if (this.#changes.size < mostGroups) this.#changes.set(key, { change, count: 1 });
    else this.#skip(`more than ${mostGroups} groups of requests would change`);
  }

  #skip(reason: string): void {
    this.#unjudged.set(reason, (this.#unjudged.get(reason) ?? 0) + 1);
  }
}

type Known = Exclude<Replayed, { unknown: string }>;

/** By a policy, not by an endpoint. */
function wasDenied({ flags }: LogLine): boolean {
  return flags.split(",").includes("RBAC");
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
