/** One parsed object -> what it is: an object in good order, one with errors (all of them, with positions), or not ours. */
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import { checkCoreRules } from "./check-core-rules.ts";
import { checkMetadata } from "./check-metadata.ts";
import { checkPolicyRules } from "./check-policy-rules.ts";
import { checkRouteRules } from "./check-route-rules.ts";
import { checkSchema } from "./check-schema.ts";
import { describeStranger, describeUnread, type Unread } from "./describe-unread.ts";
import { describeValue } from "./describe-value.ts";
import { formatFieldPath } from "./field-path.ts";
import type { KnownKind } from "./known-kinds.ts";
import { locateField } from "./locate-field.ts";
import type { ManifestError, Origin } from "./manifest-error.ts";
import { normaliseObject } from "./normalise-object.ts";
import type { ManifestObject } from "./parse-manifest.ts";
import { recogniseKind } from "./recognise-kind.ts";
import type { SchemaIssue } from "./schema-issue.ts";
import type { YamlTree } from "./yaml-tree.ts";

export type Validated =
  | { readonly is: "good"; readonly identity: Identity; readonly object: KubernetesObject }
  | (Refused & { readonly is: "bad"; readonly identity: Identity })
  /** Bad, and which object it is cannot be told. */
  | (Refused & { readonly is: "nameless" })
  | { readonly is: "foreign"; readonly apiVersion: string; readonly kind: string };

interface Refused {
  readonly errors: readonly ManifestError[];
  /** Of an object that may be there to protect. */
  readonly unread: Unread | undefined;
}

export interface Identity {
  readonly kind: KnownKind;
  readonly namespace: string | undefined;
  readonly name: string;
}

type Fields = Readonly<Record<string, unknown>>;

export function validateObject(parsed: ManifestObject, origin: Origin, tree: () => YamlTree): Validated {
  const report = (issues: readonly SchemaIssue[], kind?: KnownKind): Validated => {
    const known = nameOf(parsed.value, kind);
    const errors = issues
      .map((issue) => placeIssue(issue, parsed, origin, tree(), known))
      .sort(inReadingOrder);
    const identity = identityOf(known, kind);
    const unread = describeRefused(parsed.value, kind);
    return identity === undefined
      ? { is: "nameless", errors, unread }
      : { is: "bad", identity, errors, unread };
  };
  if (typeof parsed.value !== "object" || parsed.value === null || Array.isArray(parsed.value)) {
    const message = `expected an object with apiVersion and kind, got ${describeValue(parsed.value)}`;
    return report([{ path: [], at: "value", message }]);
  }
  const { apiVersion, kind: kindName } = parsed.value as Fields;
  const missing = [...checkTypeField("apiVersion", apiVersion), ...checkTypeField("kind", kindName)];
  if (missing.length > 0 || typeof apiVersion !== "string" || typeof kindName !== "string")
    return report(missing);
  const recognised = recogniseKind(apiVersion, kindName);
  if (recognised.is === "foreign") return { is: "foreign", apiVersion, kind: kindName };
  if (recognised.is === "wrong") {
    const { field, message, hint, meant } = recognised;
    return report([{ path: [field], at: "value", message, hint }], meant);
  }
  const { kind } = recognised;
  const issues = checkObject(kind, parsed.value);
  if (issues.length > 0) return report(issues, kind);
  const object = normaliseObject(kind, parsed.value as KubernetesObject);
  const { namespace, name } = object.metadata;
  return { is: "good", identity: { kind, namespace, name }, object };
}

function describeRefused(value: unknown, kind: KnownKind | undefined): Unread | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return kind === undefined ? describeStranger(value) : describeUnread(kind, value);
}

function inReadingOrder(a: ManifestError, b: ManifestError): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function checkTypeField(field: "apiVersion" | "kind", value: unknown): SchemaIssue[] {
  if (typeof value === "string" && value !== "") return [];
  if (value === undefined || value === null || value === "") {
    const hint = "every object begins with apiVersion, kind and metadata";
    return [{ path: [field], at: "parent", message: "is required and missing", hint }];
  }
  return [{ path: [field], at: "value", message: `expected a text, got ${describeValue(value)}` }];
}

/** More than anybody mends in one go; each costs a search in the tree. */
const mostIssues = 20;

/** Rules that read an object's fields run only on one whose fields have the right types. */
function checkObject(kind: KnownKind, value: object): readonly SchemaIssue[] {
  const { issues } = checkSchema(kind.schema(), value);
  const isMetadataSound = !issues.some(({ path }) => path[0] === "metadata");
  const { metadata } = value as Partial<KubernetesObject>;
  const metadataIssues = isMetadataSound
    ? checkMetadata(kind, metadata ?? ({} as KubernetesObject["metadata"]))
    : [];
  const found = [...metadataIssues, ...issues];
  return (found.length > 0 ? found : checkRules(value as KubernetesObject)).slice(0, mostIssues);
}

function checkRules(object: KubernetesObject): readonly SchemaIssue[] {
  return [...checkCoreRules(object), ...checkPolicyRules(object), ...checkRouteRules(object)];
}

type Known = Pick<ManifestError, "kind" | "namespace" | "name">;

/** As much as can be told of which object this is. */
function nameOf(value: unknown, kind: KnownKind | undefined): Known {
  if (typeof value !== "object" || value === null) return {};
  const { kind: written, metadata } = value as Fields;
  const { namespace, name } = (typeof metadata === "object" && metadata !== null ? metadata : {}) as Fields;
  const isNamespaced = kind?.namespaced ?? typeof namespace === "string";
  return {
    ...(typeof written === "string" && { kind: written }),
    ...(isNamespaced && { namespace: typeof namespace === "string" ? namespace : "default" }),
    ...(typeof name === "string" && name !== "" && { name }),
  };
}

function identityOf({ namespace, name }: Known, kind: KnownKind | undefined): Identity | undefined {
  return kind === undefined || name === undefined ? undefined : { kind, namespace, name };
}

function placeIssue(
  issue: SchemaIssue,
  parsed: ManifestObject,
  { file }: Origin,
  tree: YamlTree,
  known: Known,
): ManifestError {
  const path = [...parsed.path, ...(issue.at === "parent" ? issue.path.slice(0, -1) : issue.path)];
  const { line, column, written } = locateField(tree, path, issue.at === "value" ? "value" : "key");
  const isSecret = known.kind === "Secret" && /^(data|stringData)$/.test(String(issue.path[0]));
  const quoted =
    isSecret || written === undefined ? "write it in quotes" : `write it in quotes: "${written}"`;
  const hint = issue.wantsQuotes === true ? quoted : issue.hint;
  // What is in a Secret is not for logs.
  const message = isSecret ? issue.message.replace(/, got .*$/s, "") : issue.message;
  const fieldPath = formatFieldPath(issue.path);
  return {
    file,
    line,
    column,
    ...known,
    ...(fieldPath !== "" && { fieldPath }),
    message,
    ...(hint !== undefined && { hint }),
  };
}
