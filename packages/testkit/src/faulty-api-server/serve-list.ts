/** Lists, in pages where asked: every page is of the version of the first, for as long as that is remembered. */
import type { JsonObject } from "./json.ts";
import { without } from "./json.ts";
import { matchesSelectors, type Selectors } from "./matches-selectors.ts";
import { type ObjectStore, objectKey } from "./object-store.ts";
import { badRequest, StatusError } from "./status-error.ts";
import { apiVersionOf, type StoredKind } from "./stored-kind.ts";

export interface ListRequest {
  readonly kind: StoredKind;
  readonly selectors: Selectors;
  readonly query: URLSearchParams;
}

interface Token {
  readonly version: number;
  readonly after: string;
}

export function listObjects(store: ObjectStore, { kind, selectors, query }: ListRequest): JsonObject {
  refuseFuture(store, query.get("resourceVersion"));
  const token = readToken(query.get("continue"));
  const version = token?.version ?? store.version;
  const all = store
    .listAt(kind, version)
    .filter((object) => matchesSelectors(object, selectors))
    .filter((object) => token === undefined || objectKey(object) > token.after);
  const limit = Number(query.get("limit") ?? 0);
  const page = limit > 0 ? all.slice(0, limit) : all;
  const last = page.at(-1);
  const hasMore = page.length < all.length && last !== undefined;
  return {
    apiVersion: apiVersionOf(kind),
    kind: `${kind.kind}List`,
    metadata: {
      resourceVersion: String(version),
      ...(hasMore ? { continue: writeToken({ version, after: objectKey(last) }) } : {}),
    },
    items: page.map((object) => without(object, "apiVersion", "kind")),
  };
}

function refuseFuture(store: ObjectStore, asked: string | null): void {
  if (asked === null || Number(asked) <= store.version) return;
  const message = `Too large resource version: ${asked}, current: ${store.version}`;
  const causes = [{ reason: "ResourceVersionTooLarge", message }];
  throw new StatusError(504, "Timeout", message, { causes, retryAfterSeconds: 1 });
}

function writeToken(token: Token): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

function readToken(text: string | null): Token | undefined {
  if (text === null || text === "") return undefined;
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Token;
  } catch {
    throw badRequest("the continue token is not one of ours");
  }
}
