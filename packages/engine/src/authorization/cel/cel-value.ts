/**
 * What parts of an expression come to. Integers are exact up to 2^53 and fail above; a point in time is milliseconds since 1970. A
 * failure is a value and not thrown: a client may cause one with every request.
 */
import type { AuthorizationRequest, Destination } from "../authorization-request.ts";

export type CelValue = string | number | boolean | readonly CelValue[] | CelFailure;

export class CelFailure {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

export const failures = {
  absent: new CelFailure("something that it asks for is not there"),
  severalLines: new CelFailure("a header has several lines"),
  notText: new CelFailure("a text is not UTF-8"),
  tooCostly: new CelFailure("it took too many steps"),
  outOfRange: new CelFailure("a number or index is out of range"),
  notNumber: new CelFailure("a text is not a number"),
} as const;

/** What one evaluation works on. */
export interface CelFrame {
  request: AuthorizationRequest;
  destination: Destination;
  /** How many steps are left. */
  steps: number;
  /** Of the variables that macros bind. */
  readonly locals: CelValue[];
}

export type CelStep = (frame: CelFrame) => CelValue;

/** "list<string>"; "list<?>" is that of []. */
export type CelType = "bool" | "int" | "string" | "timestamp" | `list<${string}>`;

/** A part of an expression, compiled. */
export interface CelPart {
  readonly type: CelType;
  readonly run: CelStep;
  /** How many steps it takes at most, where texts are short. */
  readonly cost: number;
  /** Of a list how many items it has at most. */
  readonly items: number;
}

/** False: there were too few. */
export function paySteps(frame: CelFrame, steps: number): boolean {
  frame.steps -= steps;
  return frame.steps >= 0;
}

/** Texts are looked at in pieces of so many characters a step. */
export function stepsOfText(length: number): number {
  return length >> 5;
}

export function isList(value: CelValue): value is readonly CelValue[] {
  return Array.isArray(value);
}
