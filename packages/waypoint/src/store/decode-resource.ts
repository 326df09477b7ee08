/**
 * Bytes from the wire to a message, with a reason for people where that fails. Everything the store refuses is thrown as
 * RefusedError: its message is the NACK that lands in the object's status. Anything else that is thrown is a bug of ours.
 */
import { errorMessage } from "@waystone/base/error-message";
import { compactReader } from "@waystone/api/compact-reader";
import type { EncodedResource } from "@waystone/xds/resource";

export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

interface MessageType<T> {
  decode(reader: ReturnType<typeof compactReader>): T;
}

/** The message, or a RefusedError that says that the bytes are not one. */
export function decodeResource<T>(resource: EncodedResource, type: MessageType<T>): T {
  try {
    return type.decode(compactReader(resource.body));
  } catch (error) {
    const cause = errorMessage(error);
    throw new RefusedError(
      `the ${resource.body.byteLength} bytes of ${resource.name} cannot be decoded (${cause}); ` +
        "controller and waypoint may be of different versions",
    );
  }
}
