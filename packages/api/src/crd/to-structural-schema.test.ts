import { Type } from "typebox";
import { describe, expect, test } from "vitest";
import { toStructuralSchema } from "./to-structural-schema.ts";

const description = "A field.";
const text = { description, maxLength: 10 };
const inObject = (field: object): object => ({ type: "object", description, properties: { field } });

describe("a schema becomes what Kubernetes takes", () => {
  test.for<[name: string, schema: object, made: object]>([
    [
      "an enum has the type that Kubernetes asks for",
      Type.Enum(["a", "b"], { description }),
      { description, type: "string", enum: ["a", "b"] },
    ],
    [
      "a record is a map",
      Type.Record(Type.String(), Type.String({ maxLength: 5 }), { description, maxProperties: 2 }),
      {
        description,
        type: "object",
        maxProperties: 2,
        additionalProperties: { type: "string", maxLength: 5 },
      },
    ],
    [
      "an integer that fits has 32 bits",
      Type.Integer({ description, minimum: 1, maximum: 5 }),
      { description, type: "integer", minimum: 1, maximum: 5, format: "int32" },
    ],
    [
      "an integer that does not has 64",
      Type.Integer({ description, minimum: 0, maximum: 2 ** 40 }),
      { description, type: "integer", minimum: 0, maximum: 2 ** 40, format: "int64" },
    ],
    [
      "fields that may be left out are not required",
      Type.Object(
        { a: Type.Boolean({ description }), b: Type.Optional(Type.Boolean({ description })) },
        { description },
      ),
      {
        description,
        type: "object",
        required: ["a"],
        properties: { a: { description, type: "boolean" }, b: { description, type: "boolean" } },
      },
    ],
    [
      "a list keeps who owns its items",
      Type.Array(Type.String({ maxLength: 5 }), {
        description,
        maxItems: 3,
        "x-kubernetes-list-type": "set",
      }),
      {
        description,
        type: "array",
        maxItems: 3,
        "x-kubernetes-list-type": "set",
        items: { type: "string", maxLength: 5 },
      },
    ],
  ])("%s", ([, schema, made]) => {
    expect(toStructuralSchema(schema, "spec")).toEqual(made);
  });
});

describe("what a structural schema has no place for stops the generator, at its field", () => {
  test.for<[name: string, field: object, message: string]>([
    [
      "a union",
      Type.Union([Type.Literal("a"), Type.Literal("b")], { description }),
      "spec.field: anyOf: no union: write Type.Enum for texts",
    ],
    ["an intersection", Type.Intersect([Type.Object({}), Type.Object({})], { description }), "allOf"],
    ["a literal", Type.Literal("a", { description }), "spec.field: const: no literal: write Type.Enum"],
    ["an enum of numbers", Type.Enum([1, 2], { description }), "an enum lists texts"],
    ["a number that is no integer", Type.Number({ description }), "no type that Kubernetes knows: number"],
    ["anything at all", Type.Unknown({ description }), "no type that Kubernetes knows: undefined"],
    [
      "closing an object, which it is",
      Type.Object({}, { description, additionalProperties: false }),
      "additionalProperties: objects are closed anyway",
    ],
    [
      "a map whose keys have a form",
      Type.Record(Type.String({ pattern: "^a+$" }), Type.Boolean(), { description, maxProperties: 1 }),
      "a map has any key and nothing else",
    ],
    [
      "a keyword of nobody",
      Type.Boolean({ description, title: "x" }),
      "title: Kubernetes has no such keyword",
    ],
  ])("%s", ([, field, message]) => {
    expect(() => toStructuralSchema(inObject(field), "spec")).toThrow(message);
  });
});

describe("what a kind of ours must say stops the generator where it is missing", () => {
  test.for<[name: string, field: object, message: string]>([
    ["a description", Type.Boolean(), "spec.field: needs a description"],
    ["a description that is a sentence", Type.Boolean({ description: "on" }), "needs a description"],
    [
      "a description that Helm leaves alone",
      Type.Boolean({ description: "Say {{ it }}." }),
      "{{ in a description begins a Helm action",
    ],
    ["how long a text may be", Type.String({ description }), "spec.field: maxLength is missing"],
    ["how small a number may be", Type.Integer({ description, maximum: 5 }), "minimum is missing"],
    ["how large a number may be", Type.Integer({ description, minimum: 5 }), "maximum is missing"],
    [
      "how long a list may be",
      Type.Array(Type.String(text), { description, "x-kubernetes-list-type": "atomic" }),
      "maxItems is missing",
    ],
    [
      "whose a list is",
      Type.Array(Type.String(text), { description, maxItems: 3 }),
      "x-kubernetes-list-type is missing",
    ],
    [
      "how many entries a map may have",
      Type.Record(Type.String(), Type.String(text), { description }),
      "maxProperties is missing",
    ],
    [
      "how long the texts of a map may be",
      Type.Record(Type.String(), Type.String(), { description, maxProperties: 3 }),
      "spec.field[*]: maxLength is missing",
    ],
    [
      "both ends of a pattern",
      Type.String({ ...text, pattern: "[a-z]+" }),
      "a pattern is for the whole text: ^...$",
    ],
    [
      "a pattern that Go and JavaScript read alike",
      Type.String({ ...text, pattern: "^(?=a)a$" }),
      "means something else in Go",
    ],
    [
      "what a rule tells its user",
      Type.String({ ...text, "x-kubernetes-validations": [{ rule: "true" }] }),
      "a rule needs its message",
    ],
  ])("%s", ([, field, message]) => {
    expect(() => toStructuralSchema(inObject(field), "spec")).toThrow(message);
  });
});
