/** Every attribute that a condition may name: how its values are checked, and how they are compared. */
import { isToken } from "../headers/header-line.ts";
import { parseAuthority } from "../path/normalize-host.ts";
import { toByteText } from "../pattern/byte-text.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";
import type { Attribute } from "./condition.ts";
import { cel, celAttribute } from "./cel-attribute.ts";
import { HeaderAttribute } from "./header-attribute.ts";
import { IpBlocks } from "./ip-blocks.ts";
import { parsePathValue, PathValues } from "./path-values.ts";
import { problemOfText, textValues, type TextValues } from "./text-values.ts";

export interface AttributeContext {
  /** Whose condition it is. */
  readonly policy: string;
  readonly key: string;
  readonly values: readonly string[];
  readonly negated: boolean;
  readonly isAllow: boolean;
  /** Says what is wrong with a value, or with the key where `at` is -1. */
  readonly problem: (at: number, message: string) => void;
}

export type MakeAttribute = (context: AttributeContext) => Attribute;

const ofConnection = { needsRequest: false } as const;
const ofClient = { needsRequest: false, readsIdentity: true } as const;
const ofRequest = { needsRequest: true } as const;
const ofPath = { needsRequest: true, readsPath: true } as const;

function checkedTexts({ values, problem }: AttributeContext): TextValues {
  for (const [at, value] of values.entries()) {
    const wrong = problemOfText(value);
    if (wrong !== undefined) problem(at, wrong);
  }
  return textValues(values);
}

/** An attribute that is one text. */
function text(
  layer: typeof ofClient | typeof ofRequest,
  read: (request: AuthorizationRequest) => string,
): MakeAttribute {
  return (context) => {
    const values = checkedTexts(context);
    return { ...layer, test: (request) => values.test(read(request)), actual: read };
  };
}

/** Of several texts one is enough. */
function someText(read: (request: AuthorizationRequest, key: string) => readonly string[]): MakeAttribute {
  return (context) => {
    const values = checkedTexts(context);
    const { key } = context;
    return {
      ...ofRequest,
      test(request) {
        const texts = read(request, key);
        for (let i = 0; i < texts.length; i++) if (values.test(texts[i]!)) return true;
        return false;
      },
      actual: (request) => read(request, key).join(", "),
    };
  };
}

function addresses(read: (request: AuthorizationRequest) => string): MakeAttribute {
  return ({ values, problem }) => {
    const blocks = new IpBlocks();
    for (const [at, value] of values.entries()) {
      if (!blocks.add(value))
        problem(at, `${JSON.stringify(value)} is neither an address nor a block of them`);
    }
    return { ...ofConnection, test: (request) => blocks.contains(read(request)), actual: read };
  };
}

const serviceAccounts: MakeAttribute = ({ values, problem }) => {
  const accounts = values.map((value, at) => {
    const [namespace = "", name = "", ...more] = value.split("/");
    if (namespace === "" || name === "" || more.length > 0) {
      problem(at, `${JSON.stringify(value)} is not "<namespace>/<name>"`);
    }
    return { namespace, name };
  });
  return {
    ...ofClient,
    test({ client }) {
      for (let i = 0; i < accounts.length; i++) {
        const { namespace, name } = accounts[i]!;
        if (client.serviceAccount === name && client.namespace === namespace) return name !== "";
      }
      return false;
    },
    actual: ({ client }) =>
      client.serviceAccount === "" ? "" : `${client.namespace}/${client.serviceAccount}`,
  };
};

const podLabels: MakeAttribute = ({ key, values, problem }) => {
  if (key === "") problem(-1, "names no label");
  return {
    ...ofClient,
    test({ client }) {
      const value = client.label(key);
      return value !== undefined && values.includes(value);
    },
    actual: ({ client }) => client.label(key) ?? "",
  };
};

const ports: MakeAttribute = ({ values, problem }) => {
  const numbers = values.map((value, at) => {
    const number = /^[1-9][0-9]{0,4}$/.test(value) ? Number(value) : 0;
    if (number < 1 || number > 65_535) problem(at, `${JSON.stringify(value)} is not a port`);
    return number;
  });
  return {
    ...ofConnection,
    test: (_, { port }) => numbers.includes(port),
    actual: (_, { port }) => `${port}`,
  };
};

const hosts: MakeAttribute = (context) => {
  const lowered = context.values.map((value, at) => {
    const lower = value.toLowerCase();
    if (lower.includes("*")) return lower;
    const authority = parseAuthority(lower);
    if ("refused" in authority) context.problem(at, `${JSON.stringify(value)}: ${authority.refused}`);
    else if (authority.port !== undefined) {
      context.problem(at, `${JSON.stringify(value)}: a host has no port here; use ports`);
    }
    return "host" in authority ? authority.host : lower;
  });
  return text(ofRequest, ({ host }) => host)({ ...context, values: lowered });
};

const paths: MakeAttribute = ({ values, problem }) => {
  const parsed = values.flatMap((value, at) => {
    const path = parsePathValue(toByteText(value));
    if (!("problem" in path)) return [path];
    problem(at, path.problem);
    return [];
  });
  const known = new PathValues(parsed);
  return { ...ofPath, test: ({ path }) => known.test(path), actual: ({ path }) => path };
};

const headers: MakeAttribute = (context) => {
  const { key, negated, isAllow, problem } = context;
  if (!isToken(key)) problem(-1, `${JSON.stringify(key)} is not a header name`);
  const values = checkedTexts({ ...context, values: context.values.map(toByteText) });
  return new HeaderAttribute(key.toLowerCase(), values, { negated, isAllow });
};

/** "<service>/<method>", or "<service>/" for all of its methods: the path says it (gRPC over HTTP/2, Requests). */
const grpc: MakeAttribute = ({ values, problem }) => {
  for (const [at, value] of values.entries()) {
    if (!/^[\w.]+\/\w*$/.test(value)) problem(at, `${JSON.stringify(value)} is not "<service>/<method>"`);
  }
  const known = textValues(values.map((value) => (value.endsWith("/") ? `/${value}*` : `/${value}`)));
  return { ...ofPath, test: ({ path }) => known.test(path), actual: ({ path }) => path };
};

const nothing: readonly string[] = [];

/** By the name of the field in the object. */
export const attributes: ReadonlyMap<string, MakeAttribute> = new Map<string, MakeAttribute>([
  ["serviceAccounts", serviceAccounts],
  ["namespaces", text(ofClient, ({ client }) => client.namespace)],
  ["principals", text(ofClient, ({ client }) => client.principal)],
  ["podLabels", podLabels],
  ["ipBlocks", addresses(({ client }) => client.peerAddress)],
  ["remoteIpBlocks", addresses(({ client }) => client.remoteAddress)],
  ["requestPrincipals", text(ofRequest, ({ client }) => client.token?.principal ?? "")],
  ["audiences", someText(({ client }) => client.token?.audiences ?? nothing)],
  ["presenters", text(ofRequest, ({ client }) => client.token?.presenter ?? "")],
  ["claims", someText(({ client }, key) => client.token?.claim(key) ?? nothing)],
  ["hosts", hosts],
  ["ports", ports],
  ["methods", text(ofRequest, ({ method }) => method)],
  ["paths", paths],
  ["headers", headers],
  ["grpc", grpc],
  [celAttribute, cel],
]);
