/** One question put to a world: who asks, where the request goes, and what comes of it there. */
import { systemClock } from "@waystone/base/clock";
import type { JudgeCredentials } from "@waystone/engine/explain/asked-credentials";
import type { AskedPort } from "@waystone/engine/explain/asked-port";
import { Chain } from "@waystone/engine/explain/chain";
import { explainAtPort } from "@waystone/engine/explain/explain-at-port";
import type { Explanation } from "@waystone/engine/explain/explanation";
import { buildClientView } from "@waystone/waypoint/listener/client-view";
import { explainCapture } from "./explain-capture.ts";
import { type FoundClient, findClient } from "./find-client.ts";
import { type FoundPort, findPort } from "./find-port.ts";
import { openWaypointView, type WaypointView } from "./waypoint-view.ts";
import type { World } from "./world.ts";

export interface RequestWords {
  readonly from: string;
  readonly to: string;
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  /** "" or undefined: the Service's name. */
  readonly host?: string | undefined;
  /** [name, value], in order. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly serverName?: string | undefined;
  /** Of the request, milliseconds since 1970; undefined: now. */
  readonly timeMs?: number | undefined;
  /** Is told of every header that is asked for and not given: the answer may depend on it. */
  readonly onUnknownHeader?: (name: string) => void;
  /** Says who asks in place of what the request shows. */
  readonly judgeCredentials?: JudgeCredentials | undefined;
}

export interface Answer {
  readonly client: FoundClient;
  readonly asked: FoundPort;
  readonly explanation: Explanation;
}

/** Keeps what each waypoint runs, as several questions are asked of one world. */
export class Asker {
  readonly world: World;
  readonly #views = new Map<string, WaypointView>();

  constructor(world: World) {
    this.world = world;
  }

  /** Throws a CliError where a name is not known. */
  async ask(words: RequestWords): Promise<Answer> {
    return await this.askAs(findClient(this.world, words.from), words);
  }

  async askAs(client: FoundClient, words: Omit<RequestWords, "from">): Promise<Answer> {
    const asked = findPort(this.world, words.to);
    for (;;) {
      const answer = { client, asked, explanation: this.#explain(client, asked, words) };
      const { waypoint } = asked.service;
      // What is shown may have to be looked into first; then the answer is another one.
      if (waypoint === undefined || !(await this.view(waypoint).shown.settle())) return answer;
    }
  }

  #explain(client: FoundClient, asked: FoundPort, words: Omit<RequestWords, "from">): Explanation {
    const chain = new Chain();
    const port = this.#portOf(asked);
    if (!explainCapture(chain, this.world, asked, port !== undefined)) return chain.finish();
    chain.add("client", client.text);
    const view = this.view(asked.service.waypoint!);
    const { judgeCredentials = view.waypoint.judgeCredentials } = words;
    const waypoint = { ...view.waypoint, judgeCredentials };
    return explainAtPort(port!, waypoint, question(client, asked, words), chain);
  }

  view(waypoint: string): WaypointView {
    let view = this.#views.get(waypoint);
    if (view === undefined) {
      view = openWaypointView(this.world, waypoint);
      this.#views.set(waypoint, view);
    }
    return view;
  }

  #portOf({ service, port }: FoundPort): AskedPort | undefined {
    if (service.waypoint === undefined) return undefined;
    return this.view(service.waypoint).portOf(`${service.key}:${port.port}`);
  }
}

function question(client: FoundClient, { service, port }: FoundPort, words: Omit<RequestWords, "from">) {
  const headers = new Map<string, readonly string[]>();
  let authority = words.host ?? "";
  for (const [name, value] of words.headers ?? []) {
    const lower = name.toLowerCase();
    if (lower === "host") authority = value;
    else headers.set(lower, [...(headers.get(lower) ?? []), value]);
  }
  const ownName = `${service.name}.${service.namespace}`;
  return {
    client: buildClientView(client.state, client.address, client.address),
    method: words.method ?? "GET",
    target: words.path ?? "/",
    authority: authority || (port.port === 80 ? ownName : `${ownName}:${port.port}`),
    headers:
      words.onUnknownHeader === undefined ? headers : new ObservedHeaders(headers, words.onUnknownHeader),
    serverName: words.serverName ?? "",
    timeMs: words.timeMs ?? systemClock.wallMs(),
  };
}

class ObservedHeaders extends Map<string, readonly string[]> {
  readonly #onUnknown: (name: string) => void;

  constructor(headers: ReadonlyMap<string, readonly string[]>, onUnknown: (name: string) => void) {
    super(headers);
    this.#onUnknown = onUnknown;
  }

  override get(name: string): readonly string[] | undefined {
    if (!this.has(name)) this.#onUnknown(name);
    return super.get(name);
  }
}
