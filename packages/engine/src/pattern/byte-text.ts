/**
 * Text as it travels: HTTP has bytes, and the data path keeps them as strings of code units 0 to 255. What users write
 * in YAML is Unicode; before the two are compared, the user's text becomes the bytes of its UTF-8, the same way.
 */
const encoder = new TextEncoder();

/** The UTF-8 bytes of `text`, one code unit each. ASCII comes back as it is. */
export function toByteText(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return String.fromCharCode(...encoder.encode(text));
  }
  return text;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of which these are the bytes; undefined: they are not UTF-8. ASCII comes back as it is. */
export function fromByteText(bytes: string): string | undefined {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes.charCodeAt(i) > 0x7f) return decode(bytes);
  }
  return bytes;
}

function decode(bytes: string): string | undefined {
  try {
    return decoder.decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
