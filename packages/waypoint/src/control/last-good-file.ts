/**
 * The configuration that was in use last, on disk: a waypoint that restarts while its controller is away serves from it.
 * One line of JSON that says what follows (a format version, whose it is, length and checksum), then one discovery
 * response with all resources, the very messages of the wire. Secrets are never in it, nor are identities: those must come
 * from a live controller. What is not whole, not ours or not understood is not used at all.
 */
import { errorMessage } from "@waystone/base/error-message";
import { readFile } from "node:fs/promises";
import { hash } from "node:crypto";
import path from "node:path";
import { compactReader } from "@waystone/api/compact-reader";
import { DeltaDiscoveryResponse, Resource } from "@waystone/api/discovery";
import { savedTypeUrls, type TypeUrl } from "@waystone/api/names";
import { writeFileAtomic } from "@waystone/base/atomic-write";
import type { EncodedResource, ResourceDelta } from "@waystone/xds/resource";

const format = "waystone-last-good";
const formatVersion = 1;
const newline = 0x0a;

interface Header {
  readonly format: string;
  readonly version: number;
  /** "<namespace>/<gateway>" or "*": whose configuration it is. */
  readonly scope: string;
  readonly bytes: number;
  readonly sha256: string;
}

export function lastGoodPath(stateDir: string): string {
  return path.join(stateDir, "last-good.waystone");
}

/** Rejects with the system's error; the file is then as before. */
export async function saveLastGood(
  file: string,
  scope: string,
  deltas: readonly ResourceDelta[],
): Promise<void> {
  const resources = deltas
    .filter(({ typeUrl }) => savedTypeUrls.includes(typeUrl))
    .flatMap(({ upserts }) => upserts.map(encodeResource));
  const body = DeltaDiscoveryResponse.encode({ resources }).finish();
  const sha256 = hash("sha256", body, "hex");
  const header: Header = { format, version: formatVersion, scope, bytes: body.byteLength, sha256 };
  await writeFileAtomic(file, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]));
}

function encodeResource({ typeUrl, name, version, body }: EncodedResource): Uint8Array {
  return Resource.encode({ name, version, resource: { typeUrl, value: body } }).finish();
}

export type LastGood =
  | { readonly found: true; readonly deltas: readonly ResourceDelta[]; readonly resources: number }
  /** Why there is nothing to start from, for the log. */
  | { readonly found: false; readonly reason: string };

export async function loadLastGood(file: string, scope: string): Promise<LastGood> {
  try {
    return parseLastGood(await readFile(file), scope);
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isMissing) return { found: false, reason: `${file} does not exist yet` };
    return {
      found: false,
      reason: `${file} cannot be read: ${errorMessage(error)}`,
    };
  }
}

/** Exported for tests: the file's content, or why it is not used. */
export function parseLastGood(content: Uint8Array, scope: string): LastGood {
  const end = content.indexOf(newline);
  const header = parseHeader(content.subarray(0, Math.max(0, end)));
  if (header === undefined) return { found: false, reason: "it is not a last-good file" };
  if (header.version !== formatVersion) {
    return {
      found: false,
      reason: `its format version is ${header.version}, this waypoint reads ${formatVersion}`,
    };
  }
  if (header.scope !== scope) {
    return { found: false, reason: `it belongs to waypoint ${header.scope}, this is ${scope}` };
  }
  const body = content.subarray(end + 1);
  if (body.byteLength !== header.bytes) {
    return {
      found: false,
      reason: `it has ${body.byteLength} bytes of ${header.bytes}: it was cut off`,
    };
  }
  if (hash("sha256", body, "hex") !== header.sha256) {
    return { found: false, reason: "its checksum does not match: it was damaged" };
  }
  return decodeBody(body);
}

function parseHeader(line: Uint8Array): Header | undefined {
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(line));
    if (typeof header !== "object" || header === null || !("format" in header)) return undefined;
    return header.format === format ? (header as Header) : undefined;
  } catch {
    return undefined;
  }
}

function decodeBody(body: Uint8Array): LastGood {
  const byType = new Map<TypeUrl, EncodedResource[]>(savedTypeUrls.map((typeUrl) => [typeUrl, []]));
  let resources = 0;
  for (const bytes of DeltaDiscoveryResponse.decode(body).resources) {
    const { name, version, resource } = Resource.decode(compactReader(bytes));
    const typeUrl = resource?.typeUrl as TypeUrl;
    const list = byType.get(typeUrl);
    if (list === undefined) continue;
    list.push({ typeUrl, name, version, body: new Uint8Array(resource?.value ?? []) });
    resources++;
  }
  const deltas = [...byType].map(([typeUrl, upserts]) => ({ typeUrl, upserts, removals: [] }));
  return { found: true, deltas: deltas.filter(({ upserts }) => upserts.length > 0), resources };
}
