/** Bytes as they are written down in RFCs: hexadecimal digits with any white space between. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ""), "hex");
}
