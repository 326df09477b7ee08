/** Reads one manifest file, or says in one line why it cannot be read. */
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { describeFileSystemError } from "./file-system-error.ts";
import type { ManifestError } from "./manifest-error.ts";

/** Far above any folder of manifests that people keep in one file, far below what would hurt. */
export const largestFileBytes = 10 * 1024 * 1024;

export type SourceRead =
  | { readonly is: "read"; readonly bytes: Buffer }
  | { readonly is: "missing" }
  | { readonly is: "unreadable"; readonly problem: ManifestError };

/** `file` is the name that people know it by. Pipes are read to their end. */
export function readSource(file: string, path: string): SourceRead {
  try {
    const descriptor = openSync(path, "r");
    try {
      const { size } = fstatSync(descriptor);
      if (size > largestFileBytes) return tooLarge(file, size);
      const bytes = readFileSync(descriptor);
      return bytes.length > largestFileBytes ? tooLarge(file, bytes.length) : { is: "read", bytes };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const { code, problem } = describeFileSystemError(file, error);
    return code === "ENOENT" ? { is: "missing" } : { is: "unreadable", problem };
  }
}

function tooLarge(file: string, size: number): SourceRead {
  const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  const message = `has ${mebibytes(size)}; at most ${mebibytes(largestFileBytes)} are read`;
  return { is: "unreadable", problem: { file, message, hint: "split it into several files" } };
}

/** Standard input, to its end. */
export async function readStream(
  stream: AsyncIterable<Uint8Array | string>,
  file: string,
): Promise<SourceRead> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    const bytes = typeof part === "string" ? Buffer.from(part) : Buffer.from(part);
    size += bytes.length;
    if (size > largestFileBytes) return tooLarge(file, size);
    parts.push(bytes);
  }
  return { is: "read", bytes: Buffer.concat(parts) };
}
