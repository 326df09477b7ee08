/** CORS filter -> Cors. Every list ends up in response headers; the engine checks every entry. */
import type { HTTPRouteFilter } from "@waystone/api/kubernetes/gateway";
import { compileCors } from "@waystone/engine/route/cors";
import { checkWithEngine } from "./engine-checks.ts";
import type { Faults } from "./faults.ts";

export interface Cors {
  readonly allowOrigins: string[];
  readonly allowCredentials: boolean;
  readonly allowMethods: string[];
  readonly allowHeaders: string[];
  readonly exposeHeaders: string[];
  readonly maxAgeSeconds: number;
}

/** Browsers keep a preflight's answer this long where nothing is said (the Fetch standard and GEP-1767). */
const defaultMaxAgeSeconds = 5;

export function translateCors(
  filter: NonNullable<HTTPRouteFilter["cors"]>,
  at: string,
  faults: Faults,
): Cors {
  const cors = {
    allowOrigins: [...(filter.allowOrigins ?? [])],
    allowCredentials: filter.allowCredentials ?? false,
    allowMethods: [...(filter.allowMethods ?? [])],
    allowHeaders: [...(filter.allowHeaders ?? [])],
    exposeHeaders: [...(filter.exposeHeaders ?? [])],
    maxAgeSeconds: filter.maxAge ?? defaultMaxAgeSeconds,
  };
  checkWithEngine(faults, (problems) => compileCors(cors, at, problems));
  return cors;
}
