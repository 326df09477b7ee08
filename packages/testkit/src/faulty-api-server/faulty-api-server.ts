/**
 * An API server over real HTTP on loopback, with its objects in memory, that does on purpose what a real one does on its
 * worst days. Lists, watches, bookmarks, streaming lists, pages, all ways of writing with field ownership, discovery; faults
 * on requests and on open watches. Time is of the Clock: nothing here happens by itself while a ManualClock stands.
 *
 * It is no proof that something works on Kubernetes (test/cluster has a real one): there is no schema, no admission, no
 * authorization but what a test sets.
 */
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Clock, systemClock } from "@waystone/base/clock";
import { PlannedFaults, type RequestFault, type StreamFault, type Verb } from "./faults.ts";
import { child, type Json, type JsonObject } from "./json.ts";
import { ObjectStore, objectKey, type StoreEvent } from "./object-store.ts";
import { parseTarget, type Target } from "./parse-target.ts";
import { discover } from "./serve-discovery.ts";
import { listObjects } from "./serve-list.ts";
import { notFound, StatusError } from "./status-error.ts";
import { kindKey, type StoredKind, usualKinds } from "./stored-kind.ts";
import { openWatch, type WatchMode } from "./open-watch.ts";
import type { WatchSession } from "./watch-session.ts";
import {
  createObject,
  deleteObject,
  keyOf,
  patchObject,
  replaceObject,
  type WriteAnswer,
} from "./write-object.ts";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  readonly atMs: number;
}

export interface Silence {
  readonly sinceMs: number;
  /** Of a streaming list, of a watch, or any other answer. */
  readonly waitsFor: "state" | "changes" | "answer";
}

/** Answers to a review that is created: TokenReview, SubjectAccessReview and their like, by plural. */
export type ReviewHandler = (review: JsonObject) => JsonObject;

export interface FaultyApiServerOptions {
  /** systemClock unless given. */
  readonly clock?: Clock;
  readonly kinds?: readonly StoredKind[];
}

const seenLimit = 10_000;

export async function openFaultyApiServer(options: FaultyApiServerOptions = {}): Promise<FaultyApiServer> {
  const server = new FaultyApiServer(options);
  await server.listen();
  return server;
}

export class FaultyApiServer {
  readonly store = new ObjectStore();
  readonly faults = new PlannedFaults();
  readonly watchMode: WatchMode = { streaming: "on", hasBookmarks: true, expiredAs: "status" };
  /** What was asked, oldest first. */
  readonly seen: SeenRequest[] = [];
  readonly reviews = new Map<string, ReviewHandler>();
  /** Undefined: any token, or none. */
  tokens: ReadonlySet<string> | undefined;
  /** True: 403. */
  forbids: (method: string, target: Target) => boolean = () => false;
  /** Every connection is reset as soon as it asks. */
  isDown = false;
  /** Bytes and connections so far: while it does not change, nothing happens. */
  activity = 0;
  readonly #clock: Clock;
  readonly #kinds: StoredKind[];
  readonly #server: http.Server;
  readonly #sockets = new Set<Socket>();
  readonly #watches = new Set<WatchSession>();
  readonly #hanging = new Map<ServerResponse, Silence>();
  #awayUntilMs = 0;
  #port = 0;

  constructor({ clock = systemClock, kinds = usualKinds }: FaultyApiServerOptions) {
    this.#clock = clock;
    this.#kinds = [...kinds];
    this.#server = http.createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
      this.activity++;
      response.on("error", () => {});
      this.#serve(request, response).catch((thrown: unknown) => answerError(response, thrown));
    });
    this.#server.on("connection", (socket) => this.#admit(socket));
    this.store.subscribe((event) => this.#spread(event));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async listen(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.listen(0, "127.0.0.1", resolve);
    await promise;
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    for (const socket of this.#sockets) socket.destroy();
    await promise;
  }

  kind(plural: string): StoredKind {
    const found = this.#kinds.find((each) => each.plural === plural);
    if (found === undefined) throw new Error(`${plural} is not served`);
    return found;
  }

  /** As someone else would: creates or replaces, with a new version. */
  put(plural: string, object: JsonObject): JsonObject {
    const kind = this.kind(plural);
    const live = this.store.get(kind, objectKey(object));
    const uid = child(live, "metadata", "uid") ?? this.store.nextUid();
    return this.store.put(kind, { ...object, metadata: { uid, ...(object["metadata"] as JsonObject) } });
  }

  remove(plural: string, key: string): void {
    this.store.remove(this.kind(plural), key);
  }

  get(plural: string, key: string): JsonObject | undefined {
    return this.store.get(this.kind(plural), key);
  }

  /** A definition is installed. */
  addKind(kind: StoredKind): void {
    this.#kinds.push(kind);
  }

  /** A definition is removed, its objects first. */
  removeKind(plural: string): void {
    const kind = this.kind(plural);
    for (const object of this.store.list(kind)) this.store.remove(kind, objectKey(object));
    for (const watch of this.#watches)
      if (kindKey(watch.kind) === kindKey(kind)) watch.fault({ type: "end" });
    this.#kinds.splice(this.#kinds.indexOf(kind), 1);
  }

  /** Does it to all open watches, of one kind if named. */
  disturb(fault: StreamFault, plural?: string): void {
    const disturbed = [...this.#watches].filter(
      (watch) => plural === undefined || watch.kind.plural === plural,
    );
    for (const watch of disturbed) watch.fault(fault);
    if (disturbed.length > 0 && fault.type === "error" && fault.retryAfterS !== undefined)
      this.#askAway(fault.retryAfterS);
  }

  /** Ends the day: no fault waits any more, and no event is held back. */
  calm(): void {
    this.faults.clear();
    this.isDown = false;
    for (const watch of this.#watches) watch.releaseSwapped();
  }

  bookmark(): void {
    for (const watch of this.#watches) watch.bookmark();
  }

  /** The database is restored from a backup of `version`; all connections end. */
  restore(version: number): void {
    this.store.restore(version);
    for (const socket of this.#sockets) socket.destroy();
  }

  get openWatches(): number {
    return this.#watches.size;
  }

  /** Who waits for something that will not come, and since when. */
  get silences(): readonly Silence[] {
    const watches = [...this.#watches].filter((watch) => watch.isStalled || watch.isStateEndless);
    const stalled = watches.map(({ sentAtMs, isStateEndless }): Silence => {
      return { sinceMs: sentAtMs, waitsFor: isStateEndless ? "state" : "changes" };
    });
    return [...stalled, ...this.#hanging.values()];
  }

  /** Until when clients were asked to stay away. */
  get awayUntilMs(): number {
    return this.#awayUntilMs;
  }

  #admit(socket: Socket): void {
    this.activity++;
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      this.activity++;
      this.#sockets.delete(socket);
    });
  }

  #spread(event: StoreEvent): void {
    this.activity++;
    for (const watch of this.#watches) watch.event(event);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://api");
    const method = request.method ?? "GET";
    this.#see(request, url);
    if (this.isDown) {
      request.socket.destroy();
      return;
    }
    const body = await readJson(request);
    const target = parseTarget(url.pathname, this.#kinds);
    const fault = this.faults.take(verbOf(method, target, url.searchParams), target?.kind.plural);
    if (fault !== undefined && fault.type !== "half") {
      this.#noteFault(fault, url.searchParams, response);
      refuse(fault, request, response);
      return;
    }
    this.#authorize(request, target);
    if (target !== undefined && method === "GET" && isWatch(target, url.searchParams)) {
      this.#watch(target, url.searchParams, response);
      return;
    }
    const answer = this.#answer(request, url, target, body);
    if (fault === undefined) answerJson(response, answer.status, answer.object);
    else answerHalf(response, answer.object);
  }

  #answer(request: IncomingMessage, url: URL, target: Target | undefined, body: Json): WriteAnswer {
    const method = request.method ?? "GET";
    if (target === undefined)
      return { status: method === "POST" ? 201 : 200, object: this.#special(url, body) };
    const query = url.searchParams;
    const contentType = (request.headers["content-type"] ?? "").split(";")[0] ?? "";
    const userAgent = request.headers["user-agent"] ?? "";
    const time = new Date(Math.floor(this.#clock.wallMs() / 1000) * 1000).toISOString().replace(".000", "");
    const write = { target, query, contentType, userAgent, body, time };
    switch (method) {
      case "POST":
        return createObject(this.store, write);
      case "PUT":
        return replaceObject(this.store, write);
      case "PATCH":
        return patchObject(this.store, write);
      case "DELETE":
        return deleteObject(this.store, write);
      default:
        return { status: 200, object: this.#read(target, query) };
    }
  }

  #read(target: Target, query: URLSearchParams): JsonObject {
    const { kind, name, namespace } = target;
    if (name === undefined)
      return listObjects(this.store, { kind, selectors: selectorsOf(namespace, query), query });
    const object = this.store.get(kind, keyOf(target));
    if (object === undefined) throw notFound(`${kind.plural} "${name}"`);
    return object;
  }

  #special(url: URL, body: Json): JsonObject {
    const review = this.reviews.get(url.pathname.split("/").at(-1) ?? "");
    if (review !== undefined) return review(body as JsonObject);
    const found = discover(url.pathname, this.#kinds);
    if (found === undefined)
      throw new StatusError(404, "NotFound", "the server could not find the requested resource");
    return found;
  }

  #watch({ kind, namespace }: Target, query: URLSearchParams, response: ServerResponse): void {
    const { store, watchMode: mode } = this;
    const selectors = selectorsOf(namespace, query);
    const session = openWatch({ store, mode, kind, selectors, query, response, clock: this.#clock });
    if (session === undefined) return;
    this.#watches.add(session);
    response.on("close", () => {
      this.activity++;
      this.#watches.delete(session);
    });
  }

  #authorize({ headers, method = "GET" }: IncomingMessage, target: Target | undefined): void {
    const token = headers.authorization?.replace(/^Bearer /, "") ?? "";
    if (this.tokens?.has(token) === false) throw new StatusError(401, "Unauthorized", "Unauthorized");
    if (target === undefined || !this.forbids(method, target)) return;
    throw new StatusError(403, "Forbidden", `${target.kind.plural} is forbidden: User "test" cannot do that`);
  }

  #noteFault(fault: RequestFault, query: URLSearchParams, response: ServerResponse): void {
    if (fault.type === "status" && fault.retryAfterS !== undefined) this.#askAway(fault.retryAfterS);
    if (fault.type !== "hang") return;
    const waitsFor = query.has("sendInitialEvents") ? "state" : query.has("watch") ? "changes" : "answer";
    this.#hanging.set(response, { sinceMs: this.#clock.now(), waitsFor });
    response.on("close", () => this.#hanging.delete(response));
  }

  #askAway(seconds: number): void {
    this.#awayUntilMs = Math.max(this.#awayUntilMs, this.#clock.now() + seconds * 1000);
  }

  #see({ method = "GET", headers }: IncomingMessage, url: URL): void {
    const query = Object.fromEntries(url.searchParams);
    const atMs = this.#clock.now();
    this.seen.push({ method, path: url.pathname, query, authorization: headers.authorization, atMs });
    if (this.seen.length > seenLimit) this.seen.shift();
  }
}

const isWatch = ({ name }: Target, query: URLSearchParams): boolean =>
  name === undefined && ["true", "1"].includes(query.get("watch") ?? "");

function verbOf(method: string, target: Target | undefined, query: URLSearchParams): Verb {
  if (method !== "GET") return "write";
  if (target === undefined || target.name !== undefined) return "get";
  return isWatch(target, query) ? "watch" : "list";
}

function selectorsOf(namespace: string | undefined, query: URLSearchParams) {
  return { namespace, labels: query.get("labelSelector") ?? "", fields: query.get("fieldSelector") ?? "" };
}

async function readJson(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? null : (JSON.parse(text) as Json);
}

function refuse(fault: RequestFault, request: IncomingMessage, response: ServerResponse): void {
  switch (fault.type) {
    case "reset":
      request.socket.destroy();
      return;
    case "status": {
      if (fault.retryAfterS !== undefined) response.setHeader("retry-after", String(fault.retryAfterS));
      const reason = fault.reason ?? "InternalError";
      answerJson(response, fault.status, new StatusError(fault.status, reason, "a fault on purpose").body);
      return;
    }
    case "html":
      response.writeHead(200, { "content-type": "text/html" }).end("<html>please log in</html>\n");
      return;
    case "hang":
    case "half":
      return;
  }
}

function answerJson(response: ServerResponse, status: number, object: Json): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(object));
}

function answerHalf(response: ServerResponse, object: Json): void {
  const text = JSON.stringify(object);
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.write(text.slice(0, text.length / 2), () => response.destroy());
}

function answerError(response: ServerResponse, thrown: unknown): void {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const error = thrown instanceof StatusError ? thrown : new StatusError(500, "InternalError", message);
  if (response.headersSent) response.destroy();
  else answerJson(response, error.code, error.body);
}
