/** Whether what is sent of a request's body may have to be sent again. HTTP/2 may refuse any request unseen, while it is not answered. */
import { isIdempotent } from "@waystone/engine/retry/retry-decision";
import type { Exchange } from "./exchange.ts";

export function keepsBody({ responseStarted, rule, method, endpoint }: Exchange): boolean {
  if (responseStarted) return false;
  return rule?.rule.retry !== undefined || isIdempotent(method) || endpoint?.speaksHttp2 === true;
}
