/** May we? (SelfSubjectAccessReview) */
import type { Transport } from "../transport/transport.ts";

export interface Access {
  readonly verb: string;
  /** "" is the core group. */
  readonly group: string;
  /** Plural: "services". */
  readonly resource: string;
  readonly subresource?: string | undefined;
  /** All namespaces unless given. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

export interface AccessVerdict {
  readonly isAllowed: boolean;
  /** Why, where the authorizer says; may be "". */
  readonly reason: string;
}

interface Review {
  readonly status?: {
    readonly allowed?: boolean;
    readonly reason?: string;
    readonly evaluationError?: string;
  };
}

const group = "authorization.k8s.io";

export async function reviewOwnAccess(transport: Transport, access: Access): Promise<AccessVerdict> {
  const kind = "SelfSubjectAccessReview";
  const { status } = await transport.request<Review>({
    method: "POST",
    path: `/apis/${group}/v1/${kind.toLowerCase()}s`,
    body: { apiVersion: `${group}/v1`, kind, spec: { resourceAttributes: access } },
  });
  return { isAllowed: status?.allowed === true, reason: status?.reason ?? status?.evaluationError ?? "" };
}
