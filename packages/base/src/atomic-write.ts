/**
 * Replaces a file whole: readers, and a process that starts after a crash, see the old content or the new and never half
 * of either. Written beside the file (a rename is atomic only within a file system), flushed, renamed, and the rename
 * flushed too.
 */
import { randomUUID } from "node:crypto";
import { open, rename, unlink } from "node:fs/promises";
import path from "node:path";

/** Rejects with the system's error; the file is then as before. The mode is 0600 unless given. */
export async function writeFileAtomic(
  file: string,
  content: Uint8Array | string,
  options: { readonly mode?: number } = {},
): Promise<void> {
  const folder = path.dirname(file);
  // Nobody else's name: two processes, even in two containers on one volume, may write the same file.
  const temporary = path.join(folder, `.${path.basename(file)}.${randomUUID()}.tmp`);
  try {
    await writeFlushed(temporary, content, options.mode ?? 0o600);
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await flushFolder(folder);
}

async function writeFlushed(file: string, content: Uint8Array | string, mode: number): Promise<void> {
  const handle = await open(file, "wx", mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Without it the rename itself may be lost in a crash of the machine. Some file systems can't; the content is whole anyway. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
