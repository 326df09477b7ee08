/** Whether what is sent of a request's body may have to be sent again. HTTP/2 may refuse any request unseen, while it is not answered. */
import { isIdempotent } from "@waystone/engine/retry/retry-decision";
import type { Exchange } from "./exchange.ts";

export function keepsBody({ responseStarted, rule, method, endpoint, context }: Exchange): boolean {
  // Nor is any while requests are shed for want of memory.
  if (responseStarted || context.proxy.overload.isShedding) return false;
  return rule?.rule.retry !== undefined || isIdempotent(method) || endpoint?.speaksHttp2 === true;
}
