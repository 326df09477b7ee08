/** May we? (SelfSubjectAccessReview) and: may they? (SubjectAccessReview). */
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

export interface Subject {
  readonly user: string;
  readonly groups?: readonly string[];
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
  return await review(transport, "SelfSubjectAccessReview", { resourceAttributes: access });
}

export async function reviewAccess(
  transport: Transport,
  subject: Subject,
  access: Access,
): Promise<AccessVerdict> {
  return await review(transport, "SubjectAccessReview", { ...subject, resourceAttributes: access });
}

async function review(transport: Transport, kind: string, spec: object): Promise<AccessVerdict> {
  const { status } = await transport.request<Review>({
    method: "POST",
    path: `/apis/${group}/v1/${kind.toLowerCase()}s`,
    body: { apiVersion: `${group}/v1`, kind, spec },
  });
  return { isAllowed: status?.allowed === true, reason: status?.reason ?? status?.evaluationError ?? "" };
}
