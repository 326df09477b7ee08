/** A file or folder that is there whole or not at all: others build, and read, at the same time. */
import { randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";

/** `write` gets another name to write to; the result gets `file` when it is done. */
export async function finishFile(file: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await write(unfinished);
    await rename(unfinished, file).catch((error: NodeJS.ErrnoException) => {
      // A folder is not replaced: somebody else has just made the same one.
      if (error.code !== "ENOTEMPTY") throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
