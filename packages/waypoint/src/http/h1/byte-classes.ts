/** Which bytes may stand where in HTTP/1.1 (RFC 9110 5.5 and 5.6, RFC 9112 2.2, RFC 3986 2), as tables. */

export const CR = 0x0d;
export const LF = 0x0a;
export const SP = 0x20;
export const TAB = 0x09;
export const COLON = 0x3a;

/** tchar (RFC 9110 5.6.2): the lower-cased byte; 0 where it is none. */
export const tokenLower = new Uint8Array(256);
/** Bytes of a field value: VCHAR, obs-text, SP, TAB (RFC 9110 5.5). 1 where allowed. */
export const valueByte = new Uint8Array(256);
/** Bytes of a request target: visible ASCII. Which of them is the business of engine/path. */
export const targetByte = new Uint8Array(256);
/** The value of a hexadecimal digit; 255 where it is none. */
export const hexDigit: Uint8Array = new Uint8Array(256).fill(255);

for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz") {
  tokenLower[char.charCodeAt(0)] = char.charCodeAt(0);
}
for (let upper = 0x41; upper <= 0x5a; upper++) tokenLower[upper] = upper + 0x20;

for (let byte = 0x20; byte <= 0xff; byte++) if (byte !== 0x7f) valueByte[byte] = 1;
valueByte[TAB] = 1;

for (let byte = 0x21; byte <= 0x7e; byte++) targetByte[byte] = 1;

for (let digit = 0; digit < 10; digit++) hexDigit[0x30 + digit] = digit;
for (let digit = 0; digit < 6; digit++) {
  hexDigit[0x41 + digit] = 10 + digit;
  hexDigit[0x61 + digit] = 10 + digit;
}
