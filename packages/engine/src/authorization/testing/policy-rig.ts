/** For tests: policies as people write them, requests as they are asked about, and a port to ask at. */
import {
  Assurance,
  AuthorizationAction,
  AuthorizerApi,
  type AuthorizerResource,
  PolicyMode,
  type PolicyResource,
} from "@waystone/api/resources";
import type { AuthorizationRequest, ClientView, TokenView } from "../authorization-request.ts";
import type { Assurance as AssuranceName } from "../assurance.ts";
import { decide, noObserver } from "../decide.ts";
import { policyFromResource } from "../policy-from-resource.ts";
import type { AuthorizationPolicy, TargetKind } from "../policy.ts";
import { PolicyIndex, type PortPlace } from "../policy-index.ts";
import type { Decision } from "../program.ts";

const wireAssurances = {
  None: Assurance.ASSURANCE_NONE,
  Network: Assurance.ASSURANCE_NETWORK,
  Token: Assurance.ASSURANCE_TOKEN,
  TLS: Assurance.ASSURANCE_TLS,
} as const;

/** "notPaths": ["/a"]; of headers, claims and podLabels "headers[x-team]". */
export type Fields = Readonly<Record<string, readonly string[]>>;

export interface RuleText {
  readonly from?: readonly Fields[];
  readonly to?: readonly Fields[];
}

export interface PolicyText {
  readonly name?: string;
  readonly namespace?: string;
  readonly action?: "ALLOW" | "DENY" | "AUDIT" | "CUSTOM";
  /** Of a CUSTOM, which asks Service policy/opa at 9191 over gRPC unless it says otherwise. */
  readonly provider?: AuthorizerResource;
  readonly createdAtSeconds?: number;
  readonly mode?: "Enforce" | "Shadow";
  readonly minimumAssurance?: AssuranceName;
  readonly target?: { readonly kind: TargetKind; readonly name: string; readonly section?: string };
  readonly rules?: readonly RuleText[];
  readonly unusable?: readonly string[];
}

export function makePolicy(text: PolicyText): AuthorizationPolicy {
  return policyFromResource(policyMessage(text));
}

/** As the controller sends it. */
export function policyMessage({
  namespace = "shop",
  name = "policy",
  ...text
}: PolicyText): PolicyResource & {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
} {
  return {
    kind: "AuthorizationPolicy",
    namespace,
    name,
    mode: text.mode === "Shadow" ? PolicyMode.SHADOW : PolicyMode.ENFORCE,
    targets: [text.target ?? { kind: "Service", name: `${namespace}/api` }],
    createdAtSeconds: text.createdAtSeconds ?? 0,
    unusable: [...(text.unusable ?? [])],
    authorization: {
      action: AuthorizationAction[text.action ?? "ALLOW"],
      minimumAssurance: wireAssurances[text.minimumAssurance ?? "None"],
      ...(text.action === "CUSTOM" && { provider: { ...opa, ...text.provider } }),
      rules: (text.rules ?? []).map(({ from, to }) => ({
        from: from?.map(conditionsOf) ?? [],
        to: to?.map(conditionsOf) ?? [],
      })),
    },
  };
}

const opa: AuthorizerResource = {
  service: "policy/opa",
  port: 9191,
  api: AuthorizerApi.EXT_AUTHZ_V3,
  // Nobody answers late for want of a processor; tests of the time-out give their own.
  timeoutMs: 60_000,
  statusOnError: 403,
};

function conditionsOf(fields: Fields) {
  const conditions = Object.entries(fields).map(([field, values]) => {
    const [, not = "", name = "", key = ""] = /^(not)?(.+?)(?:\[(.*)\])?$/.exec(field) ?? [];
    const attribute = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    return { attribute, key, values: [...values], negated: not !== "" };
  });
  return { conditions };
}

export interface RequestText {
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
  readonly query?: string;
  readonly timeMs?: number;
  readonly headers?: Fields;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly principal?: string;
  readonly peer?: string;
  readonly remote?: string;
  readonly token?: Partial<Omit<TokenView, "claim">> & { readonly claims?: Fields };
}

export function makeRequest(text: RequestText = {}): AuthorizationRequest {
  const { headers = {}, peer = "10.1.0.9" } = text;
  const client: ClientView = {
    namespace: text.namespace ?? "",
    serviceAccount: text.serviceAccount ?? "",
    label: (key) => text.labels?.[key],
    principal: text.principal ?? "",
    peerAddress: peer,
    remoteAddress: text.remote ?? peer,
    token: text.token === undefined ? undefined : makeToken(text.token),
  };
  return {
    client,
    method: text.method ?? "GET",
    host: text.host ?? "api.shop",
    path: text.path ?? "/",
    query: text.query ?? "",
    headerValues: (name) => headers[name] ?? [],
    timeMs: () => text.timeMs ?? 0,
    expressionFailed: () => undefined,
  };
}

function makeToken({ claims = {}, ...token }: NonNullable<RequestText["token"]>): TokenView {
  return { principal: "", audiences: [], presenter: "", ...token, claim: (name) => claims[name] ?? [] };
}

export const httpPlace: PortPlace = {
  namespace: "shop",
  service: "shop/api",
  port: 80,
  portName: "http",
  portNames: ["http", "admin"],
  gateway: "shop/waypoint",
  hasRequests: true,
};

export function verdictOf(
  policies: readonly AuthorizationPolicy[],
  request: AuthorizationRequest,
  place: PortPlace = httpPlace,
): Decision["verdict"] {
  const program = new PolicyIndex(policies).programOf(place);
  return program === undefined ? "allow" : decide(program, request, noObserver).verdict;
}
