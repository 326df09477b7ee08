/** The status of every policy kind: conditions, as Kubernetes writes them. Who reads it has them in the columns. */
import { Type } from "typebox";
import type { PrinterColumn } from "./crd-kind.ts";

const condition = Type.Object(
  {
    type: Type.String({ description: "What is said: Accepted, ResolvedRefs or Programmed.", maxLength: 316 }),
    status: Type.Enum(["True", "False", "Unknown"], { description: "Whether it is so." }),
    reason: Type.String({ description: "Why, in one word.", maxLength: 1024 }),
    message: Type.String({ description: "Why, for people.", maxLength: 32_768 }),
    observedGeneration: Type.Optional(
      Type.Integer({ description: "The generation that it is said of.", minimum: 0, maximum: 2 ** 53 - 1 }),
    ),
    lastTransitionTime: Type.String({
      description: "When the status of the condition changed last.",
      format: "date-time",
      maxLength: 64,
    }),
  },
  { description: "One thing that is said of the policy." },
);

const ancestor = Type.Object(
  {
    ancestorRef: Type.Object(
      {
        group: Type.Optional(Type.String({ description: "The target's group.", maxLength: 253 })),
        kind: Type.Optional(Type.String({ description: "The target's kind.", maxLength: 63 })),
        namespace: Type.Optional(Type.String({ description: "The target's namespace.", maxLength: 63 })),
        name: Type.String({ description: "The target's name.", maxLength: 253 }),
        sectionName: Type.Optional(Type.String({ description: "The target's section.", maxLength: 253 })),
      },
      { description: "The target, as in targetRefs." },
    ),
    controllerName: Type.String({ description: "Who says it.", maxLength: 253 }),
    conditions: Type.Array(condition, {
      description: "What is said of the policy at this target.",
      maxItems: 8,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["type"],
    }),
  },
  { description: "What became of the policy at one of its targets." },
);

export const policyStatus = Type.Object(
  {
    conditions: Type.Optional(
      Type.Array(condition, {
        description:
          "What is said of the policy as a whole. It is in force only where Accepted and Programmed are True.",
        maxItems: 8,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["type"],
      }),
    ),
    ancestors: Type.Optional(
      Type.Array(ancestor, {
        description: "What is said of the policy target by target (GEP-713).",
        maxItems: 16,
        "x-kubernetes-list-type": "atomic",
      }),
    ),
  },
  { description: "What became of the policy. Written by Waystone." },
);

const conditionStatus = (type: string): string => `.status.conditions[?(@.type=="${type}")].status`;

/** Columns that every policy has after its own. */
export const policyColumns: readonly PrinterColumn[] = [
  { name: "Mode", type: "string", jsonPath: ".spec.mode" },
  { name: "Accepted", type: "string", jsonPath: conditionStatus("Accepted") },
  { name: "Programmed", type: "string", jsonPath: conditionStatus("Programmed") },
  { name: "Target", type: "string", jsonPath: ".spec.targetRefs[0].name" },
  {
    name: "Reason",
    type: "string",
    jsonPath: '.status.conditions[?(@.type=="Accepted")].message',
    priority: 1,
  },
];
