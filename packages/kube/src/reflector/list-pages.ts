/**
 * All objects of a selection, in pages, as of one version: a consistent read ("" is "most recent"), so that time never runs
 * backwards for us, whichever API server answers. Pages whose token expires on the way begin again, in the end without
 * pages.
 */
import type { KubeList, KubeObject } from "../kube-object.ts";
import { isExpired } from "../transport/api-error.ts";
import type { Transport } from "../transport/transport.ts";
import { malformed } from "./watch-event.ts";
import { type Selection, selectionPath, selectionQuery } from "./selection.ts";

export interface ListOptions {
  readonly transport: Transport;
  readonly selection: Selection;
  readonly signal: AbortSignal;
  /** Called before each attempt: what was taken in is void. */
  readonly begin: () => void;
  readonly take: (object: KubeObject) => void;
}

/** A page is held twice while it is parsed: 500 pods are 9 MB of text. Smaller pages are not slower. */
const pageSize = 100;
const pageTimeoutMs = 30_000;
const wholeTimeoutMs = 60_000;
const wholeLimitBytes = 256 * 1024 * 1024;

/** The version that the list is of. */
export async function listPages(options: ListOptions): Promise<string> {
  for (const limit of [pageSize, pageSize, undefined]) {
    options.begin();
    const version = await listOnce(options, limit);
    if (version !== undefined) return version;
  }
  throw malformed(selectionPath(options.selection), "a token for more of a list that has no more pages");
}

/** Undefined: a page's token expired. */
async function listOnce(options: ListOptions, limit: number | undefined): Promise<string | undefined> {
  let token: string | undefined;
  let version: string | undefined;
  do {
    const page = await readPage(options, limit, token);
    if (page === undefined) return undefined;
    version = page.metadata?.resourceVersion;
    token = page.metadata?.continue;
    const kind = page.kind?.replace(/List$/, "");
    for (const item of page.items ?? []) options.take(withKind(item, page.apiVersion, kind));
  } while (token !== undefined && token !== "");
  if (version === undefined) throw malformed(selectionPath(options.selection), "a list without a version");
  return version;
}

async function readPage(
  { transport, selection, signal }: ListOptions,
  limit: number | undefined,
  token: string | undefined,
): Promise<KubeList | undefined> {
  try {
    return await transport.request<KubeList>({
      path: selectionPath(selection),
      query: { ...selectionQuery(selection), limit, continue: token },
      timeoutMs: limit === undefined ? wholeTimeoutMs : pageTimeoutMs,
      ...(limit === undefined ? { limitBytes: wholeLimitBytes } : {}),
      signal,
    });
  } catch (thrown) {
    if (token !== undefined && isExpired(thrown)) return undefined;
    throw thrown;
  }
}

/** Watches say the kind of each object, lists only their own: one shape for both. */
function withKind(item: KubeObject, apiVersion: string | undefined, kind: string | undefined): KubeObject {
  return {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(kind === undefined ? {} : { kind }),
    ...item,
  };
}
