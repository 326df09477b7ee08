/** `targetRefs`: what a policy is about. The same field in every policy kind (design/0003-policies.md). */
import { Type, type TSchemaOptions } from "typebox";
import { validations } from "./field-types.ts";

const gatewayApiKinds = "['Gateway', 'HTTPRoute', 'GRPCRoute']";

const rules: TSchemaOptions = validations(
  {
    rule: `(self.kind in ${gatewayApiKinds}) == (self.group == 'gateway.networking.k8s.io')`,
    message:
      'Service and Namespace are of group "" (empty), Gateway, HTTPRoute and GRPCRoute of gateway.networking.k8s.io',
  },
  {
    rule: "!has(self.sectionName) || self.sectionName == '' || !(self.kind in ['Namespace', 'Gateway'])",
    message:
      "sectionName is the port of a Service or the rule of a route: leave it out for a Namespace or Gateway",
  },
);

const targetRef = Type.Object(
  {
    group: Type.Enum(["", "gateway.networking.k8s.io"], {
      description: 'The group of the kind: "" for Service and Namespace.',
    }),
    kind: Type.Enum(["Service", "Namespace", "Gateway", "HTTPRoute", "GRPCRoute"], {
      description: "The kind of the object.",
    }),
    name: Type.String({
      description:
        "The name of the object, in the namespace of the policy; of a Namespace, that namespace itself.",
      minLength: 1,
      maxLength: 253,
    }),
    sectionName: Type.Optional(
      Type.String({
        description:
          "A part of the object: a Service's port by its name, or a route's rule by its name. Default: all of it.",
        maxLength: 253,
      }),
    ),
  },
  { description: "An object that the policy is about.", ...rules },
);

export const targetRefs = Type.Array(targetRef, {
  description:
    "What the policy is about: Services (or one port of them), the policy's own Namespace (all its Services), a waypoint's Gateway (all that it serves), routes (or one rule of them). Policies of all levels hold together.",
  minItems: 1,
  maxItems: 16,
  "x-kubernetes-list-type": "atomic",
});

export const policyMode = Type.Optional(
  Type.Enum(["Enforce", "Shadow"], {
    description:
      "Enforce: the policy acts. Shadow: it is decided, counted and logged, and does not act. Default: Enforce.",
    default: "Enforce",
  }),
);
