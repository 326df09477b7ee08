/** Writes tar archives (POSIX ustar) that are the same bytes for the same content: no times, no owners, order as given. */

interface Named {
  /** Relative, without a slash at its end. */
  readonly path: string;
}

export interface TarFile extends Named {
  readonly mode: number;
  readonly content: Uint8Array;
}

export interface TarFolder extends Named {
  readonly mode: number;
}

export interface TarLink extends Named {
  /** What the symbolic link says. */
  readonly target: string;
}

export type TarEntry = TarFile | TarFolder | TarLink;

const blockBytes = 512;

export function buildTar(entries: readonly TarEntry[]): Buffer {
  const pieces: Uint8Array[] = [];
  for (const entry of entries) {
    pieces.push(buildHeader(entry));
    if ("content" in entry) pieces.push(entry.content, padding(entry.content.length));
  }
  pieces.push(tarEnd());
  return Buffer.concat(pieces);
}

/** What precedes the content of a file that is too large to be held as an entry. */
export function fileHeader(path: string, size: number): Buffer {
  return header({ name: path, mode: 0o644, size, type: "0", target: "" });
}

/** What follows `size` bytes of content. */
export function padding(size: number): Buffer {
  return Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes);
}

export function tarEnd(): Buffer {
  return Buffer.alloc(2 * blockBytes);
}

function buildHeader(entry: TarEntry): Buffer {
  if ("target" in entry) {
    return header({ name: entry.path, mode: 0o777, size: 0, type: "2", target: entry.target });
  }
  if (!("content" in entry)) {
    return header({ name: `${entry.path}/`, mode: entry.mode, size: 0, type: "5", target: "" });
  }
  return header({ name: entry.path, mode: entry.mode, size: entry.content.length, type: "0", target: "" });
}

interface Header {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  readonly type: "0" | "2" | "5";
  readonly target: string;
}

function header({ name, mode, size, type, target }: Header): Buffer {
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, offset: number, width: number): void => {
    block.write(`${value.toString(8).padStart(width - 1, "0")}\0`, offset, "latin1");
  };
  const [prefix, rest] = splitName(name);
  if (Buffer.byteLength(target) > 100) throw new Error(`${name}: a link to more than 100 bytes does not fit`);
  block.write(rest, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write(type, 156);
  block.write(target, 157);
  block.write("ustar\x0000", 257, "latin1");
  block.write(prefix, 345);
  // The checksum is taken with its own field as blanks.
  block.write(" ".repeat(8), 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

/** ustar has 100 bytes for the end of a path and 155 for what stands before one of its slashes. */
function splitName(name: string): readonly [prefix: string, rest: string] {
  if (Buffer.byteLength(name) <= 100) return ["", name];
  for (let at = name.indexOf("/"); at > 0; at = name.indexOf("/", at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)];
    if (Buffer.byteLength(prefix) <= 155 && rest !== "" && Buffer.byteLength(rest) <= 100)
      return [prefix, rest];
  }
  throw new Error(`${name}: a path of this length does not fit into ustar`);
}
