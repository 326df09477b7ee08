/** One line of a watch, in our terms. What the server may not send is an ApiError "Malformed": never swallowed. */
import type { KubeObject } from "../kube-object.ts";
import { type ApiError, errorFromStatus, noAnswer } from "../transport/api-error.ts";

export type WatchEvent =
  | { readonly type: "change"; readonly isDelete: boolean; readonly object: KubeObject }
  /** Nothing up to `version` is still to come; `isInitialEnd`: nor of the state that was asked for at the start. */
  | { readonly type: "bookmark"; readonly version: string; readonly isInitialEnd: boolean }
  | { readonly type: "error"; readonly error: ApiError };

const initialEnd = "k8s.io/initial-events-end";

export function parseWatchEvent(line: string, asked: string): WatchEvent {
  const parsed = parseLine(line, asked);
  const object = parsed.object;
  switch (parsed.type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
      if (!isObject(object)) throw malformed(asked, `a ${parsed.type} event without a named object`);
      return { type: "change", isDelete: parsed.type === "DELETED", object };
    case "BOOKMARK": {
      const { metadata } = isRecord(object) ? (object as Partial<KubeObject>) : {};
      const version = metadata?.resourceVersion;
      if (typeof version !== "string") throw malformed(asked, "a bookmark without a version");
      return { type: "bookmark", version, isInitialEnd: metadata?.annotations?.[initialEnd] === "true" };
    }
    case "ERROR":
      return { type: "error", error: errorFromStatus(asked, object) };
    default:
      throw malformed(asked, `an event of the unknown type ${JSON.stringify(parsed.type)}`);
  }
}

export function malformed(asked: string, what: string, cause?: unknown): ApiError {
  return noAnswer("Malformed", `${asked}: the API server sent ${what}`, cause);
}

function parseLine(line: string, asked: string): { readonly type?: unknown; readonly object?: unknown } {
  try {
    const parsed: unknown = JSON.parse(line);
    if (isRecord(parsed)) return parsed;
  } catch (thrown) {
    throw malformed(asked, `a line of ${line.length} characters that is no JSON`, thrown);
  }
  throw malformed(asked, "a line that is no event");
}

function isObject(value: unknown): value is KubeObject {
  if (!isRecord(value) || !isRecord(value["metadata"])) return false;
  return typeof value["metadata"]["name"] === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
