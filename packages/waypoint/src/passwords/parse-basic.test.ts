/** Basic credentials (RFC 7617, RFC 4648). */
import { expect, test } from "vitest";
import { parseBasic } from "./parse-basic.ts";

const encode = (text: string | Uint8Array): string => Buffer.from(text).toString("base64");

test.for([
  ["the example of RFC 7617 2", "QWxhZGRpbjpvcGVuIHNlc2FtZQ==", { user: "Aladdin", password: "open sesame" }],
  ["the example of RFC 7617 2.1, UTF-8", "dGVzdDoxMjPCow==", { user: "test", password: "123£" }],
  ["a password with colons", encode("bob:a:b:c"), { user: "bob", password: "a:b:c" }],
  ["an empty password", encode("bob:"), { user: "bob", password: "" }],
  ["no padding", "Ym9iOmE", { user: "bob", password: "a" }],
] as const)("%s is read", ([, text, read]) => expect(parseBasic(text)).toEqual(read));

test.for([
  ["nothing", ""],
  ["no colon", encode("bob")],
  ["no user", encode(":secret")],
  ["what is no base64", "b*b"],
  ["base64 of URLs", "dGVzdDoxMjPCow-_"],
  ["a second way to write it", "Ym9iOmF="],
  ["what is no UTF-8", encode(new Uint8Array([0x62, 0x3a, 0xff]))],
  ["a control character", encode("bob:a\u0000b")],
  ["a line end", encode("bob\r\nX: y:z")],
  ["an endless password", encode(`bob:${"a".repeat(1025)}`)],
] as const)("%s is refused", ([, text]) => expect(parseBasic(text)).toBeUndefined());
