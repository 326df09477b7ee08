/**
 * What of an endpoint's 1xx a client gets (RFC 9110 15.2). No window holds them back, and they go out ahead of the answer: who has not
 * read what is there already is told to go on, if he waits for that, and hears no more. What does not get kept cannot pile up.
 */
import { ResponseHead } from "./message.ts";

const goOn = new ResponseHead();
goOn.status = 100;
goOn.reason = "Continue";

/** Undefined: nothing. `isUnread`: the client's socket has more than it should hold. */
export function earlyAnswer(head: ResponseHead, isUnread: boolean): ResponseHead | undefined {
  if (!isUnread) return head;
  return head.status === 100 ? goOn : undefined;
}
