/** Writes tar archives (POSIX ustar) that are the same bytes for the same content: no times, no owners, order as given. */

export interface TarEntry {
  readonly path: string;
  readonly mode: number;
  /** A folder when undefined. */
  readonly content?: Uint8Array;
}

const blockBytes = 512;

export function buildTar(entries: readonly TarEntry[]): Buffer {
  const pieces: Uint8Array[] = [];
  for (const entry of entries) {
    const size = entry.content?.length ?? 0;
    pieces.push(buildHeader(entry, size));
    if (entry.content !== undefined) {
      pieces.push(entry.content, Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes));
    }
  }
  pieces.push(Buffer.alloc(2 * blockBytes));
  return Buffer.concat(pieces);
}

function buildHeader(entry: TarEntry, size: number): Buffer {
  const isFolder = entry.content === undefined;
  const name = isFolder ? `${entry.path}/` : entry.path;
  if (Buffer.byteLength(name) > 100) throw new Error(`${name}: a path of more than 100 bytes does not fit`);
  const header = Buffer.alloc(blockBytes);
  const octal = (value: number, offset: number, width: number): void => {
    header.write(`${value.toString(8).padStart(width - 1, "0")}\0`, offset, "latin1");
  };
  header.write(name, 0);
  octal(entry.mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  header.write(isFolder ? "5" : "0", 156);
  header.write("ustar\x0000", 257, "latin1");
  // The checksum is taken with its own field as blanks.
  header.write(" ".repeat(8), 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}
