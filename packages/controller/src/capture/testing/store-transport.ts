/**
 * An API server without a wire: requests are answered by the testkit's store within the turn, so that a property test can do
 * thousands of them. What goes wrong is said request by request: refused before it is done, or done and not answered.
 */
import type { ApiRequest, Transport } from "@waystone/kube/transport/transport";
import { errorFromAnswer, noAnswer } from "@waystone/kube/transport/api-error";
import type { Json, JsonObject } from "@waystone/testkit/faulty-api-server/json";
import type { ObjectStore } from "@waystone/testkit/faulty-api-server/object-store";
import { parseTarget } from "@waystone/testkit/faulty-api-server/parse-target";
import { notFound, StatusError } from "@waystone/testkit/faulty-api-server/status-error";
import { usualKinds } from "@waystone/testkit/faulty-api-server/stored-kind";
import {
  createObject,
  deleteObject,
  keyOf,
  patchObject,
  replaceObject,
} from "@waystone/testkit/faulty-api-server/write-object";

export type Fault =
  /** 409, as if somebody had written. */
  | "conflict"
  /** 500, and nothing was done. */
  | "refused"
  /** Done, and the answer is lost. */
  | "unanswered";

export interface StoreTransportOptions {
  readonly store: ObjectStore;
  /** Asked before each write. */
  readonly faultOf?: (request: ApiRequest) => Fault | undefined;
  /** True while a write of this transport is stored. */
  readonly writing?: (isWriting: boolean) => void;
}

export function storeTransport({ store, faultOf, writing }: StoreTransportOptions): Transport {
  return {
    namespace: "default",
    async request<T>(request: ApiRequest): Promise<T> {
      await Promise.resolve();
      const isRead = request.method === undefined || request.method === "GET";
      const fault = isRead ? undefined : faultOf?.(request);
      if (fault === "conflict" || fault === "refused") {
        const status = fault === "conflict" ? 409 : 500;
        throw errorFromAnswer(request.path, { status, body: "a fault on purpose" });
      }
      writing?.(true);
      try {
        const answer = answerOf(store, request);
        if (fault === "unanswered") throw noAnswer("TimedOut", `${request.path}: no answer, on purpose`);
        return structuredClone(answer) as T;
      } catch (thrown) {
        if (!(thrown instanceof StatusError)) throw thrown;
        throw errorFromAnswer(request.path, { status: thrown.code, body: JSON.stringify(thrown.body) });
      } finally {
        writing?.(false);
      }
    },
    stream: () => Promise.reject(new Error("nobody watches through it")),
    close: () => Promise.resolve(),
  };
}

function answerOf(
  store: ObjectStore,
  { method = "GET", path, query, contentType, body }: ApiRequest,
): JsonObject {
  const target = parseTarget(path, usualKinds);
  if (target === undefined) throw new StatusError(404, "NotFound", `${path} is not served`);
  if (method === "GET") {
    const found = store.get(target.kind, keyOf(target));
    if (found === undefined) throw notFound(path);
    return found;
  }
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined) search.set(name, String(value));
  const write = {
    target,
    query: search,
    contentType: contentType ?? "application/json",
    userAgent: "test",
    body: structuredClone(body ?? null) as Json,
    time: "2026-01-01T00:00:00Z",
  };
  switch (method) {
    case "POST":
      return createObject(store, write).object;
    case "PUT":
      return replaceObject(store, write).object;
    case "PATCH":
      return patchObject(store, write).object;
    case "DELETE":
      return deleteObject(store, write).object;
  }
}
