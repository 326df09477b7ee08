/** The types of Kubernetes that fields of our kinds have: with their bounds, so that every kind writes them alike. */
import { Type, type TOptional, type TRecord, type TSchemaOptions, type TString } from "typebox";
import type { Validation } from "./crd-kind.ts";

const labelName = "[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";
const dnsLabel = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
/** [.] and not \\.: the same text stands in CEL, whose strings have escapes of their own. */
const dnsName = `${dnsLabel}([.]${dnsLabel})*`;
const labelKey = `(${dnsName}/)?${labelName}`;

export const validations = (...rules: readonly Validation[]): TSchemaOptions => ({
  "x-kubernetes-validations": rules,
});

export function text(description: string, maxLength: number): TOptional<TString> {
  return Type.Optional(Type.String({ description, maxLength }));
}

/** The name of an object (RFC 1123 subdomain). */
export function objectName(description: string): TOptional<TString> {
  return Type.Optional(Type.String({ description, minLength: 1, maxLength: 253, pattern: `^${dnsName}$` }));
}

/** Key of a label, of an annotation or of a taint. */
export function qualifiedName(description: string): TOptional<TString> {
  return Type.Optional(Type.String({ description, maxLength: 317, pattern: `^(${labelKey})?$` }));
}

export function labelValue(description: string): TOptional<TString> {
  return Type.Optional(Type.String({ description, maxLength: 63, pattern: `^(${labelName})?$` }));
}

/** The rule that every key of a map is one that Kubernetes takes. */
const keysAreQualified: Validation = {
  rule: `self.all(key, key.size() <= 317 && key.matches('^${labelKey}$'))`,
  message:
    "a key is a name of at most 63 letters, digits, -, _ and ., with or without a DNS name and / before it",
};

export function labels(
  description: string,
  ...rules: readonly Validation[]
): TOptional<TRecord<string, TString>> {
  const value = Type.String({ maxLength: 63, pattern: `^(${labelName})?$` });
  const options = { description, maxProperties: 32, ...validations(keysAreQualified, ...rules) };
  return Type.Optional(Type.Record(Type.String(), value, options));
}

export function annotations(
  description: string,
  ...rules: readonly Validation[]
): TOptional<TRecord<string, TString>> {
  const options = { description, maxProperties: 32, ...validations(keysAreQualified, ...rules) };
  return Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 4096 }), options));
}

/** An amount as Kubernetes writes it: "500m", "1Gi", and a plain number too, as people write `cpu: 2`. */
export function quantity(description: string) {
  return Type.Optional(
    Type.Unsafe<string | number>({
      description,
      "x-kubernetes-int-or-string": true,
      minimum: 0,
      maxLength: 24,
      pattern: "^([0-9]+|[0-9]*[.][0-9]+)([eE][+-]?[0-9]{1,2}|[numkMGTPE]|[KMGTPE]i)?$",
    }),
  );
}
