/**
 * The server name in a ClientHello (RFC 8446 4.1.2, RFC 6066 3). Every length is checked against what holds it, and every
 * byte must belong to something: a message that an endpoint could read in another way is refused.
 */
import { normalizeServerName } from "@waystone/engine/route/server-name";
import { ByteCursor, TooShortError } from "./byte-cursor.ts";

/** In normal form; "" where none is given. */
export type ParsedHello = { readonly serverName: string } | { readonly refused: string };

const serverNameExtension = 0;
const hostNameType = 0;

/** `body`: what follows the handshake header. Never throws, and reads in place. */
export function parseClientHello(body: Uint8Array): ParsedHello {
  try {
    return readHello(new ByteCursor(body));
  } catch (error) {
    if (error instanceof TooShortError) return broken;
    throw error;
  }
}

const broken: ParsedHello = { refused: "its ClientHello is broken" };
const nameless: ParsedHello = { serverName: "" };

function readHello(hello: ByteCursor): ParsedHello {
  // legacy_version, random
  hello.skip(2 + 32);
  // legacy_session_id<0..32>
  hello.skip(hello.byte());
  const cipherSuites = hello.short();
  if (cipherSuites < 2 || cipherSuites % 2 !== 0) return broken;
  hello.skip(cipherSuites);
  // legacy_compression_methods<1..2^8-1>
  const compressionMethods = hello.byte();
  if (compressionMethods === 0) return broken;
  hello.skip(compressionMethods);
  // Before TLS 1.2 a client need not have extensions.
  if (hello.isAtEnd) return nameless;
  const extensions = hello.part(hello.short());
  return hello.isAtEnd ? readExtensions(extensions) : broken;
}

function readExtensions(extensions: ByteCursor): ParsedHello {
  let found: ParsedHello | undefined = undefined;
  while (!extensions.isAtEnd) {
    const type = extensions.short();
    const content = extensions.part(extensions.short());
    if (type !== serverNameExtension) continue;
    // "There MUST NOT be more than one extension of the same type" (RFC 8446 4.2).
    if (found !== undefined) return { refused: "it names its server twice" };
    found = readServerNames(content);
  }
  return found ?? nameless;
}

/** RFC 6066 3: a list of names, of which no type may occur twice; the one type that there is is a host's name. */
function readServerNames(content: ByteCursor): ParsedHello {
  const list = content.part(content.short());
  if (!content.isAtEnd || list.isAtEnd) return broken;
  if (list.byte() !== hostNameType) return { refused: "its server name is of an unknown type" };
  const text = list.latin1(list.short());
  if (!list.isAtEnd) return { refused: "it names its server twice" };
  const serverName = normalizeServerName(text);
  return serverName === undefined ? { refused: "its server name is no DNS name" } : { serverName };
}
