/** ClientHellos as tests need them, right and wrong in one point at a time. */

export interface HelloParts {
  readonly serverName?: string;
  readonly sessionId?: number;
  /** Other extensions before and behind the name's. */
  readonly before?: number;
  readonly after?: number;
  readonly hasExtensions?: boolean;
  readonly secondName?: string;
  readonly repeatsName?: boolean;
  readonly nameType?: number;
  readonly emptiesList?: boolean;
  /** Bytes behind everything. */
  readonly trailing?: number;
  readonly cipherSuiteBytes?: number;
  readonly compressionMethods?: number;
  /** Of the whole message: another extension fills it up. */
  readonly total?: number;
}

/** The handshake message, with its header. */
export function buildClientHello(parts: HelloParts): Buffer {
  const plain = body(parts, Buffer.alloc(0));
  const fill = parts.total === undefined ? 0 : parts.total - plain.length - 4 - 4;
  const whole = parts.total === undefined ? plain : body(parts, extension(21, Buffer.alloc(fill)));
  return Buffer.concat([Buffer.from([1]), vector(3, whole)]);
}

/** The message in records of so many bytes. */
export function recordsOf(message: Uint8Array, recordBytes = 16_384): Buffer {
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += recordBytes) {
    const content = message.subarray(at, at + recordBytes);
    records.push(Buffer.from([22, 3, 1]), vector(2, content));
  }
  return Buffer.concat(records);
}

function body(parts: HelloParts, padding: Buffer): Buffer {
  const { sessionId = 0, cipherSuiteBytes = 4, compressionMethods = 1 } = parts;
  const fields = [
    Buffer.from([3, 3]),
    Buffer.alloc(32, 0x5a),
    vector(1, Buffer.alloc(sessionId, 1)),
    vector(2, Buffer.alloc(cipherSuiteBytes, 0x13)),
    vector(1, Buffer.alloc(compressionMethods)),
  ];
  if (parts.hasExtensions !== false) fields.push(vector(2, extensionsOf(parts, padding)));
  return Buffer.concat([...fields, Buffer.alloc(parts.trailing ?? 0)]);
}

function extensionsOf(parts: HelloParts, padding: Buffer): Buffer {
  const { before = 0, after = 0, repeatsName = false } = parts;
  const name = parts.serverName === undefined ? [] : [extension(0, serverNames(parts))];
  const others = (count: number, from: number): Buffer[] =>
    Array.from({ length: count }, (_, at) => extension(from + at, Buffer.alloc(at * 7, 3)));
  return Buffer.concat([
    ...others(before, 40),
    ...name,
    ...(repeatsName ? name : []),
    ...others(after, 60),
    padding,
  ]);
}

function serverNames({ serverName = "", secondName, nameType = 0, emptiesList = false }: HelloParts): Buffer {
  const entry = (text: string): Buffer =>
    Buffer.concat([Buffer.from([nameType]), vector(2, Buffer.from(text))]);
  const names = emptiesList ? [] : [serverName, ...(secondName === undefined ? [] : [secondName])];
  return vector(2, Buffer.concat(names.map(entry)));
}

function extension(type: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(type);
  return Buffer.concat([head, vector(2, content)]);
}

/** Its length in so many bytes, then the content. */
function vector(lengthBytes: number, content: Uint8Array): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(content.length, 0, lengthBytes);
  return Buffer.concat([length, content]);
}
