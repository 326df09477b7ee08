/** Rules of an AuthorizationPolicy as the resource has them: each field a condition, its `not` twin the same one negated. */
import type { AuthorizationPolicySpec } from "@waystone/api/kubernetes/waystone";
import type {
  AuthorizationConditionResource,
  AuthorizationConditionsResource,
  AuthorizationRuleResource,
} from "@waystone/api/resources";

type Rule = NonNullable<AuthorizationPolicySpec["rules"]>[number];
type Source = NonNullable<Rule["from"]>[number]["source"];
type Operation = NonNullable<Rule["to"]>[number]["operation"];

interface NamedValues {
  readonly name: string;
  readonly values?: readonly string[];
  readonly notValues?: readonly string[];
}

export function translateAuthorizationRule(
  { name = "", from = [], to = [], when = [] }: Rule,
  namespace: string,
): AuthorizationRuleResource {
  const expressions = when.map(
    (expression, at): AuthorizationConditionResource => ({
      attribute: "cel",
      key: `${at}`,
      values: [expression],
      negated: false,
    }),
  );
  const operations = to.map(({ operation }) => [...operationConditions(operation), ...expressions]);
  // A waypoint that does not know expressions refuses the condition; a field of the rule it would drop unseen.
  if (operations.length === 0 && expressions.length > 0) operations.push(expressions);
  return {
    name,
    from: from.map(({ source }) => sourceConditions(source, namespace)),
    to: operations.map((conditions) => ({ conditions })),
  };
}

const sourceLists = ["namespaces", "principals", "ipBlocks", "remoteIpBlocks"] as const;
const tokenLists = ["requestPrincipals", "audiences", "presenters"] as const;
const operationLists = ["hosts", "ports", "methods", "paths"] as const;

function sourceConditions(source: Source, namespace: string): AuthorizationConditionsResource {
  const qualified = (accounts: readonly string[] | undefined): readonly string[] | undefined =>
    accounts?.map((account) => (account.includes("/") ? account : `${namespace}/${account}`));
  return {
    conditions: [
      ...twins("serviceAccounts", qualified(source.serviceAccounts), qualified(source.notServiceAccounts)),
      ...sourceLists.flatMap((field) => twins(field, source[field], source[notField(field)])),
      ...labelConditions(source.podLabels, false),
      ...labelConditions(source.notPodLabels, true),
      ...tokenLists.flatMap((field) => twins(field, source[field], source[notField(field)])),
      ...namedConditions("claims", source.claims),
    ],
  };
}

function operationConditions(operation: Operation): AuthorizationConditionResource[] {
  const methods = (grpc: Operation["grpc"]): readonly string[] | undefined =>
    grpc?.map(({ service, method = "" }) => `${service}/${method}`);
  return [
    ...operationLists.flatMap((field) => twins(field, operation[field], operation[notField(field)])),
    ...namedConditions("headers", operation.headers),
    ...twins("grpc", methods(operation.grpc), methods(operation.notGrpc)),
  ];
}

function notField<Field extends string>(field: Field): `not${Capitalize<Field>}` {
  const capital = `${field.charAt(0).toUpperCase()}${field.slice(1)}` as Capitalize<Field>;
  return `not${capital}`;
}

type Values = readonly (string | number)[] | undefined;

function twins(
  attribute: string,
  values: Values,
  notValues: Values,
  key = "",
): AuthorizationConditionResource[] {
  const condition = (given: Values, negated: boolean): AuthorizationConditionResource[] =>
    given === undefined ? [] : [{ attribute, key, values: given.map(String), negated }];
  return [...condition(values, false), ...condition(notValues, true)];
}

function namedConditions(
  attribute: string,
  named: readonly NamedValues[] = [],
): AuthorizationConditionResource[] {
  return named.flatMap(({ name, values, notValues }) => twins(attribute, values, notValues, name));
}

/** Sorted, so that the same labels are the same bytes. */
function labelConditions(
  labels: Readonly<Record<string, string>> | undefined,
  negated: boolean,
): AuthorizationConditionResource[] {
  const entries = Object.entries(labels ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, value]) => ({ attribute: "podLabels", key, values: [value], negated }));
}
