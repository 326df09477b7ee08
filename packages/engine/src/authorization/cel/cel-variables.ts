/**
 * What an expression may ask about. What is not known (a stranger's namespace, a token that is not there, a header that was not sent)
 * is absent and never an empty text: two unknowns would be equal. Absent is a failure where it is asked for and false for has().
 */
import { fromByteText } from "../../pattern/byte-text.ts";
import type { TokenView } from "../authorization-request.ts";
import {
  type CelFrame,
  type CelStep,
  type CelType,
  type CelValue,
  failures,
  paySteps,
  stepsOfText,
} from "./cel-value.ts";

/** What has to be there, or to be known, before it can be told. */
export type Layer = "connection" | "identity" | "request" | "path";

export interface CelVariable {
  readonly type: CelType;
  readonly layer: Layer;
  readonly read: CelStep;
}

/** It can be asked by key alone. */
export interface CelTable {
  readonly valueType: CelType;
  readonly layer: Layer;
  /** Its keys are names of headers. */
  readonly isOfHeaders?: true;
  readonly lookUp: (frame: CelFrame, key: string) => CelValue;
  /** What is wrong with a key that stands in the expression; "": nothing. */
  readonly problemOfKey: (key: string) => string;
}

const known = (text: string): CelValue => (text === "" ? failures.absent : text);

/** Bytes of HTTP as the text that they are. */
function decoded(frame: CelFrame, bytes: string): CelValue {
  if (!paySteps(frame, stepsOfText(bytes.length))) return failures.tooCostly;
  return fromByteText(bytes) ?? failures.notText;
}

const text = (layer: Layer, read: CelStep): CelVariable => ({ type: "string", layer, read });
const ofToken = (read: (token: TokenView) => CelValue): CelStep => {
  return ({ request }) => {
    const { token } = request.client;
    return token === undefined ? failures.absent : read(token);
  };
};

export const celVariables: ReadonlyMap<string, CelVariable> = new Map<string, CelVariable>([
  ["request.method", text("request", ({ request }) => request.method)],
  ["request.path", text("path", (frame) => decoded(frame, frame.request.path))],
  ["request.query", text("request", (frame) => decoded(frame, frame.request.query))],
  ["request.host", text("request", ({ request }) => request.host)],
  ["request.time", { type: "timestamp", layer: "request", read: ({ request }) => request.timeMs() }],
  ["source.namespace", text("identity", ({ request }) => known(request.client.namespace))],
  ["source.serviceAccount", text("identity", ({ request }) => known(request.client.serviceAccount))],
  ["source.principal", text("identity", ({ request }) => known(request.client.principal))],
  ["source.address", text("connection", ({ request }) => known(request.client.peerAddress))],
  ["destination.namespace", text("connection", ({ destination }) => destination.namespace)],
  ["destination.service", text("connection", ({ destination }) => nameOf(destination.service))],
  ["destination.port", { type: "int", layer: "connection", read: ({ destination }) => destination.port }],
  [
    "token.principal",
    text(
      "request",
      ofToken(({ principal }) => known(principal)),
    ),
  ],
  [
    "token.issuer",
    text(
      "request",
      ofToken((token) => token.claim("iss")[0] ?? failures.absent),
    ),
  ],
  [
    "token.subject",
    text(
      "request",
      ofToken((token) => token.claim("sub")[0] ?? failures.absent),
    ),
  ],
  [
    "token.audiences",
    { type: "list<string>", layer: "request", read: ofToken(({ audiences }) => audiences) },
  ],
]);

export const celTables: ReadonlyMap<string, CelTable> = new Map<string, CelTable>([
  [
    "request.headers",
    {
      valueType: "string",
      layer: "request",
      isOfHeaders: true,
      lookUp(frame, key) {
        const lines = frame.request.headerValues(key);
        if (lines.length > 1) return failures.severalLines;
        return lines.length === 0 ? failures.absent : decoded(frame, lines[0]!);
      },
      problemOfKey: (key) =>
        key === key.toLowerCase() ? "" : `names of headers are in lower case: ${key.toLowerCase()}`,
    },
  ],
  [
    "source.labels",
    {
      valueType: "string",
      layer: "identity",
      lookUp: ({ request }, key) => request.client.label(key) ?? failures.absent,
      problemOfKey: () => "",
    },
  ],
  [
    "token.claims",
    {
      valueType: "list<string>",
      layer: "request",
      lookUp({ request }, key) {
        const values = request.client.token?.claim(key);
        return values === undefined || values.length === 0 ? failures.absent : values;
      },
      problemOfKey: () => "",
    },
  ],
]);

function nameOf(service: string): string {
  return service.slice(service.indexOf("/") + 1);
}
