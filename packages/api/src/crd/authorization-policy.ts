/**
 * AuthorizationPolicy: who may do what. Names are those of Istio's kind of that name where both have a thing
 * (design/0003-policies.md says what differs). An empty list or object is refused rather than read as "any": it is too easily
 * what is left of a mistake.
 */
import { type TSchema, Type } from "typebox";
import { authorizer } from "./authorizer.ts";
import type { CrdKind, SpecOf } from "./crd-kind.ts";
import { validations } from "./field-types.ts";
import { policyColumns, policyStatus } from "./policy-status.ts";
import { policyMode, targetRefs } from "./target-refs.ts";

const wildcards = "Exact, prefix* or *suffix; * is any that is not empty.";

interface TextRules {
  readonly maxLength?: number;
  readonly pattern?: string;
}

const list = <Item extends TSchema>(description: string, items: Item, maxItems = 64) =>
  Type.Array(items, { description, minItems: 1, maxItems, "x-kubernetes-list-type": "atomic" });

const texts = (description: string, { maxLength = 253, pattern }: TextRules = {}) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength, ...(pattern !== undefined && { pattern }) }), {
      description,
      minItems: 1,
      maxItems: 64,
      "x-kubernetes-list-type": "atomic",
    }),
  );

const dnsLabel = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const accountName = "[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?";
/** One * at most, first or last. */
const wildcardText = "^([^*]+[*]?|[*][^*]*)$";
const serviceAccount: TextRules = { maxLength: 317, pattern: `^(${dnsLabel}/)?${accountName}$` };
const namespaceName: TextRules = { maxLength: 64, pattern: "^([a-z0-9-]+[*]?|[*][a-z0-9-]*)$" };
const longText: TextRules = { maxLength: 1024, pattern: wildcardText };
/** What is finer than this is the controller's to check. */
const ipBlock: TextRules = { maxLength: 49, pattern: "^[0-9a-fA-F:.]+(/[0-9]{1,3})?$" };
const hostName: TextRules = {
  maxLength: 254,
  pattern: "^([A-Za-z0-9_][A-Za-z0-9_.-]*[*]?|[*][A-Za-z0-9_.-]*|\\[[0-9a-fA-F:.]+\\])$",
};
const method: TextRules = {
  maxLength: 64,
  pattern: "^([A-Za-z0-9!#$%&'+.^_`|~-]+[*]?|[*][A-Za-z0-9!#$%&'+.^_`|~-]*)$",
};

const plainPath = "[^*{}?# \\\\]*";
const segment = "([^*{}/?# \\\\]*|[{][*][}])";
/** /exact, /prefix*, *suffix, *, or a template: segments {*} and, last, {**}. */
const path: TextRules = {
  maxLength: 1024,
  pattern: `^(/${plainPath}[*]?|[*]${plainPath}|(/${segment})+(/[{][*][*][}]${plainPath})?|/[{][*][*][}]${plainPath})$`,
};

const labelName = "[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";
const labelMap = (description: string) =>
  Type.Optional(
    Type.Record(Type.String(), Type.String({ maxLength: 63, pattern: `^(${labelName})?$` }), {
      description,
      minProperties: 1,
      maxProperties: 16,
    }),
  );

const longTexts = { minLength: 1, maxLength: 1024, pattern: wildcardText };

/** In the manner of Istio's `when`: `minProperties` asks for one of values and notValues beside the name. */
const claim = Type.Object(
  {
    name: Type.String({
      description: "The claim's name; claims within claims are parted by dots, as in realm_access.roles.",
      minLength: 1,
      maxLength: 253,
    }),
    values: Type.Optional(
      list(
        `What the claim may be: one of these, and of a claim that is a list one of its elements. ${wildcards}`,
        Type.String(longTexts),
      ),
    ),
    notValues: Type.Optional(
      list("What the claim may not be; a claim that is not there is none of these.", Type.String(longTexts)),
    ),
  },
  { description: "A claim of the token, and what it may be.", minProperties: 2 },
);

const source = Type.Object(
  {
    serviceAccounts: texts(
      "The client's service account: its name, for one of the policy's own namespace, or namespace/name. No wildcards.",
      serviceAccount,
    ),
    notServiceAccounts: texts(
      "Not one of these service accounts. An anonymous client is not one of them.",
      serviceAccount,
    ),
    namespaces: texts(`The client's namespace. ${wildcards}`, namespaceName),
    notNamespaces: texts("Not one of these namespaces. An anonymous client is in none.", namespaceName),
    principals: texts(
      `The identity in the client's TLS certificate, without spiffe://, such as cluster.local/ns/shop/sa/web. ${wildcards}`,
      longText,
    ),
    notPrincipals: texts(
      "Not one of these TLS identities. A client without a certificate has none.",
      longText,
    ),
    podLabels: labelMap(
      "Labels that the client's pod has, all of them. Whoever may make pods may set labels: name the namespaces too.",
    ),
    notPodLabels: labelMap(
      "The client's pod does not have all of these labels. An anonymous client has none.",
    ),
    ipBlocks: texts(
      "Blocks of addresses (10.0.0.0/8) or single addresses, of whoever opened the connection.",
      ipBlock,
    ),
    notIpBlocks: texts("Whoever opened the connection has an address outside of all these blocks.", ipBlock),
    remoteIpBlocks: texts(
      "Blocks of addresses or single addresses, of the client behind trusted proxies as X-Forwarded-For has it; of whoever opened the connection where no proxy is trusted.",
      ipBlock,
    ),
    notRemoteIpBlocks: texts(
      "The client behind trusted proxies has an address outside of all these blocks.",
      ipBlock,
    ),
    requestPrincipals: texts(
      `The token's issuer and subject, as in https://issuer.example.com/alice. * is any valid token. ${wildcards}`,
      longText,
    ),
    notRequestPrincipals: texts('Not one of these. ["*"]: requests without a valid token.', longText),
    audiences: texts(`An audience of the token. ${wildcards}`, longText),
    notAudiences: texts("The token has none of these audiences.", longText),
    presenters: texts(`The authorized party of the token (claim azp). ${wildcards}`, longText),
    notPresenters: texts("The authorized party of the token is none of these.", longText),
    claims: Type.Optional(list("Claims of the token; all of these have to be as they say.", claim, 16)),
  },
  { description: "Who asks. A source matches when all of its fields do.", minProperties: 1 },
);

const headerMatch = Type.Object(
  {
    name: Type.String({
      description: "The header's name; case does not count.",
      minLength: 1,
      maxLength: 256,
      pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
    }),
    values: Type.Optional(
      list(
        `What the header may be: one of these. ${wildcards} Of several lines, an ALLOW wants each to match, a DENY or AUDIT one.`,
        Type.String(longTexts),
      ),
    ),
    notValues: Type.Optional(
      list(
        'What the header may not be; a header that is not there is none of these. ["*"]: the request has no such header.',
        Type.String(longTexts),
      ),
    ),
  },
  { description: "A header, and what it may be.", minProperties: 2 },
);

const grpcMethod = Type.Object(
  {
    service: Type.String({
      description: "The full name of the service, such as shop.v1.Cart.",
      minLength: 1,
      maxLength: 512,
      pattern: "^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)*$",
    }),
    method: Type.Optional(
      Type.String({
        description: "The name of the method. Default: every method of the service.",
        minLength: 1,
        maxLength: 512,
        pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
      }),
    ),
  },
  { description: "A method of a gRPC service, told by the path." },
);

const grpc = (description: string) => Type.Optional(list(description, grpcMethod));

const ports = (description: string) =>
  Type.Optional(list(description, Type.Integer({ minimum: 1, maximum: 65_535 })));

const pathForms =
  "Exact (/a), prefix (/a*), suffix (*.png), or a template: {*} is one element, {**} any rest and last, as in /shops/{*}/items/{**}.";

const operation = Type.Object(
  {
    hosts: texts(`The host that is asked for, without port; case does not count. ${wildcards}`, hostName),
    notHosts: texts("The host is none of these.", hostName),
    ports: ports("The Service's port, as the client dialled it."),
    notPorts: ports("The Service's port is none of these."),
    methods: texts(`The method of the request; gRPC is always POST. ${wildcards}`, method),
    notMethods: texts("The method is none of these.", method),
    paths: texts(`The normalised path of the request, without query. ${pathForms}`, path),
    notPaths: texts("The path is none of these.", path),
    headers: Type.Optional(
      list("Headers of the request; all of these have to be as they say.", headerMatch, 16),
    ),
    grpc: grpc("Methods of gRPC services; one of them is enough."),
    notGrpc: grpc("Not one of these gRPC methods."),
  },
  { description: "What is asked for. An operation matches when all of its fields do.", minProperties: 1 },
);

const from = Type.Object({ source }, { description: "A source." });
const to = Type.Object({ operation }, { description: "An operation." });

const rule = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        description: "What metrics and logs call the rule. Default: its position, from 0.",
        maxLength: 63,
        pattern: `^(${labelName})?$`,
      }),
    ),
    from: Type.Optional(list("Who asks: one of these is enough. Default: anybody.", from, 16)),
    to: Type.Optional(list("What is asked for: one of these is enough. Default: anything.", to, 16)),
    when: Type.Optional(
      list(
        'CEL expressions that all have to be true, as in request.headers["x-tier"] == "gold". There are request (method, path, query, host, headers, time), source (namespace, serviceAccount, principal, address, labels), destination (namespace, service, port) and token (principal, issuer, subject, audiences, claims). What is not there is an error; ask has(token.subject) or "x-tier" in request.headers. An expression with an error does not match in an ALLOW, and does in any other action.',
        Type.String({ minLength: 1, maxLength: 1024 }),
        16,
      ),
    ),
  },
  { description: "A rule matches where from, to and when do; {} matches every request." },
);

export const authorizationPolicySpec = Type.Object(
  {
    targetRefs,
    mode: policyMode,
    action: Type.Optional(
      Type.Enum(["ALLOW", "DENY", "AUDIT", "CUSTOM"], {
        description:
          "What happens to requests that a rule matches. CUSTOM asks the provider first. DENY wins over ALLOW; where there is any ALLOW, what none of them matches is denied. AUDIT decides nothing and is recorded. Default: ALLOW.",
        default: "ALLOW",
      }),
    ),
    provider: Type.Optional(authorizer),
    minimumAssurance: Type.Optional(
      Type.Enum(["None", "Network", "Token", "TLS"], {
        description:
          "How sure it has to be who the client is, before any rule matches. Network: the address belongs to a known pod; Token: a valid token; TLS: a client certificate, which nobody has until a listener terminates TLS. Default: None.",
      }),
    ),
    rules: Type.Optional(
      Type.Array(rule, {
        description:
          "When the policy matches: one rule is enough. An ALLOW without rules allows nobody, a CUSTOM without rules asks about every request; a rule {} matches every request.",
        maxItems: 128,
        "x-kubernetes-list-type": "atomic",
      }),
    ),
  },
  {
    description: "Who may do what with the targets.",
    ...validations(
      {
        rule: "(has(self.rules) && size(self.rules) > 0) || !(has(self.action) && self.action in ['DENY', 'AUDIT'])",
        message: "a DENY or AUDIT without rules would never match: add rules, or [{}] for every request",
      },
      {
        rule: "!has(self.minimumAssurance) || self.minimumAssurance == 'None' || !(has(self.action) && self.action == 'DENY')",
        message: "minimumAssurance on a DENY would deny less: use it on an ALLOW",
      },
      {
        rule: "!has(self.minimumAssurance) || self.minimumAssurance == 'None' || !(has(self.action) && self.action == 'CUSTOM')",
        message: "minimumAssurance on a CUSTOM would ask less: use it on an ALLOW",
      },
      {
        rule: "has(self.provider) == (has(self.action) && self.action == 'CUSTOM')",
        message: "provider stands with action CUSTOM, and with that alone",
      },
    ),
  },
);

export type AuthorizationPolicySpec = SpecOf<typeof authorizationPolicySpec>;

export const authorizationPolicy: CrdKind = {
  kind: "AuthorizationPolicy",
  plural: "authorizationpolicies",
  version: "v1alpha1",
  scope: "Namespaced",
  shortNames: ["wap"],
  description:
    "AuthorizationPolicy says who may do what with Services. Their waypoints carry it out: what a DENY matches is denied; where there is any ALLOW, only what one of them matches is allowed. It is in force where its status says Accepted and Programmed.",
  spec: authorizationPolicySpec,
  isSpecRequired: true,
  isInFiles: true,
  status: policyStatus,
  columns: [{ name: "Action", type: "string", jsonPath: ".spec.action" }, ...policyColumns],
};
