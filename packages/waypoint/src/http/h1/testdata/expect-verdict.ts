/** The two verdicts that most cases end in, asked for whole and byte by byte. */
import { expect } from "vitest";
import { forwardedAs, refused, type WireRig } from "./wire-rig.ts";

/** Answered with the status, closed, and not one byte upstream. */
export async function expectRefused(rig: WireRig, bytes: string, status = 400): Promise<void> {
  expect(await rig.judge(bytes)).toEqual(refused(status));
  expect(await rig.judge(bytes, "byte-by-byte")).toEqual(refused(status));
}

/** Answered, kept open and in step, and exactly these bytes upstream. */
export async function expectForwarded(rig: WireRig, bytes: string, upstream: string): Promise<void> {
  expect(await rig.judge(bytes)).toEqual(forwardedAs(upstream));
  expect(await rig.judge(bytes, "byte-by-byte")).toEqual(forwardedAs(upstream));
}
