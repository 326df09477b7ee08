/** Which of two policies about one thing counts: the older, then the name (GEP-713). */
import { compareByAge } from "@waystone/engine/authorization/policy-age";
import type { StoredPolicy } from "./policies.ts";

type Aged = Pick<StoredPolicy, "createdAtSeconds" | "name">;

export function isPolicyBefore(a: Aged, b: Aged): boolean {
  return compareByAge({ ...a, key: a.name }, { ...b, key: b.name }) < 0;
}
