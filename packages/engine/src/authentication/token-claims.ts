/** The claims of a token: what authorization reads of it (TokenView), and what decides whether it holds now (RFC 7519 4.1). */
import type { TokenView } from "../authorization/authorization-request.ts";
import { isRecord, ownValue } from "./strict-json.ts";

type Record_ = Readonly<Record<string, unknown>>;

const rememberedClaims = 16;

export class TokenClaims implements TokenView {
  readonly issuer: string;
  readonly subject: string;
  readonly principal: string;
  readonly audiences: readonly string[];
  readonly presenter: string;
  /** Unix time in seconds; undefined: says nothing. */
  readonly expires: number | undefined;
  readonly notBefore: number | undefined;
  readonly issuedAt: number | undefined;
  readonly #payload: Record_;
  /** Of claims that were asked for: a token that is remembered is asked the same at every request. */
  readonly #texts = new Map<string, readonly string[]>();

  constructor(payload: Record_, times: Times, audiences: readonly string[]) {
    this.#payload = payload;
    this.issuer = textOf(payload, "iss");
    this.subject = textOf(payload, "sub");
    // As Istio: who has no subject is nobody in particular.
    this.principal = this.issuer === "" || this.subject === "" ? "" : `${this.issuer}/${this.subject}`;
    this.audiences = audiences;
    this.presenter = textOf(payload, "azp");
    this.expires = times.exp;
    this.notBefore = times.nbf;
    this.issuedAt = times.iat;
  }

  claim(name: string): readonly string[] {
    let texts = this.#texts.get(name);
    if (texts === undefined) {
      texts = textsOf(find(this.#payload, name));
      // An expression may make names out of what a client sends.
      if (this.#texts.size < rememberedClaims) this.#texts.set(name, texts);
    }
    return texts;
  }
}

interface Times {
  readonly exp: number | undefined;
  readonly nbf: number | undefined;
  readonly iat: number | undefined;
}

export function readClaims(payload: Record_): TokenClaims | { readonly refused: string } {
  const times: Record<string, number | undefined> = Object.create(null) as Record<string, undefined>;
  for (const name of ["exp", "nbf", "iat"]) {
    const value = ownValue(payload, name);
    if (value !== undefined && (typeof value !== "number" || !Number.isFinite(value))) {
      return { refused: `its ${name} is no number` };
    }
    times[name] = value;
  }
  for (const name of ["iss", "sub", "azp"]) {
    const value = ownValue(payload, name);
    if (value !== undefined && typeof value !== "string") return { refused: `its ${name} is no text` };
  }
  const audience = ownValue(payload, "aud");
  const audiences =
    audience === undefined ? [] : Array.isArray(audience) ? (audience as unknown[]) : [audience];
  if (!audiences.every((each) => typeof each === "string")) return { refused: "its aud is no text" };
  const { exp, nbf, iat } = times;
  return new TokenClaims(payload, { exp, nbf, iat }, audiences);
}

function textOf(payload: Record_, name: string): string {
  const value = ownValue(payload, name);
  return typeof value === "string" ? value : "";
}

/** A name with dots may be the claim's own; else it leads from claim to claim. */
function find(payload: Record_, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let value: unknown = payload;
  for (const part of name.split(".")) {
    if (!isRecord(value)) return undefined;
    value = ownValue(value, part);
  }
  return value;
}

const none: readonly string[] = [];

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number" || typeof value === "boolean") return [String(value)];
  return Array.isArray(value) ? value.flatMap((each) => (Array.isArray(each) ? none : textsOf(each))) : none;
}
