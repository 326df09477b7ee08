/** For tests: certificates for "push.test", two of one authority and one of another. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TlsMaterial } from "../grpc/open-listener.ts";

const fileOf = (name: string): string =>
  fileURLToPath(new URL(`../grpc/testdata/${name}.pem`, import.meta.url));
const read = (name: string): string => readFileSync(fileOf(name), "utf8");
const material = (name: string): TlsMaterial => ({ key: read(`${name}-key`), certificate: read(name) });

export const serverName = "push.test";
export const caFile = fileOf("ca");
export const ca = read("ca");
export const otherCaFile = fileOf("other-ca");
export const server = material("server");
/** Of the same authority as `server`. */
export const renewed = material("renewed");
/** Of the other authority. */
export const stranger = material("stranger");
