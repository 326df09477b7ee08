/**
 * Whether a text may be the first part of one that is still being written: it is empty, ends within a line, or at a size
 * that writers and the kernel cut at. JSON shows by itself whether it is whole.
 */
const pageBytes = 4096;
const newline = 0x0a;

export function looksCut(bytes: Buffer): boolean {
  if (bytes.length === 0) return true;
  const last = bytes.at(-1);
  const isClosed = last === 0x7d || last === 0x5d;
  return (last !== newline && !isClosed) || bytes.length % pageBytes === 0;
}
