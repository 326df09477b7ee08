/**
 * A request as it is matched, judged and forwarded, and what was decided about it: what the phases of serve-request.ts ask and fill
 * in. How it goes, and ends, is its exchange's (exchange.ts).
 */
import type { WorkloadLabelsResource } from "@waystone/api/resources";
import type {
  AuthorizationRequest,
  ClientView,
  TokenView,
} from "@waystone/engine/authorization/authorization-request";
import type { Decision } from "@waystone/engine/authorization/program";
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";
import type { RequestView, RouteBackend } from "@waystone/engine/route/route";
import type { HeaderBlock } from "../http/header-block.ts";
import type { RequestHead } from "../http/message.ts";
import type { OutgoingRequest } from "../http/outgoing.ts";
import type { Backend, ServedPort, ServedRule } from "../store/snapshot.ts";
import type { VerifiedToken } from "../tokens/verified-tokens.ts";
import type { ReceivedRequest } from "./apply-route.ts";
import type { AskedAs } from "./asked-as.ts";
import { type ConnectionContext, labelsOf } from "./connection-context.ts";
import type { ForwardedLines } from "./forwarding.ts";
import { type KnownClient, knownClient } from "./known-client.ts";
import type { Session } from "./session.ts";

const noModifiers: readonly HeaderModifier[] = [];
const none: readonly string[] = [];
const noClaims: readonly ReadonlySet<string>[] = [];

export class JudgedRequest implements RequestView, AuthorizationRequest {
  readonly context: ConnectionContext;
  /** As received, or as authorizers changed it. */
  head: RequestHead;
  /** Undefined only when the port has just left the snapshot. */
  port: ServedPort | undefined = undefined;

  // ---- as it is judged, matched and forwarded
  method: string;
  path = "";
  query = "";
  hasQuery = false;
  host = "";
  requestId = "";
  /** Where its route has changed it before it goes on (apply-route.ts): as it came, and what is still to be changed as it is written. */
  received: ReceivedRequest | undefined = undefined;
  modifiersLeft: readonly HeaderModifier[] = noModifiers;
  /** The lines by which it is forwarded; made once, by who needs them first. */
  forwarded: ForwardedLines | undefined = undefined;
  outgoing: OutgoingRequest | undefined = undefined;

  // ---- where it goes
  rule: ServedRule | undefined = undefined;
  routeBackend: RouteBackend | undefined = undefined;
  backend: Backend | undefined = undefined;
  session: Session | undefined = undefined;

  // ---- what its answer gets
  responseModifiers: readonly HeaderModifier[] = noModifiers;
  /** Lines of ours on every answer (CORS). */
  responseLines = "";
  /** A CORS filter speaks in them: nobody else says which pages may read an answer. */
  isShownToPages = false;

  // ---- who asks
  /** As the policies of the Service see it that was asked last. */
  token: TokenView | undefined = undefined;
  verified: VerifiedToken | undefined = undefined;
  /** For the log: as whom policies knew it last, whatever became of it. */
  principal = "";
  /** Lines of a 401: how to do better. */
  challenge = "";
  /** Headers that policies say something in, by whom they were asked. */
  claimed: readonly ReadonlySet<string>[] = noClaims;
  /** Query parameters that are not passed on; those that no log shows. */
  withheld: readonly string[] = none;
  hidden: readonly string[] = none;

  // ---- whether it may go on
  /** The last one: that of the backend's Service, where a route led to another. */
  decision: Decision | undefined = undefined;
  /** By shadowed policies. */
  shadowDenials: Decision[] | undefined = undefined;
  /** Of authorizers that let it through: the questions that they were asked (engine's Authorizer). */
  agreed: Set<string> | undefined = undefined;
  /** Undefined: nobody was asked. */
  askedAs: AskedAs | undefined = undefined;
  /** What policies were asked about it has been: it is asked again when the configuration changes. */
  isAdmitted = false;

  /** As the client sent them, whatever policies changed. */
  readonly #sent: HeaderBlock;
  #client: KnownClient | undefined = undefined;

  constructor(context: ConnectionContext, head: RequestHead) {
    this.context = context;
    this.head = head;
    this.#sent = head.headers;
    this.method = head.method;
  }

  get source(): WorkloadLabelsResource | undefined {
    return labelsOf(this.context.identity());
  }

  get client(): ClientView {
    this.#client = knownClient(this.#client, this.context, this.head.headers, this.token);
    return this.#client.view;
  }

  headerValues(name: string): readonly string[] {
    return this.head.headers.values(name);
  }

  sentValues(name: string): readonly string[] {
    return this.#sent.values(name);
  }

  timeMs(): number {
    return this.context.proxy.clock.wallMs();
  }

  expressionFailed(policy: string): void {
    this.context.proxy.decisions.countFailedExpression(policy);
  }
}
