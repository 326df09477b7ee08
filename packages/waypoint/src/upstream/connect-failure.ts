/** Why a connection to an endpoint never came about: a row of proxy-error.ts, and the words for the access log. */
import type { ProxyErrorKind } from "../proxy/proxy-error.ts";

export interface ConnectFailure {
  readonly kind: ProxyErrorKind;
  readonly detail: string;
}
