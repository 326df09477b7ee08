import { expect, test } from "vitest";
import { connectionOptionsOf } from "./connection-header.ts";
import { scanBlock } from "./testdata/scan-head.ts";

const read = (...values: readonly string[]): object => {
  const lines = values.map((value) => `Connection: ${value}\r\n`).join("");
  const { names, ...flags } = connectionOptionsOf(scanBlock(`Host: a\r\n${lines}`));
  return { ...flags, names: names === undefined ? [] : [...names] };
};
const plain = { close: false, keepAlive: false, upgrade: false, bad: false, names: [] as string[] };

test.for([
  [[], {}],
  [["close"], { close: true }],
  [["CLOSE"], { close: true }],
  [["keep-alive"], { keepAlive: true }],
  [["Keep-Alive"], { keepAlive: true }],
  [["Upgrade"], { upgrade: true }],
  [["keep-alive, Upgrade"], { keepAlive: true, upgrade: true }],
  [["keep-alive", "close"], { keepAlive: true, close: true }],
  [["close", "close"], { close: true }],
  [["x-a,, X-B ,\tx-a"], { names: ["x-a", "x-b"] }],
  [[""], {}],
  [[" , "], {}],
  [["TE", "http2-settings"], { names: ["te", "http2-settings"] }],
] as const)("Connection lines %j say %j", ([values, expected]) => {
  expect(read(...values)).toEqual({ ...plain, ...expected });
});

test.for(["a b", "a;b", '"close"', "close\xa0", "\x85close", "(x)", "a=b", "\xe9"])(
  "%j is no list of names",
  (value) => {
    expect(read(value)).toMatchObject({ bad: true });
    expect(read("close", value)).toMatchObject({ bad: true });
  },
);

test.for([
  "Host",
  "content-length",
  "Content-Type",
  "authorization",
  "cookie",
  "X-Forwarded-For",
  "forwarded",
  "x-real-ip",
])("%s cannot be made hop-by-hop: without it the message would mean something else", (name) => {
  expect(read(`close, ${name}`)).toMatchObject({ bad: true });
});

test("tens of thousands of blanks cost no more than their number", () => {
  expect(read(`a${" ".repeat(60_000)}b`)).toMatchObject({ bad: true });
  expect(read(`${" \t".repeat(30_000)},close`)).toMatchObject({ close: true, bad: false });
});
