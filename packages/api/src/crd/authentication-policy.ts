/**
 * AuthenticationPolicy: who asks, by what a request shows: a JWT, an API key, a name and password (design/0005-who-asks.md). Fields of
 * several policies merge, so that nothing here has a default that the API server fills in: what is not written is left to a policy of
 * a wider level, and the defaults in the descriptions hold where none says anything.
 */
import { type TSchema, Type } from "typebox";
import { credentialPlaces, durationText, headerName, secretRef } from "./credential-places.ts";
import type { CrdKind, SpecOf } from "./crd-kind.ts";
import { validations } from "./field-types.ts";
import { policyColumns, policyStatus } from "./policy-status.ts";
import { policyMode, targetRefs } from "./target-refs.ts";

const list = <Item extends TSchema>(description: string, items: Item, maxItems: number) =>
  Type.Optional(
    Type.Array(items, { description, minItems: 1, maxItems, "x-kubernetes-list-type": "atomic" }),
  );

const setHeader = (description: string) => Type.Optional(headerName(description, { isSet: true }));

const jwks = Type.Object(
  {
    inline: Type.Optional(
      Type.String({
        description: 'The key set itself, as JSON: {"keys": [...]}. Public keys alone.',
        minLength: 2,
        maxLength: 65_536,
      }),
    ),
    configMapRef: Type.Optional(
      Type.Object(
        {
          name: Type.String({
            description: "The name of the ConfigMap, in the policy's namespace.",
            minLength: 1,
            maxLength: 253,
          }),
          key: Type.Optional(
            Type.String({
              description:
                "The entry that holds the key set. Its name ends in .json: of a ConfigMap the controller keeps such entries, and no other. Default: jwks.json.",
              minLength: 1,
              maxLength: 253,
              pattern: "^[A-Za-z0-9_.-]*[.]json$",
            }),
          ),
        },
        { description: "A ConfigMap that holds the key set; a change of it is in force at once." },
      ),
    ),
    uri: Type.Optional(
      Type.String({
        description:
          "Where waypoints fetch the key set. http:// is taken at its word: whoever is between may then exchange the keys.",
        maxLength: 2048,
        pattern: "^https?://[^/?#@ ]+(/[^# ]*)?$",
      }),
    ),
    refreshInterval: durationText(
      "How often the set is fetched anew: from 10s to 24h. A key that nobody knows has it fetched earlier. Default: 5m.",
    ),
    allowedAddresses: list(
      "Blocks of addresses or single addresses that may be dialled although they are the machine's own, link-local or the control plane's, such as 127.0.0.1. Nothing of the kind is dialled unless it is named here.",
      Type.String({ maxLength: 49, pattern: "^[0-9a-fA-F:.]+(/[0-9]{1,3})?$" }),
      16,
    ),
  },
  {
    description: "The keys that the issuer signs with: exactly one of inline, configMapRef and uri.",
    ...validations(
      {
        rule: "(has(self.inline) ? 1 : 0) + (has(self.configMapRef) ? 1 : 0) + (has(self.uri) ? 1 : 0) == 1",
        message: "exactly one of inline, configMapRef and uri says where the keys are",
      },
      {
        rule: "has(self.uri) || !(has(self.refreshInterval) || has(self.allowedAddresses))",
        message: "refreshInterval and allowedAddresses are about uri: without it they mean nothing",
      },
    ),
  },
);

const claimToHeader = Type.Object(
  {
    claim: Type.String({
      description: "The claim's name; claims within claims are parted by dots, as in realm_access.roles.",
      minLength: 1,
      maxLength: 253,
    }),
    header: headerName(
      "The header that gets it; what a client sends under that name is always removed. Lists are joined by commas.",
      { isSet: true },
    ),
  },
  { description: "A claim of the token, as a header of the request." },
);

const provider = Type.Object(
  {
    name: Type.String({
      description: "What metrics, logs and messages call the provider.",
      minLength: 1,
      maxLength: 63,
      pattern: "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
    }),
    issuer: Type.String({
      description: "The issuer that tokens have to name (iss), letter by letter.",
      minLength: 1,
      maxLength: 1024,
      pattern: "^[^ ]+$",
    }),
    audiences: list(
      "One of these has to be among the token's audiences. Default: any audience, and none.",
      Type.String({ minLength: 1, maxLength: 1024 }),
      64,
    ),
    jwks,
    from: credentialPlaces(
      'Where a token is looked for. Default: the header Authorization, after "Bearer ".',
    ),
    clockSkew: durationText(
      "By how much the issuer's clock may differ from ours: 10m at most. Default: 60s.",
    ),
    forward: Type.Optional(
      Type.Boolean({
        description: "Whether the token goes on to the endpoint; false: it is removed first. Default: true.",
      }),
    ),
    claimsToHeaders: list("Claims that the endpoint gets as headers.", claimToHeader, 32),
  },
  { description: "An issuer of tokens." },
);

const jwt = Type.Object(
  {
    providers: Type.Array(provider, {
      description: "The issuers whose tokens are taken; the token's iss chooses among them.",
      minItems: 1,
      maxItems: 16,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
    }),
  },
  { description: "JSON Web Tokens (RFC 7519), signed." },
);

const apiKeys = Type.Object(
  {
    secretRefs: Type.Array(secretRef, {
      description:
        'Secrets that hold the keys: each entry is an owner and its key, or "sha256:" and the hash of the key in hexadecimal.',
      minItems: 1,
      maxItems: 16,
      "x-kubernetes-list-type": "atomic",
    }),
    from: credentialPlaces("Where a key is looked for. Default: the header x-api-key."),
    ownerHeader: setHeader(
      "The header that gets the key's owner; what a client sends under that name is removed.",
    ),
    forward: Type.Optional(
      Type.Boolean({
        description: "Whether the key goes on to the endpoint; false: it is removed first. Default: false.",
      }),
    ),
  },
  { description: "API keys." },
);

const basic = Type.Object(
  {
    secretRef,
    userHeader: setHeader(
      "The header that gets the user's name; what a client sends under that name is removed.",
    ),
    forward: Type.Optional(
      Type.Boolean({
        description:
          "Whether the header Authorization goes on to the endpoint; false: it is removed first. Default: false.",
      }),
    ),
  },
  { description: "Names and passwords (RFC 7617)." },
);

export const authenticationPolicySpec = Type.Object(
  {
    targetRefs,
    mode: policyMode,
    requirement: Type.Optional(
      Type.Enum(["Required", "Optional"], {
        description:
          "Required: a request needs one of the methods given. Optional: one that shows nothing goes on as nobody. What is shown and wrong is refused in any case. Default: Required.",
      }),
    ),
    jwt: Type.Optional(jwt),
    apiKeys: Type.Optional(apiKeys),
    basic: Type.Optional(basic),
  },
  {
    description:
      "How the targets learn who asks. requirement, jwt, apiKeys and basic merge, each as a whole: rule over route, port, Service, namespace, waypoint; then the older policy, then the name.",
    ...validations({
      rule: "has(self.requirement) || has(self.jwt) || has(self.apiKeys) || has(self.basic)",
      message: "the policy says nothing: give it jwt, apiKeys, basic or requirement",
    }),
  },
);

export type AuthenticationPolicySpec = SpecOf<typeof authenticationPolicySpec>;

export const authenticationPolicy: CrdKind = {
  kind: "AuthenticationPolicy",
  plural: "authenticationpolicies",
  version: "v1alpha1",
  scope: "Namespaced",
  shortNames: ["wnp"],
  description:
    "AuthenticationPolicy says how Services learn who asks: by tokens, API keys, or names and passwords. Their waypoints check what a request shows and refuse what is wrong; who may do what is said by AuthorizationPolicy. It is in force where its status says Accepted and Programmed.",
  spec: authenticationPolicySpec,
  isSpecRequired: true,
  isInFiles: true,
  status: policyStatus,
  columns: [{ name: "Requirement", type: "string", jsonPath: ".spec.requirement" }, ...policyColumns],
};
