/**
 * As much of ELF (System V ABI, 64-bit little-endian, the only kind we run on) as an image needs: what the dynamic loader
 * will look for, and how to leave out what it never reads.
 */

const programHeader = { load: 1, dynamic: 2, interpreter: 3 } as const;
const dynamicTag = { end: 0n, needed: 1n, stringTable: 5n } as const;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

export interface ElfNeeds {
  /** The dynamic loader's path (PT_INTERP); absent in libraries. */
  readonly interpreter?: string;
  /** The names of libraries (DT_NEEDED). */
  readonly libraries: readonly string[];
}

export function readElfNeeds(file: Buffer): ElfNeeds {
  const segments = readSegments(file);
  const interpreter = segments.find(({ type }) => type === programHeader.interpreter);
  const dynamic = segments.find(({ type }) => type === programHeader.dynamic);
  return {
    ...(interpreter === undefined ? {} : { interpreter: readText(file, interpreter.offset) }),
    libraries: dynamic === undefined ? [] : readNeeded(file, segments, dynamic),
  };
}

/**
 * Without symbols and debugging data: those stand behind the last loaded byte and are found by the section table, which
 * nothing but debuggers and linkers read. Programs stay byte for byte what they were where they are loaded.
 */
export function stripElf(file: Buffer): Buffer {
  const loaded = readSegments(file).map(({ offset, size }) => offset + size);
  const stripped = Buffer.from(file.subarray(0, Math.max(...loaded)));
  stripped.writeBigUInt64LE(0n, 0x28);
  // e_shentsize stays: some readers refuse a 0. No sections (e_shnum), no section of names (e_shstrndx).
  stripped.writeUInt16LE(0, 0x3c);
  stripped.writeUInt16LE(0, 0x3e);
  return stripped;
}

function isElf(file: Buffer): boolean {
  return file.length >= 0x40 && file.readUInt32BE(0) === 0x7f454c46;
}

function readSegments(file: Buffer): readonly Segment[] {
  if (!isElf(file) || file[4] !== 2 || file[5] !== 1) throw new Error("not a 64-bit little-endian ELF file");
  const table = Number(file.readBigUInt64LE(0x20));
  const entrySize = file.readUInt16LE(0x36);
  return Array.from({ length: file.readUInt16LE(0x38) }, (_, index) => {
    const at = table + index * entrySize;
    return {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      size: Number(file.readBigUInt64LE(at + 32)),
    };
  });
}

function readNeeded(file: Buffer, segments: readonly Segment[], dynamic: Segment): readonly string[] {
  const names: bigint[] = [];
  let strings = 0n;
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    const tag = file.readBigUInt64LE(at);
    const value = file.readBigUInt64LE(at + 8);
    if (tag === dynamicTag.end) break;
    if (tag === dynamicTag.needed) names.push(value);
    if (tag === dynamicTag.stringTable) strings = value;
  }
  return names.map((name) => readText(file, offsetOf(segments, Number(strings + name))));
}

/** Where in the file a loaded address comes from. */
function offsetOf(segments: readonly Segment[], address: number): number {
  const segment = segments.find(
    (each) =>
      each.type === programHeader.load && address >= each.address && address < each.address + each.size,
  );
  if (segment === undefined) throw new Error(`address ${address} is not in the file`);
  return segment.offset + (address - segment.address);
}

function readText(file: Buffer, offset: number): string {
  return file.toString("latin1", offset, file.indexOf(0, offset));
}
